"""Every text from outside, in every place where it is shown: one line, nothing that a terminal or a log reader obeys.

Tried: with the plain formatter of the log a test here fails.
"""

import contextlib
import logging
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from followupd.actions import threads as words
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Refused
from followupd.core.notices import Log, LogFormat
from followupd.logs import handler
from followupd.store import facts
from tests.actions.conftest import postman
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, reply, somebody
from tests.cli.conftest import Run

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = {
    "line break": "a\r\nBcc: victim@example.com",
    "NUL": "a\0b",
    "bidi": "a\u202egpj.exe\u2066\u200f",
    "C0": "a\x07\x08\x0b\x1fb",
    "C1": "a\x9b31m\x85\x90b",
    "colours": "a\x1b[31;1mred\x1b[2J\x1b[H",
    "title": "a\x1b]0;owned\x07\x1b]52;c;aGk=\x07",
    "formula": '=cmd|"/C calc"!A0',
    "lines of Unicode": "a\u2028b\u2029c",
    "invisible": "a\u200bb\ufeff\U000e0041",
    "markup": "<script>alert(1)</script>",
    "SQL": "a'); DROP TABLE threads; --",
    "template": "{{ ''.__class__ }}{% for x in range(9) %}",
}
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
SHOWING = [
    ("show", ADA), ("list",), ("log",), ("log", ADA), ("status",), ("plan",), ("plan", "--why"), ("report",),
    ("outbox", "list"), ("outbox", "show", "2"), ("preview", BO),
]  # fmt: skip


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(config: Path, server: Server) -> App:
    """A pretended world on the database that the commands look into."""
    folder = config.parent / "world"
    folder.mkdir()
    return process(folder, server, Fuse(), more=f'[storage]\ndatabase = "{folder / "followupd.db"}"')


def shown(run: Run, app: App, as_json: bool) -> str:
    """Give all that the commands print."""
    said = []
    for command in SHOWING:
        done = run("--config", str(app.settings.source), *command, *(["--json"] if as_json else []))
        assert done.status == 0, (command, done.err)
        assert "Traceback" not in done.err
        if as_json:
            assert done.document is not None
        said.append(done.out + done.err)
    return "".join(said)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_strangers_write_is_shown_and_not_obeyed(
    run: Run, app: App, server: Server, hostile: str, as_json: bool
) -> None:
    text = HOSTILE[hostile]
    octets = re.sub(r"[\r\n]+", "\r\n ", text).encode()
    for one in (ADA, BO):
        somebody(app, one)
    one_round(app)
    answer = reply(server.to(ADA)[0], days(1), f"Gladly. {text}")
    server.receive(re.sub(rb"Subject: [^\r]*", lambda _: b"Subject: " + octets, answer, count=1))
    forged = b'From: "' + octets + b'" <' + ADA.encode() + b">\r\nSubject: " + octets + b"\r\n"
    server.receive(forged + b"Message-ID: <2." + octets + b"@x>\r\nAuto-Submitted: " + octets + b"\r\n\r\n" + octets)
    postman(app).answers.append(Refused(text="550 5.7.1 no"))
    server.now = days(14)
    one_round(app)
    facts.put(app.db, "trouble", UnreachableError(f"the server says {text}", where=text).what, server.now)
    facts.put(app.db, "unreadable", f"a message in the folder {text}", server.now)

    said = shown(run, app, as_json)

    assert len(said) > 1000
    assert OBEYED.search(said) is None, OBEYED.findall(said)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_user_or_a_file_gives_is_taken_in_as_one_line_or_refused(app: App, hostile: str) -> None:
    from followupd.actions import contacts
    from followupd.core.model import FIELDS

    text = HOSTILE[hostile]
    somebody(app, ADA)
    edits = [contacts.Edit(fields={name: text}) for name in FIELDS]
    edits += [contacts.Edit(fields={}, tags=(text,)), contacts.Edit(fields={}, aliases=(f"{text}@example.org",))]
    given: list[Callable[[], object]] = [partial(contacts.edit, app, ADA, edit) for edit in edits]
    given += [partial(contacts.note, app, ADA, text), partial(words.answered, app, ADA, text)]
    for give in given:
        with contextlib.suppress(FollowupdError):
            give()
    kept = [value for row in app.db.rows("SELECT * FROM contacts") for value in row if isinstance(value, str)]
    kept += [row["text"] for row in app.db.rows("SELECT text FROM notes UNION SELECT text FROM events")]
    assert not [value for value in kept if re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", value)]


@pytest.mark.parametrize("how", [Log(), Log(people=False), Log(format=LogFormat.JSON)])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_log_has_one_line_for_an_event_and_nothing_in_it_that_a_terminal_obeys(
    capfd: pytest.CaptureFixture[str], hostile: str, how: Log
) -> None:
    log = logging.getLogger("followupd.test")
    before = logging.getLogger().handlers[:]
    logging.basicConfig(level=logging.WARNING, handlers=[handler(how)], force=True)
    try:
        log.warning("%s: held: %s", ADA, HOSTILE[hostile])
    finally:
        logging.getLogger().handlers[:] = before
    said = capfd.readouterr().err

    assert said.count("\n") == 1
    assert OBEYED.search(said) is None


def test_a_message_that_trips_a_library_puts_no_traceback_into_the_log(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(
        b"From: MAILER-DAEMON \xff <MAILER-DAEMON@sina.com>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    )
    done = run("explain", str(file))
    assert (done.status, done.err) == (0, "")
    assert not caplog.records
