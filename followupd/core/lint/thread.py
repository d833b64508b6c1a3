"""What a letter owes to those before it: something new, no larger ask, who is writing, a way out, words still true."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.core.lint.asking import asked_time, language
from followupd.core.lint.book import STALE, Phrasebook
from followupd.core.lint.text import bare, content, find, words
from followupd.core.lint.written import Written
from followupd.core.model import Contact, Finding, LintRule

SHINGLE: Final = 4
"""Words that count as said again when they follow each other in both letters."""
MOST_AGAIN: Final = 0.25
"""The share of a letter that may have been in an earlier one: see docs/lint.md for what real ones have."""
_REMEMBERED: Final = timedelta(weeks=8)
_FIRST_PART: Final = 90
"""Words in which a letter after a long silence says who is writing."""
_NOWADAYS: Final = frozenset({"today", "heute"})
"""What in a question that was typed once means these days, and not that day."""
_EXIT_FROM: Final = 3


def judge(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Judge a letter by the thread it stands in."""
    yield from _again(letter)
    yield from _grows(letter, book)
    yield from _stale(letter, book)
    if letter.number >= _EXIT_FROM and language(letter.body) and not any(find(letter.words.said, book["exit"])):
        yield letter.finding(LintRule.NO_EXIT)
    if letter.earlier and letter.at - letter.earlier[-1].at >= _REMEMBERED and not _recap(letter, book):
        yield letter.finding(LintRule.NO_RECAP)


def said_again(body: str, before: str, contact: Contact) -> float:
    """Give the share of a letter, 0 to 1, that an earlier one had: greeting, signature, ask and offer aside.

    The ask and the offer are what the whole thread is about; they may be said again, and what else is said is compared.
    Two letters that say nothing else are the same if they are alike whole.
    """
    if bare(content(body)) == bare(content(before)):
        return 1.0
    new, old = _shingles(body, contact), _shingles(before, contact)
    return len(new & old) / len(new) if new else 0.0


def _shingles(body: str, contact: Contact) -> set[tuple[str, ...]]:
    text = f" {bare(content(body))} "
    for typed in (contact.ask, contact.offer):
        if plain := bare(typed):
            text = text.replace(f" {plain} ", " | ")
    found: set[tuple[str, ...]] = set()
    for piece in text.split("|"):
        tokens = piece.split()
        found.update(tuple(tokens[at : at + SHINGLE]) for at in range(len(tokens) - SHINGLE + 1))
    return found


def _again(letter: Written) -> Iterator[Finding]:
    shares = [(said_again(letter.body, one.body, letter.contact), one.where) for one in letter.earlier if one.body]
    share, where = max(shares, default=(0.0, ""))
    if share > MOST_AGAIN:
        yield letter.finding(LintRule.SAME_AGAIN, 0, f"{share:.0%} of it stood in {where}")


def _grows(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    mine = asked_time(letter.body, book)
    asked = [(found, one.where) for one in letter.earlier if (found := asked_time(one.body, book))]
    if mine is None or not asked:
        return
    least, where = min(asked, key=lambda one: one[0][0])
    if mine[0] > least[0]:
        yield letter.finding(LintRule.ASK_GROWS, mine[1], f"{mine[2]}, and {least[2]} in {where}, line {least[1]}")


def _stale(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Judge the words of time in notes, and in what was typed of a person, by the day the letter leaves."""
    for note in letter.told:
        if found := _outlived(note.text, letter.at - note.created_at, book):
            yield letter.finding(LintRule.STALE_WORDS, 0, f"{found}, noted on {note.created_at.date().isoformat()}")
    for typed in letter.typed:
        found = _outlived(typed.text, letter.at - typed.at, book, _NOWADAYS)
        if found and bare(typed.text) in bare(letter.body):
            said = f"{found}, in {typed.field} of {typed.at.date().isoformat()}"
            hint = f'followupd edit {letter.contact.email} --{typed.field} "..."'
            yield replace(letter.finding(LintRule.STALE_WORDS, 0, said), hint=hint)


def _outlived(text: str, age: timedelta, book: Phrasebook, lasting: Collection[str] = ()) -> str:
    """Give the first words of a text that are not true for as long as it is old, but for `lasting`; "" for none."""
    for name, days in STALE.items():
        found = (one[0].strip() for one in find(words(text).said, book[name]))
        said = next((one for one in found if one not in lasting), "")
        if said and age > timedelta(days=days):
            return said
    return ""


def _recap(letter: Written, book: Phrasebook) -> bool:
    """Tell whether a letter begins with who is writing, and what was asked, as far as its language is read."""
    text = bare(content(letter.body)).split()[:_FIRST_PART]
    first = f" {' '.join(text)} "
    names = [f" {bare(letter.my_name)} ", *(f" {one} " for one in bare(letter.my_name).split()[-1:])]
    ask = " ".join(bare(letter.contact.ask).split()[:SHINGLE])
    asked = not language(letter.body) or (bool(ask) and f" {ask} " in first) or any(find(first, book["recap"]))
    return asked and any(name.strip() and name in first for name in names)
