"""Robots that answer, and whoever sends without end: bounded rows, nothing missed, no letter that answers a machine.

Tried: with no bound in `actions.flood` the first two tests fail; without the look whether mail of the user's own is
automatic the last one does: each note of their own server begins the wait anew, and the second letter never goes.
"""

from email import message_from_bytes
from email.utils import format_datetime

import pytest

from followupd.actions.flood import MOST
from followupd.app import App
from followupd.core.model import State, Verdict
from followupd.store import messages, threads
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, Server, days, reply

ROBOT = {"Auto_Submitted": "auto-replied"}
FLOOD = 4 * MOST


def numbered(raw: bytes, number: int) -> bytes:
    return raw.replace(b"Message-ID: <", b"Message-ID: <%d." % number, 1)


def flood(server: Server, text: str, headers: dict[str, str], *, first: int = 0) -> None:
    raw = reply(server.to(ADA)[0], server.now, text, **headers)
    for number in range(first, first + FLOOD):
        server.receive(numbered(raw, number))


def rows(app: App) -> tuple[int, int]:
    return len(messages.of_thread(app.db, ada(app).thread.id)), len(threads.events(app.db, ada(app).thread.id))


@pytest.mark.parametrize("headers", [ROBOT, {}], ids=["by a robot", "by a person"])
def test_of_a_flood_of_answers_a_hundred_a_day_are_kept(app: App, server: Server, headers: dict[str, str]) -> None:
    at(app, server, 0)
    server.now = days(1)
    flood(server, "I am away, and shall answer when I am back.", headers)
    at(app, server, 1)
    kept, told = rows(app)
    assert kept == MOST
    assert told <= MOST + 5
    assert [one.text for one in threads.events(app.db, ada(app).thread.id) if "no more are kept" in one.text] == [
        f"{MOST} messages came in a day; of those that change nothing no more are kept"
    ]
    server.now = days(3)
    flood(server, "I am away, and shall answer when I am back.", headers, first=FLOOD)
    at(app, server, 3)
    assert rows(app)[0] == 2 * MOST


def test_an_answer_and_a_later_absence_in_a_flood_count(app: App, server: Server) -> None:
    at(app, server, 0)
    server.now = days(1)
    flood(server, "I shall be back on 7 January 2027.", ROBOT)
    server.receive(reply(server.to(ADA)[0], days(1), "I shall be back on 7 April 2027!", **ROBOT))
    at(app, server, 1)
    not_before = ada(app).thread.not_before
    assert not_before is not None
    assert (not_before.year, not_before.month) == (2027, 4)
    flood(server, "I shall be back on 7 January 2027.", ROBOT, first=FLOOD)
    server.receive(reply(server.to(ADA)[0], days(1), "Gladly!"))
    flood(server, "I shall be back on 7 January 2027.", ROBOT, first=2 * FLOOD)
    at(app, server, 1.1)
    assert ada(app).thread.state is State.ANSWERED
    assert rows(app)[0] == MOST + 2


def test_a_flood_of_wishes_to_be_left_alone_is_heard_once(app: App, server: Server) -> None:
    at(app, server, 0)
    server.now = days(1)
    flood(server, "Please do not contact me again.", {})
    at(app, server, 1)
    assert ada(app).thread.state is State.OPTED_OUT
    assert rows(app)[0] == MOST
    assert at(app, server, 100) == 0


def own_robot(server: Server, number: int) -> None:
    """Let the user's own server answer a message of hers with a vacation note, and file it in Sent."""
    note = (
        f"From: max@example.org\r\nTo: {ADA}\r\nDate: {format_datetime(server.now)}\r\n"
        f"Message-ID: <robot{number}@example.org>\r\nSubject: Out of office\r\n"
        "Auto-Submitted: auto-replied\r\n\r\nI am on holiday.\r\n"
    )
    server.receive(note.encode(), "Sent")


def test_two_robots_that_answer_each_other_get_no_letter_for_it_and_hold_none_back(app: App, server: Server) -> None:
    """Hers answers every letter, and then some notes of ours; ours sends a note every second day of the year."""
    answered = left = 0
    for day in range(0, 400, 2):
        left = 3 if at(app, server, day) else max(0, left - 1)
        if left:
            server.receive(numbered(reply(server.to(ADA)[-1], server.now, "I am away.", **ROBOT), day))
            answered += 1
        own_robot(server, day)
    letters = server.to(ADA)
    assert len(letters) == 3
    names = {draft.message_id for draft in letters}
    for draft in letters:
        told = message_from_bytes(draft.raw)
        assert set(f"{told['References'] or ''} {told['In-Reply-To'] or ''}".split()) <= names
    kept = messages.of_thread(app.db, ada(app).thread.id)
    assert [one.verdict for one in kept] == [Verdict.AUTO_REPLY] * answered
