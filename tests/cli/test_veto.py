"""A program of the user's is asked before each letter: it sees the very bytes, and only its yes lets a letter go."""

import base64
import json
import sys
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from followupd import programs
from followupd.programs import Ended
from tests.cli.life import Life
from tests.cli.test_schema import WHOLE, strict

Veto = Callable[..., None]


@pytest.fixture
def veto(life: Life) -> Veto:
    """Write the user's program anew: a line of sh; what it hears is added to the file `heard` first."""

    def write(line: str, **tables: dict[str, str]) -> None:
        program = life.folder / "veto"
        program.write_text(f'#!/bin/sh\ncat >> "{life.folder / "heard"}"\n{line}\n')
        program.chmod(0o700)
        sending = {"before_letter": '["./veto"]'} | tables.pop("sending", {})
        life.config(sending=sending, **tables)

    return write


def heard(life: Life) -> list[dict[str, Any]]:
    path = life.folder / "heard"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def kinds(life: Life, email: str) -> list[str]:
    return [event["kind"] for event in life.json("show", email)["events"]]


def test_a_letter_is_held_with_the_reason_and_goes_once_the_program_has_nothing_against_it(
    life: Life, veto: Veto
) -> None:
    veto("echo on leave; echo until May; exit 1")
    ada = life.person("ada")
    assert life.on("2027-01-05") == []
    assert life.state(ada) == "held"
    assert "held by veto: on leave;" in life.reason(ada)
    assert "until May" not in life.reason(ada)
    [line] = life.json("outbox", "list")
    assert (line["state"], line["reason"]) == ("held", "on leave")
    for day in (6, 7, 12, 13):
        assert life.on(f"2027-01-{day:02}") == []
    assert kinds(life, ada).count("held") == 1
    assert len(heard(life)) == 5
    veto("exit 0")
    assert life.on("2027-01-15") == []
    assert life.on("2027-01-19") == [ada]
    assert life.state(ada) == "waiting"


def test_the_program_sees_the_bytes_that_go(life: Life, veto: Veto) -> None:
    veto("exit 0")
    ada = life.person("ada", "--language", "de", "--org", "Café Ω")
    assert life.on("2027-01-05") == [ada]
    (asked,) = heard(life)
    (_, _, raw) = life.servers.taken[-1]
    assert base64.b64decode(asked["raw"]) == raw
    assert (asked["contact"]["email"], asked["contact"]["org"]) == (ada, "Café Ω")
    assert (asked["cadence"], asked["step"], asked["template"]) == ("patient", 1, "opening")
    assert asked["rcpt_to"] == ada
    assert ["To", str(message_from_bytes(raw, policy=SMTP)["To"])] in asked["headers"]
    assert "Guten Tag" in asked["text"] or "Hallo" in asked["text"] or "Sehr geehrte" in asked["text"]
    schema = strict({**WHOLE["$defs"]["before_letter"]}) | {"$defs": WHOLE["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(asked)


def test_a_letter_on_its_way_is_asked_about_each_time_it_is_tried(life: Life, veto: Veto) -> None:
    veto("exit 0")
    ada = life.person("ada")
    life.walk("2027-03-20")
    assert [one["step"] for one in heard(life)] == list(range(1, len(life.letters(ada)) + 1))
    assert "quoted" in heard(life)[-1]


def test_one_that_hangs_holds_the_letter_begins_no_other_and_is_tried_an_hour_later(life: Life, veto: Veto) -> None:
    veto(f"sleep 60 & echo $! > {life.folder / 'child'}; wait", sending={"before_letter_within": '"1 second"'})
    ada, bea = life.person("ada"), life.person("bea")
    assert life.on("2027-01-05", "09:30") == []
    states = {life.state(ada), life.state(bea)}
    assert states == {"held", "scheduled"}
    held = ada if life.state(ada) == "held" else bea
    assert "veto took longer than 1 s," in life.reason(held)
    assert "no letter goes before your program has been asked" in life("status").out
    child = Path(f"/proc/{(life.folder / 'child').read_text().strip()}/stat")
    assert not child.exists() or " Z " in child.read_text()
    for minute in (35, 45, 55):
        assert life.on("2027-01-05", f"09:{minute}") == []
    assert len(heard(life)) == 1
    veto("exit 0")
    assert life.on("2027-01-05", "10:00") == []
    assert sorted(life.on("2027-01-05", "10:31")) == sorted([ada, bea])
    assert "no letter goes" not in life("status").out


def test_one_that_is_missing_holds_letters_and_check_says_so_before(life: Life) -> None:
    life.config(sending={"before_letter": '["./missing"]'})
    found = {one["name"]: one for one in life.document("check", status=1)}
    assert "missing" in found["before_letter"]["detail"]
    ada = life.person("ada")
    assert life.on("2027-01-05") == []
    assert "missing cannot be started" in life.reason(ada)
    assert "no letter goes before" in life.log


def test_an_answer_that_comes_while_the_program_runs_stops_the_letter(life: Life, veto: Veto) -> None:
    veto("exit 0")
    ada = life.person("ada")
    assert life.on("2027-01-05") == [ada]
    answer = life.folder / "answer.py"
    answer.write_text(
        "import json, smtplib, sys\n"
        "found = json.load(sys.stdin)\n"
        "refs = dict(found['headers'])['In-Reply-To']\n"
        f"with smtplib.SMTP('127.0.0.1', {life.servers.smtp_port}) as wire:\n"
        f"    wire.sendmail('{ada}', ['{life.me}'], f'From: {ada}\\r\\nTo: {life.me}\\r\\nSubject: Re: x\\r\\n"
        "Message-ID: <during@x.test>\\r\\nIn-Reply-To: {refs}\\r\\n\\r\\nYes, gladly.\\r\\n')\n"
    )
    life.config(sending={"before_letter": json.dumps([sys.executable, str(answer)])})
    before = len(life.letters(ada))
    life.on("2027-01-19")
    assert life.state(ada) == "answered"
    assert len(life.letters(ada)) == before


def test_the_users_word_in_spite_of_the_program_is_for_this_text_alone(life: Life, veto: Veto) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    life.on("2027-01-05", "09:30")
    [line] = life.json("outbox", "list")
    life("edit", ada, "--ask", "What would you leave out today?")
    life("outbox", "approve", str(line["id"]))
    assert life.on("2027-01-05", "09:35") == []
    assert "changed since you read it" in life.reason(ada)
    life("outbox", "approve", str(line["id"]))
    asked = len(heard(life))
    assert life.on("2027-01-05", "09:40") == []
    assert len(heard(life)) == asked + 1
    life("outbox", "approve", str(line["id"]))
    asked = len(heard(life))
    assert life.on("2027-01-05", "09:45") == [ada]
    assert len(heard(life)) == asked
    assert life.on("2027-01-20") == []
    assert "held by veto" in life.reason(ada)


def test_an_approval_that_came_first_does_not_spare_the_program(life: Life, veto: Veto) -> None:
    veto("echo on leave; exit 1", sending={"approve": "true", "drafts": '"0 days"'})
    ada = life.person("ada")
    life.on("2027-01-05", "09:30")
    assert heard(life) == []
    life("outbox", "approve", "1")
    assert life.on("2027-01-05", "09:35") == []
    assert "on leave" in life.reason(ada)
    veto("exit 0", sending={"approve": "true", "drafts": '"0 days"'})
    assert life.on("2027-01-05", "10:40") == [ada]


def test_resume_asks_at_once(life: Life, veto: Veto) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    life.on("2027-01-05", "09:30")
    life("resume", ada)
    assert life.on("2027-01-05", "09:35") == []
    assert len(heard(life)) == 2
    veto("exit 0")
    life("resume", ada)
    assert life.on("2027-01-05", "09:40") == [ada]


def test_without_a_program_what_it_held_goes(life: Life, veto: Veto) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    life.on("2027-01-05")
    life.config()
    assert life.on("2027-01-06") == [ada]


@pytest.mark.parametrize("word", ["answered", "stop", "pause"])
def test_a_thread_that_ended_or_rests_is_not_asked_about(life: Life, veto: Veto, word: str) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    life.on("2027-01-05")
    life(word, ada)
    state = life.state(ada)
    veto("exit 0")
    assert life.on("2027-01-06") == []
    assert life.state(ada) == state
    assert len(heard(life)) == 1


def test_a_possible_answer_keeps_a_letter_that_the_program_lets_go(life: Life, veto: Veto) -> None:
    veto("exit 0")
    ada = life.person("ada")
    life.on("2027-01-05")
    veto("echo on leave; exit 1")
    life.on("2027-01-19")
    life.answers(ada, "I am out of the office until 20 January 2027.")
    veto("exit 0")
    assert life.on("2027-01-20") == []
    assert life.on("2027-02-02") == []
    assert life.state(ada) == "held"


def test_what_the_program_prints_is_not_obeyed_by_a_terminal(life: Life, veto: Veto) -> None:
    veto("printf '\\033]0;owned\\007\\033[2J no\\n'; exit 1")
    ada = life.person("ada")
    life.on("2027-01-05")
    assert not {"\x1b", "\x07"} & set(life.reason(ada) + life("outbox", "list").out + life.log)


def test_a_dry_run_asks_and_changes_nothing(life: Life, veto: Veto) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    life.now = life.now.replace(day=5, hour=9, minute=30)
    life("run", "--once", "--dry-run")
    assert len(heard(life)) == 1
    assert life.state(ada) == "scheduled"


def test_killed_while_the_program_runs_nothing_is_lost_and_nothing_goes(
    life: Life, veto: Veto, monkeypatch: pytest.MonkeyPatch
) -> None:
    veto("exit 0")
    ada = life.person("ada")

    def crash(*_: object) -> Ended:
        raise KeyboardInterrupt

    life.now = life.now.replace(day=5, hour=9, minute=30)
    with monkeypatch.context() as patched:
        patched.setattr(programs, "run", crash)
        life("run", "--once", status=130)
    assert life.letters(ada) == []
    assert life.round() == [ada]
    assert life.round() == []


@pytest.mark.parametrize("within", ['"0 seconds"', '"11 minutes"'])
def test_a_bound_out_of_range_is_refused(life: Life, within: str) -> None:
    life.config(sending={"before_letter": '["./veto"]', "before_letter_within": within})
    assert "before_letter_within" in life("list", status=78).err
    life.config(sending={"before_letter": '"./veto"'})
    assert "no shell" in life("list", status=78).err


@pytest.mark.parametrize("later", [True, False], ids=["it said something else after it", "before it"])
def test_what_it_says_next_hides_no_possible_answer(life: Life, veto: Veto, later: bool) -> None:
    veto("echo on leave; exit 1")
    ada = life.person("ada")
    assert life.on("2027-01-05") == []

    def another_reason() -> None:
        veto("echo ill; exit 1")
        assert life.on("2027-01-06" if not later else "2027-01-12") == []

    if not later:
        another_reason()
        assert "held by veto: ill;" in life.reason(ada)
    mail = f"From: {ada}\r\nTo: {life.me}\r\nSubject: Your work\r\nMessage-ID: <hers@example.net>\r\n\r\nMay I ask?\r\n"
    life.servers.deliver(life.me, mail.encode())
    assert life.on("2027-01-07") == []
    if later:
        another_reason()
    veto("exit 0")
    for day in (13, 14, 19, 20, 26):
        assert life.on(f"2027-01-{day}") == []
    assert "possible answer" in life.reason(ada)
    [line] = life.json("outbox", "list")
    life("outbox", "approve", str(line["id"]))
    assert "possible answer" in life.reason(ada)
    life("resume", ada)
    assert [to for day in (27, 28) for to in life.on(f"2027-01-{day}")] == [ada]
