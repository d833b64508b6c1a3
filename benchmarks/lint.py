"""How well the rules for letters judge: precision and recall over labelled letters, and how alike letters are.

    python benchmarks/lint.py [--write] [--misses]

`--write` puts the result into docs/lint.md; `--misses` names what was wrong in the half that the rules were tuned on,
never in the half that is kept apart.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from followupd.actions.sample import somebody
from followupd.config.file import read
from followupd.core.lint import judge, rules, thread
from followupd.core.lint.circle import shared
from followupd.core.lint.thread import said_again
from followupd.core.model import Case, Contact, Letter, LetterState, LintRule, Note, Thread
from followupd.core.settings import Lint
from followupd.letters.phrasebook import phrasebook
from followupd.letters.render import render
from followupd.letters.templates import Templates
from tests.fixtures.letters import Labelled, labelled, later

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print the page, and write it down if asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help="write docs/lint.md")
    asked.add_argument("--misses", action="store_true", help="name what was wrong in the tuned half")
    options = asked.parse_args()
    if options.misses:
        for one in labelled():
            if not one.apart and (wrong := found(one) ^ one.right):
                print(one.name, "missed", sorted(wrong & one.right), "wrongly", sorted(wrong - one.right))
        return
    text = "\n".join(page())
    print(text)
    if options.write:
        (ROOT / "docs" / "lint.md").write_text(text + "\n", encoding="utf-8")


def found(one: Labelled) -> frozenset[tuple[int, str]]:
    """Give the (line, rule) pairs that the rules find in a letter; a letter's subject and whole count as line 0."""
    whole = {LintRule.MANY_ASKS}
    return frozenset(
        (0 if hit.rule in whole else hit.line, hit.rule.value) for hit in judge.letter(one.letter, phrasebook())
    )


def table(letters: Iterable[Labelled]) -> dict[str, tuple[int, int, int]]:
    """Count, by rule, what was rightly found, wrongly found and missed."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in letters:
        hits = found(one)
        for _, rule in hits & one.right:
            counts[rule, "right"] += 1
        for _, rule in hits - one.right:
            counts[rule, "wrong"] += 1
        for _, rule in one.right - hits:
            counts[rule, "missed"] += 1
    names = sorted({rule for rule, _ in counts})
    return {
        name: (counts[name, "right"], counts[name, "wrong"], counts[name, "missed"]) for name in ("all", *names)
        if name != "all"
    }  # fmt: skip


def share(part: int, rest: int) -> str:
    """Write a share, "-" where there is nothing to share."""
    return f"{100 * part / (part + rest):.0f} %" if part + rest else "-"


def measured() -> Iterator[str]:
    """Give the table, rule by rule, for the half that rules were tuned on and the half kept apart."""
    yield "| rule | tuned: precision | recall | of | apart: precision | recall | of |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    every = list(labelled())
    halves = [table(one for one in every if one.apart is apart) for apart in (False, True)]
    for name in [*sorted({*halves[0], *halves[1]}), "all"]:
        cells = []
        for half in halves:
            rows = half.values() if name == "all" else [half.get(name, (0, 0, 0))]
            right, wrong, missed = (sum(row[place] for row in rows) for place in range(3))
            cells += [share(right, wrong), share(right, missed), str(right + missed)]
        yield f"| {name} | {' | '.join(cells)} |"


def letters(contact: Contact, news: str) -> list[str]:
    """Write the letters of the shipped cadence, one a month."""
    policy, templates = read(ROOT / "config.example.toml").policy, Templates(ROOT / "nowhere")
    began, bodies = datetime(2027, 1, 5, 9, tzinfo=UTC), list[str]()
    for number, step in enumerate(policy.cadences["patient"].steps):
        sent = tuple(
            Letter(
                thread_id=1,
                step=index,
                template="opening",
                state=LetterState.SENT,
                message_id=f"<{index}@example.org>",
                subject="A question",
                body=body,
                created_at=began,
                sent_at=began + timedelta(days=30 * index),
                mail_from=policy.me.email,
                rcpt_to=contact.email,
            )
            for index, body in enumerate(bodies)
        )
        outreach = Thread(key="k", contact_id=1, cadence="patient", step=number, created_at=began, anchor=began)
        notes = (Note(id=1, contact_id=1, text=f"{news} ({number})", created_at=began),) if news else ()
        case = Case(thread=outreach, contact=contact, letters=sent, notes=notes)
        bodies.append(render(templates, step.template, case, policy, began + timedelta(days=30 * number)).body)
    return bodies


def at_first_sight() -> Iterator[str]:
    """Tell what letters showed that were written later, without a look at the lists."""
    every = list(later())
    right = sum(found(one) == one.right for one in every)
    yield f"## {len(every)} poor letters in German, written later"
    yield ""
    yield "They were written without a look at the lists, and read once before the lists were mended: of the first 20"
    yield "the rules judged 5 wholly right, of 10 more, after that, 2; all others broke a rule in words that no list"
    yield "had. So the figures above are those of letters that the lists know. A list catches the formulas that it has,"
    yield "and no others: add yours (`[lint] phrases`), and read a letter before it goes (`preview`, `approve`)."
    yield ""
    yield f"Since then: {right} of {len(every)}."


def alike() -> Iterator[str]:
    """Give how much of a letter had stood in an earlier one: in those that ship, and in copies of them."""
    shipped, copied, edited = [], [], []
    for language, least, news in product(("en", "de"), (False, True), ("We signed the lease", "")):
        contact = somebody(language, least=least)
        bodies = letters(contact, news)
        for number, body in enumerate(bodies):
            shipped += [said_again(body, before, contact) for before in bodies[:number]]
            copied.append(said_again(body, body.replace("Dear", "Hello"), contact))
            words = body.split(" ")
            other = " ".join("another" if place % 12 == 6 else word for place, word in enumerate(words))
            edited.append(said_again(other, body, contact))
    yield f"At most {thread.MOST_AGAIN:.0%} of a letter may have stood in an earlier one of its thread (`same-again`:"
    yield f"runs of {thread.SHINGLE} words, with greeting, signature, the ask and the offer aside)."
    yield ""
    yield "| letters | least | most |"
    yield "| --- | ---: | ---: |"
    rows = {"those that ship": shipped, "copies with every twelfth word changed": edited, "copies": copied}
    for name, shares in rows.items():
        yield f"| {name} | {min(shares):.0%} | {max(shares):.0%} |"


OTHERS: dict[str, Any] = {
    "ask": "What would you leave out today, were you to begin again?",
    "offer": "I send you the figures of two winters, tidied up.",
    "admire": "Your account of the fire, with its plan of who stood where, hangs in our workshop.",
}


def twins() -> Iterator[str]:
    """Give how much of a letter stands in that to somebody else of the same circle."""
    apart, other_news, same = [], [], []
    for language, least in product(("en", "de"), (False, True)):
        one = somebody(language, least=least)
        another = replace(one, name="Bo Quist", addresses=("bo@example.org",))
        mine = letters(one, "We signed the lease")
        theirs = letters(replace(another, **OTHERS), "The second yard has its first customers")
        apart += [shared(*pair) for pair in zip(mine, theirs, strict=True)]
        theirs = letters(another, "The second yard has its first customers")
        other_news += [shared(*pair) for pair in zip(mine[1:], theirs[1:], strict=True)]
        same += [shared(*pair) for pair in zip(mine, letters(another, "We signed the lease"), strict=True)]
    limit = Lint().twins
    yield f"At most {limit} % of a letter's sentences may stand in one to somebody else of the same organisation or tag"
    yield "(`twin`; `lint.twins` is another limit), by words, with greeting and signature aside. Templates are shared:"
    yield "a twin is who gets the same fields and the same news."
    yield ""
    yield "| letters of the same step to two people | least | most |"
    yield "| --- | ---: | ---: |"
    rows = {"another question, offer, admiration and news": apart, "other news": other_news, "another name": same}
    for name, shares in rows.items():
        yield f"| {name} | {min(shares):.0%} | {max(shares):.0%} |"


def page() -> Iterator[str]:
    """Give docs/lint.md line by line."""
    every = list(labelled())
    yield "# What letters are judged by, and how well"
    yield ""
    yield "Made by `python benchmarks/lint.py --write`."
    yield ""
    yield "| rule | | why | instead |"
    yield "| --- | --- | --- | --- |"
    for rule, about in rules.RULES.items():
        yield f"| `{rule}` | {about.severity} | {about.reason} | {about.remedy} |"
    yield ""
    good = sum(one.good for one in every)
    yield f"## Over {len(every)} letters ({good} good, {len(every) - good} poor), in English and German"
    yield ""
    yield "A finding counts where rule and line are right. The letters are written, not collected, by the same hand as"
    yield "the lists of phrases and on the same day (the letters first): expect less recall on letters of others. Every"
    yield "second letter was kept apart, and nothing was changed because of one. Rules about a whole thread"
    yield "(`ask-grows`, `no-exit`, `no-recap`, `same-again`, `stale-words`) or about several (`twin`), `late-ask` and"
    yield "`too-long` are measured by their tests only."
    yield ""
    yield from measured()
    yield ""
    yield from at_first_sight()
    yield ""
    yield "## The same again"
    yield ""
    yield from alike()
    yield ""
    yield "## Twins"
    yield ""
    yield from twins()


if __name__ == "__main__":
    main()
