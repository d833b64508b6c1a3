"""A mail server that nobody knows is watched at the first letter: who files the copy, and under which Message-ID.

Tried by hand, each makes a test here fail: nothing remembered, no second look, copies known by our Message-ID alone.
"""

from dataclasses import dataclass, field, replace
from email import message_from_bytes
from pathlib import Path

import pytest

from followupd.actions import habits
from followupd.actions.habits import Filer
from followupd.app import App
from followupd.core.connections import SaveToSent
from followupd.core.model import Draft, State
from followupd.ports import Waited
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, BO, Fuse, Server, SetClock, days, process, reply, somebody

MINUTE = 1 / 24 / 60
RENAMED = "<0100018f@eu-west-1.amazonses.com>"


@dataclass
class Ways(Server):
    """A server with ways of its own: it files copies at once, later, or under another Message-ID."""

    later: list[bytes] = field(default_factory=list)
    renames: bool = False
    slow: bool = False

    def take(self, draft: Draft) -> None:
        super().take(replace(draft, raw=self._named(draft.raw)))
        if self.slow:
            self.later.append(self._named(draft.raw))

    def catch_up(self) -> None:
        """File what it has taken its time with."""
        while self.later:
            self.receive(self.later.pop(), "Sent")

    def _named(self, raw: bytes) -> bytes:
        ours = message_from_bytes(raw)["Message-ID"]
        return raw.replace(ours.encode(), RENAMED.encode()) if self.renames else raw


@dataclass
class Waiting(SetClock):
    """A clock that counts who waits."""

    waited: list[float] = field(default_factory=list)

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        self.waited.append(seconds)


@pytest.fixture
def server() -> Ways:
    return Ways(files=False)


def clock(app: App) -> Waiting:
    assert isinstance(app.clock, Waiting)
    return app.clock


@pytest.fixture
def app(tmp_path: Path, server: Ways) -> App:
    started = replace(process(tmp_path, server, Fuse()), clock=Waiting(server))
    somebody(started, ADA)
    return started


def copies(server: Server) -> int:
    return len(server.folders["Sent"])


def test_a_server_that_files_nothing_is_waited_for_once(app: App, server: Ways) -> None:
    assert habits.filer(app) is None
    at(app, server, 0)
    assert (copies(server), len(clock(app).waited)) == (1, 1)
    assert habits.filer(app) is Filer.UNSURE
    at(app, server, 2 * MINUTE)
    assert habits.filer(app) is Filer.US
    at(app, server, 14)
    assert (copies(server), len(clock(app).waited)) == (2, 1)


def test_what_was_learnt_outlives_the_process(app: App, server: Ways, tmp_path: Path) -> None:
    at(app, server, 0)
    at(app, server, 1)
    app.db.close()
    assert habits.filer(process(tmp_path, server, Fuse())) is Filer.US


def test_a_server_that_files_is_left_to_file_even_if_it_takes_its_time(app: App, server: Ways) -> None:
    server.files = True
    at(app, server, 0)
    assert habits.filer(app) is Filer.SERVER
    server.files, server.slow = False, True
    at(app, server, 14)
    assert copies(server) == 1
    at(app, server, 14 + 5 * MINUTE)
    assert copies(server) == 1
    server.catch_up()
    for minutes in (6, 20, 100):
        at(app, server, 14 + minutes * MINUTE)
    assert copies(server) == 2


def test_a_server_that_no_longer_files_is_believed_after_ten_minutes(app: App, server: Ways) -> None:
    server.files = True
    at(app, server, 0)
    server.files = False
    at(app, server, 14)
    at(app, server, 14 + 11 * MINUTE)
    assert copies(server) == 2
    at(app, server, 14 + 13 * MINUTE)
    assert habits.filer(app) is Filer.US


def test_two_copies_of_the_first_letter_say_that_the_server_is_slow(app: App, server: Ways) -> None:
    server.slow = True
    at(app, server, 0)
    server.catch_up()
    at(app, server, 2 * MINUTE)
    assert habits.filer(app) is Filer.SERVER
    at(app, server, 14)
    server.catch_up()
    at(app, server, 15)
    assert copies(server) == 3


def test_a_server_that_begins_to_file_is_noticed(app: App, server: Ways) -> None:
    at(app, server, 0)
    at(app, server, 1)
    server.files = True
    at(app, server, 14)
    assert habits.filer(app) is Filer.SERVER
    assert copies(server) == 2


def test_a_copy_under_another_message_id_is_known_and_an_answer_to_it_counts(app: App, server: Ways) -> None:
    server.files = server.renames = True
    at(app, server, 0)
    assert copies(server) == 1
    assert habits.filer(app) is Filer.SERVER
    letter = server.to(ADA)[0]
    server.receive(reply(replace(letter, message_id=RENAMED, rcpt_to="assistant@elsewhere.net"), days(2)))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED


def test_another_letter_with_the_same_subject_is_no_copy(app: App, server: Ways) -> None:
    at(app, server, 0)
    at(app, server, 1)
    letter = server.to(ADA)[0]
    other = letter.raw.replace(letter.message_id.encode(), b"<other@example.org>").replace(b"To: Ada", b"To: Bo")
    server.receive(other.replace(ADA.encode(), BO.encode()), "Sent")
    server.now = days(1)
    copy = ada(app).letters[0]
    assert [one.message_id for one in habits._copies(app, copy)] == [letter.message_id]


@pytest.mark.parametrize(
    ("host", "known"),
    [("smtp.gmail.com", Filer.SERVER), ("smtp-mail.outlook.com", Filer.SERVER), ("smtp.example.org", None)],
)
def test_a_large_provider_is_known_before_the_first_letter(app: App, host: str, known: Filer | None) -> None:
    smtp = replace(app.settings.smtp, server=replace(app.settings.smtp.server, host=host))
    assert habits.filer(replace(app, settings=replace(app.settings, smtp=smtp))) is known


def test_check_tells_who_files_copies(app: App, server: Ways) -> None:
    assert habits.told(app) == "who files copies in Sent is seen at the first letter"
    at(app, server, 0)
    assert "will see whether the server does" in habits.told(app)
    at(app, server, 1)
    assert "as the server does not" in habits.told(app)
    server.files = True
    at(app, server, 14)
    assert habits.told(app) == "the server files copies in Sent itself"


@pytest.mark.parametrize(("how", "said"), [(SaveToSent.NEVER, "no copies"), (SaveToSent.ALWAYS, "followupd files")])
def test_check_tells_what_the_config_says_of_copies(app: App, how: SaveToSent, said: str) -> None:
    smtp = replace(app.settings.smtp, save_to_sent=how)
    assert habits.told(replace(app, settings=replace(app.settings, smtp=smtp))).startswith(said)


def test_what_was_seen_counts_more_than_what_is_known(app: App, server: Ways) -> None:
    smtp = replace(app.settings.smtp, server=replace(app.settings.smtp.server, host="smtp.gmail.com"))
    app = replace(app, settings=replace(app.settings, smtp=smtp))
    at(app, server, 0)
    assert copies(server) == 0
    for minutes in (11, 13):
        at(app, server, minutes * MINUTE)
    assert habits.filer(app) is Filer.US
    assert copies(server) == 1
