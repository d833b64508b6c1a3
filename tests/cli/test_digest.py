"""The mail to oneself, lived through with a mailbox and a way out: when it comes, what it says, and what it changes."""

import pytest

from followupd.core.model import Deferred, Draft, Refused, Unknown
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman
from tests.cli.life import Life

WEEKLY = {"digest": {"every": '"1 week"'}}


def digests(life: Life) -> list[str]:
    """Give the texts of all mails to oneself."""
    found = [raw.decode() for _, to, raw in life.servers.taken if to == life.me]
    return [one.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n") for one in found]


def test_needs_come_weekly_in_one_mail_that_no_program_answers(life: Life) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    people = [life.person(name) for name in ("ada", "bea", "cleo")]
    life.on("2027-01-05")
    assert [life.state(one) for one in people] == ["held"] * 3
    assert digests(life) == []
    assert life.on("2027-01-10", "23:00") == []
    assert life.on("2027-01-11", "06:59") == []
    assert life.on("2027-01-11", "07:00") == [life.me]
    (mail,) = digests(life)
    head, _, text = mail.partition("\n\n")
    assert "Auto-Submitted: auto-generated" in head
    assert f"To: Ida Brandt <{life.me}>" in head
    assert "Subject: followupd: 3 things need you" in head
    assert "What needs you" in text
    assert all(one in text for one in people)
    assert "followupd outbox show 1" in text
    assert life.on("2027-01-11", "07:05") == life.on("2027-01-17", "12:00") == []
    assert life.on("2027-01-18", "07:00") == [life.me]


def test_sixty_days_of_waiting_and_of_nothing_make_none(life: Life) -> None:
    life.config(**WEEKLY)
    ada = life.person("ada")
    life.walk("2027-03-20")
    assert life.state(ada) == "waiting"
    assert len(life.letters(ada)) == 3
    life.next_day()
    before = len(digests(life))
    for _ in range(60):
        life.next_day()
    assert len(digests(life)) == before
    assert life.json("digest")["empty"] is True
    assert "There is nothing to say" in life("digest").out
    assert "no mail was sent" in life("digest", "--send").out
    assert len(digests(life)) == before


def test_who_answered_is_told_once_and_the_digest_is_no_mail_by_hand_wherever_it_lies(life: Life) -> None:
    life.config(**WEEKLY)
    ada, bea = life.person("ada"), life.person("bea")
    life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(ada, "Yes, gladly.")
    life.round()
    planned = life.json("show", bea)["next_at"]
    life.on("2027-01-11", "08:00")
    (mail,) = digests(life)
    assert f"answered, 2027-01-05 12:30; see: followupd show {ada}" in " ".join(mail.split())
    assert "Yes, gladly" not in mail
    for folder in ("INBOX", "Sent"):
        life.servers.append(life.me, mail.replace("\n", "\r\n").encode(), folder=folder)
    life.next_day()
    assert life.state(ada) == "answered"
    assert life.state(bea) == "waiting"
    assert life.json("show", bea)["next_at"] == planned
    assert life.json("show", bea)["messages"] == []
    assert life.json("digest")["heard"] == []


def test_a_letter_without_news_is_named_days_before_it_would_be_held(life: Life) -> None:
    life.config(**WEEKLY, sending={"no_news": '"hold"'})
    ada = life.person("ada")
    life.on("2027-01-05")
    # the reminder is due on the 19th, a day after the next digest
    life.on("2027-01-11", "08:00")
    (mail,) = digests(life)
    assert "nothing new to tell Ada Quist before 2027-01-19" in mail
    assert f'followupd note {ada} "..."' in mail
    assert life.state(ada) == "waiting"
    life("note", ada, "The engine runs now.")
    assert life.json("digest")["no_news"] == []
    assert life.on("2027-01-19") == [ada]


def test_a_word_whose_day_passed_while_the_daemon_was_down_comes_first(life: Life) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    ada, bea = life.person("ada"), life.person("bea")
    life.on("2027-01-05")
    life("snooze", ada, "--until", "2027-02-02", "--reason", "Ask me in February.")
    life.on("2027-01-31")
    before = len(digests(life))
    # the daemon is down over the day
    life.on("2027-02-10", "10:00")
    (mail,) = digests(life)[before:]
    first, _, rest = mail.partition("What needs you")
    assert "had asked for 2027-02-02" in first
    assert ada in first
    assert bea in rest
    assert bea not in first
    life.next_day()
    life.on("2027-02-16", "10:00")
    assert "had asked for" not in digests(life)[-1]


def test_the_yearly_question_is_one_line_of_one_digest(life: Life) -> None:
    life.config(**WEEKLY)
    life.person("ada", "--cadence", "question")
    life.walk("2028-01-05")
    quiet = len(digests(life))
    for _ in range(60):
        life.next_day(7)
    asked = [one for one in digests(life)[quiet:] if "the last letter is a year old" in one]
    assert len(asked) == 1
    assert asked[0].count("the last letter is a year old") == 1


def test_a_crash_at_the_server_sends_one_too_few_and_never_two(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    life.person("ada")
    life.on("2027-01-05")
    tried = []

    def crash(envelope: SmtpEnvelope) -> Unknown:
        tried.append(life.now)
        envelope.withdraw()
        raise KeyboardInterrupt

    life.now = life.now.replace(day=11, hour=8)
    with monkeypatch.context() as patched:
        patched.setattr(SmtpEnvelope, "deliver", crash)
        life("run", "--once", status=130)
    assert tried
    assert life.on("2027-01-11", "09:00") == life.on("2027-01-12") == []
    assert life.on("2027-01-18", "08:00") == [life.me]


def test_a_digest_that_fails_keeps_no_letter_and_is_tried_an_hour_later(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.config(**WEEKLY, sending={"daily_limit": "1"})
    ada, bea = life.person("ada"), life.person("bea")
    (first,) = life.on("2027-01-05")
    life.now = life.now.replace(hour=12)
    life.answers(first, "Yes, gladly.")
    life.round()
    second = bea if first == ada else ada
    address = SmtpPostman.address

    def to_others(postman: SmtpPostman, draft: Draft) -> SmtpEnvelope | Deferred | Refused:
        return Deferred(text="452 full", account=True) if draft.rcpt_to == life.me else address(postman, draft)

    with monkeypatch.context() as patched:
        patched.setattr(SmtpPostman, "address", to_others)
        assert life.on("2027-01-11", "08:00") == []
        assert "the digest could not be sent: 452 full" in life.log
        life.on("2027-01-11", "08:05")
        assert "452" not in life.log
        assert life.on("2027-01-12", "09:30") == [second]
        assert "452" in life.log
    assert life.on("2027-01-12", "10:40") == [life.me]
    assert life.state(second) == "waiting"


def test_it_counts_against_no_limit_of_letters(life: Life) -> None:
    life.config(**WEEKLY, sending={"daily_limit": "1"}, window={"days": '["mon"]', "to": '"11:00"'})
    ada, bea = life.person("ada"), life.person("bea")
    assert life.on("2027-01-04", "09:30") in ([ada], [bea])
    assert life.on("2027-01-11", "07:10") == [life.me]
    assert life.on("2027-01-11", "09:10") in ([ada], [bea])


def test_two_processes_send_one(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    life.person("ada")
    life.on("2027-01-05")
    life.now = life.now.replace(day=11)
    address = SmtpPostman.address

    def beside(postman: SmtpPostman, draft: Draft) -> SmtpEnvelope | Deferred | Refused:
        """Let another process send it while this one talks to the server."""
        monkeypatch.setattr(SmtpPostman, "address", address)
        life("digest", "--send")
        return address(postman, draft)

    monkeypatch.setattr(SmtpPostman, "address", beside)
    life.round()
    assert len(digests(life)) == 1
    assert "another process is sending the digest" in life.log


@pytest.mark.parametrize("form", ["qmail", "exim", "report", "forwarded"])
def test_a_digest_that_comes_back_is_about_nobody_whom_it_names(life: Life, form: str) -> None:
    life.config(**WEEKLY, sending={"approve": "true"})
    ada = life.person("ada")
    life.on("2027-01-05")
    life("outbox", "approve", "1")
    life.on("2027-01-06")
    bea = life.person("bea")
    life.on("2027-01-07")
    life.on("2027-01-18", "08:00")
    before = {one: (life.state(one), life.reason(one)) for one in (ada, bea)}
    mail = digests(life)[-1]
    assert {one in mail for one in before} == {True}
    life.servers.deliver(life.me, _returned(form, life.me, mail).replace("\n", "\r\n").encode())
    life.next_day()
    assert {one: (life.state(one), life.reason(one)) for one in (ada, bea)} == before
    assert [life.json("show", one)["messages"] for one in (ada, bea)] == [[], []]


def _returned(form: str, me: str, mail: str) -> str:
    domain = me.partition("@")[2]
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>\nTo: {me}\nDate: Mon, 18 Jan 2027 08:01:00 +0000\n"
        f"Message-ID: <back.{form}@{domain}>\nReturn-Path: <>\n"
    )
    match form:
        case "qmail":
            return (
                f"{head}Subject: failure notice\n\nHi. This is the qmail-send program at {domain}.\nI'm afraid "
                f"I wasn't able to deliver your message to the following addresses.\n\n<{me}>:\nuser is over quota\n\n"
                f"--- Below this line is a copy of the message.\n\nReturn-Path: <{me}>\n{mail}"
            )
        case "exim":
            return (
                f"{head}X-Failed-Recipients: {me}\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed\n\n"
                f"This message was created automatically by mail delivery software.\n\nA message that you sent could "
                f"not be delivered to one or more of its\nrecipients. This is a permanent error. The following "
                f"address(es) failed:\n\n  {me}\n    mailbox is full\n\n------ This is a copy of it ------\n\n{mail}"
            )
        case "report":
            return (
                f"{head}Subject: Undelivered Mail Returned\nMIME-Version: 1.0\nContent-Type: multipart/report; "
                f'report-type=delivery-status; boundary="b"\n\n--b\n\nIt did not arrive.\n\n--b\nContent-Type: '
                f"message/delivery-status\n\nReporting-MTA: dns; {domain}\n\nFinal-Recipient: rfc822; {me}\nAction: "
                f"failed\nStatus: 5.2.2\n\n--b\nContent-Type: message/rfc822\n\n{mail}\n--b--\n"
            )
        case _:
            quoted = "\n".join(f"> {line}" for line in mail.partition("\n\n")[2].splitlines())
            return (
                f"From: A Colleague <colleague@{domain}>\nTo: {me}\nSubject: Fwd: followupd: 1 thing needs you\n"
                f"Date: Mon, 18 Jan 2027 08:01:00 +0000\nMessage-ID: <fwd@{domain}>\n\nWhat is this?\n\n{quoted}\n"
            )
