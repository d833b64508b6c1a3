"""Who is forgotten is in no file any more, is not written to again where they opted out, and no old backup brings them
back.

Tried by hand, each makes a test here fail: no VACUUM and no emptied log (their words are found), no hash kept (they can
be added again), no line in the witness (the backup brings them back), other people's threads left as they are.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from followupd.actions import contacts as people
from followupd.actions import forgetting, importing
from followupd.actions.arriving import Wanted
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.model import Contact, State
from followupd.exchange.reading import read
from followupd.store import contacts, dossier, letters, threads
from followupd.store.db import backup, open_database
from tests.actions.conftest import ada
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, reply, somebody

WORDS = ("ada@", "lovelace", "analytical", "countess", "engine-words", "quill", "unhappily")
"""What only Ada's story has, in whatever spelling."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def server() -> Server:
    return Server(files=False)


@pytest.fixture
def app(home: Path, server: Server) -> Iterator[App]:
    app = process(home, server, Fuse(), save="never")
    person = Contact(
        addresses=(ADA, "countess@uni.test"),
        name="Ada Lovelace",
        org="Analytical Society",
        ask="How did you decide, engine-words?",
        offer="I bring a quill.",
        admire="Your engine-words.",
        tags=("countess",),
    )
    people.add(app, person)
    somebody(app, BO)
    people.note(app, ADA, "A quill was bought, engine-words.")
    # as before 0.1: what was changed or deleted stays readable in the unused parts of pages
    app.db.run("PRAGMA secure_delete=OFF")
    yield app
    app.db.close()


def at(app: App, server: Server, day: float) -> int:
    server.now = days(day)
    return one_round(app)


def traces(home: Path) -> list[str]:
    """Give every word of hers that is in any file of the folder, with the file's name."""
    return [
        f"{word} in {path.name}"
        for path in sorted(home.iterdir())
        if path.is_file() and path.suffix != ".toml"
        for word in WORDS
        if word.encode() in path.read_bytes().lower()
    ]


def opt_out(app: App, server: Server) -> None:
    at(app, server, 0)
    answer = reply(server.to(ADA)[0], days(3), "Unhappily: please do not write to me again. Remove me from your list.")
    server.receive(answer)
    at(app, server, 3)
    assert ada(app).thread.state is State.OPTED_OUT
    server.folders["INBOX"].clear()


def test_no_byte_of_theirs_is_left_in_any_file(app: App, server: Server, home: Path) -> None:
    opt_out(app, server)
    assert {trace.split()[0] for trace in traces(home)} == set(WORDS)
    done = forgetting.forget(app, ADA)
    assert (done.opted_out, done.mentions, done.pending) == (True, (), "")
    assert traces(home) == []
    assert contacts.find(app.db, ADA) is None
    assert at(app, server, 5) == 0
    assert traces(home) == []
    assert app.db.rows("PRAGMA foreign_key_check") == []
    with pytest.raises(FollowupdError, match="nobody has this address"):
        forgetting.forget(app, "nobody@example.net")


def test_every_table_that_can_hold_a_person_is_empty_of_them(app: App, server: Server) -> None:
    opt_out(app, server)
    before = {table: rows(app, table) for table in tables(app)}
    kept = dossier.everything(app.db, ada(app).contact.id)
    forgetting.forget(app, ADA)
    touched = {table for table in before if rows(app, table) != before[table]}
    assert touched >= {
        "contacts", "addresses", "tags", "threads", "events", "letters", "letter_ids", "notes",
        "messages", "thread_names", "suppressions", "forgotten",
    }  # fmt: skip
    # what goes is what a person is given who asks what is kept about them
    assert set(kept) == touched - {"forgotten", "facts"}
    for table in tables(app):
        assert not [row for row in rows(app, table) if "ada@" in str(row).lower() or "lovelace" in str(row).lower()]


def tables(app: App) -> list[str]:
    return [row["name"] for row in app.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def rows(app: App, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in app.db.rows(f"SELECT * FROM {table}")]


@pytest.mark.parametrize("address", [ADA, "ADA+news@example.net", "countess+x@uni.test"])
def test_an_opt_out_outlives_the_person_by_every_way_in(app: App, server: Server, home: Path, address: str) -> None:
    opt_out(app, server)
    forgetting.forget(app, ADA)
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.add(app, Contact(addresses=(address,), name="A"))
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.edit(app, BO, people.Edit(fields={}, aliases=(address,)))
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.edit(app, BO, people.Edit(fields={}, email=address))
    table = read(f"email,alias\nnew@example.net,\nother@example.net,{address}\n".encode())
    for skip in (False, True):
        (fault,) = importing.import_people(app, table, Wanted(skip_known=skip)).faults
        assert (fault.line, "never to be written to" in fault.what) == (3, True)
    assert contacts.find(app.db, "new@example.net") is None


def test_somebody_who_had_not_opted_out_may_be_added_again(app: App, server: Server) -> None:
    at(app, server, 0)
    assert forgetting.forget(app, ADA).opted_out is False
    people.add(app, Contact(addresses=(ADA,), name="Ada"))


def restore(app: App, server: Server, home: Path) -> App:
    app.db.close()
    for leftover in ("-wal", "-shm"):
        (home / f"followupd.db{leftover}").unlink(missing_ok=True)
    shutil.copyfile(home.parent / "backup.db", home / "followupd.db")
    return process(home, server, Fuse(), save="never")


@pytest.mark.parametrize("opted_out", [True, False])
def test_a_backup_from_before_brings_nobody_back(app: App, server: Server, home: Path, *, opted_out: bool) -> None:
    at(app, server, 0)
    backup(app.db, home.parent / "backup.db")
    if opted_out:
        opt_out(app, server)
    forgetting.forget(app, ADA)
    back = restore(app, server, home)
    assert contacts.find(back.db, ADA) is not None
    assert [at(back, server, day) for day in (14, 15, 60)] == [1, 0, 1]  # Bo's
    assert len(server.to(ADA)) == 1
    assert contacts.find(back.db, ADA) is None
    assert traces(home) == []
    if opted_out:
        with pytest.raises(FollowupdError, match="not to be written to"):
            people.add(back, Contact(addresses=("ada+x@example.net",)))
    back.db.close()


def test_a_backup_from_before_they_were_known_still_refuses_who_opted_out(
    home: Path, server: Server, tmp_path: Path
) -> None:
    early = process(home, server, Fuse(), save="never")
    at(early, server, 0)
    backup(early.db, home.parent / "backup.db")
    somebody(early, ADA)
    opt_out(early, server)
    forgetting.forget(early, ADA)
    back = restore(early, server, home)
    at(back, server, 4)
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.add(back, Contact(addresses=(ADA,)))
    back.db.close()


def test_a_witness_that_is_begun_anew_still_refuses_who_opted_out(app: App, server: Server, home: Path) -> None:
    opt_out(app, server)
    forgetting.forget(app, ADA)
    backup(app.db, home.parent / "backup.db")
    (home / "followupd.db.witness").unlink()
    at(app, server, 4)
    app.db.run("DELETE FROM forgotten")
    app.db.run("DELETE FROM facts WHERE name LIKE 'witness%'")
    at(app, server, 5)
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.add(app, Contact(addresses=(ADA,)))


def test_nobody_is_forgotten_while_a_letter_to_them_is_on_the_wire(app: App, server: Server) -> None:
    at(app, server, 0)
    app.db.run("DELETE FROM letter_ids")
    app.db.run("DROP TRIGGER sent_stays_sent")
    app.db.run("UPDATE letters SET state = 'sending'")
    with pytest.raises(TryLaterError, match="on the wire"):
        forgetting.forget(app, ADA)
    assert ada(app).letters


def test_what_others_threads_have_of_them_goes_and_what_the_user_wrote_is_named(
    app: App, server: Server, home: Path
) -> None:
    people.edit(app, BO, people.Edit(fields={"ask": f"What do you think of {ADA}?"}))
    at(app, server, 0)
    answer = reply(server.to(BO)[0], days(3), "I answer in his place, unhappily.").replace(
        b"From: " + BO.encode(), f"From: Ada Lovelace <{ADA}>".encode()
    )
    assert ADA.encode() in answer
    server.receive(answer)
    at(app, server, 3)
    case = threads.case_of(app.db, BO)
    assert case is not None
    assert case.thread.state is not State.WAITING
    done = forgetting.forget(app, ADA)
    assert done.mentions == (BO,)
    told = "\n".join(str(rows(app, table)) for table in ("messages", "events", "facts"))
    assert "ada@" not in told
    assert "unhappily" not in told
    after = threads.case_of(app.db, BO)
    assert after is not None
    assert after.thread.state is case.thread.state
    with pytest.raises(Exception, match="history is never changed"):
        app.db.run("UPDATE events SET text = 'x'")


def test_copies_beside_the_database_go_if_they_name_them(app: App, server: Server, home: Path) -> None:
    backup(app.db, home / "followupd.db.schema-7")
    forgetting_of_bo = home / "followupd.db.replaced-20261129T154000Z"
    other = open_database(home / "other" / "x.db", now=days(0))
    backup(other, forgetting_of_bo)
    other.close()
    shutil.rmtree(home / "other")
    done = forgetting.forget(app, ADA)
    assert [one.name for one in done.copies] == ["followupd.db.schema-7"]
    assert forgetting_of_bo.exists()
    assert traces(home) == []


def test_traces_that_cannot_be_overwritten_at_once_are_in_the_next_round(app: App, server: Server, home: Path) -> None:
    at(app, server, 0)
    reader = open_database(home / "followupd.db", now=days(0))
    app.db.run("PRAGMA busy_timeout=10")
    with reader.snapshot():
        reader.rows("SELECT * FROM contacts")
        assert "in use" in forgetting.forget(app, ADA).pending
    reader.close()
    assert traces(home) != []
    at(app, server, 1)
    assert traces(home) == []


def test_an_address_that_nobody_has_any_more_is_forgotten_too(app: App, server: Server, home: Path) -> None:
    contacts.suppress(app.db, ["gone-analytical@example.net"], "asked", days(0))
    forgetting.forget(app, "gone-analytical@example.net")
    assert b"gone-analytical" not in (home / "followupd.db").read_bytes()
    with pytest.raises(FollowupdError, match="not to be written to"):
        people.add(app, replace(Contact(addresses=("gone-analytical@example.net",))))
    assert letters.in_doubt(app.db) == ()
