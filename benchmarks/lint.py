"""How well the rules for letters judge: precision and recall over labelled letters, and how alike letters are.

    python benchmarks/lint.py [--write] [--misses]

`--write` puts the result into docs/lint.md; `--misses` names what was wrong in the half that the rules were tuned on,
never in the half that is kept apart.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from followupd.core.lint import judge, rules
from followupd.core.model import LintRule
from followupd.letters.phrasebook import phrasebook
from tests.fixtures.letters import Labelled, labelled

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
    yield from measured()


if __name__ == "__main__":
    main()
