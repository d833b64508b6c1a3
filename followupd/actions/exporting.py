"""People are given out: all of them as a table or documents, one of them with everything that is kept."""

from collections.abc import Callable, Generator, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from followupd.actions.word import find
from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.instants import to_text
from followupd.core.model import Case
from followupd.exchange import writing
from followupd.store import dossier, files, reading, threads

_AT_ONCE = 500

Story = Callable[[Case], dict[str, Any]]


class Format(StrEnum):
    """What a file is to be, by the end of its name."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


def people(desk: Desk, form: Format, story: Story, *, plain: bool = False) -> Generator[str, None, None]:
    """Write everybody, as they stood at one moment, in the order of their addresses; `plain` in ASCII alone.

    `story` gives the document of a person for JSON.
    """
    with desk.db.snapshot():
        match form:
            case Format.CSV:
                yield from writing.table(_everybody(desk))
            case Format.JSON:
                yield from writing.documents((story(case) for case in _everybody(desk)), plain=plain)
            case Format.JSONL:
                yield from writing.lines((story(case) for case in _everybody(desk)), plain=plain)


def person(desk: Desk, email: str, story: Story) -> dict[str, Any]:
    """Give everything that is kept about whoever has this address, row by row; raise FollowupdError if nobody has."""
    case = find(desk, email)
    with desk.db.snapshot():
        kept = dossier.everything(desk.db, case.contact.id)
        keys = {row["key"] for row in kept.get("threads", [])}
        return {
            "email": case.contact.email,
            "exported_at": to_text(desk.clock.now()),
            "story": story(case),
            "kept": kept,
            "witness": dossier.witnessed(desk.db, keys),
        }


def save(texts: Iterable[str], target: Path) -> None:
    """Write a file that only the user can read, whole or not at all; raise FollowupdError if its name is taken."""
    taken = FollowupdError("there is already a file of this name", where=str(target), hint="choose another name")
    if target.is_symlink() or target.exists():
        raise taken
    with files.beside(target) as draft:
        try:
            with draft.open("w", encoding="utf-8", errors="replace", newline="") as file:
                file.writelines(texts)
        except OSError as error:
            raise FollowupdError(f"it cannot be written: {error.strerror or error}", where=str(target)) from error
        try:
            files.publish(draft, target)
        except FileExistsError:
            raise taken from None


def _everybody(desk: Desk) -> Iterator[Case]:
    found = sorted(reading.people(desk.db), key=lambda one: one.email)
    for begin in range(0, len(found), _AT_ONCE):
        yield from threads.cases_of(desk.db, [one.thread_id for one in found[begin : begin + _AT_ONCE]])
