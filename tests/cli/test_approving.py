"""Letters approved by answering the digest, lived through: who may, from where, once, and never by a quotation."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from followupd.actions import unreadable
from followupd.core.approving import MARK
from tests.cli.life import Life
from tests.cli.test_digest import WEEKLY, digests
from tests.servers.mailbox import PASSWORD

Answer = Callable[..., bytes]


@pytest.fixture
def waiting(life: Life) -> str:
    """A letter to Ada that waits for approval, and a digest that says so."""
    life.config(**WEEKLY, sending={"approve": "true"})
    ada = life.person("ada")
    life.on("2027-01-05")
    assert life.state(ada) == "held"
    assert life.on("2027-01-11", "07:00") == [life.me]
    return ada


def answer(life: Life, words: str, *, form: str = "plain", quoting: str = "", **headers: str) -> bytes:
    """Give an answer to the newest digest, quoted below; header fields with "_" for "-", "" for none."""
    mail = digests(life)[-1]
    head, _, text = mail.partition("\n\n")
    (name,) = re.findall(r"(?im)^Message-ID: (\S+)", head)
    fields = {
        "From": f"Ida Brandt <{life.me}>",
        "To": f"Ida Brandt <{life.me}>",
        "Subject": "Re: followupd: 1 thing needs you",
        "Date": format_datetime(life.now),
        "Message-ID": f"<answer.{life.now:%Y%m%d%H%M%S}.{abs(hash(words))}@followupd.test>",
        "In-Reply-To": name,
        "References": name,
    } | {field.replace("_", "-"): value for field, value in headers.items()}
    message = EmailMessage()
    for field, value in fields.items():
        if value:
            message[field] = value
    quoted = quoting or "".join(f"> {line}\n" for line in text.splitlines())
    if form == "html":
        inner = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
        message.set_content(f"<p>{words}</p><blockquote>{inner}</blockquote>", subtype="html")
    else:
        message.set_content(f"{words}\n\nAm 11.01.2027 um 07:00 schrieb Ida Brandt <{life.me}>:\n{quoted}")
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def says(life: Life, raw: bytes, folder: str = "Sent") -> None:
    """Let a message lie in a folder of the user's and be read."""
    life.servers.append(life.me, raw, folder=folder)
    life.now = life.now.replace(hour=18)
    life.round()


def outcome(life: Life) -> str:
    """Give what the next digest would say of the answers, and of nothing else."""
    return " ".join(one["text"] for one in life.json("digest")["answers"])


@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_line_on_top_of_the_answer_approves_the_letter_that_was_shown(life: Life, waiting: str, form: str) -> None:
    (mail,) = digests(life)
    text = mail.partition("\n\n")[2]
    assert text.startswith(MARK)
    assert "Your notes on the engine made me write down what I leave out." in " ".join(text.replace("|", "").split())
    assert life.json("outbox", "list")[0]["state"] == "held"
    says(life, answer(life, "approve 1", form=form))
    assert life.json("outbox", "show", "1")["state"] == "prepared"
    assert "letter 1 of the outbox was approved by your answer" in outcome(life)
    assert life.on("2027-01-12") == [waiting]
    assert life.state(waiting) == "waiting"
    life.next_day()
    # nothing is said of the answer itself, and nobody is written to by it
    assert life.json("show", waiting)["messages"] == []
    before = len(digests(life))
    assert life.on("2027-01-18", "07:00") == [life.me]
    assert "approved by your answer" in " ".join(digests(life)[before].split())
    assert life.json("digest")["answers"] == []


def test_discard_drops_it(life: Life, waiting: str) -> None:
    says(life, answer(life, "discard 1"))
    assert life.json("outbox", "show", "1")["state"] == "discarded"
    assert life.on("2027-01-12") == []
    assert "discarded by your answer" in outcome(life)


def test_without_a_quotation_the_code_in_the_line_counts(life: Life, waiting: str) -> None:
    (code,) = re.findall(r"code of letter 1: (\S+)", digests(life)[-1])
    says(life, answer(life, f"approve 1 {code}", quoting="\n"))
    assert life.on("2027-01-12") == [waiting]


@pytest.mark.parametrize(
    ("headers", "words", "said"),
    [
        ({"From": "Mallory <m@evil.test>"}, "approve 1", "not from an address of yours"),
        ({"In_Reply_To": "<other@followupd.test>", "References": ""}, "approve 1", ""),
        ({"In_Reply_To": "", "References": ""}, "approve 1", ""),
        ({"Auto_Submitted": "auto-replied"}, "approve 1", ""),
        ({"Authentication_Results": "mx; dmarc=fail"}, "approve 1", "could not be authenticated"),
        ({"Delivered_To": "ida+sent@followupd.test"}, "approve 1", "was delivered into Sent by mail"),
        ({}, "I am away until Monday.", ""),
        ({}, "approve 2", "its code in that digest is not in your answer"),
        ({}, "approve 1\ndiscard 1", "both approve and discard"),
        ({}, "approve 1 aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa", "its code in that digest is not in your answer"),
    ],
)
def test_what_does_not_hold_does_nothing_and_is_told(
    life: Life, waiting: str, headers: dict[str, str], words: str, said: str
) -> None:
    says(life, answer(life, words, **headers))
    assert life.json("outbox", "show", "1")["state"] == "held"
    assert said in outcome(life)
    assert bool(outcome(life)) == bool(said)
    assert life.on("2027-01-12") == []


def test_a_forger_who_saw_the_digest_gets_nothing_into_the_folder_for_sent_mail(life: Life, waiting: str) -> None:
    forged = answer(life, "approve 1")
    life.now = life.now.replace(hour=8)
    life.servers.deliver(life.me, forged)
    life.round()
    assert life.json("outbox", "show", "1")["state"] == "held"
    assert "INBOX and not among your sent mail" in outcome(life)
    assert life.on("2027-01-12") == []
    # a phone sends first and keeps its copy afterwards: then it counts, and only that is told
    says(life, forged)
    assert "not among your sent mail" not in outcome(life)
    assert life.on("2027-01-13") == [waiting]


def test_a_quotation_alone_approves_nothing_whoever_sends_it(life: Life, waiting: str) -> None:
    mail = digests(life)[-1].partition("\n\n")[2]
    for number, quoting in enumerate((mail, f"> approve 1\n{mail}", f"{mail}\napprove 1\n")):
        says(life, answer(life, f"{number}", quoting=quoting))
        assert life.json("outbox", "show", "1")["state"] == "held"
    assert "stand below the line" in outcome(life)


def test_an_answer_counts_once(life: Life, waiting: str) -> None:
    first = answer(life, "approve 1")
    says(life, first)
    assert life.on("2027-01-12") == [waiting]
    # the next letter waits, too; the old answer comes again, as it was and under another name
    life.on("2027-01-26")
    assert life.state(waiting) == "held"
    before = outcome(life)
    says(life, first)
    assert outcome(life) == before
    says(life, first.replace(b"<answer.", b"<again."))
    assert "nothing was done" in outcome(life)
    assert life.json("show", waiting)["state"] == "held"
    assert len(life.letters(waiting)) == 1


def test_a_code_of_the_same_letter_is_of_no_use_twice(life: Life, waiting: str) -> None:
    first = answer(life, "approve 1")
    says(life, first)
    life("edit", waiting, "--ask", "How did you decide what to leave out of the engine?")
    life.on("2027-01-12")
    assert life.state(waiting) == "held"
    says(life, first.replace(b"<answer.", b"<again."))
    assert "its code was used before" in outcome(life)
    assert life.letters(waiting) == []


def test_a_text_that_changed_since_is_not_approved(life: Life, waiting: str) -> None:
    life("outbox", "approve", "1")
    life("edit", waiting, "--ask", "How did you decide what to leave out of the engine?")
    life.on("2027-01-12", "09:15")
    life.on("2027-01-12")
    assert "changed since you read it" in life.reason(waiting)
    says(life, answer(life, "approve 1"))
    assert "another one than you were shown" in outcome(life)
    assert life.on("2027-01-13") == []


def test_a_code_counts_in_answer_to_its_own_digest_alone(life: Life, waiting: str) -> None:
    (first,) = digests(life)
    life.on("2027-01-18", "07:00")
    says(life, answer(life, "approve 1", quoting=first.partition("\n\n")[2]))
    assert "its code in that digest is not in your answer" in outcome(life)
    assert life.on("2027-01-19") == []


def test_a_code_is_valid_for_thirty_days(life: Life, waiting: str) -> None:
    raw = answer(life, "approve 1")
    life.config(sending={"approve": "true"})
    life.on("2027-02-11")
    says(life, raw)
    assert "valid for 30 days" in outcome(life)
    assert life.letters(waiting) == []


def test_what_is_held_for_another_reason_has_no_code(life: Life) -> None:
    life.config(**WEEKLY, sending={"no_news": '"hold"'})
    ada = life.person("ada", "--ask", "I would love to pick your brain over coffee.")
    life.on("2027-01-05")
    assert life.state(ada) == "held"
    assert life.on("2027-01-11", "07:00") == [life.me]
    assert MARK not in digests(life)[-1]
    assert life.json("digest")["waiting"] == []


def test_a_stop_or_an_answer_meanwhile_wins(life: Life, waiting: str) -> None:
    life("stop", waiting)
    says(life, answer(life, "approve 1"))
    assert "nothing was done" in outcome(life)
    assert life.on("2027-01-12") == []
    assert life.state(waiting) == "stopped"


def test_two_letters_are_settled_by_one_answer(life: Life) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    ada, bea = life.person("ada"), life.person("bea")
    life.on("2027-01-05")
    life.on("2027-01-11", "07:00")
    says(life, answer(life, "approve 1\ndiscard 2"))
    assert {life.json("outbox", "show", one)["state"] for one in ("1", "2")} == {"prepared", "discarded"}
    assert len(life.on("2027-01-12")) == 1
    assert sorted(len(life.letters(one)) for one in (ada, bea)) == [0, 1]


def test_no_code_is_in_the_database(life: Life, waiting: str) -> None:
    (code,) = re.findall(r"code of letter 1: (\S+)", digests(life)[-1])
    kept = b"".join(one.read_bytes() for one in life.folder.glob("followupd.db*"))
    assert code.encode() not in kept
    assert code not in life("digest").out


def test_the_mailbox_of_another_account_proves_nothing(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUPD_PASSWORD_WORK", PASSWORD)
    other = life.servers.new_user("ida", "work.test")
    server = {"host": '"127.0.0.1"', "security": '"none"', "username": f'"{other}"'}
    life.config(
        **WEEKLY,
        sending={"approve": "true"},
        account__work__me={"email": f'"{other}"'},
        account__work__imap={**server, "port": str(life.servers.imap_port)},
        account__work__smtp={**server, "port": str(life.servers.smtp_port), "save_to_sent": '"always"'},
    )
    ada = life.person("ada")
    life.on("2027-01-05")
    life.on("2027-01-11", "07:00")
    life.servers.append(other, answer(life, "approve 1", From=other), folder="Sent")
    life.now = life.now.replace(hour=18)
    life.round()
    assert "account work, and the digest came from account main" in outcome(life)
    assert life.on("2027-01-12") == []
    assert life.state(ada) == "held"


def test_a_digest_that_its_server_gave_another_message_id_is_answered_by_that(life: Life, waiting: str) -> None:
    mail = digests(life)[-1]
    (name,) = re.findall(r"(?im)^Message-ID: (\S+)", mail)
    fields = f"Message-ID: <AM0@exchange.test>\nX-Microsoft-Original-Message-ID: {name}"
    life.servers.deliver(life.me, mail.replace(f"Message-ID: {name}", fields).replace("\n", "\r\n").encode())
    life.now = life.now.replace(hour=8)
    life.round()
    says(life, answer(life, "approve 1", In_Reply_To="<AM0@exchange.test>", References=""))
    assert life.on("2027-01-12") == [waiting]


def test_an_answer_is_carried_out_once_though_the_place_in_the_folder_was_lost(
    life: Life, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.servers.append(life.me, answer(life, "discard 1"), folder="Sent")
    life.now = life.now.replace(hour=18)
    with monkeypatch.context() as killed:
        killed.setattr(unreadable, "record", _killed)
        life("run", "--once", status=130)
    before = outcome(life)
    assert "discarded by your answer" in before
    life.now = life.now.replace(hour=19)
    life.round()
    assert outcome(life) == before
    assert "outbox" not in life.log


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
