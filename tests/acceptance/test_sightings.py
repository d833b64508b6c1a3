"""One message is one message wherever it lies and however often; an answer is found for ever; the user's word stays."""

from datetime import timedelta

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer
from tests.acceptance.test_answers import FORTNIGHT, LATER, never_again, opened
from tests.servers.world import MailServers

YEARS = timedelta(days=1200)


def verdicts(followupd: Installation, ada: str) -> list[str]:
    return [one["verdict"] for one in followupd.show(ada)["messages"]]


@pytest.mark.real
def test_a_message_delivered_twice_and_copied_into_folders_is_one(
    mail_servers: MailServers, at_real: Installation
) -> None:
    ada = mail_servers.new_user("ada")
    raw = answer(opened(at_real, ada), ada)
    for _ in range(2):
        mail_servers.deliver(at_real.me, raw)
    mail_servers.append(at_real.me, raw, folder="Archive", flags=r"\Seen")
    at_real.round()
    mail_servers.append(at_real.me, raw, folder="Archive/2026")
    at_real.round()
    assert (at_real.state(ada), verdicts(at_real, ada)) == ("answered", ["reply"])
    assert [event["kind"] for event in at_real.show(ada)["events"]].count("answered") == 1
    never_again(at_real, ada)


@pytest.mark.real
@pytest.mark.parametrize("seen", [True, False], ids=["read", "unread"])
@pytest.mark.parametrize("folder", ["Archive", "Archive/2026", "Projects/Yard"])
def test_an_answer_that_was_moved_before_any_round_is_found(
    mail_servers: MailServers, at_real: Installation, folder: str, *, seen: bool
) -> None:
    ada = mail_servers.new_user("ada")
    letter = opened(at_real, ada)
    mail_servers.send(ada, at_real.me, answer(letter, ada))
    mail_servers.wait_for(at_real.me)
    if folder.startswith("Projects"):  # a folder of the user's own making is watched where the config names it
        at_real.settings["imap"] = {"folders": ["INBOX", folder]}
    mail_servers.move(at_real.me, folder, seen=seen)
    at_real.round(at=FORTNIGHT)
    assert (at_real.state(ada), verdicts(at_real, ada)) == ("answered", ["reply"])
    assert len(mail_servers.read(ada)) == 1


@pytest.mark.real
def test_what_was_no_answer_stays_none_in_every_folder(mail_servers: MailServers, at_real: Installation) -> None:
    ada = mail_servers.new_user("ada")
    raw = answer(opened(at_real, ada), ada)
    mail_servers.deliver(at_real.me, raw)
    at_real.round()
    [message] = at_real.show(ada)["messages"]
    at_real.run("answered", ada, "--not", str(message["id"]))
    for folder in ("Archive", "INBOX", "Archive/2026"):
        mail_servers.append(at_real.me, raw, folder=folder)
        at_real.round()
        assert at_real.state(ada) == "waiting"
    assert [one["not_answer"] for one in at_real.show(ada)["messages"]] == [True]
    at_real.round(at=FORTNIGHT)
    assert len(mail_servers.wait_for(ada, 2)) == 2


@pytest.mark.real
@pytest.mark.parametrize("end", ["stopped", "silent"])
def test_an_answer_after_years_is_news_in_the_next_round(
    mail_servers: MailServers, at_real: Installation, end: str
) -> None:
    at_real.settings["patience"] = {"default_cadence": "short"}
    at_real.settings["cadences.short"] = {
        "steps": [{"template": "opening"}, {"after": "2 weeks", "template": "last-word"}]
    }
    ada = mail_servers.new_user("ada")
    letter = opened(at_real, ada)
    if end == "stopped":
        at_real.run("stop", ada)
    else:
        at_real.round(at=FORTNIGHT)
    assert at_real.state(ada) == end
    at_real.round(at=YEARS)
    letters = len(mail_servers.read(ada))
    mail_servers.send(ada, at_real.me, answer(letter, ada, "I found your letter again. Gladly!"))
    mail_servers.wait_for(at_real.me)
    round_ = at_real.round(at=YEARS)
    assert "reply from" in round_.err
    assert at_real.state(ada, at=YEARS) == "answered"
    at_real.round(at=YEARS + LATER)
    assert len(mail_servers.read(ada)) == letters


@pytest.mark.real
def test_who_asks_for_later_is_written_to_then_and_not_before(mail_servers: MailServers, at_real: Installation) -> None:
    ada = mail_servers.new_user("ada")
    letter = opened(at_real, ada)
    mail_servers.send(ada, at_real.me, answer(letter, ada, "Too busy now, please try me again on 6 September 2027."))
    mail_servers.wait_for(at_real.me)
    told = at_real.round().err
    offered = f"followupd reopen {ada} --on 2027-09-06"
    assert f"it seems to say: later, asks for 2027-09-06; to write to them again then: {offered}" in told
    shown = at_real.run("show", ada).out
    assert f"\n  {offered}\n" in shown
    assert offered in at_real.run("log", ada).out
    never_again(at_real, ada)
    at_real.run(*offered.split()[1:])
    assert at_real.show(ada)["next_at"] >= "2027-09-05T12"  # midnight of that day, wherever the test thinks it is noon
    at_real.round(at=timedelta(days=200))
    assert len(mail_servers.read(ada)) == 1
    at_real.round(at=timedelta(days=290))
    _, second = mail_servers.wait_for(ada, 2)
    assert second.header("In-Reply-To") == letter.header("Message-ID")
    assert second.header("Subject") == f"Re: {letter.header('Subject')}"
