"""Lint and templates, by the command line: what is wrong, where, why, how to mend it; nothing that is there is lost."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FRONT = '+++\nsubject = "S"\ndescription = "Mine."\n+++\n'
POOR = FRONT + "Dear {{ first_name }},\n\nMay I pick your brain?\n\n{{ my_name }}\n"


@pytest.fixture
def own(config: Path) -> Path:
    folder = config.parent / "templates"
    folder.mkdir()
    return folder


def test_a_contact_is_asked_for_scope_and_that_is_no_error(run: Run, ada: str) -> None:
    done = run("lint", ada, "--json")
    assert done.status == 0
    assert all(set(one) == {"rule", "where", "message", "severity"} for one in done.document)
    assert [(one["rule"], one["where"]) for one in done.document] == [
        ("no-scope", f"{ada}, situation"), ("no-scope", f"{ada}, goal"), ("no-scope", f"{ada}, arrangement"),
    ]  # fmt: skip
    assert f'followupd edit {ada} --goal "..."' in done.document[1]["message"]


def test_a_poor_ask_exits_with_1_and_says_rule_place_why_and_remedy(run: Run, ada: str) -> None:
    assert run("edit", ada, "--ask", "Can I pick your brain?").status == 0
    done = run("lint", ada)
    assert (done.status, done.err) == (1, "")
    first = done.out.partition("warning")[0] + done.out[done.out.index("error") :]
    assert f"error  vague-ask  {ada}, ask" in first
    assert '"pick your brain"' in first
    assert "    why: nobody can say yes" in first
    assert "    mend: ask the one thing" in first
    assert f"letter 1 (opening) to {ada}, line" in done.out


def test_everything_is_judged_where_nobody_is_named(run: Run, ada: str, own: Path) -> None:
    assert run("lint").status == 0
    (own / "reminder.txt").write_text(POOR)
    found = run("lint", "--json")
    assert found.status == 1
    places = {one["where"] for one in found.document if one["rule"] == "vague-ask"}
    assert places >= {f"letter 2 (reminder) to {ada}, line 3", "letter 2 (reminder) of cadence patient, line 3"}
    assert all("letter 2 (reminder)" in one for one in places)


def test_one_template_is_judged_alone(run: Run, own: Path) -> None:
    (own / "mine.txt").write_text(POOR)
    assert run("lint", "--template", "opening").status == 0
    done = run("lint", "--template", "mine", "--json")
    assert done.status == 1
    assert ("vague-ask", "template mine, line 3") in {(one["rule"], one["where"]) for one in done.document}
    assert run("lint", "--template", "../mine").status == 1
    assert run("lint", "ada@example.net", "--template", "mine").status == 2


def test_the_templates_that_ship_have_nothing_to_mend(run: Run) -> None:
    done = run("templates", "check")
    assert (done.status, done.out, done.err) == (0, "nothing to mend\n", "")


def test_a_rule_can_be_switched_off_and_a_wrong_name_is_answered_with_the_nearest(
    run: Run, config: Path, own: Path
) -> None:
    (own / "mine.txt").write_text(POOR)
    text = config.read_text()
    config.write_text(f'{text}[lint]\noff = ["vague-ask"]\n')
    assert run("lint", "--template", "mine").status == 0
    config.write_text(f'{text}[lint]\noff = ["vage-ask"]\n')
    done = run("lint")
    assert done.status == 78
    assert "did you mean vague-ask?" in done.err


def test_own_phrases_are_added_and_a_wrong_list_is_named(run: Run, config: Path, ada: str) -> None:
    config.write_text(f'{config.read_text()}[lint]\nphrases = "mine"\n')
    folder = config.parent / "mine"
    folder.mkdir()
    (folder / "a.toml").write_text('generic-praise = ["notes * engine"]')
    assert run("lint", ada).status == 1
    (folder / "a.toml").write_text('praise = ["x"]')
    # lists are read once in a process; another folder is another list
    config.write_text(config.read_text().replace('"mine"', '"mine/a.toml"'))
    done = run("lint", ada)
    assert done.status == 1
    assert "there is no list 'praise'" in done.err


def test_a_preview_shows_what_lint_thinks_beside_the_letter(run: Run, ada: str) -> None:
    assert run("preview", ada, "--all").err == ""
    run("edit", ada, "--ask", "Any advice?")
    done = run("preview", ada, "--json")
    assert (done.status, len(done.document)) == (0, 1)
    run("preview", ada)
    assert "error  vague-ask" in run("preview", ada).err


def test_templates_are_listed_with_where_they_come_from(run: Run, own: Path) -> None:
    (own / "mine.txt").write_text(POOR)
    (own / "news.txt").write_text("Dear {{ first_name }},\n")
    found = {one["name"]: one for one in run("templates", "list", "--json").document}
    assert found["mine"] == {
        "name": "mine", "description": "Mine.", "path": str(own / "mine.txt"), "shipped": False, "cadences": [],
        "languages": {"en": str(own / "mine.txt")},
    }  # fmt: skip
    assert (found["opening"]["shipped"], found["opening"]["cadences"]) == (True, ["patient"])
    assert found["reminder"]["cadences"] == ["feedback", "introduction", "paid", "patient", "question", "shadow"]
    assert found["news"]["shipped"] is False
    assert re.search(r"mine +yours  en      -", run("templates", "list").out)


def test_a_template_is_shown_as_it_lies_there(run: Run, own: Path) -> None:
    (own / "mine.txt").write_text(POOR + "\x1b[2J")
    assert run("templates", "show", "mine", "--json").document["text"] == POOR + "\x1b[2J"
    shown = run("templates", "show", "mine").out
    assert "May I pick your brain?" in shown
    assert "\x1b" not in shown
    assert run("templates", "show", "nothing").status == 1


def test_a_new_template_can_be_checked_at_once_and_replaces_nothing(run: Run, config: Path) -> None:
    path = config.parent / "templates" / "thank-you.txt"
    assert run("templates", "new", "thank-you").status == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert run("templates", "check", "thank-you").status == 0
    path.write_text("mine")
    done = run("templates", "new", "thank-you")
    assert (done.status, path.read_text()) == (1, "mine")
    assert "it is left as it is" in done.err


@pytest.mark.parametrize("name", ["../evil", "a/b", "/etc/x", ".hidden", "A", "a" * 70, "", "a\nb"])
def test_a_new_template_never_lies_outside_its_folder(run: Run, config: Path, name: str) -> None:
    before = sorted(config.parent.rglob("*.txt"))
    assert run("templates", "new", name).status == 1
    assert sorted(config.parent.rglob("*.txt")) == before


def test_a_link_is_not_followed_by_a_new_template(run: Run, own: Path, tmp_path: Path) -> None:
    (own / "linked.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert run("templates", "new", "linked").status == 1
    assert not (tmp_path / "elsewhere.txt").exists()


def test_a_template_that_cannot_be_filled_in_is_an_error_of_check(run: Run, own: Path) -> None:
    (own / "mine.txt").write_text('+++\nsubject = "S"\n+++\nDear {{ nobody }},\n')
    done = run("templates", "check", "mine", "--json")
    assert done.status == 1
    assert [one["rule"] for one in done.document] == ["unwritable"]


def test_check_finds_variants_of_words_which_would_go_out_as_they_stand(run: Run, own: Path) -> None:
    (own / "reminder.txt").write_text("{Hi|Hello} {{ first_name }},\n")
    checked = {one["name"]: one for one in run("check", "--json").document}
    assert checked["templates"]["ok"] is False
    assert "it has {Hi|Hello} in it: variants are not offered" in checked["templates"]["detail"]


def test_a_later_letter_shown_alone_is_not_taken_for_one_that_pretends_to_answer(run: Run, ada: str) -> None:
    alone, whole = run("preview", ada, "--step", "2"), run("preview", ada, "--all")
    assert "Subject: Re:" in alone.out
    assert "false-reply" not in whole.err
    assert "false-reply" not in alone.err
