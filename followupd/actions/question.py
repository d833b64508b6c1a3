"""A letter put before the user says why: what lint found, what changed since they read it, or that they asked."""

from collections.abc import Sequence
from typing import Final

from followupd.actions.release import about, other_reason
from followupd.core import veto
from followupd.core.cadence import SENDABLE
from followupd.core.lint import rules
from followupd.core.model import Case, Event, Finding, Letter, LetterState, State

BREAKS: Final = "breaks the rule"
"""What is said of a letter that lint holds."""
_WAITS: Final = "waits for your approval"
_CHANGED: Final = "changed since you read it"
_READ: Final = "as you read it"
_ANNOUNCED: Final = "as it was announced"


def put(letter: Letter, before: Letter | None, found: tuple[Finding, ...]) -> tuple[str, str]:
    """Give what is shown with the letter, and the words by which its thread is held.

    `before` is the letter as it was, with the digest of what the user approved, None for the first try.
    """
    changed = before is not None and bool(letter.approved)
    said = [f"{one.rule}: {rules.place(one)}: {rules.message(one)}" for one in found]
    if before is not None and changed:
        said.append(_difference(before.body, letter.body, _READ))
    names = list(dict.fromkeys(one.rule.value for one in found))
    why = _CHANGED if changed else _WAITS
    if names:
        why = f"{BREAKS}{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return "\n".join(said), f"letter {letter.step + 1} {why}"


def ways(letter: Letter, email: str, found: tuple[Finding, ...]) -> str:
    """Give the commands by which a held letter is settled."""
    shown = f"followupd outbox show {letter.id}"
    if not found:
        return shown
    return f"{shown}; once it is mended: followupd resume {email}; as it stands: followupd outbox approve {letter.id}"


def can_be_mended(case: Case, letter: Letter, events: Sequence[Event]) -> bool:
    """Tell whether lint, or a program of theirs, alone holds a thread: then the user may have the letter written anew.

    Where anything else holds it too, such as a possible answer, they are asked about that first.
    """
    by_lint = case.thread.reason.startswith(f"letter {letter.step + 1} {BREAKS}") or veto.holds(case, letter)
    alone = other_reason(case.thread, events, about(letter)) is None
    return by_lint and alone and letter.state is LetterState.HELD


def approval_alone(case: Case, letter: Letter, events: Sequence[Event]) -> bool:
    """Tell whether nothing but the user's approval keeps a letter: no rule that it breaks, no doubt, no answer."""
    asked = tuple(f"letter {letter.step + 1} {why}" for why in (_WAITS, _CHANGED))
    waits = letter.state is LetterState.HELD and letter.step == case.thread.step and letter.vetoed_at is None
    if case.thread.state in SENDABLE:
        # it lies among the drafts before its day
        return waits and not letter.said
    waits = waits and case.thread.state is State.HELD
    alone = other_reason(case.thread, events, about(letter)) is None
    return waits and case.thread.reason.startswith(asked) and alone


def since_announced(before: Letter, letter: Letter) -> str:
    """Show line by line what changed in a letter since it was announced, now or when that was found; "" for nothing."""
    if before.announced:
        return _difference(before.body, letter.body, _ANNOUNCED)
    return before.said if before.said.startswith(f"--- {_ANNOUNCED}") else ""


def since_read(before: Letter, letter: Letter) -> str:
    """Show line by line what changed in a letter since the user approved it, or was told of it; "" for nothing."""
    if before.approved:
        return _difference(before.body, letter.body, _READ)
    return since_announced(before, letter)


def _difference(before: str, after: str, then: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(), after.splitlines(), then, "as it is now", lineterm="", n=1)
    return "\n".join(lines)
