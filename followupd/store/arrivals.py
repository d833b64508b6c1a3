"""Many people are taken in at once: looked up set by set, written table by table, in the caller's one transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from followupd.core.instants import Instant, to_text
from followupd.core.match import organisation
from followupd.core.model import FIELDS, Contact, Thread
from followupd.store import cases, values
from followupd.store.db import Db, Value

BATCH: Final = 1000
"""People; after so many it is told how far it is."""
_ROWS: Final = 200
"""Rows in one statement: what its checks compare with is then set up once for all of them."""


class Arrival(NamedTuple):
    """A person to take in, checked, and what is their thread's own; `told` is the first line of its history."""

    addresses: tuple[str, ...]
    mailboxes: tuple[str, ...]
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    account: str
    key: str
    cadence: str
    first_on: str | None
    next_at: Instant | None
    told: str


class Known(NamedTuple):
    """Who has a mailbox: the spelling that they have of it, and the contact's id."""

    address: str
    contact_id: int


def known(db: Db, mailboxes: Collection[str]) -> dict[str, list[Known]]:
    """Give who has these mailboxes; one that nobody has is left out."""
    found: dict[str, list[Known]] = {}
    for row in db.rows(
        "SELECT a.mailbox, a.address, a.contact_id FROM json_each(?) AS wanted "
        "CROSS JOIN addresses AS a ON a.mailbox = wanted.value",
        (values.listed(mailboxes),),
    ):
        found.setdefault(row["mailbox"], []).append(Known(row["address"], row["contact_id"]))
    return found


def people(db: Db, contact_ids: Collection[int]) -> dict[int, Contact]:
    """Give these contacts."""
    return dict(cases.contacts(db, contact_ids)) if contact_ids else {}


def add(db: Db, arrivals: Sequence[Arrival], thread: Thread, tick: Callable[[int], None]) -> None:
    """Take people in, whose addresses the caller has looked up; each gets a thread that is `thread` but for its own.

    `tick` is told now and then how many are written.
    """
    with db.immediate():
        contact, thread_id = _newest(db, "contacts") + 1, _newest(db, "threads") + 1
        for done in range(0, len(arrivals), BATCH):
            batch = arrivals[done : done + BATCH]
            _write(db, batch, (contact + done, thread_id + done), thread)
            tick(done + len(batch))


def _write(db: Db, batch: Sequence[Arrival], first: tuple[int, int], thread: Thread) -> None:
    people = list(enumerate(batch, first[0]))
    _insert(
        db,
        "contacts",
        ("id", *FIELDS, "account"),
        ((number, *(one.fields.get(field, "") for field in FIELDS), one.account) for number, one in people),
    )
    _insert(
        db,
        "addresses",
        ("address", "contact_id", "position", "mailbox", "organisation"),
        (
            (address, number, place, mailbox, organisation(address))
            for number, one in people
            for place, (address, mailbox) in enumerate(zip(one.addresses, one.mailboxes, strict=True))
        ),
    )
    _insert(
        db,
        "tags",
        ("contact_id", "position", "tag"),
        ((number, place, tag) for number, one in people for place, tag in enumerate(one.tags)),
    )
    _insert_threads(db, people, first[1] - first[0], thread)
    at, offset = to_text(thread.created_at), first[1] - first[0]
    _insert(
        db,
        "events",
        ("thread_id", "at", "kind", "text"),
        ((number + offset, at, "added", one.told) for number, one in people),
    )


def _insert_threads(db: Db, people: Sequence[tuple[int, Arrival]], offset: int, thread: Thread) -> None:
    same = values.thread_row(replace(thread, revision=1))
    own = ("id", "key", "contact_id", "cadence", "first_on", "next_at")
    rest = tuple(name for name in same if name not in own)
    tail = tuple(same[name] for name in rest)
    texts: dict[Instant | None, str | None] = {}

    def rows() -> Iterator[tuple[Value, ...]]:
        for number, one in people:
            if one.next_at not in texts:
                texts[one.next_at] = values.text_or_none(one.next_at)
            yield (number + offset, one.key, number, one.cadence, one.first_on, texts[one.next_at], *tail)

    _insert(db, "threads", (*own, *rest), rows())


def _insert(db: Db, table: str, columns: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> None:
    """Insert rows, many with one statement; all names are those of this file."""
    into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608
    one = f"({', '.join('?' * len(columns))})"
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS)):
        db.run(into + ", ".join([one] * len(batch)), [value for row in batch for value in row])


def _newest(db: Db, table: str) -> int:
    row = db.row(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608  # one of two names of this file
    return int(row[0]) if row else 0
