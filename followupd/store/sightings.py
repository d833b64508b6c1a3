"""What a line of the witness says: a letter on the wire, where a thread stands, who is never to be written to.

Keys of threads, Message-IDs, times and salted hashes of addresses: no name, no address, no text.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from followupd.core.addresses import key
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Letter, LetterState, State, Thread

_LETTER: Final = re.compile(r"letter (\S+) (\S+) (\d{1,9}) (\d{1,9}) (\S+) (<\S+>)")
_TORN: Final = re.compile(r"letter (\S+) (\S+) (\d{1,9}) (\d{1,9})(?: .*)?")
_THREAD: Final = re.compile(r"thread (\S+) (\S+) (\S+) (\S+) (\S+)( held)?")
_NEVER: Final = re.compile(r"never (\S+) ([0-9a-f]{32}|-)(?: ([0-9a-f]{32}))?")
_FORGOT: Final = re.compile(r"forgot (\S+) (\S+)")
_ALL: Final = re.compile(r"all (\S+) (paused|resumed)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSeen:
    """What became of a letter; `sending` before its data, the outcome after it. `message_id` is "" in a torn line."""

    at: Instant
    key: str
    step: int
    attempt: int
    state: LetterState
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSeen:
    """Where a thread stood, and before when no letter of it may leave; `held` if it will be, once its pause is over."""

    at: Instant
    key: str
    state: State
    not_before: Instant | None
    paused_until: Instant | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverSeen:
    """Somebody is never to be written to: the salted hash of their address, "" if they were forgotten.

    `mailbox` is the hash of their mailbox, salted with the name of the database; "" in lines of before there was one.
    """

    token: str
    mailbox: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgotSeen:
    """Somebody was forgotten, whose thread had this key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllSeen:
    """Everything was paused, or no longer."""

    paused: bool


Seen: TypeAlias = LetterSeen | ThreadSeen | NeverSeen | ForgotSeen | AllSeen


def letter_line(key: str, letter: Letter, at: Instant) -> str:
    """Write what became of a letter."""
    return f"letter {to_text(at)} {key} {letter.step} {letter.attempt} {letter.state} {letter.message_id}"


def thread_line(thread: Thread, at: Instant) -> str:
    """Write where a thread stands."""
    held = " held" if is_held_behind(thread) else ""
    return f"thread {to_text(at)} {thread.key} {thread.state} {_at(thread.not_before)} {_at(thread.paused_until)}{held}"


def is_held_behind(thread: Thread) -> bool:
    """Tell whether a thread will be held once its pause is over."""
    return thread.state is State.PAUSED and thread.resume_to is State.HELD


def never_line(address: str, at: Instant) -> str:
    """Write that an address is never to be written to; it becomes a hash where the salt is known."""
    return f"never {to_text(at)} @{address}"


def forgotten_line(mailbox: str, at: Instant) -> str:
    """Write that a mailbox, by its hash, is never to be written to."""
    return f"never {to_text(at)} - {mailbox}"


def forgot_line(key: str, at: Instant) -> str:
    """Write that the person was forgotten whose thread has this key."""
    return f"forgot {to_text(at)} {key}"


def all_line(at: Instant, *, paused: bool) -> str:
    """Write that everything was paused, or no longer."""
    return f"all {to_text(at)} {'paused' if paused else 'resumed'}"


def token(address: str, salt: str) -> str:
    """Give what stands for an address, or for a mailbox (`core.addresses.key`)."""
    return sha256(f"{salt}/{address.lower()}".encode("utf-8", "replace")).hexdigest()[:32]


def hashed(line: str, salt: str, identity: str) -> str:
    """Put the salted hashes of an address and of its mailbox in its place."""
    head, at, address = line.partition(" @")
    if not at or not line.startswith("never "):
        return line
    return f"{head} {token(address, salt)} {token(key(address) or address.lower(), identity)}"


def parsed(line: str) -> Seen | None:
    """Read a line; None for one that is empty, of a later kind, or no line of ours."""
    try:
        if found := _LETTER.fullmatch(line):
            at, key, step, attempt, state, name = found.groups()
            return _letter(at, key, (step, attempt), LetterState(state), name)
        if found := _THREAD.fullmatch(line):
            return _thread(found)
    except ValueError:
        return None
    return _short(line)


def _short(line: str) -> Seen | None:
    if found := _NEVER.fullmatch(line):
        return NeverSeen(token=found[2].strip("-"), mailbox=found[3] or "")
    if found := _FORGOT.fullmatch(line):
        return ForgotSeen(key=found[2])
    if found := _ALL.fullmatch(line):
        return AllSeen(paused=found[2] == "paused")
    return None


def torn(line: str) -> LetterSeen | None:
    """Read a last line without its end: as far as it names a letter, that letter may have been on the wire."""
    found = _TORN.fullmatch(line)
    try:
        return _letter(found[1], found[2], (found[3], found[4]), LetterState.SENDING, "") if found else None
    except ValueError:
        return None


def _letter(at: str, key: str, number: tuple[str, str], state: LetterState, message_id: str) -> LetterSeen:
    step, attempt = map(int, number)
    return LetterSeen(at=from_text(at), key=key, step=step, attempt=attempt, state=state, message_id=message_id)


def _thread(found: re.Match[str]) -> ThreadSeen:
    at, key, state, before, until, held = found.groups()
    return ThreadSeen(
        at=from_text(at),
        key=key,
        state=State(state),
        not_before=None if before == "-" else from_text(before),
        paused_until=None if until == "-" else from_text(until),
        held=held is not None,
    )


def _at(instant: Instant | None) -> str:
    return "-" if instant is None else to_text(instant)
