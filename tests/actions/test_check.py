"""Every test is carried out whatever became of the others, and is told in one line."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.actions.check import Probe, check, clock, database
from followupd.core.connections import Imap, SecretSource, Security, Server, Smtp
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError, Problem
from followupd.core.instants import Span
from followupd.core.model import Contact, Event, Thread
from followupd.core.settings import Me, Policy, Settings, Window
from followupd.store import contacts
from followupd.store.db import open_database
from followupd.store.health import file_system, refuse_network

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOCAL = b"/dev/sda1 / ext4 rw 0 0\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    server = Server(host="localhost", port=1, security=Security.NONE, username="ada", password=SecretSource())
    me = Me(name="Ada", email="ada@example.org", aliases=(), zone=ZoneInfo("Europe/Berlin"))
    week = Span(weeks=1)
    return Settings(
        source=tmp_path / "config.toml",
        imap=Imap(server=server),
        smtp=Smtp(server=server),
        database=tmp_path / "data" / "followupd.db",
        templates=tmp_path / "templates",
        policy=Policy(
            me=me,
            cadences={},
            default_cadence="patient",
            floor=week,
            window=Window(days=frozenset({1}), opens=0, closes=60),
            daily_limit=5,
            heads_up=Span(),
            away_grace=week,
            away_unknown=week,
        ),
        poll=timedelta(minutes=5),
    )


def failing(error: FollowupdError) -> Probe:
    def test() -> str:
        raise error

    (probe,) = check([("it", test)])
    assert not probe.ok
    return probe


def told(settings: Settings, mounts: bytes = LOCAL) -> Probe:
    (probe,) = check([("database", lambda: database(settings, NOW, mounts))])
    return probe


def test_one_failure_hides_no_other() -> None:
    def refused() -> str:
        raise LoginRefusedError("the login was refused", where="imap.example.org:993", hint="check imap.password")

    assert check([("a", lambda: "well"), ("b", refused), ("c", lambda: "well, too")]) == (
        Probe("a", ok=True, detail="well"),
        Probe("b", ok=False, detail="the login was refused (imap.example.org:993); check imap.password"),
        Probe("c", ok=True, detail="well, too"),
    )


def test_each_test_is_carried_out_once_and_in_order() -> None:
    tried: list[str] = []

    def test(name: str) -> str:
        tried.append(name)
        raise LoginRefusedError("no")

    check((name, lambda name=name: test(name)) for name in ("imap", "folders", "smtp"))  # type: ignore[misc]
    assert tried == ["imap", "folders", "smtp"]


def test_all_faults_of_a_config_fit_into_one_line() -> None:
    error = ConfigError([Problem("me.name", "missing"), Problem("imap.hots", "no such key")], where="c.toml")
    assert failing(error).detail == "the config is wrong in 2 places (c.toml): me.name: missing; imap.hots: no such key"


@pytest.mark.parametrize("words", ["a\r\nb", "a\x1b[2Jb", "a\x00b", "a\u202eb", "a\u2028b", "a\x9bb"])
def test_what_a_server_says_cannot_command_a_terminal(words: str) -> None:
    shown = failing(FollowupdError(words, hint=words)).detail + check([("it", lambda: words)])[0].detail
    assert not any(letter in shown for letter in "\r\n\x1b\x00\u202e\u2028\x9b")
    assert "b" in shown


def test_a_fault_of_ours_is_not_taken_for_one_of_the_users() -> None:
    def broken() -> str:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        check([("it", broken)])


def test_a_sound_database_is_told_with_its_mode(settings: Settings) -> None:
    probe = told(settings)
    assert probe.ok
    assert probe.detail == f"{settings.database}; sound; mode 0600"


def test_a_damaged_database_is_found(settings: Settings) -> None:
    path = Path(settings.database)
    open_database(path, now=NOW).close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - 8192)
        file.write(os.urandom(8192))
    probe = told(settings)
    assert not probe.ok
    assert str(path) in probe.detail


def test_a_database_that_cannot_be_opened_is_told(settings: Settings) -> None:
    Path(settings.database).parent.mkdir()
    Path(settings.database).write_bytes(b"something else entirely" * 100)
    probe = told(settings)
    assert not probe.ok
    assert "file is not a database" in probe.detail


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_database_on_a_network_file_system_is_refused(settings: Settings, tmp_path: Path, kind: str) -> None:
    mounts = LOCAL + f"server:/export {tmp_path} {kind} rw 0 0\n".encode()
    probe = told(settings, mounts)
    assert not probe.ok
    assert f"network file system ({kind})" in probe.detail
    assert not Path(settings.database).exists()


def test_the_innermost_and_latest_mount_counts() -> None:
    mounts = (
        LOCAL
        + b"s:/a /home nfs rw 0 0\n"
        + b"/dev/sdb /home/ada ext4 rw 0 0\n"
        + b"s:/b /srv/m\\303\\274ll\\040x cifs rw 0 0\n"
        + b"tmpfs /mnt tmpfs rw 0 0\ns:/c /mnt nfs4 rw 0 0\nodd\n"
    )
    for path, kind in (
        ("/home/ada/x.db", "ext4"),
        ("/home/adam/x.db", "nfs"),
        ("/homes/x.db", "ext4"),
        ("/srv/müll x/x.db", "cifs"),
        ("/mnt/x.db", "nfs4"),
    ):
        assert file_system(Path(path), mounts) == kind
    assert file_system(Path("/x"), b"") == ""
    refuse_network(Path("/x"), b"")


def test_a_link_to_a_network_file_system_is_followed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    Path(settings.database).parent.symlink_to(tmp_path / "far")
    assert not told(settings, LOCAL + f"s:/ {tmp_path / 'far'} nfs rw 0 0".encode()).ok


def test_a_clock_that_was_never_set_is_found(settings: Settings) -> None:
    with pytest.raises(FollowupdError, match="1970-01-01T00:00:10Z"):
        clock(settings, datetime(1970, 1, 1, 0, 0, 10, tzinfo=UTC))
    with pytest.raises(FollowupdError, match="cannot be"):
        clock(settings, datetime(2024, 12, 31, tzinfo=UTC))


def test_a_clock_that_shows_less_than_has_already_been_is_found(settings: Settings) -> None:
    db = open_database(Path(settings.database), now=NOW)
    thread = Thread(key="k", contact_id=0, cadence="patient", created_at=NOW, anchor=NOW)
    events = (Event(at=NOW, kind="added", text="added"),)
    contacts.add(db, Contact(addresses=("grace@example.com",)), thread, events)
    db.close()
    assert clock(settings, NOW) == "2026-11-23T09:00:00Z; you live in Europe/Berlin"
    with pytest.raises(FollowupdError, match="has already been"):
        clock(settings, NOW - timedelta(seconds=1))
