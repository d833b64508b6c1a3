"""Who answered is told at once, in a mail to oneself and by services: with no more of their words than is allowed."""

import importlib.util
import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

from followupd import channels
from followupd.core.model import Deferred, Draft, Refused
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman
from tests.cli.life import Life


def mails(life: Life) -> list[Any]:
    return [message_from_bytes(raw, policy=SMTP) for _, to, raw in life.servers.taken if to == life.me]


def answered(life: Life, name: str = "ada", text: str = "Yes, gladly, on the pier.") -> str:
    """Let somebody get a letter and answer it; the answer is not read yet."""
    email = life.person(name)
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(email, text)
    return email


# -- mail --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "subject", "text"), [("none", 0, 0), ("subject", 1, 0), ("text", 1, 1)])
def test_an_answer_is_told_at_once_in_one_mail_that_no_program_answers(
    life: Life, words: str, subject: int, text: int
) -> None:
    life.config(notify={"mail": "true", "words": f'"{words}"'})
    ada = answered(life)
    for _ in range(3):
        life.round()
    (mail,) = mails(life)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["Subject"], mail["In-Reply-To"]) == ("followupd: an answer", None)
    body = mail.get_content()
    assert f"Ada Quist <{ada}> answered." in body
    assert f"followupd show {ada}" in body
    assert ("your question" in body, "on the pier" in body) == (subject, text)
    assert life.state(ada) == "answered"


def test_it_is_no_letter_and_no_answer_wherever_it_lies(life: Life) -> None:
    life.config(notify={"mail": "true", "words": '"text"'}, sending={"daily_limit": "1"}, window={"to": '"20:00"'})
    ada = answered(life)
    bea = life.person("bea")
    life.round()
    (mail,) = mails(life)
    for folder in ("INBOX", "Sent"):
        life.servers.append(life.me, mail.as_bytes(), folder=folder)
    before = life.json("show", ada)
    # the notice counts against no limit: the letter of the next day goes
    assert life.on("2027-01-06") == [bea]
    assert life.json("show", ada) == before
    assert life.json("show", bea)["messages"] == []
    assert life.state(bea) == "waiting"
    assert len(mails(life)) == 1


def test_held_letters_and_what_was_before_make_no_mail(life: Life) -> None:
    answered(life)
    life.round()
    life.config(notify={"mail": "true"}, sending={"approve": "true"})
    life.person("bea")
    life.on("2027-01-06")
    life.on("2027-01-07")
    assert mails(life) == []


@pytest.mark.parametrize(("where", "times"), [("before", 1), ("after", 2)])
def test_a_crash_loses_no_mail_and_one_that_is_sent_twice_has_one_id(
    life: Life, monkeypatch: pytest.MonkeyPatch, where: str, times: int
) -> None:
    life.config(notify={"mail": "true"})
    answered(life)
    deliver = SmtpEnvelope.deliver

    def crash(envelope: SmtpEnvelope) -> None:
        if where == "after":
            deliver(envelope)
        else:
            envelope.withdraw()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SmtpEnvelope, "deliver", crash)
        life("run", "--once", status=130)
    life.round()
    life.round()
    assert len(mails(life)) == times
    assert len({mail["Message-ID"] for mail in mails(life)}) == 1


def test_a_server_that_refuses_it_holds_up_nothing_and_is_tried_later(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.config(notify={"mail": "true"})
    ada = answered(life)
    address, tried = SmtpPostman.address, []

    def full(postman: SmtpPostman, draft: Draft) -> SmtpEnvelope | Deferred | Refused:
        if draft.rcpt_to != life.me:
            return address(postman, draft)
        tried.append(draft)
        return Deferred(text="452 full")

    with monkeypatch.context() as patched:
        patched.setattr(SmtpPostman, "address", full)
        for minute in (30, 35, 40):
            life.now = life.now.replace(minute=minute)
            life.round()
    assert life.state(ada) == "answered"
    assert len(tried) == 1
    life.now = life.now.replace(hour=13)
    life.round()
    assert len(mails(life)) == 1


# -- apprise -----------------------------------------------------------------------------------------------------------


class Service(HTTPServer):
    """What apprise pushes to by "json://"; it keeps what it was told, and says `status`."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/s3cret"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # http.server's name
        assert isinstance(self.server, Service)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.told.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.05,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def test_a_service_is_told_once_and_not_what_they_wrote(life: Life, service: Service) -> None:
    life.config(notify={"apprise": json.dumps([service.url])})
    ada = answered(life)
    for _ in range(3):
        life.round()
    (told,) = service.told
    assert told["title"] == "followupd: an answer"
    assert f"Ada Quist <{ada}> answered." in told["message"]
    assert "pier" not in json.dumps(told)


def test_words_are_pushed_as_they_are_where_that_is_allowed(life: Life, service: Service) -> None:
    life.config(notify={"apprise": json.dumps([service.url]), "words": '"text"'})
    answered(life, text="Yes, <b>gladly</b> & *soon* on the pier.")
    life.round()
    assert "> Yes, <b>gladly</b> & *soon* on the pier." in service.told[0]["message"]


@pytest.mark.parametrize("kind", ["env", "file", "command"])
def test_an_address_is_found_as_a_password_is_and_stands_nowhere(
    life: Life, service: Service, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = life.folder / "push"
    path.write_text(f"{service.url}\n")
    path.chmod(0o600)
    monkeypatch.setenv("PUSH", service.url)
    where = {"env": '"PUSH"', "file": '"push"', "command": f'["cat", "{path}"]'}[kind]
    life.config(notify={"apprise": f"[{{ {kind} = {where} }}]"})
    answered(life)
    service.status = 500
    life.round()
    log = life.log
    service.status = 200
    life.now = life.now.replace(hour=14)
    life.round()
    assert len(service.told) == 1
    assert "notify.apprise[0]: the service could not be told" in log
    for text in (log, life.log, life("check").out, life("status").out, life("log").out):
        assert "s3cret" not in text
    assert b"s3cret" not in (life.folder / "followupd.db").read_bytes()


def test_one_that_is_down_is_told_later_and_the_other_not_twice(life: Life, service: Service) -> None:
    life.config(notify={"apprise": json.dumps([service.url, "json://127.0.0.1:1/"]), "mail": "true"})
    answered(life)
    for minute in (30, 35, 59):
        life.now = life.now.replace(minute=minute)
        life.round()
    assert len(service.told) == len(mails(life)) == 1


def test_an_alarm_goes_by_services_and_never_by_mail(
    life: Life, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.config(notify={"apprise": json.dumps([service.url]), "mail": "true"})
    life.person("ada")
    life.on("2027-01-04")
    with monkeypatch.context() as patched:
        patched.setenv("FOLLOWUPD_PASSWORD", "revoked")
        for day in (5, 6):
            life.now = life.now.replace(day=day)
            life("run", "--once", status=69)
    life.now = life.now.replace(day=8)
    life.round()
    assert [one["title"] for one in service.told] == [
        "followupd: a mailbox is not watched",
        "followupd: a mailbox is watched again",
    ]
    assert mails(life) == []


def test_without_the_library_it_is_said_and_nothing_breaks(
    life: Life, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.config(notify={"apprise": json.dumps([service.url])})
    find = importlib.util.find_spec

    def missing(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "apprise" else find(name, package)

    monkeypatch.setattr(channels, "find_spec", missing)
    ada = answered(life)
    life.round()
    assert "pip install 'followupd[apprise]'" in life.log
    assert life.state(ada) == "answered"
    found = {one["name"]: one for one in life.document("check", status=1)}
    assert "not installed" in found["apprise"]["detail"]


def test_check_finds_an_address_that_apprise_does_not_know(life: Life, service: Service) -> None:
    life.config(notify={"apprise": json.dumps([service.url])})
    found = {one["name"]: one for one in life.json("check")}
    assert found["apprise"]["ok"] is True
    assert service.told == []
    life.config(notify={"apprise": '["nosuchservice://s3cret/"]'})
    found = {one["name"]: one for one in life.document("check", status=1)}
    assert "knows no such address" in found["apprise"]["detail"]
    assert "s3cret" not in json.dumps(found)


@pytest.mark.parametrize("wrong", ["'s3cret'", "{ keyring = true }", "'json://x y s3cret'"])
def test_what_is_no_address_is_refused_without_being_shown(life: Life, wrong: str) -> None:
    life.config(notify={"apprise": f"[{wrong}]"})
    done = life("list", status=78)
    assert "notify.apprise[0]" in done.err
    assert "s3cret" not in done.err


def test_who_writes_from_the_folder_of_the_daemon_is_not_imported(
    life: Life, service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apprise.py").write_text("raise SystemExit(0)\n")
    monkeypatch.chdir(tmp_path)
    life.config(notify={"apprise": json.dumps([service.url])})
    answered(life)
    life.round()
    assert len(service.told) == 1
