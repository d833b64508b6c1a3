"""`plan --ics` writes what calendar programs read: the acceptance of the calendar feed, and RFC 5545 to the letter."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar

from tests.cli.conftest import Run


def events(path: Path) -> dict[str, Any]:
    found = Calendar.from_ical(path.read_bytes())
    return {str(one["uid"]): one for one in found.walk("VEVENT")}


def test_written_twice_it_is_the_same_and_a_moved_letter_keeps_its_uid(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.ics"
    done = run("plan", "--until", "2042-01-01", "--ics", str(path))
    assert (done.status, done.out, done.err) == (0, f"written: {path}\n", "")
    before, octets = events(path), path.read_bytes()
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    assert path.read_bytes() == octets
    assert [int(one["sequence"]) for one in before.values()] == [0] * 5
    run("snooze", ada, "--until", "2040-03-01")
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    after = events(path)
    assert after.keys() == before.keys()
    assert [int(one["sequence"]) for one in after.values()] == [1] * 5
    assert all(after[uid]["dtstart"].dt > before[uid]["dtstart"].dt for uid in after)


def test_letters_that_an_answer_ended_are_taken_back(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.ics"
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    run("answered", ada, "--via", "phone")
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    assert {(str(one["status"]), int(one["sequence"])) for one in events(path).values()} == {("CANCELLED", 1)}
    run("reopen", ada)
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    found = list(events(path).values())
    assert {str(one["status"]) for one in found} <= {"TENTATIVE", "CANCELLED"}
    assert max(int(one["sequence"]) for one in found) == 2


def test_another_file_and_another_span_know_the_same_sequences(run: Run, ada: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one.ics", tmp_path / "other.ics"
    run("plan", "--until", "2042-01-01", "--ics", str(one))
    run("snooze", ada, "--until", "2040-03-01")
    run("plan", "--ics", str(other))
    assert events(other) == {}
    run("plan", "--until", "2042-01-01", "--ics", str(other))
    assert {int(found["sequence"]) for found in events(other).values()} == {1}


def test_it_is_icalendar_to_the_letter(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.ics"
    run("edit", ada, "--name", "Ada; Countess, of\\ Lovelace 佐藤" + " and so on" * 12)
    run("plan", "--until", "2042-01-01", "--ics", str(path))
    octets = path.read_bytes()
    assert octets.startswith(b"BEGIN:VCALENDAR\r\n")
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", octets)
    assert max(map(len, octets.split(b"\r\n"))) <= 75
    unfolded = octets.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Letter 1 to Ada\\; Countess\\, of\\\\ Lovelace 佐藤 and so on" in unfolded
    assert "METHOD" not in unfolded
    assert "ATTENDEE" not in unfolded
    assert "VALARM" not in unfolded
    [first, *_] = sorted(events(path).values(), key=lambda one: datetime.isoformat(one["dtstart"].dt))
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP"} <= first.keys()
    assert (str(first["status"]), str(first["transp"])) == ("TENTATIVE", "TRANSPARENT")
    planned = run("plan", "--until", "2042-01-01", "--json").document
    assert first["dtstart"].dt == datetime.fromisoformat(planned[0]["at"])


def test_the_plan_as_json_stands_alone_and_a_dash_is_standard_output(run: Run, ada: str, tmp_path: Path) -> None:
    done = run("plan", "--ics", str(tmp_path / "letters.ics"), "--json")
    assert done.document == []
    assert (tmp_path / "letters.ics").exists()
    assert run("plan", "--ics", "-").out.startswith("BEGIN:VCALENDAR")


def test_a_file_that_is_shared_stays_shared_and_a_new_one_is_not(run: Run, ada: str, tmp_path: Path) -> None:
    new, shared = tmp_path / "new.ics", tmp_path / "shared.ics"
    shared.touch()
    shared.chmod(0o644)
    for path in (new, shared):
        run("plan", "--ics", str(path))
    assert [path.stat().st_mode & 0o777 for path in (new, shared)] == [0o600, 0o644]
    done = run("plan", "--ics", str(new / "below.ics"))
    assert (done.status, len(done.err.splitlines())) == (1, 1)
