"""Any mail program is the screen: what the user copies into a folder is done, at servers of three houses."""

import signal
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from followupd.failpoints import VARIABLE, Point
from tests.acceptance.conftest import EVERYWHERE
from tests.acceptance.installation import Installation
from tests.servers.mailbox import Mailboxes
from tests.servers.processes import wait_until
from tests.servers.world import MailServers

TEN_DAYS = timedelta(days=10)


def by_hand(followupd: Installation, to: str) -> bytes:
    """Write a letter in a mail program, ten days ago; it lies in Sent."""
    letter = EmailMessage()
    letter["From"], letter["To"] = f"Ida Brandt <{followupd.me}>", f"Ada Lovelace <{to}>"
    letter["Subject"] = "Ihre Notizen über die Maschine"
    letter["Date"] = format_datetime(datetime.now(UTC) - TEN_DAYS)
    letter["Message-ID"] = f"<by.hand.{to}>"
    letter.set_content("How did you choose the first problem?\n")
    raw = letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))
    followupd.servers.append(followupd.me, raw, folder="Sent", flags=r"\Seen")
    return raw


def lies(followupd: Installation, tray: str) -> int:
    return len(followupd.servers.read(followupd.me, name(followupd.servers, tray)))


def name(servers: Mailboxes, tray: str) -> str:
    return f"followupd/{tray}".replace("/", servers.delimiter)


def copied(followupd: Installation, raw: bytes, tray: str) -> None:
    """Copy it, as a mail program does."""
    followupd.servers.append(followupd.me, raw, folder=name(followupd.servers, tray), flags=r"\Seen")


def whole_story(followupd: Installation, ada: str) -> None:
    """Begin a thread, let it wait, and end it, in a mail program alone."""
    followupd.settings["imap"] = {"trays": True}
    raw = by_hand(followupd, ada)
    followupd.round()
    copied(followupd, raw, "patient")
    followupd.round()
    shown = followupd.show(ada)
    assert (shown["state"], shown["cadence"], shown["name"]) == ("waiting", "patient", "Ada Lovelace")
    assert shown["letters"][0]["message_id"] == f"<by.hand.{ada}>"
    copied(followupd, raw, "later/2031-03")
    followupd.round()
    assert followupd.show(ada)["next_at"] > "2031-02-28"
    copied(followupd, raw, "stop")
    followupd.round()
    assert followupd.state(ada) == "stopped"
    assert [lies(followupd, tray) for tray in ("patient", "later/2031-03", "stop")] == [0, 0, 0]
    assert len(followupd.servers.read(followupd.me, "Sent")) == 1
    assert followupd.servers.read(ada) == []


def test_at_the_embedded_server(followupd: Installation, ada: str) -> None:
    whole_story(followupd, ada)


@pytest.mark.real
@EVERYWHERE
def test_at_servers_of_three_houses(at_other: Installation, other_servers: Mailboxes) -> None:
    whole_story(at_other, other_servers.new_user("ada"))


@pytest.mark.real
def test_a_copy_is_found_at_once_where_the_server_tells_of_it(at_real: Installation) -> None:
    """Dovecot has NOTIFY; the daemon's own look would come after ten minutes."""
    ada = at_real.servers.new_user("ada")
    at_real.settings["imap"] = {"trays": True}
    raw = by_hand(at_real, ada)
    with at_real.daemon():
        at_real.wait_for_round()
        copied(at_real, raw, "patient")
        assert wait_until(lambda: bool(at_real.json("list")), 15)


def test_what_is_not_understood_stays_and_is_told_with_the_reason(followupd: Installation, ada: str) -> None:
    followupd.settings["imap"] = {"trays": True}
    by_hand(followupd, ada)
    followupd.round()
    circular = f"From: {followupd.me}\r\nTo: {ada}, bo@mentors.test\r\nMessage-ID: <two@x.test>\r\n\r\nAll\r\n".encode()
    copied(followupd, circular, "patient")
    for _ in range(2):
        followupd.round()
    assert lies(followupd, "patient") == 1
    [need] = [one["what"] for one in followupd.json("report")["needs"] if "lies a letter" in one["what"]]
    assert "it went to 2 people" in need
    assert followupd.json("list") == []


class Mortal(Installation):
    """An installation whose processes are killed as ordered."""

    orders = ""

    def _environment(self) -> dict[str, str]:
        return super()._environment() | ({VARIABLE: self.orders} if self.orders else {})

    def round_ordered(self, orders: str, status: int) -> None:
        self.orders = orders
        self.run("run", "--once", status=status)
        self.orders = ""


@pytest.mark.real
@pytest.mark.parametrize(("point", "last"), [(Point.IMAP_WRITTEN, 6), (Point.COMMITTED, 3)])
def test_killed_between_doing_and_emptying_it_is_done_once(
    tmp_path: Path, mail_servers: MailServers, point: Point, last: int
) -> None:
    """At each of the last words of the round, those that remove the copy among them."""
    mine = Mortal(tmp_path / "home", mail_servers, mail_servers.new_user("me", "followupd.test"))
    mine.settings["imap"] = {"trays": True}
    ada = mail_servers.new_user("ada")
    raw, tray, notes = by_hand(mine, ada), "later/in 2 months", tmp_path / "notes"
    mine.round()
    for word in ("patient", tray):
        copied(mine, raw, word)
        mine.round()
    copied(mine, raw, tray)
    mine.round_ordered(f"{point}=note:{notes}", 0)
    number = len(notes.read_text().split())
    for at in range(number - last, number + 1):
        copied(mine, raw, tray)
        before = snoozes(mine, ada)
        mine.round_ordered(f"{point}=kill@{at}", -signal.SIGKILL)
        mine.round()
        assert (lies(mine, tray), snoozes(mine, ada)) == (0, before + 1), f"killed at {at} of {number}"
    assert len(mail_servers.read(mine.me, "Sent")) == 1


def snoozes(followupd: Installation, ada: str) -> int:
    return sum(one["kind"] == "snoozed" for one in followupd.show(ada)["events"])
