"""A letter to come is sent to an address of the user's own: nobody else gets it, and no thread notices."""

import re
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from followupd.core.model import Deferred, Refused, Unknown
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman
from tests.cli.life import Life

ADA = "ada"


@pytest.fixture
def ada(life: Life) -> str:
    """Somebody who got the first letter."""
    life.config(window={"to": '"20:00"'})
    email = life.person(ADA)
    assert life.on("2027-01-05") == [email]
    return email


def got(life: Life, address: str) -> list[Any]:
    return [message_from_bytes(raw, policy=SMTP) for _, to, raw in life.servers.taken if to == address]


def words_of(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[2]


def test_it_arrives_with_the_letters_own_subject_and_words_at_this_address_alone(life: Life, ada: str) -> None:
    before = len(life.servers.taken)
    done = life("preview", ada, "--step", "2", "--send-to", life.me)
    (test,) = life.servers.taken[before:]
    assert test[:2] == (life.me, life.me)
    assert f"sent to {life.me}" in done.out
    (mail,) = got(life, life.me)
    assert (mail["To"], mail["Auto-Submitted"]) == (f"Ida Brandt <{life.me}>", "auto-generated")
    life.walk("2027-01-31")
    (*_, letter) = got(life, ada)
    assert (mail["From"], mail["Subject"]) == (letter["From"], letter["Subject"])
    assert words_of(test[2]) == words_of([raw for _, to, raw in life.servers.taken if to == ada][-1])
    assert mail["Content-Type"] == letter["Content-Type"]
    assert mail["Message-ID"] != letter["Message-ID"]


@pytest.mark.parametrize("folder", ["INBOX", "Sent"])
def test_no_thread_notices_it_wherever_it_lies(life: Life, ada: str, folder: str) -> None:
    life("preview", ada, "--send-to", life.me)
    (*_, raw) = [raw for _, to, raw in life.servers.taken if to == life.me]
    assert not re.search(rb"(?im)^(?:In-Reply-To|References):", raw)
    assert ada.encode() not in raw.partition(b"\r\n\r\n")[0]
    life.servers.append(life.me, raw, folder=folder)
    before = life.json("show", ada)
    life.next_day()
    after = life.json("show", ada)
    assert after == before
    # the letter itself goes on its day all the same: the test is not taken for it
    assert [to for _, to in life.walk("2027-01-31")] == [ada]


def test_an_alias_is_ones_own_and_every_letter_to_come_can_be_had(life: Life, ada: str) -> None:
    alias = life.servers.new_user("ida.private")
    (config,) = life.folder.glob("config.toml")
    config.write_text(config.read_text().replace("[me]", f'[me]\naliases = ["{alias}"]', 1))
    found = life.json("preview", ada, "--all", "--send-to", alias.upper())
    assert [one["sent_to"] for one in found] == [alias] * 4
    assert len({one["Message-ID"] for one in got(life, alias)}) == 4


def test_nobody_else_gets_one(life: Life, ada: str) -> None:
    before = len(life.servers.taken)
    for address in (ada, "stranger@example.org", "nonsense", ""):
        done = life("preview", ada, "--send-to", address, status=1)
        assert "none of your own addresses" in done.err
    assert len(life.servers.taken) == before


def test_who_added_an_address_of_their_own_to_try_followupd_gets_no_test_there(life: Life, ada: str) -> None:
    mine = life.person("ida.too")
    (config,) = life.folder.glob("config.toml")
    config.write_text(config.read_text().replace("[me]", f'[me]\naliases = ["{mine}"]', 1))
    assert "you write to this address" in life("preview", ada, "--send-to", mine, status=1).err
    assert got(life, mine) == []


def test_it_counts_against_no_limit_and_goes_while_everything_is_paused(life: Life, ada: str) -> None:
    life.config(sending={"daily_limit": "1"}, window={"to": '"20:00"'})
    bea = life.person("bea")
    life("pause", "--all")
    life("preview", bea, "--send-to", life.me)
    life("resume", "--all")
    assert life.on("2027-01-06") == [bea]


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        (Refused(text="550 no"), "was refused: 550 no"),
        (Deferred(text="451 later"), "is not taken now: 451 later"),
        (Unknown(text="the connection was lost"), "nobody knows whether"),
    ],
)
def test_what_became_of_it_is_said_and_nothing_is_written_down(
    life: Life, ada: str, monkeypatch: pytest.MonkeyPatch, receipt: Refused | Deferred | Unknown, said: str
) -> None:
    before = life.json("show", ada), life.json("outbox", "list")
    with monkeypatch.context() as patched:
        patched.setattr(SmtpEnvelope, "deliver", lambda envelope: (envelope.withdraw(), receipt)[1])
        assert said in life("preview", ada, "--send-to", life.me, status=1).err
    if not isinstance(receipt, Unknown):
        monkeypatch.setattr(SmtpPostman, "address", lambda _postman, _draft: receipt)
        assert said in life("preview", ada, "--send-to", life.me, status=1).err
    assert (life.json("show", ada), life.json("outbox", "list")) == before


def test_a_letter_to_send_by_hand_can_be_had_too_and_what_makes_no_sense_is_refused(life: Life, ada: str) -> None:
    life("preview", ada, "--template", "thank-you", "--send-to", life.me)
    assert len(got(life, life.me)) == 1
    life("preview", ada, "--as-inbox", "--send-to", life.me, status=2)
    life("preview", ada, "--raw", "--send-to", life.me, status=2)
