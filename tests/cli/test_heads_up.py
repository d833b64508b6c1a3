"""Letters are announced before they go: whole, in a digest that is old enough, and again if a word of them changes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from hashlib import sha256
from typing import Any

import pytest

from followupd.actions import heads_up
from followupd.core.model import Deferred, Unknown
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman
from tests.cli.life import Life

HEADS_UP = {"sending": {"heads_up": '"3 days"'}}
REMINDER = """+++
+++
Dear {{ first_name }},

I wrote on {{ last_on }}, that is {{ ago }}. HERE
{% if news %}
Something new: {{ news|sentence }}
{% endif %}
{{ my_name }}
"""


@dataclass
class Watched:
    """Days of a life, and all mail that left in them, with the minute in which it did."""

    life: Life
    left: list[tuple[datetime, str, bytes]] = field(default_factory=list)

    def until(self, day: str) -> None:
        """Let the daemon look each morning, and in the window of each day that has one, up to a day."""
        last = datetime.fromisoformat(f"{day}T23:59:00+00:00")
        while (today := self.life.now.date() + timedelta(days=1)) <= last.date():
            self.round(today.isoformat(), "07:05")
            if today.weekday() in {1, 2, 3}:
                self.round(today.isoformat(), "09:30")

    def round(self, day: str, at: str = "09:30") -> list[str]:
        before = len(self.life.servers.taken)
        self.life.on(day, at)
        new = self.life.servers.taken[before:]
        self.left += [(self.life.now, to, raw) for _, to, raw in new]
        return [to for _, to, _ in new]

    def letters(self, email: str) -> list[tuple[datetime, str]]:
        return [(at, words(raw)) for at, to, raw in self.left if to == email]

    def digests(self) -> list[tuple[datetime, str]]:
        return [(at, words(raw)) for at, to, raw in self.left if to == self.life.me]

    def all_were_announced(self, days: float = 3) -> int:
        """Hold every letter against the digests before it; give how many there were."""
        found = [(at, to, words(raw)) for at, to, raw in self.left if to != self.life.me]
        for at, to, text in found:
            assert any(text in told and at - when >= timedelta(days=days) for when, told in self.digests()), (at, to)
        return len(found)


def words(raw: bytes) -> str:
    """Give the words of a mail without its lines and marks."""
    text = message_from_bytes(raw, policy=SMTP).get_content()
    return " ".join(line for line in " ".join(one.strip().removeprefix("|") for one in text.split("\n")).split())


@pytest.fixture
def watched(life: Life) -> Watched:
    life.config(**HEADS_UP)
    return Watched(life)


def template(life: Life, name: str, text: str) -> None:
    (life.folder / "templates").mkdir(exist_ok=True)
    (life.folder / "templates" / f"{name}.txt").write_text(text, encoding="utf-8")


def planned(life: Life, email: str) -> str:
    return str(next(one["at"] for one in life.json("plan") if one["email"] == email))


def test_every_letter_stood_whole_in_a_digest_three_days_before(life: Life, watched: Watched) -> None:
    ada, bea = life.person("ada"), life.person("bea", "--language", "de")
    watched.until("2027-01-20")
    life("note", ada, "The engine runs now.")
    watched.until("2027-02-10")
    life("edit", bea, "--offer", "Ich setze die nächste Auflage.")
    watched.until("2027-03-12")
    assert len(watched.letters(ada)) == len(watched.letters(bea)) == 3
    assert watched.all_were_announced() == 6
    assert all("What goes out unless you stop it" in text for _, text in watched.digests())


def test_a_template_edited_two_days_before_moves_the_letter_and_the_change_is_shown(
    life: Life, watched: Watched
) -> None:
    template(life, "reminder", REMINDER.replace("HERE", "Here it is again."))
    ada = life.person("ada")
    watched.until("2027-01-25")
    before = planned(life, ada)
    assert before.startswith("2027-01-26")
    [line] = life.json("outbox", "list")
    shown = life.json("outbox", "show", str(line["id"]))
    assert shown["change"] == ""
    assert "Here it is again." in shown["text"]
    life.now = life.now.replace(day=24, hour=12)
    template(life, "reminder", REMINDER.replace("HERE", "Here it is once more."))
    shown = life("outbox", "show", str(line["id"])).out
    assert any(one.startswith("-I wrote on") and "Here it is again." in one for one in shown.splitlines())
    assert any(one.startswith("+I wrote on") and "Here it is once more." in one for one in shown.splitlines())
    watched.round("2027-01-25", "07:05")
    assert "Here it is once more." in watched.digests()[-1][1]
    assert "changed since it was announced" in watched.digests()[-1][1]
    assert planned(life, ada).startswith("2027-01-28")
    assert life.json("show", ada)["next_at"].startswith("2027-01-28")
    watched.until("2027-01-31")
    assert [at.day for at, _ in watched.letters(ada)] == [12, 28]
    assert watched.all_were_announced() == 2


def test_a_letter_that_changed_unseen_is_not_sent_and_announced_first(life: Life, watched: Watched) -> None:
    template(life, "reminder", REMINDER.replace("HERE", "Here it is again."))
    ada = life.person("ada")
    watched.until("2027-01-25")
    watched.round("2027-01-26", "07:05")
    template(life, "reminder", REMINDER.replace("HERE", "Here it is once more."))
    assert watched.round("2027-01-26") == [life.me]
    assert life.state(ada) == "waiting"
    events = [event["text"] for event in life.json("show", ada)["events"]]
    assert any("another one than was announced" in one for one in events)
    [line] = life.json("outbox", "list")
    assert "+I wrote on" in line["reason"]
    watched.until("2027-02-06")
    assert [at.day for at, _ in watched.letters(ada)] == [12, 2]
    assert watched.all_were_announced() == 2


@pytest.mark.parametrize(
    "word",
    [
        ("note", "{}", "The engine runs."),
        ("edit", "{}", "--ask", "What would you leave out?"),
        ("edit", "{}", "--language", "de"),
    ],
    ids=["note", "field", "language"],
)
def test_whatever_changes_a_letter_has_it_announced_again(life: Life, watched: Watched, word: tuple[str, ...]) -> None:
    ada = life.person("ada")
    watched.until("2027-01-25")
    life.now = life.now.replace(day=25, hour=18)
    life(*(one.format(ada) for one in word))
    watched.until("2027-02-06")
    assert [at.day for at, _ in watched.letters(ada)][1:] == [2] or len(watched.letters(ada)) == 2
    assert watched.letters(ada)[1][0] >= datetime.fromisoformat("2027-01-29T00:00:00+00:00")
    assert watched.all_were_announced() == 2


def test_words_that_change_with_each_day_are_announced_once_and_a_letter_late_by_days_goes_as_announced(
    life: Life, watched: Watched
) -> None:
    template(life, "reminder", REMINDER.replace("HERE", "Here it is again."))
    ada = life.person("ada")
    watched.until("2027-01-25")
    # the daemon is down over the day of the letter
    watched.round("2027-01-28", "09:30")
    assert [at.day for at, _ in watched.letters(ada)] == [12, 28]
    assert watched.all_were_announced() == 2
    assert sum("that is" in text for _, text in watched.digests()) == 1


def test_a_letter_late_by_weeks_is_announced_anew(life: Life, watched: Watched) -> None:
    template(life, "reminder", REMINDER.replace("HERE", "Here it is again."))
    ada = life.person("ada")
    watched.until("2027-01-25")
    assert watched.round("2027-02-16") == [life.me]
    watched.until("2027-02-26")
    assert [(at.month, at.day) for at, _ in watched.letters(ada)] == [(1, 12), (2, 23)]
    assert watched.all_were_announced() == 2


def test_waiting_for_months_makes_no_digest(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    watched.until("2027-03-12")
    assert len(watched.letters(ada)) == 3
    # each letter made one digest, and the weekly ones that had anything else to say are those that name it, too
    assert len(watched.digests()) <= 6
    before = len(watched.digests())
    watched.until("2027-05-01")
    assert len(watched.digests()) == before


def test_digests_that_are_off_still_announce(life: Life) -> None:
    life.config(**HEADS_UP, digest={"every": '"off"'})
    watched = Watched(life)
    ada = life.person("ada")
    watched.until("2027-02-05")
    assert len(watched.letters(ada)) == 2
    assert watched.all_were_announced() == 2


@pytest.mark.parametrize("at", ["data", "kept"])
def test_killed_around_the_digest_a_letter_is_announced_twice_and_never_unannounced(
    life: Life, watched: Watched, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    ada = life.person("ada")
    watched.round("2027-01-04", "09:00")

    def crash(*given: Any) -> Unknown:
        if isinstance(given[0], SmtpEnvelope):
            given[0].withdraw()
        raise KeyboardInterrupt

    before = len(life.servers.taken)
    life.now = life.now.replace(day=5, hour=7, minute=5)
    with monkeypatch.context() as patched:
        whose: object = SmtpEnvelope if at == "data" else heads_up
        patched.setattr(whose, "deliver" if at == "data" else "keep", crash)
        life("run", "--once", status=130)
    assert len(life.servers.taken) - before == (0 if at == "data" else 1)
    assert life.json("outbox", "list")[0]["state"] == "prepared"
    watched.until("2027-01-12")
    assert watched.digests()[0][0].day == 6
    assert [found.day for found, _ in watched.letters(ada)] == [12]
    assert watched.all_were_announced() == 1


def test_a_digest_of_which_nobody_knows_announces_nothing(
    life: Life, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = life.person("ada")
    watched.round("2027-01-04", "09:00")

    def lost(envelope: SmtpEnvelope) -> Unknown:
        envelope.withdraw()
        return Unknown(text="silence")

    with monkeypatch.context() as patched:
        patched.setattr(SmtpEnvelope, "deliver", lost)
        watched.round("2027-01-05", "07:05")
    watched.until("2027-01-12")
    assert watched.digests()[0][0].day == 6
    assert len(watched.letters(ada)) == 1
    assert watched.all_were_announced() == 1


def test_the_users_word_on_an_announced_letter(life: Life, watched: Watched) -> None:
    ada, bea, cleo = life.person("ada"), life.person("bea"), life.person("cleo")
    watched.round("2027-01-04", "09:00")
    watched.round("2027-01-05", "07:05")
    ids = {one["email"]: str(one["id"]) for one in life.json("outbox", "list")}
    text = watched.digests()[0][1]
    assert f"followupd outbox discard {ids[ada]}" in text
    life("outbox", "discard", ids[ada])
    life("outbox", "approve", ids[bea])
    life("answered", cleo, "--via", "phone")
    assert sorted(watched.round("2027-01-05", "09:30")) == [bea]
    watched.until("2027-01-18")
    assert watched.letters(ada) == watched.letters(cleo) == []


def test_a_letter_that_breaks_a_rule_or_cannot_be_written_is_held_days_before(life: Life, watched: Watched) -> None:
    ada, bea = life.person("ada", "--ask", "XXX [placeholder]?"), life.person("bea")
    template(life, "opening", '+++\nsubject = "A question"\n+++\nDear {{ first_name }}, {{ org }} {{ ask }}\n')
    watched.round("2027-01-04", "09:00")
    watched.round("2027-01-05", "07:05")
    assert life.state(ada) == life.state(bea) == "held"
    assert "org" in life.reason(bea)
    assert len(watched.digests()) == 1
    life("edit", bea, "--org", "Engines")
    life("resume", bea)
    watched.until("2027-01-14")
    assert len(watched.letters(bea)) == 1
    assert watched.all_were_announced() == 1


def test_what_holds_a_letter_otherwise_holds_it_still(life: Life) -> None:
    life.config(sending={"heads_up": '"3 days"', "no_news": '"hold"'}, patience={"most_letters": "1"})
    watched = Watched(life)
    ada, bea = life.person("ada"), life.person("bea")
    watched.until("2027-01-20")
    life("note", bea, "The engine runs.")
    watched.until("2027-02-10")
    assert len(watched.letters(ada)) == len(watched.letters(bea)) == 1
    assert life.state(ada) == life.state(bea) == "held"
    assert "nothing new to tell" in life.reason(ada)
    assert "1 letter in 365 days" in life.reason(bea)


def test_an_answer_after_the_announcement_stops_the_letter(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    watched.until("2027-01-24")
    life.answers(ada, "Yes, gladly.")
    watched.until("2027-02-10")
    assert len(watched.letters(ada)) == 1
    assert life.state(ada) == "answered"


def test_an_address_that_changes_has_the_letter_announced_again(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    watched.until("2027-01-07")
    new = life.servers.new_user("ada-new")
    life("edit", ada, "--email", new)
    watched.until("2027-01-20")
    assert watched.letters(ada) == []
    [(at, _)] = watched.letters(new)
    assert at.day >= 12
    assert sum(new in text for _, text in watched.digests()) >= 1
    assert watched.all_were_announced() == 1


def test_turned_off_again_letters_go_as_ever(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    life.on("2027-01-04", "09:00")
    life.config()
    assert planned(life, ada).startswith("2027-01-05")
    assert watched.round("2027-01-05") == [ada]


def test_own_words_stay_whatever_becomes_of_the_template(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    watched.until("2027-01-12")
    [(_, _, raw)] = [one for one in watched.left if one[1] == ada]
    template(life, "opening", '+++\nsubject = "Other"\n+++\nOther words, {{ first_name }}.\n')
    [letter] = life.json("show", ada)["letters"]
    assert letter["sha256"] == sha256(raw).hexdigest()
    assert life("outbox", "show", str(letter["id"]), "--raw").out.encode() == raw
    assert life.json("outbox", "show", str(letter["id"]))["change"] == ""


def test_an_approved_letter_shows_what_its_template_changed_since(life: Life) -> None:
    life.config(sending={"approve": "true", "drafts": '"0 days"'})
    life.person("ada")
    life.on("2027-01-05", "09:00")
    life("outbox", "approve", "1")
    template(life, "opening", '+++\nsubject = "Other"\n+++\nOther words, {{ first_name }}. {{ ask }}\n')
    assert "+Other words, Ada." in life.json("outbox", "show", "1")["change"]
    assert life.on("2027-01-05", "09:05") == []
    shown = life.json("outbox", "show", "1")
    assert "+Other words, Ada." in shown["reason"]
    assert shown["change"] == ""


def test_killed_before_the_date_follows_the_time_to_read_it_is_kept_all_the_same(
    life: Life, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = life.person("ada")
    watched.until("2027-01-25")
    life("edit", ada, "--ask", "What would you leave out?")

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    life.now = life.now.replace(day=26, hour=7, minute=5)
    before = len(life.servers.taken)
    with monkeypatch.context() as patched:
        patched.setattr("followupd.core.outcome.settled", crash)
        life("run", "--once", status=130)
    watched.left += [(life.now, to, raw) for _, to, raw in life.servers.taken[before:]]
    assert len(watched.left) > 1
    assert watched.round("2027-01-26", "09:30") == []
    watched.until("2027-02-06")
    assert [at.day for at, _ in watched.letters(ada)] == [12, 2]
    assert watched.all_were_announced() == 2


def test_one_digest_a_day_and_none_before_its_hour(life: Life, watched: Watched) -> None:
    life.on("2027-01-04", "09:00")
    life.person("ada")
    assert watched.round("2027-01-05", "06:59") == []
    assert watched.round("2027-01-05", "07:05") == [life.me]
    life.person("bea")
    assert watched.round("2027-01-05", "09:30") == watched.round("2027-01-05", "23:00") == []
    assert watched.round("2027-01-06", "07:05") == [life.me]
    assert watched.round("2027-01-06", "07:10") == []


def test_news_that_is_none_any_more_on_the_day_is_not_sent_as_announced(life: Life, watched: Watched) -> None:
    ada = life.person("ada")
    watched.until("2027-01-20")
    life("note", ada, "The engine runs until Tuesday.", "--expires", "2027-01-26")
    watched.until("2027-01-25")
    assert "until Tuesday" in watched.digests()[-1][1]
    # the daemon is down on the 26th and 27th
    watched.round("2027-01-28", "09:30")
    watched.until("2027-02-06")
    assert [at.day for at, _ in watched.letters(ada)] == [12, 2]
    assert "until Tuesday" not in watched.letters(ada)[1][1]
    assert watched.all_were_announced() == 2


def test_letters_of_every_account_are_announced_by_the_first(life: Life) -> None:
    work = life.servers.new_user("workida", "followupd.test")
    same = {"host": '"127.0.0.1"', "security": '"none"', "password": '{ env = "FOLLOWUPD_PASSWORD" }'}
    life.config(
        **HEADS_UP,
        account__work__me={"email": f'"{work}"', "name": '"Ida at Work"'},
        account__work__imap={**same, "port": str(life.servers.imap_port)},
        account__work__smtp={**same, "port": str(life.servers.smtp_port)},
    )
    watched = Watched(life)
    ada, bea = life.person("ada"), life.person("bea", "--account", "work")
    watched.round("2027-01-04", "09:00")
    watched.round("2027-01-05", "07:05")
    assert all(one["reason"] == "announced to you for 2027-01-12" for one in life.json("outbox", "list"))
    assert {ada, bea} <= {*watched.round("2027-01-12")}
    assert "Ida at Work" in watched.letters(bea)[0][1]
    assert watched.all_were_announced() == 2


def test_a_digest_that_cannot_be_sent_is_why_letters_wait_and_status_says_so(
    life: Life, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = life.person("ada")
    watched.round("2027-01-04", "09:00")
    with monkeypatch.context() as patched:
        patched.setattr(SmtpPostman, "address", lambda *_: Deferred(text="452 full", account=True))
        watched.round("2027-01-05", "07:05")
        watched.round("2027-01-05", "07:10")
        said = life("status").out
    assert "the digest could not be sent" in " ".join(said.split())
    assert "followupd digest --send" in " ".join(said.split())
    life("digest", "--send")
    assert life.json("outbox", "list")[0]["reason"] == "announced to you for 2027-01-12"
    watched.round("2027-01-06", "07:05")
    assert "could not be sent" not in life("status").out
    assert watched.round("2027-01-12") == [ada]
