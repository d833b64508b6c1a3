"""What is said of patience, sentence by sentence, by the command line over real connections and a clock that is set."""

from collections import Counter

import pytest

from tests.cli.life import Life


def payload(raw: bytes) -> str:
    """Give the text of a letter as its reader's program shows it."""
    from email import message_from_bytes
    from email.policy import default

    return str(message_from_bytes(raw, policy=default).get_content())


def test_a_preview_as_inbox_adds_up_to_what_they_get(life: Life) -> None:
    ada = life.person("ada")
    life("note", ada, "We rebuilt a rear hub alone, and it runs.")
    before = life.json("preview", ada, "--as-inbox")
    assert [one["sent"] for one in before["letters"]] == [False] * 5
    life.walk("2027-03-31")
    half = life.json("preview", ada, "--as-inbox")
    assert [one["sent"] for one in half["letters"]] == [True, True, True, False, False]
    life.walk("2028-12-31")
    after = life.json("preview", ada, "--as-inbox")
    assert all(one["sent"] for one in after["letters"])
    for document in (before, half, after):
        assert [(one["subject"], one["words"], one["quoted"]) for one in document["letters"]] == [
            (one["subject"], one["words"], one["quoted"]) for one in after["letters"]
        ]
    texts = [payload(raw) for _, to, raw in life.servers.taken if to == ada]
    assert [one["words"] + one["quoted"] for one in after["letters"]] == [len(one.split()) for one in texts]
    assert after["words"] + after["quoted"] == sum(len(one.split()) for one in texts)
    assert (after["count"], after["most_letters_in_a_year"]) == (5, 4), "the last word comes after more than a year"
    shown = life("preview", ada, "--as-inbox").out
    assert f"5 letters, {after['words']} words of yours; at most in 365 days: 4 letters" in shown
    life("preview", ada, "--as-inbox", "--all", status=2)


def test_a_silent_thread_asks_the_user_once_a_year_and_never_the_person(life: Life) -> None:
    ada = life.person("ada")
    went = life.walk("2028-12-31")
    silent = max(at for at, _ in went)
    assert (life.state(ada), len(went)) == ("silent", 5)
    anniversaries = [silent.replace(year=silent.year + number) for number in (1, 2)]
    assert life.on(f"{anniversaries[0]:%Y-%m-%d}", "06:00") == []
    assert life.json("status")["questions"] == []
    life.on(f"{anniversaries[0]:%Y-%m-%d}", "23:00")
    life.next_day()
    (asked,) = life.json("status")["questions"]
    assert (asked["email"], asked["since"][:10]) == (ada, f"{silent:%Y-%m-%d}")
    assert f"followupd reopen {ada} --cadence NAME" in life("status").out
    assert "the last letter is a year old" in life("plan").out
    assert life.json("plan") == []
    for _ in range(40):
        life.next_day()
    assert life.json("status")["questions"] == [], "ignored, it is shown no longer"
    for _ in range(10):
        life.next_day(30)
        assert life.json("status")["questions"] == []
    life.now = anniversaries[1]
    life.round()
    (again,) = life.json("status")["questions"]
    assert "the last letter is 2 years old" in again["text"]
    kinds = Counter(one["kind"] for one in life.json("log", ada))
    assert kinds["yearly-question"] == 2
    assert len(life.letters(ada)) == 5


def test_after_years_without_a_daemon_one_question_is_asked(life: Life) -> None:
    ada = life.person("ada")
    life.walk("2028-12-31")
    life.on("2033-03-01")
    life.next_day()
    assert Counter(one["kind"] for one in life.json("log", ada))["yearly-question"] == 1


@pytest.mark.parametrize("ends", ["answered", "off", "reopened"])
def test_nothing_is_asked_where_there_is_nothing_to_ask(life: Life, ends: str) -> None:
    ada = life.person("ada")
    life.walk("2028-12-31")
    if ends == "answered":
        life("answered", ada)
    elif ends == "off":
        life.config(patience={"yearly_question": "false"})
    else:
        life("reopen", ada, "--cadence", "question", "--on", "2034-01-03")
    life.on("2031-03-04")
    assert life.json("status")["questions"] == []
    assert "yearly-question" not in {one["kind"] for one in life.json("log", ada)}
