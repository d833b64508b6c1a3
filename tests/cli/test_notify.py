"""A program of the user's hears at once what happened, once an event, and of a mailbox that nobody watches any more."""

import json
from pathlib import Path
from typing import Any

import pytest

from followupd import channels
from followupd.core.model import Unknown
from followupd.smtp.postman import SmtpEnvelope
from tests.cli.life import Life


@pytest.fixture
def heard(life: Life) -> Path:
    """Where the program writes down what it heard."""
    path = life.folder / "heard"
    path.touch()
    program = life.folder / "program"
    program.write_text('#!/bin/sh\n[ -z "$FOLLOWUPD_PASSWORD" ] || exit 1\ncat >> "$1"\n')
    program.chmod(0o700)
    life.config(notify={"command": json.dumps([str(program), str(path)])})
    return path


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_who_answered_is_told_once_without_their_words(life: Life, heard: Path) -> None:
    ada, bea = life.person("ada"), life.person("bea")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly, on the pier.")
    life.answers(bea, "Please do not write to me again.")
    for _ in range(3):
        life.round()
    assert {(one["event"], one["email"], one["name"]) for one in told(heard)} == {
        ("answered", ada, "Ada Quist"),
        ("opted_out", bea, "Bea Quist"),
    }
    assert len({one["id"] for one in told(heard)}) == len(told(heard)) == 2
    assert {frozenset(one) for one in told(heard)} == {frozenset({"id", "event", "at", "account", "email", "name"})}
    assert "pier" not in heard.read_text()


def test_with_excerpt_it_hears_their_words(life: Life, heard: Path) -> None:
    text = (life.folder / "config.toml").read_text()
    (life.folder / "config.toml").write_text(text.replace("[notify]", "[notify]\nexcerpt = true"))
    ada = life.person("ada")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly, on the pier.")
    life.round()
    assert "gladly, on the pier" in told(heard)[0]["excerpt"]


def test_held_and_in_doubt_are_told_apart(life: Life, heard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = life.person("ada")

    def lost(envelope: SmtpEnvelope) -> Unknown:
        envelope.withdraw()
        return Unknown(text="silence")

    monkeypatch.setattr(SmtpEnvelope, "deliver", lost)
    life.on("2027-01-05")
    assert [(one["event"], one["email"]) for one in told(heard)] == [("in_doubt", ada)]
    bea = life.person("bea", "--language", "de")
    life("edit", bea, "--ask", "XXX [placeholder]?")
    life.on("2027-01-06")
    assert [(one["event"], one["email"]) for one in told(heard)][1:] == [("held", bea)]


@pytest.mark.parametrize(("where", "times"), [("before", 1), ("after", 2)])
def test_a_crash_loses_nothing_and_what_is_told_twice_has_one_id(
    life: Life, heard: Path, monkeypatch: pytest.MonkeyPatch, where: str, times: int
) -> None:
    ada = life.person("ada")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly.")
    run = channels._run

    def crash(*given: Any) -> bool:
        if where == "after":
            run(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(channels, "_run", crash)
        life("run", "--once", status=130)
    life.round()
    life.round()
    assert [one["event"] for one in told(heard)] == ["answered"] * times
    assert len({one["id"] for one in told(heard)}) == 1


def test_a_program_that_hangs_or_is_missing_stops_nothing(
    life: Life, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "SECONDS", 0.2)
    life.config(notify={"command": '["sleep", "60"]'})
    ada, bea = life.person("ada"), life.person("bea")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly.")
    life.round()
    assert "sleep took longer than" in life.log
    life.config(notify={"command": '["no-such-program"]'})
    life.answers(bea, "Yes, gladly.")
    life.round()
    assert "no-such-program cannot be started" in life.log
    assert life.state(ada) == life.state(bea) == "answered"
    assert told(heard) == []


def test_who_names_a_program_late_hears_of_nothing_old(life: Life, heard: Path) -> None:
    command = (life.folder / "config.toml").read_text()
    life.config()
    ada = life.person("ada")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly.")
    life.round()
    (life.folder / "config.toml").write_text(command)
    life.round()
    assert told(heard) == []


def test_a_revoked_password_is_told_once_and_that_it_is_mended_once(
    life: Life, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.person("ada")
    life.on("2027-01-04")
    assert life.document("status")["alarm"] is None
    life.now = life.now.replace(day=5)
    with monkeypatch.context() as patched:
        patched.setenv("FOLLOWUPD_PASSWORD", "revoked")
        for day in (5, 6, 7, 8):
            life.now = life.now.replace(day=day, hour=10)
            before = len(life.servers.taken)
            life("run", "--once", status=69)
            assert len(life.servers.taken) == before
            assert "refused" in life.document("status", status=1)["alarm"]
            assert "refused" in life("status", status=1).out
    assert [one["event"] for one in told(heard)] == ["alarm"]
    life.now = life.now.replace(day=10)
    for _ in range(3):
        life.round()
    assert [one["event"] for one in told(heard)] == ["alarm", "well_again"]
    assert [one["id"].partition("/")[2] for one in told(heard)] == ["main/2027-01-05T10:30:00Z"] * 2
    assert life.document("status")["alarm"] is None


def test_a_mailbox_that_cannot_be_read_for_two_days_is_told_once(life: Life, heard: Path) -> None:
    life.person("ada", "--first-on", "2027-03-01")
    life.on("2027-01-05", "10:00")
    text = (life.folder / "config.toml").read_text()
    (life.folder / "config.toml").write_text(text.replace(f"port = {life.servers.imap_port}", "port = 1"))
    for day, hour, alarms in ((6, 9, 0), (7, 9, 0), (7, 10, 1), (7, 11, 1), (9, 9, 1)):
        life.now = life.now.replace(day=day, hour=hour)
        life("run", "--once", status=69)
        assert len(told(heard)) == alarms
        assert (life.document("status", status=alarms)["alarm"] is None) == (not alarms)
    (life.folder / "config.toml").write_text(text)
    life.round()
    assert [one["event"] for one in told(heard)] == ["alarm", "well_again"]


def test_check_finds_a_program_that_is_not_there(life: Life, heard: Path) -> None:
    assert heard.exists()
    found = {one["name"]: one for one in life.json("check")}
    assert found["notify"]["ok"] is True
    life.config(notify={"command": '["no-such-program"]'})
    found = {one["name"]: one for one in life.document("check", status=1)}
    assert "no-such-program" in found["notify"]["detail"]
    life.config()
    assert "notify" not in {one["name"] for one in life.json("check")}
