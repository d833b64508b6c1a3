"""Sieve's vacation answers our letters: the thread goes on, no earlier than they are back, and it counts once."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.letters import fresh
from tests.servers.world import MailServers

GERMAN = (
    "Sehr geehrte Damen und Herren, vielen Dank für Ihre Nachricht. Ich bin bis einschließlich {day:%d.%m.%Y} nicht im "
    "Büro und habe keinen Zugriff auf meine E-Mails. In dringenden Fällen schreiben Sie an vertretung@mentors.test."
)


def sieve(address: str, said: str, *, how: str = ":days 7") -> str:
    """Give a vacation action as webmail programs write it (RFC 5230, section 4)."""
    return (
        'require ["vacation", "vacation-seconds"];\n'
        f'vacation {how} :addresses ["{address}"] :subject "Abwesenheit" text:\n{said}\n.\n;\n'
    )


@pytest.mark.real
def test_a_german_absence_moves_the_next_letter_past_its_last_day(
    mail_servers: MailServers, at_real: Installation
) -> None:
    away = mail_servers.new_user("abwesend")
    last = datetime.now(UTC).date() + timedelta(days=60)
    mail_servers.set_sieve(away, sieve(away, GERMAN.format(day=last)))
    at_real.add(away, "--language", "de")
    at_real.round()
    mail_servers.wait_for(at_real.me)
    at_real.round()
    shown = at_real.show(away)
    [note] = shown["messages"]
    assert (shown["state"], note["verdict"]) == ("waiting", "auto_reply")
    assert note["evidence"].startswith("rfc3834.auto-submitted: Auto-Submitted: auto-replied")
    assert note["return_date"] in {last.isoformat(), (last + timedelta(days=1)).isoformat()}
    assert (note["other_address"], note["possible_answer"]) == ("vertretung@mentors.test", False)
    assert shown["next_at"] > (last + timedelta(days=1)).isoformat()
    for at in (15, 59):
        at_real.round(at=timedelta(days=at))
    assert len(mail_servers.read(away)) == 1
    at_real.round(at=timedelta(days=75))
    assert len(mail_servers.wait_for(away, 2)) == 2


@pytest.mark.real
def test_a_vacation_that_answers_everything_again_and_again_counts_once(
    mail_servers: MailServers, at_real: Installation
) -> None:
    away = mail_servers.new_user("away")
    back = datetime.now(UTC).date() + timedelta(days=60)
    said = f"I am travelling and back on {back.day} {back:%B %Y}."
    mail_servers.set_sieve(away, sieve(away, said, how=":seconds 0"))
    at_real.add(away)
    at_real.round()
    mail_servers.wait_for(at_real.me)
    at_real.round()
    first = at_real.show(away)
    for number in (2, 3):
        another = fresh(at_real.me, away, "By the way.", subject=f"Something else, {number}")
        mail_servers.send(at_real.me, away, another.as_bytes())
        mail_servers.wait_for(at_real.me, number)
        at_real.round(at=timedelta(days=number))
    again = at_real.show(away)
    assert {one["verdict"] for one in again["messages"]} == {"auto_reply"}
    assert (again["state"], again["next_at"]) == ("waiting", first["next_at"])
    assert first["next_at"] > back.isoformat()
    assert len(mail_servers.read(away)) == 3  # ours and the two by hand


@pytest.mark.real
def test_a_vacation_is_no_answer_and_a_person_after_it_is_one(mail_servers: MailServers, at_real: Installation) -> None:
    away = mail_servers.new_user("away")
    mail_servers.set_sieve(away, sieve(away, "I am out of the office at the moment."))
    at_real.add(away)
    at_real.round()
    [letter] = mail_servers.wait_for(away)
    mail_servers.wait_for(at_real.me)
    at_real.round()
    assert at_real.state(away) == "waiting"
    person = fresh(away, at_real.me, "I'm out of office until Monday, but yes, gladly.", subject="Re: your letter")
    person["In-Reply-To"] = letter.header("Message-ID")
    mail_servers.send(away, at_real.me, person.as_bytes())
    mail_servers.wait_for(at_real.me, 2)
    at_real.round()
    shown = at_real.show(away)
    assert (shown["state"], [one["verdict"] for one in shown["messages"]]) == ("answered", ["auto_reply", "reply"])
