"""A sent letter that is copied into a folder is a word of the user's: done once, whatever happens in between."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from followupd.actions import contacts, needed
from followupd.actions.barring import WITNESSED
from followupd.actions.round import look, one_round
from followupd.app import App
from followupd.config.file import read
from followupd.core.errors import UnreachableError
from followupd.core.model import Contact, Event, Folder, RawMessage, State
from followupd.store import facts, threads
from tests.actions.pretend import (
    ADA,
    BEGINS,
    BO,
    Fuse,
    Killed,
    PretendedMailbox,
    Server,
    days,
    process,
    reply,
    somebody,
)


def started(tmp_path: Path, server: Server, fuse: Fuse | None = None, *, on: bool = True) -> App:
    slow = '[cadences.slow]\nsteps = [{ template = "opening" }, { after = "9 weeks", template = "reminder" }]'
    app = process(tmp_path, server, fuse or Fuse(), more=slow)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace("[smtp]", f"trays = {str(on).lower()}\n[smtp]", 1))
    return replace(app, settings=read(config))


def written(to: str = ADA, number: int = 1, identifier: str = "", **headers: str) -> bytes:
    """A letter that the user wrote ten days ago."""
    mail = EmailMessage()
    fields = {"From": "Max Lehmann <max@example.org>", "To": f"Ada Lovelace <{to}>", "Subject": "Your engine"}
    fields |= {"Date": format_datetime(BEGINS), "Message-ID": identifier or f"<{number}.by.hand@example.org>"}
    for name, value in (fields | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content("How did you choose?")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def ten_days_later() -> Server:
    """Give the server ten days after a letter that the user wrote by hand and that lies in Sent."""
    server = Server(files=True)
    server.receive(written(), "Sent")
    server.now = days(10)
    return server


@pytest.fixture
def server() -> Server:
    return ten_days_later()


def state(app: App, who: str = ADA) -> State | None:
    case = threads.case_of(app.db, who)
    return case.thread.state if case else None


def lies(server: Server) -> list[str]:
    return [path[0] for path, copies in server.trays.items() for _ in copies]


def said(app: App) -> list[str]:
    return [what for _, what in needed.left_in_trays(app)]


def test_the_folders_are_made_when_they_are_wanted_and_not_before(tmp_path: Path, server: Server) -> None:
    look(started(tmp_path, server, on=False))
    assert server.trays == {}
    look(started(tmp_path, server))
    assert {("short",), ("slow",), ("stop",), ("later",)} <= server.trays.keys()


def test_a_copy_in_a_cadences_folder_begins_the_thread_by_it(tmp_path: Path, server: Server) -> None:
    server.put("slow", written())
    app = started(tmp_path, server)
    one_round(app)
    case = threads.case_of(app.db, ADA)
    assert case is not None
    assert (case.thread.cadence, case.thread.step, case.contact.name) == ("slow", 1, "Ada Lovelace")
    assert [one.message_id for one in case.letters] == ["<1.by.hand@example.org>"]
    assert (lies(server), len(server.folders["Sent"]), server.taken) == ([], 1, [])
    contacts.edit(app, ADA, contacts.Edit(fields={"ask": "How did you choose?", "offer": "I could help."}))
    server.now = days(9 * 7 + 1)
    one_round(app)
    [letter] = server.to(ADA)
    assert b"In-Reply-To: <1.by.hand@example.org>" in letter.raw


def test_an_answer_that_is_there_already_counts_before_anything_goes(tmp_path: Path, server: Server) -> None:
    app = started(tmp_path, server)
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = ADA, "max@example.org", "Re: Your engine"
    answer["Message-ID"], answer["In-Reply-To"] = "<a@example.net>", "<1.by.hand@example.org>"
    answer.set_content("By luck.")
    server.receive(answer.as_bytes())
    one_round(app)
    server.put("short", written())
    one_round(app)
    assert state(app) is State.ANSWERED


def test_a_copy_in_stop_ends_the_thread_and_one_in_later_lets_it_wait(tmp_path: Path, server: Server) -> None:
    app = started(tmp_path, server)
    server.put("short", written())
    one_round(app)
    server.put("later/2027-03", written())
    one_round(app)
    case = threads.case_of(app.db, ADA)
    assert case is not None
    assert case.thread.not_before is not None
    assert case.thread.not_before.isoformat().startswith("2027-03-01")
    server.put("stop", written())
    one_round(app)
    assert (state(app), lies(server)) == (State.STOPPED, [])
    assert any(one.text == "stopped by you" for one in threads.events(app.db, case.thread.id))


def test_a_letter_of_followupds_own_says_whom_it_is_about_too(tmp_path: Path, server: Server) -> None:
    app = started(tmp_path, server)
    somebody(app, BO)
    one_round(app)
    [draft] = server.to(BO)
    server.put("slow", draft.raw)
    one_round(app)
    case = threads.case_of(app.db, BO)
    assert case is not None
    assert (case.thread.cadence, len(case.letters), lies(server)) == ("slow", 1, [])
    server.put("stop", draft.raw)
    one_round(app)
    assert state(app, BO) is State.STOPPED


@pytest.mark.parametrize(("tray", "then"), [("stop", State.STOPPED), ("later/2027-03", State.WAITING)])
def test_a_letter_to_an_address_that_a_backup_does_not_know_is_known_by_its_message_id(
    tmp_path: Path, server: Server, tray: str, then: State
) -> None:
    app = started(tmp_path, server)
    somebody(app, BO)
    one_round(app)
    app.db.run("UPDATE addresses SET address = 'bo@old.example', mailbox = 'bo@old.example'")
    [draft] = server.to(BO)
    server.put(tray, draft.raw)
    one_round(app)
    assert (state(app, "bo@old.example"), lies(server)) == (then, [])
    case = threads.case_of(app.db, "bo@old.example")
    assert case is not None
    assert (case.thread.not_before is not None) == (then is State.WAITING)


def test_a_stop_counts_before_the_letters_of_the_same_round(tmp_path: Path, server: Server) -> None:
    app = started(tmp_path, server)
    server.put("short", written())
    one_round(app)
    server.now = days(20)
    server.put("stop", written())
    one_round(app)
    assert server.taken == []


def test_a_letter_that_was_moved_instead_of_copied_is_put_back_into_sent(tmp_path: Path, server: Server) -> None:
    app = started(tmp_path, server)
    [(_, letter)] = server.folders["Sent"]
    server.folders["Sent"].clear()
    server.put("short", letter)
    one_round(app)
    assert [raw for _, raw in server.folders["Sent"]] == [letter]
    assert (state(app), lies(server)) == (State.WAITING, [])


def test_a_copy_of_a_letter_that_a_server_filed_with_its_trace_is_one(tmp_path: Path) -> None:
    server = Server(files=True)
    letter = written(Received="from me by the submission server")
    server.receive(letter, "Sent")
    server.now = days(10)
    server.put("short", letter)
    app = started(tmp_path, server)
    one_round(app)
    assert (state(app), lies(server)) == (State.WAITING, [])


OPTED_OUT = written("cy@example.net", 7)


UNCLEAR = (
    ("short", written(To=f"{ADA}, {BO}"), "it went to 2 people"),
    ("short", written(From=ADA, To="max@example.org"), "you did not write this message"),
    ("short", written(number=2, Received="from there by here"), "came to you by mail"),
    # forged by whoever got the letter, at a server that delivers to me+followupd/short
    ("short", written(Received="from there by here"), "came to you by mail"),
    ("short", written(Return_Path="<ada@example.net>"), "came to you by mail"),
    ("nonesuch", written(), "there is no cadence 'nonesuch'"),
    ("later", written(), "not said until when"),
    ("later/soon", written(), "is no date"),
    ("later/2020-01", written(), "has passed"),
    ("stop", written("nobody@example.net", 3), "nobody has this address"),
    # a server that does not find in Sent what was just put there
    ("stop", written("nobody@example.net", 4).replace(b"Message-ID:", b"Message-Id:"), "nobody has this address"),
    ("short", written(identifier="none"), "is no Message-ID"),
    ("short", b"\xff\xfe garbage", "you did not write this message"),
    ("short", OPTED_OUT, "asked not to be written to|opted"),
)


@pytest.mark.parametrize(("tray", "copy", "why"), UNCLEAR)
def test_what_is_not_clear_stays_where_it_is_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, tray: str, copy: bytes, why: str
) -> None:
    server = ten_days_later()
    app = started(tmp_path, server)
    opts_out(app, server)
    stored = len(server.folders["Sent"])
    before = {who: state(app, who) for who in (ADA, BO, "cy@example.net")}
    server.put(tray, copy)
    for number in range(3):
        server.now = days(10 + number)
        one_round(app)
    [told] = said(app)
    assert sum("cannot be done" in one.getMessage() for one in caplog.records) == 1
    assert re.search(why, told), told
    assert any(need.what == told for need in needed.needed(app))
    assert len(lies(server)) == 1
    assert len(server.folders["Sent"]) in {stored, stored + 1}
    assert {who: state(app, who) for who in (ADA, BO, "cy@example.net")} == before
    server.trays[tuple(tray.split("/"))].clear()
    one_round(app)
    assert said(app) == []


def opts_out(app: App, server: Server) -> None:
    """Let Cy have had a letter, and ask for none."""
    contacts.add(
        app,
        Contact(
            addresses=("cy@example.net",), name="Cy", admire="Your notes on it are clear.", ask="How?", offer="Time."
        ),
    )
    one_round(app)
    [draft] = server.to("cy@example.net")
    server.receive(reply(draft, server.now, "Please do not write to me again. Unsubscribe me."))
    one_round(app)
    assert state(app, "cy@example.net") is State.OPTED_OUT
    server.taken.clear()


def test_where_the_folders_cannot_be_read_nothing_goes_out(tmp_path: Path, server: Server) -> None:
    class Unreadable(PretendedMailbox):
        def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
            raise UnreachableError("the server breaks off")

    app = started(tmp_path, server)
    somebody(app, BO)
    with pytest.raises(UnreachableError):
        one_round(replace(app, mailbox=Unreadable(server, Fuse())))
    assert server.taken == []


def test_a_folder_that_cannot_be_emptied_is_done_once_all_the_same(tmp_path: Path, server: Server) -> None:
    class Full(PretendedMailbox):
        def remove(self, tray: Folder, uids: Collection[int]) -> None:
            raise UnreachableError("read-only")

    app = started(tmp_path, server)
    stubborn = replace(app, mailbox=Full(server, Fuse()))
    server.put("short", written())
    one_round(app)
    server.put("later/in 2 months", written())
    for number in range(3):
        server.now = days(10 + number)
        one_round(stubborn)
    case = threads.case_of(app.db, ADA)
    assert case is not None
    assert sum(one.kind == "snoozed" for one in threads.events(app.db, case.thread.id)) == 1
    one_round(app)
    assert lies(server) == []
    assert facts.get(app.db, "trays") is None


def _is_witnessed(event: Event) -> bool:
    return event.text.endswith(WITNESSED)


@pytest.mark.parametrize("words", [("short",), ("short", "later/in 2 months"), ("short", "stop"), ("moved", "short")])
def test_a_kill_at_any_moment_changes_nothing_of_what_comes_of_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    def lived(folder: Path, at: int) -> tuple[object, ...]:
        folder.mkdir()
        server, fuse = Server(files=True), Fuse()
        server.now = days(10)
        if words[0] != "moved":
            server.receive(written(), "Sent")
        for number, word in enumerate(words):
            if word == "moved":
                continue
            app = started(folder, server, fuse)
            server.put(word, written())
            fuse.burnt, fuse.at = 0, at if number == len(words) - 1 else 0
            try:
                one_round(app)
            except Killed:
                fuse.at = 0
                one_round(started(folder, server, fuse))
        burnt = fuse.burnt if at == 0 else 0
        case = threads.case_of(app.db, ADA)
        assert case is not None
        told = [one for one in threads.events(app.db, case.thread.id) if one.kind != "looked"]
        # of what was killed behind its line the witness tells first
        twice = {n for n, (one, two) in enumerate(pairwise(told)) if one.kind == two.kind and _is_witnessed(one)}
        events = [one.kind for n, one in enumerate(told) if n not in twice]
        thread = case.thread
        return (
            burnt,
            thread.state,
            thread.next_at,
            thread.cadence,
            len(case.letters),
            events,
            lies(server),
            len(server.folders["Sent"]),
        )

    burnt, *whole = lived(tmp_path / "0", 0)
    assert isinstance(burnt, int)
    assert burnt > 10
    for at in range(1, burnt + 1):
        _, *again = lived(tmp_path / str(at), at)
        assert again == whole, f"killed at effect {at}"
