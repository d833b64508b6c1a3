"""A contact's fields are judged before there is a letter: what is asked, offered and respected, and the scope of it."""

from collections.abc import Iterator
from typing import Final

from followupd.core.lint.book import Phrasebook
from followupd.core.lint.wording import in_field
from followupd.core.model import Contact, Finding, LintRule

_LISTS: Final = {
    "ask": LintRule.VAGUE_ASK,
    "offer": LintRule.EMPTY_OFFER,
    "admire": LintRule.GENERIC_PRAISE,
}
_EMPTY: Final = {
    "ask": LintRule.NO_ASK,
    "offer": LintRule.NO_OFFER,
    "admire": LintRule.NO_PRAISE,
    "situation": LintRule.NO_SCOPE,
    "goal": LintRule.NO_SCOPE,
    "arrangement": LintRule.NO_SCOPE,
}


def judge(contact: Contact, book: Phrasebook) -> Iterator[Finding]:
    """Find fields that are empty or say nothing; each finding names the field and the command that fills it."""
    for field, rule in _EMPTY.items():
        if not getattr(contact, field).strip():
            yield Finding(rule=rule, where=f"{contact.email}, {field}", hint=_command(contact, field))
    for field, rule in _LISTS.items():
        if found := in_field(getattr(contact, field), rule, book):
            where = f"{contact.email}, {field}"
            yield Finding(rule=rule, where=where, words=found, hint=_command(contact, field))


def _command(contact: Contact, field: str) -> str:
    return f'followupd edit {contact.email} --{field} "..."'
