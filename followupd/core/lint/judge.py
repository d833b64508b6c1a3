"""The one door to the rules: what is found in a letter or a contact, but for the rules that are switched off."""

from collections.abc import Collection

from followupd.core.lint import asking, blanks, circle, contact, thread, wording
from followupd.core.lint.book import Phrasebook
from followupd.core.lint.written import Written
from followupd.core.model import Contact, Finding


def letter(written: Written, book: Phrasebook, off: Collection[str] = ()) -> tuple[Finding, ...]:
    """Judge a rendered letter; findings in the order of its lines, what is about all of it first."""
    parts = (wording.judge, blanks.judge, asking.judge, thread.judge, circle.judge)
    found = {one: None for judge in parts for one in judge(written, book) if one.rule not in off}
    return tuple(sorted(found, key=lambda one: one.line))


def person(one: Contact, book: Phrasebook, off: Collection[str] = ()) -> tuple[Finding, ...]:
    """Judge a contact's fields."""
    return tuple(found for found in contact.judge(one, book) if found.rule not in off)
