"""Adding, changing and noting: what is refused is refused whole, and in plain words."""

import pytest

from tests.cli.conftest import Run

HOSTILE = "Ada \x1b[2J\u202egnp.exe =cmd()|'/c calc'!A0"


def test_what_is_missing_is_not_asked_for_without_a_terminal(run: Run) -> None:
    done = run("add", "ada@example.net", "--json")
    assert done.status == 0
    assert done.document["fields"]["ask"] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ada@example.net",), "already known"),
        (("COUNTESS@example.com",), "already known"),
        (("max@example.org",), "own"),
        (("max@old.example",), "own"),
        (("no address",), "no address"),
        (("new@example.net", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("new@example.net", "--country", "Germany"), "Germany"),
        (("new@example.net", "--cadence", "hasty"), "patient"),
        (("new@example.net", "--name", "Ada\r\nBcc: all@example.org"), "line break"),
        (("new@example.net", "--name", HOSTILE), "control character"),
    ],
)
def test_what_cannot_be_added_is_said_in_plain_words(
    run: Run, ada: str, arguments: tuple[str, ...], words: str
) -> None:
    done = run("add", *arguments)
    assert done.status == 1
    assert words in done.err
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert len(run("list", "--json").document) == 1


def test_tags_can_be_taken_away(run: Run, ada: str) -> None:
    assert run("edit", ada, "--tag", "a", "--tag", "b", "--json").document["fields"]["tags"] == ["a", "b"]
    assert run("edit", ada, "--tag", "", "--json").document["fields"]["tags"] == []
    assert run("edit", ada, "--org", "Engines", "--json").document["fields"]["tags"] == []


def test_editing_changes_fields_and_tells_history(run: Run, ada: str) -> None:
    done = run("edit", ada, "--timezone", "Asia/Tokyo", "--tag", "engines", "--email", "ada@new.example", "--json")
    assert done.status == 0
    document = done.document
    assert document["addresses"] == ["ada@new.example", "ada@example.net", "countess@example.com"]
    assert document["fields"]["timezone"] == "Asia/Tokyo"
    assert document["next_at"] < "2040-01-10T06:00:00Z"
    assert document["events"][-1]["kind"] == "edited"


def test_who_sent_you_to_somebody_can_be_said_later_and_taken_back(run: Run, ada: str) -> None:
    grace = "grace@example.com"
    said = (
        "--ask",
        "Whom did you show it first, and why?",
        "--admire",
        "Your compiler.",
        "--offer",
        "I would test it.",
    )
    assert run("add", grace, "--name", "Grace Hopper", *said).status == 0
    assert run("edit", grace, "--referred-by", "countess@example.com", "--json").document["referred_by"] == ada
    assert f"they sent you on to {grace}" in run("show", ada).out
    assert run("show", ada, "--json").document["state"] == "stopped"
    assert "Ada Lovelace referred me to you." in run("preview", grace).out
    lines = len(run("show", ada, "--json").document["events"])
    assert run("edit", grace, "--referred-by", ada).status == 0
    assert len(run("show", ada, "--json").document["events"]) == lines
    for wrong, why in ((grace, "nobody refers to themselves"), ("who@example.com", "nobody has this address")):
        done = run("edit", grace, "--referred-by", wrong)
        assert done.status == 1
        assert why in done.err
    assert run("edit", grace, "--referred-by", "", "--json").document["referred_by"] is None
    assert "referred me" not in run("preview", grace).out


def test_a_note_is_kept_for_the_next_letter(run: Run, ada: str) -> None:
    document = run("note", ada, "The queue is gone.", "--json").document
    assert [(one["text"], one["spent"]) for one in document["notes"]] == [("The queue is gone.", False)]
    assert run("note", ada, " ").status == 1
    assert run("note", "nobody@example.net", "x").status == 1


def test_a_meeting_restarts_the_wait_and_is_no_news(run: Run, ada: str) -> None:
    document = run("note", ada, "--met", "Coffee in Leeds", "--json").document
    assert document["notes"] == []
    assert document["events"][-1]["kind"] == "met"


def test_a_preview_shows_every_letter_to_come_exactly(run: Run, ada: str) -> None:
    everything = run("preview", ada, "--all", "--json").document
    assert [one["step"] for one in everything] == [1, 2, 3, 4, 5]
    assert set(everything[0]) >= {"step", "template", "subject", "to", "message_id", "text"}
    assert everything[1]["subject"] == "Re: " + everything[0]["subject"]
    raw = run("preview", ada, "--step", "2", "--raw").out
    assert f"In-Reply-To: {everything[0]['message_id']}" in raw
    assert f"Message-ID: {everything[1]['message_id']}" in raw
    assert run("preview", ada, "--step", "9").status == 1


def test_a_preview_is_readable_where_the_bytes_are_encoded(run: Run, ada: str) -> None:
    run("edit", ada, "--name", "Jürgen Ångström")
    assert "To: Jürgen Ångström <ada@example.net>" in run("preview", ada).out
    assert "=?utf-8?" in run("preview", ada, "--raw").out


def test_a_field_that_a_letter_needs_is_named_with_the_way_to_give_it(run: Run) -> None:
    run("add", "bo@example.net", "--name", "Bo")
    done = run("preview", "bo@example.net")
    assert done.status == 1
    assert "opening.txt, line" in done.err
    assert "admire" in done.err


def test_whoever_referred_the_user_on_is_said_to_get_no_more_letters(run: Run, ada: str) -> None:
    done = run("add", "bo@example.net", "--no-look", "--referred-by", "countess@example.com")
    assert f"{ada}: stopped; they sent you on to bo@example.net; write to both with: followupd reopen {ada}" in done.out
    assert run("reopen", ada, "--on", "2041-01-10").status == 0
    run("add", "cy@example.net", "--no-look")
    assert (
        f"{ada}: stopped; they sent you on to cy@example.net" in run("edit", "cy@example.net", "--referred-by", ada).out
    )
    assert f"{ada}: stopped" not in run("edit", "cy@example.net", "--referred-by", "").out
    assert run("add", "di@example.net", "--no-look", "--referred-by", ada, "--json").document["referred_by"] == ada
