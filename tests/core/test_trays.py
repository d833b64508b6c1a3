"""What a folder's name and a letter in it say; what is not clear is said not to be."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from followupd.core import message
from followupd.core.model import Incoming, RawMessage
from followupd.core.trays import Begin, Later, Stop, came_by_mail, day, reader, wanted, word
from tests.core.timeline import POLICY

TODAY = date(2026, 11, 29)
ME = ("max@example.org", "max@old.example.org")


def letter(**headers: str) -> Incoming:
    mail = EmailMessage()
    for name, value in {"From": "Max <max@example.org>", "Message-ID": "<1@example.org>", **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Dear Ada")
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return message.parse(RawMessage(folder="x", uid=1, internal_date=at, raw=mail.as_bytes(), size=9, whole=True))


def test_there_is_a_folder_for_each_cadence_and_one_for_each_other_word() -> None:
    made = wanted(POLICY)
    assert made[-2:] == (("stop",), ("later",))
    assert {path[0] for path in made[:-2]} == {name for name, one in POLICY.cadences.items() if not one.after_answer}
    assert word(made[0], POLICY) == Begin(made[0][0])


def test_names_are_read_whatever_their_case() -> None:
    name = next(iter(POLICY.cadences))
    assert word((name.upper(),), POLICY) == Begin(name)
    assert word(("Stop",), POLICY) == Stop()
    assert word(("Later", "2027-03"), POLICY) == Later("2027-03")
    assert word(("later", "2027", "03"), POLICY) == Later("2027-03"), "the server parts names by the same character"


@pytest.mark.parametrize("path", [(), ("nonesuch",), ("later",), ("stop", "now"), ("",), ("short", "short")])
def test_a_folder_that_stands_for_nothing_says_so(path: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"stands for nothing|no cadence|not said until when"):
        word(path, POLICY)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2027-03", date(2027, 3, 1)),
        ("2027-03-15", date(2027, 3, 15)),
        ("after Easter", date(2027, 3, 30)),
        ("after_Easter", date(2027, 3, 30)),
        ("in 3 months", date(2027, 2, 28)),
        ("Q3", date(2027, 7, 1)),
    ],
)
def test_days_are_read_as_snooze_reads_them(said: str, meant: date) -> None:
    assert day(said, TODAY, "") == meant


@pytest.mark.parametrize("said", ["2026-03", "2027-13", "soon", "", "٢٠٢٧-٠٣", "2027-02-30", "x" * 500])
def test_what_is_no_day_to_come_is_said_to_be_none(said: str) -> None:
    with pytest.raises(ValueError, match="followupd/later/2027-03"):
        day(said, TODAY, "")


def test_the_one_reader_is_found_among_the_users_own_addresses() -> None:
    found = reader(letter(To="Ada <ada@example.net>", Cc="max@old.example.org", Bcc="max@example.org"), ME)
    assert (found.name, found.addr_spec) == ("Ada", "ada@example.net")
    assert reader(letter(Bcc="ada@example.net"), ME).addr_spec == "ada@example.net"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"To": "ada@example.net, bo@example.com"}, "it went to 2 people"),
        ({"To": "ada@example.net", "Cc": "bo@example.com"}, "it went to 2 people"),
        ({"To": "ada@example.net", "Bcc": "bo@example.com"}, "it went to 2 people"),
        ({"To": "max@example.org"}, "it went to nobody but you"),
        ({}, "it went to nobody but you"),
        ({"From": "ada@example.net", "To": "max@example.org"}, "you did not write"),
        ({"From": "max@example.org, ada@example.net", "To": "bo@example.com"}, "you did not write"),
    ],
)
def test_nobody_is_meant_where_it_is_not_clear_who(headers: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        reader(letter(**headers), ME)


def test_what_came_through_a_server_is_no_copy_of_the_users_own() -> None:
    assert came_by_mail(letter(To="ada@example.net", Received="from x by y; Mon, 23 Nov 2026 10:00:00 +0100"))
    assert not came_by_mail(letter(To="ada@example.net"))
