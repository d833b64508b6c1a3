"""Letters in the contact's language, by the command line: the default cadence from end to end, and own templates."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

BO = "bo@example.net"


@pytest.fixture
def bo(run: Run) -> str:
    """Somebody who is written to in German."""
    done = run(
        "add", BO, "--no-look", "--language", "de", "--name", "Frau Dr. Bo Weber", "--first-on", "2040-01-10",
        "--admire", "Ihr Vortrag über Zahnräder hat unsere Prüfbank auf den Kopf gestellt.",
        "--ask", "Woran erkennen Sie, dass ein Zahnrad noch ein Jahr hält?",
        "--offer", "Ich zeichne Ihnen gern die Tafeln für den nächsten Vortrag.",
    )  # fmt: skip
    assert (done.status, done.err) == (0, "")
    return BO


def test_the_default_cadence_is_wholly_german_and_lint_finds_nothing_wrong(run: Run, bo: str) -> None:
    shown = run("preview", bo, "--all", "--json").document
    assert [one["template"] for one in shown] == ["opening", "reminder", "news", "season", "last-word"]
    assert {one["text"].splitlines()[0] for one in shown} == {"Guten Tag Frau Dr. Bo Weber,"}
    assert "am 10. Januar 2040 habe ich Ihnen geschrieben" in shown[1]["text"]
    whole = " ".join(one["text"] for one in shown)
    assert not {"the", "you", "and", "my", "january"} & set(whole.casefold().split())
    found = run("lint", bo, "--json")
    assert found.status == 0
    assert {one["rule"] for one in found.document} == {"no-scope"}


@pytest.mark.parametrize(
    ("cadence", "first", "letters"),
    [
        ("shadow", "opening-shadow", 5),
        ("question", "opening-question", 4),
        ("feedback", "opening-feedback", 5),
        ("introduction", "opening-introduction", 5),
        ("paid", "opening-paid", 4),
    ],
)
@pytest.mark.parametrize("email", ["ada@example.net", BO])
def test_each_of_the_usual_asks_has_its_cadence_in_both_languages(
    *, run: Run, ada: str, bo: str, email: str, cadence: str, first: str, letters: int
) -> None:
    assert run("edit", email, "--cadence", cadence).status == 0
    shown = run("preview", email, "--all", "--json").document
    assert (shown[0]["template"], len(shown), shown[-1]["template"]) == (first, letters, "last-word")
    assert {one["text"].split()[0] for one in shown} == {"Guten" if email == bo else "Dear"}
    assert {one["rule"] for one in run("lint", email, "--json").document} == {"no-scope"}


def test_what_they_asked_for_later_is_taken_up_in_german(run: Run, bo: str) -> None:
    assert run("snooze", bo, "--for", "3 months", "--reason", "im Herbst gern").status == 0
    second = run("preview", bo, "--step", "2").out
    assert "Guten Tag" in second


def test_the_language_of_the_config_is_that_of_people_of_whom_none_is_known(run: Run, ada: str, config: Path) -> None:
    assert "Dear Ada," in run("preview", ada).out
    config.write_text(config.read_text().replace("[me]\n", '[me]\nlanguage = "de"\n'))
    assert "Guten Tag Ada Lovelace," in run("preview", ada).out
    assert run("edit", ada, "--language", "en").status == 0
    assert "Dear Ada," in run("preview", ada).out
    config.write_text(config.read_text().replace('language = "de"', 'language = "german!"'))
    done = run("preview", ada)
    assert (done.status, "write one like en or de" in done.err) == (78, True)


def test_a_template_of_ones_own_for_german_is_begun_checked_and_used(run: Run, bo: str, config: Path) -> None:
    done = run("templates", "new", "opening", "--language", "de")
    path = config.parent / "templates" / "de" / "opening.txt"
    assert (done.status, path.is_file()) == (0, True)
    assert run("templates", "check", "opening").status == 0
    assert "ich schreibe Ihnen mit einer einzigen Frage." in run("preview", bo).out
    listed = {one["name"]: one for one in run("templates", "list", "--json").document}
    assert listed["opening"]["languages"]["de"] == str(path)
    assert listed["opening"]["shipped"] is True
    assert run("templates", "show", "opening", "--language", "de", "--json").document["path"] == str(path)
    path.write_text(path.read_text().replace("In Ordnung", "x").replace("Auch ein", "Ich hake nach: ein"))
    found = run("templates", "check", "opening", "--json")
    assert found.status == 1
    assert {(one["rule"], one["where"].partition(",")[0]) for one in found.document} == {
        ("pressure", "template opening (de)")
    }


@pytest.mark.parametrize("language", ["../de", "de/../..", "/tmp", "d e"])
def test_a_new_template_never_lies_outside_its_folder_by_its_language(run: Run, config: Path, language: str) -> None:
    before = sorted(config.parent.rglob("*.txt"))
    assert run("templates", "new", "mine", "--language", language).status == 1
    assert sorted(config.parent.rglob("*.txt")) == before


def test_check_names_a_german_template_that_is_wrong(run: Run, config: Path) -> None:
    folder = config.parent / "templates" / "de"
    folder.mkdir(parents=True)
    (folder / "reminder.txt").write_text("Guten Tag {{ nobody }},")
    found = {one["name"]: one for one in run("check", "--json").document}
    assert found["templates"]["ok"] is False
    assert "de/reminder.txt" in found["templates"]["detail"]
