"""`explain` judges whatever it is given, as the daemon would, and writes and obeys nothing."""

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

AWAY = (
    b"From: ada@example.net\r\nTo: max@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n"
    b"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nIn-Reply-To: <x@example.org>\r\n\r\nI am back on 7 December 2026.\r\n"
)
LATER = (
    b"From: ada@example.net\r\nTo: max@example.org\r\nSubject: Re: x\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n"
    b"In-Reply-To: <x@example.org>\r\n\r\nToo busy now. Please try me again on 6 September 2027, or write to "
    b"grace@example.net.\r\n"
)
KEYS = {
    "file", "verdict", "evidence", "recipients", "status", "return_date", "text", "possible_answer", "hint",
    "asked_for", "other_address",
}  # fmt: skip


def written(path: Path, octets: bytes) -> str:
    path.write_bytes(octets)
    return str(path)


def test_several_files_are_judged_in_their_order(run: Run, tmp_path: Path) -> None:
    files = [written(tmp_path / "b.eml", LATER), written(tmp_path / "a.eml", AWAY)]
    found = run("explain", *files, "--json").document
    assert [(one["file"], one["verdict"]) for one in found] == [(files[0], "reply"), (files[1], "auto_reply")]
    assert all(set(one) == KEYS for one in found)
    assert not (tmp_path / "followupd.db").exists()


def test_what_an_answer_seems_to_say_is_shown(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "later.eml", LATER)
    [found] = run("explain", file, "--json").document
    assert (found["hint"], found["asked_for"], found["other_address"]) == ("later", "2027-09-06", "grace@example.net")
    shown = run("explain", file).out
    assert "later, asks for 2027-09-06" in shown
    assert "it answers our letter" in shown
    assert "match.in_reply_to" in shown


def test_a_message_that_would_hold_the_next_letter_says_so(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "away.eml", AWAY.replace(b"Away\r\nAuto-Submitted: auto-replied", b"Out of office"))
    assert run("explain", file, "--json").document[0]["possible_answer"] is True
    assert "the next letter, until you say" in run("explain", file).out


def test_standard_input_is_a_file_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(AWAY)))
    [found] = run("explain", "-", "--json").document
    assert (found["file"], found["verdict"]) == ("-", "auto_reply")


@pytest.mark.parametrize("line", [b"From ada@example.net Mon Nov  2 10:00:00 2026\r\n", b">From ada@example.net x\n"])
def test_a_line_of_an_mbox_before_the_header_is_passed_over(run: Run, tmp_path: Path, line: bytes) -> None:
    [found] = run("explain", written(tmp_path / "mbox", line + AWAY), "--json").document
    assert (found["verdict"], found["return_date"]) == ("auto_reply", "2026-12-07")


@pytest.mark.parametrize("sender", ["max@example.org", "Max <MAX@old.example>"])
def test_what_the_user_wrote_is_no_answer_to_them(run: Run, tmp_path: Path, config: Path, sender: str) -> None:
    file = written(tmp_path / "mine.eml", LATER.replace(b"From: ada@example.net", f"From: {sender}".encode()))
    [found] = run("explain", file, "--json").document
    assert (found["verdict"], found["evidence"]) == ("other", "own.by-hand: you wrote it yourself")
    config.unlink()
    assert run("explain", file, "--json").document[0]["verdict"] == "reply"


def test_a_config_that_cannot_be_read_is_named_and_the_message_is_judged(
    run: Run, tmp_path: Path, config: Path
) -> None:
    config.write_text("[me", encoding="utf-8")
    done = run("explain", written(tmp_path / "away.eml", AWAY), "--json")
    assert (done.status, done.document[0]["verdict"]) == (0, "auto_reply")
    assert "your own addresses are not known" in done.err


def test_a_list_that_both_read_is_nothing_to_a_thread(run: Run, tmp_path: Path) -> None:
    raw = LATER.replace(b"In-Reply-To: <x@example.org>", b"List-Id: <gardens.example.net>")
    [found] = run("explain", written(tmp_path / "list.eml", raw), "--json").document
    assert (found["verdict"], found["evidence"]) == ("other", "rfc2919.list-id: List-Id: <gardens.example.net>")


@pytest.mark.parametrize("octets", [b"", b"\x00\xff" * 9, b"Subject: only a header", b"\r\n\r\njust a body"])
def test_what_is_hardly_a_message_is_judged_for_what_it_is(run: Run, tmp_path: Path, octets: bytes) -> None:
    done = run("explain", written(tmp_path / "odd.eml", octets))
    assert (done.status, done.err) == (0, "")
    assert done.out


def test_an_endless_file_comes_to_an_end(run: Run) -> None:
    assert run("explain", "/dev/zero", "--json").document[0]["file"] == "/dev/zero"


def test_a_folder_is_no_message(run: Run, tmp_path: Path) -> None:
    done = run("explain", str(tmp_path))
    assert (done.status, done.out) == (2, "")


def test_nothing_that_a_message_says_moves_the_cursor(run: Run, tmp_path: Path) -> None:
    raw = (
        b"From: \x1b[2Jada@example.net\r\nSubject: =?utf-8?b?G1sySg==?=\r\nAuto-Submitted: auto-\x9b31m\x07replied\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n\x1b]0;title\x07 Back \xe2\x80\xae on 7 December 2026.\r\n"
    )
    file = written(tmp_path / "\x1b[1mevil\u202e.eml", raw)
    done = run("explain", file)
    assert done.status == 0
    assert not set("\x1b\x07\x9b\u202e\x00") & set(done.out)
    assert all(len(line) <= 80 for line in done.out.splitlines() if str(tmp_path) not in line)
    assert "\x1b" not in run("explain", file, "--json").out
