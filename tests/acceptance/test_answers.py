"""Whatever way an answer takes, nothing is sent after it; what is no answer stops nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer, fresh, vacation
from tests.servers.mailbox import Stored
from tests.servers.world import MailServers

FORTNIGHT = timedelta(days=15)
LATER = timedelta(days=400)


def opened(followupd: Installation, ada: str) -> Stored:
    """Add a mentor, let the opening letter go out, and give it as it arrived."""
    followupd.add(ada)
    followupd.round()
    [letter] = followupd.servers.wait_for(ada)
    assert followupd.state(ada) == "waiting"
    return letter


def never_again(followupd: Installation, ada: str, letters: int = 1) -> None:
    """See that no round sends anything any more, be it now, in a fortnight or in a year."""
    for at in (timedelta(), FORTNIGHT, LATER):
        followupd.round(at=at)
    assert len(followupd.servers.read(ada)) == letters


def test_the_opening_letter_arrives_and_an_answer_ends_it_for_good(followupd: Installation, ada: str) -> None:
    followupd.settings["smtp"] = {"save_to_sent": "auto"}
    followupd.add(ada)
    with followupd.daemon():
        [letter] = followupd.servers.wait_for(ada)
        followupd.wait_for_state(ada, "waiting")
        assert letter.header("To").endswith(f"{ada}>") or letter.header("To") == ada
        assert letter.header("Message-ID") == followupd.show(ada)["letters"][0]["message_id"]
        followupd.wait_for_round()
        followupd.servers.send(ada, followupd.me, answer(letter, ada))
        followupd.servers.wait_for(followupd.me)
        followupd.wait_for_state(ada, "answered", seconds=10)  # `poll` is far more: it was told by IDLE
    shown = followupd.show(ada)
    assert shown["state"] == "answered"
    assert shown["next_at"] is None
    assert [message["verdict"] for message in shown["messages"]] == ["reply"]
    assert "Gladly" in shown["messages"][0]["excerpt"]
    [copy] = followupd.servers.read(followupd.me, "Sent")
    assert copy.header("Message-ID") == letter.header("Message-ID")
    assert r"\Seen" in copy.flags
    never_again(followupd, ada)


def test_a_follow_up_in_the_same_thread_comes_after_a_fortnight(followupd: Installation, ada: str) -> None:
    opening = opened(followupd, ada)
    followupd.round(at=timedelta(days=6))
    assert len(followupd.servers.read(ada)) == 1
    followupd.round(at=FORTNIGHT)
    _, second = followupd.servers.wait_for(ada, 2)
    assert second.header("Subject") == f"Re: {opening.header('Subject')}"
    assert second.header("In-Reply-To") == opening.header("Message-ID")
    assert opening.header("Message-ID") in second.header("References").split()
    assert second.header("Message-ID") != opening.header("Message-ID")
    assert second.parsed.get_content() != opening.parsed.get_content()
    followupd.round(at=FORTNIGHT)
    assert len(followupd.servers.read(ada)) == 2
    followupd.servers.deliver(followupd.me, answer(second, ada))
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "answered"
    never_again(followupd, ada, letters=2)


@pytest.mark.parametrize("folder", ["Junk", "Archive"])
def test_an_answer_that_lies_in_another_folder_already_read_counts(
    followupd: Installation, ada: str, folder: str
) -> None:
    letter = opened(followupd, ada)
    followupd.servers.append(followupd.me, answer(letter, ada), folder=folder, flags=r"\Seen")
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "answered"
    never_again(followupd, ada)


@pytest.mark.real
@pytest.mark.parametrize("folder", ["Archive", "Mentors"])
def test_an_answer_that_a_filter_of_the_user_moved_counts(
    mail_servers: MailServers, at_real: Installation, folder: str
) -> None:
    ada = mail_servers.new_user("ada")
    mail_servers.set_sieve(
        at_real.me,
        'require ["fileinto", "imap4flags", "mailbox"];\n'
        f'if address :domain "from" "mentors.test" {{ addflag "\\\\Seen"; fileinto :create "{folder}"; }}\n',
    )
    letter = opened(at_real, ada)
    mail_servers.send(ada, at_real.me, answer(letter, ada))
    [filed] = mail_servers.wait_for(at_real.me, folder=folder)
    assert r"\Seen" in filed.flags
    at_real.round(at=FORTNIGHT)
    assert at_real.state(ada) == "answered"
    never_again(at_real, ada)


def test_an_answer_from_another_address_counts(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    followupd.servers.deliver(followupd.me, answer(letter, "ada.private@elsewhere.test"))
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "answered"
    never_again(followupd, ada)


def test_a_colleague_under_the_letters_subject_holds_the_next_one(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    colleague = f"grace@{ada.partition('@')[2]}"
    message = fresh(colleague, followupd.me, "She asked me to answer.", subject=f"[EXT] AW: {letter.header('Subject')}")
    followupd.servers.deliver(followupd.me, message.as_bytes())
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "held"
    assert [one["evidence"].split(":")[0] for one in followupd.show(ada)["messages"]] == ["match.subject"]
    never_again(followupd, ada)


def test_an_answer_known_by_its_thread_index_alone_counts(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    index = "AdkBAgMEBQYHCAkKCwwNDg8QERITFA=="
    note = answer(letter, ada, "I am away.", Auto_Submitted="auto-replied", Thread_Index=index)
    followupd.servers.deliver(followupd.me, note)
    followupd.round()
    assert followupd.state(ada) == "waiting"
    message = fresh("ada.private@elsewhere.test", followupd.me, "Call me tomorrow.", subject="Your engine")
    message["Thread-Index"] = index
    followupd.servers.deliver(followupd.me, message.as_bytes())
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "answered"
    never_again(followupd, ada)


def test_a_new_message_of_the_mentor_counts(followupd: Installation, ada: str) -> None:
    opened(followupd, ada)
    message = fresh(ada, followupd.me, "Your letter lies before me. Call me tomorrow.", subject="Your engine")
    followupd.servers.deliver(followupd.me, message.as_bytes())
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "answered"
    never_again(followupd, ada)


def test_mail_of_others_changes_nothing(followupd: Installation, ada: str) -> None:
    opened(followupd, ada)
    message = fresh("news@elsewhere.test", followupd.me, "Buy now.", subject="Offers")
    followupd.servers.deliver(followupd.me, message.as_bytes())
    followupd.round()
    assert followupd.state(ada) == "waiting"
    assert followupd.show(ada)["messages"] == []


def test_who_asks_not_to_be_written_to_is_never_written_to_again(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    followupd.servers.deliver(
        followupd.me, answer(letter, ada, "Please do not write to me again. Remove me from your list.")
    )
    followupd.round(at=FORTNIGHT)
    assert followupd.state(ada) == "opted_out"
    never_again(followupd, ada)
    assert followupd.run("add", ada, "--name", "Ada Again", status=None).status == 1


@pytest.mark.real
def test_a_vacation_answer_leaves_the_thread_waiting(mail_servers: MailServers, at_real: Installation) -> None:
    oof = mail_servers.new_user("oof")
    back = datetime.now(UTC).date() + timedelta(days=60)
    mail_servers.set_sieve(oof, vacation(back))
    opened(at_real, oof)
    mail_servers.wait_for(at_real.me)
    at_real.round()
    shown = at_real.show(oof)
    assert shown["state"] == "waiting"
    assert [message["verdict"] for message in shown["messages"]] == ["auto_reply"]
    assert shown["messages"][0]["return_date"] == back.isoformat()
    assert shown["next_at"] > back.isoformat()
    at_real.round(at=FORTNIGHT)
    assert len(mail_servers.read(oof)) == 1
    at_real.round(at=timedelta(days=75))
    assert len(mail_servers.wait_for(oof, 2)) == 2


def test_an_automatic_answer_is_none(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    away = answer(letter, ada, "I am out of the office.", Auto_Submitted="auto-replied")
    followupd.servers.deliver(followupd.me, away)
    followupd.round()
    shown = followupd.show(ada)
    assert shown["state"] == "waiting"
    assert [message["verdict"] for message in shown["messages"]] == ["auto_reply"]


def test_a_recipient_refused_at_once_is_given_up(followupd: Installation) -> None:
    nobody = "nobody@mentors.test"
    followupd.add(nobody)
    followupd.round()
    shown = followupd.show(nobody)
    assert shown["state"] == "undeliverable"
    assert "5.1.1" in shown["reason"]
    followupd.round(at=LATER)
    assert [letter["state"] for letter in followupd.show(nobody)["letters"]] == ["refused"]


@pytest.mark.real
def test_a_letter_that_bounces_later_ends_the_thread(mail_servers: MailServers, at_real: Installation) -> None:
    gone = f"gone-{at_real.me.partition('@')[0]}@hard.test"
    at_real.add(gone)
    with at_real.daemon():
        at_real.wait_for_state(gone, "undeliverable")
    shown = at_real.show(gone)
    assert [message["verdict"] for message in shown["messages"]] == ["bounce"]
    assert [letter["state"] for letter in shown["letters"]] == ["sent"]
    at_real.round(at=LATER)
    assert len(mail_servers.read(at_real.me)) == 1


@pytest.mark.parametrize(("command", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_the_users_word_stops_the_next_letter(followupd: Installation, ada: str, command: str, state: str) -> None:
    opened(followupd, ada)
    followupd.run(command, ada)
    never_again(followupd, ada)
    assert followupd.state(ada) == state


def test_what_the_user_writes_by_hand_starts_the_wait_again(followupd: Installation, ada: str) -> None:
    letter = opened(followupd, ada)
    mine = fresh(followupd.me, ada, "One more thing I forgot to ask.", subject=letter.header("Subject"))
    del mine["Date"]
    followupd.servers.append(followupd.me, mine.as_bytes(), folder="Sent", flags=r"\Seen")
    before = followupd.show(ada)["next_at"]
    followupd.round()
    assert followupd.show(ada)["next_at"] >= before
    assert followupd.state(ada) == "waiting"
