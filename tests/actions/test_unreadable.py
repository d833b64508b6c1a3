"""A message that defeats the reader: named, its thread held, everybody else read and written to.

Tried: without the guard in `actions.receive` most tests here fail, and no later round does anything.
"""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.model import Draft, State
from followupd.store import facts, messages, threads
from followupd.store.db import Params
from tests.actions.conftest import ada, at
from tests.actions.pretend import BO, MortalDb, Server, days, reply, somebody


class Poison(bytes):
    """Octets on which whoever reads them runs out of memory."""

    def __getitem__(self, key: Any) -> Any:
        raise MemoryError

    def partition(self, *_: Any) -> Any:
        raise MemoryError


def stranger(number: int) -> bytes:
    return b"From: shop@news.example\r\nMessage-ID: <%d@news.example>\r\nSubject: Offer\r\n\r\nBuy" % number


def letter(server: Server, address: str) -> Draft:
    return server.to(address)[0]


@pytest.fixture
def both(app: App, server: Server) -> App:
    """Ada and Bo have been written to."""
    somebody(app, BO)
    assert at(app, server, 0) == 2
    return app


def state(app: App, address: str) -> State:
    case = threads.case_of(app.db, address)
    assert case is not None
    return case.thread.state


def test_an_answer_that_cannot_be_read_holds_its_thread_and_stops_nobody_else(both: App, server: Server) -> None:
    server.receive(Poison(reply(letter(server, "ada@example.net"), days(3))))
    server.receive(reply(letter(server, BO), days(3)))
    assert at(both, server, 4) == 0
    assert ada(both).thread.state is State.HELD
    assert "message.unreadable" in ada(both).thread.reason
    assert state(both, BO) is State.ANSWERED
    assert at(both, server, 30) == 0
    assert len(server.to("ada@example.net")) == 1
    named = facts.get(both.db, "unreadable")
    assert named is not None
    assert "INBOX (UID 1)" in named[0]
    kept = messages.of_thread(both.db, ada(both).thread.id)
    assert [one.rule for one in kept] == ["message.unreadable"]


def test_a_new_message_of_a_contact_that_cannot_be_read_holds_the_thread_too(both: App, server: Server) -> None:
    server.receive(Poison(b"From: Ada <ADA@example.net>\r\nSubject: Hello\r\n\r\nyes"))
    at(both, server, 4)
    assert ada(both).thread.state is State.HELD


def test_a_strangers_message_that_cannot_be_read_is_named_and_nobody_waits_for_it(both: App, server: Server) -> None:
    server.receive(Poison(stranger(1)))
    assert at(both, server, 14) == 2
    assert facts.get(both.db, "unreadable") is not None


def test_what_the_user_wrote_by_hand_counts_although_it_cannot_be_read(both: App, server: Server) -> None:
    server.now = days(9)
    server.receive(Poison(b"From: max@example.org\r\nTo: Ada <ada@example.net>\r\n\r\nhello"), "Sent")
    assert at(both, server, 10) == 0
    assert at(both, server, 14) == 1
    assert len(server.to("ada@example.net")) == 1


class BlindDb(MortalDb):
    """A database that can look for no thread: a fault that meets every message."""

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        if "AS wanted CROSS JOIN letter_ids AS i ON i.message_id = wanted.value JOIN letters" in " ".join(sql.split()):
            raise sqlite3.OperationalError("no such table: letters")
        return super().run(sql, params)


def test_a_fault_that_meets_every_message_passes_none_of_them_and_sends_nothing(both: App, server: Server) -> None:
    blind = replace(both, db=BlindDb(both.db.connection, both.db.path))
    server.receive(reply(letter(server, "ada@example.net"), days(3)))
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            at(blind, server, 20)
    assert len(server.taken) == 2
    assert at(both, server, 20.1) == 1
    assert ada(both).thread.state is State.ANSWERED


class BrittleDb(MortalDb):
    """A database that cannot hold one of the messages."""

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        if "INSERT INTO messages" in sql and isinstance(params, dict) and "unwritable" in str(params["subject"]):
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return super().run(sql, params)


def test_an_answer_that_cannot_be_written_down_holds_its_thread_and_stops_nobody_else(
    both: App, server: Server
) -> None:
    brittle = replace(both, db=BrittleDb(both.db.connection, both.db.path))
    raw = reply(letter(server, "ada@example.net"), days(3)).replace(b"Subject: Re:", b"Subject: unwritable", 1)
    server.receive(raw)
    server.receive(reply(letter(server, BO), days(3)))
    at(brittle, server, 4)
    assert ada(both).thread.state is State.HELD
    assert state(both, BO) is State.ANSWERED
    assert at(brittle, server, 30) == 0
    assert "OverflowError" in str(facts.get(both.db, "unreadable"))


def test_a_readable_message_names_nothing(both: App, server: Server) -> None:
    server.receive(stranger(1))
    server.now = days(4)
    one_round(both)
    assert facts.get(both.db, "unreadable") is None
