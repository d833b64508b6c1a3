"""Files of people are taken in whole or not at all, twice changes nothing, and who must not be written to stays out."""

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PEOPLE = Path(__file__).parents[1] / "fixtures" / "people"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(
        "email,name,ask,tags,timezone,cadence,first_on\n"
        "bea@example.net,Bea,How did you begin?,a;b,Europe/Lisbon,,2040-01-10\n"
        "cem@example.net,Cem,,,,patient,\n",
        encoding="utf-8",
    )
    return path


def everything(run: Run) -> str:
    return run("list", "--json").out + run("log", "--json").out


def test_people_get_threads_as_add_gives_them(run: Run, table: Path) -> None:
    done = run("import", str(table))
    assert (done.status, done.err) == (0, "")
    assert "2 added" in done.out
    bea = run("show", "bea@example.net", "--json").document
    assert (bea["name"], bea["fields"]["tags"], bea["state"]) == ("Bea", ["a", "b"], "scheduled")
    assert bea["next_at"].startswith("2040-01-1")
    assert [one["kind"] for one in bea["events"]] == ["added"]
    run("add", "dan@example.net", "--timezone", "Europe/Lisbon", "--first-on", "2040-01-10", "--no-look")
    assert run("show", "dan@example.net", "--json").document["next_at"][:13] == bea["next_at"][:13]


def test_whoever_asks_many_at_once_is_told_of_the_bound(run: Run, table: Path) -> None:
    assert "max_open" not in run("import", str(table)).out
    table.write_text("email\n" + "".join(f"many{n}@example.net\n" for n in range(6)), encoding="utf-8")
    assert "patience.max_open" in run("import", str(table)).out


def test_a_second_import_changes_nothing(run: Run, table: Path) -> None:
    run("import", str(table))
    before = everything(run)
    again = run("import", str(table), "--json")
    assert (again.status, again.document["added"], again.document["known"]) == (0, 0, 2)
    assert everything(run) == before


def test_a_dry_run_changes_nothing(run: Run, table: Path) -> None:
    before = everything(run)
    assert "2 would be added" in run("import", "--dry-run", str(table)).out
    assert everything(run) == before


def test_one_bad_row_of_a_hundred_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [f"person{n}@example.net,Person {n}" for n in range(100)]
    rows[41] = "no address,Somebody"
    path.write_text("email,name\n" + "\n".join(rows), encoding="utf-8")
    done = run("import", str(path))
    assert (done.status, done.out) == (1, "")
    assert "line 43: " in done.err
    assert run("list", "--json").document == []


def test_every_fault_is_told_at_once_with_its_line(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "email,name,timezone,country,cadence,first_on,language\n"
        f"{ada},Another,,,,,\n"
        "countess+x@example.com,Ada,,,,,\n"
        "max@example.org,Me,,,,,\n"
        "a@example.net,A,Mars/Olympus,,,,\n"
        "b@example.net,B,,Ruritania,,,\n"
        "c@example.net,C,,,hasty,,\n"
        "d@example.net,D,,,,1.3.2027,\n"
        'e@example.net,"E\nBcc: all@example.org",,,,,\n'
        "f@example.net,F,,,,,klingon language\n"
        "g@example.net,G,,,,,\n"
        "G+1@example.net,G again,,,,,\n"
        "h@example.net,\u202eH,,,,,\n",
        encoding="utf-8",
    )
    done = run("import", str(path), "--json")
    assert done.status == 1
    assert [one["line"] for one in done.document["errors"]] == [2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14]
    assert done.document["added"] == 0
    said = run("import", str(path)).err
    assert all(f"line {line}: " in said for line in (2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14))
    assert [one["email"] for one in run("list", "--json").document] == [ada]


def test_who_opted_out_is_refused_in_every_spelling(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email\nnew@example.net\nada+news@example.net\n", encoding="utf-8")
    never(run, ada)
    for option in ((), ("--skip-known",)):
        done = run("import", str(path), *option)
        assert (done.status, "line 3: " in done.err, "never" in done.err) == (1, True, True)
    assert len(run("list", "--json").document) == 1


def never(run: Run, email: str) -> None:
    """Have somebody ask not to be written to, as the daemon writes it down."""
    from datetime import UTC, datetime

    from followupd.store import contacts
    from followupd.store.db import open_database

    now = datetime(2026, 11, 29, tzinfo=UTC)
    db = open_database(Path.home() / "followupd.db", now=now)
    contacts.suppress(db, [email], "asked not to be written to", now)
    db.close()


def test_those_who_are_known_can_be_left_as_they_are(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"email,org\n{ada},Elsewhere\nada+x@example.net,\nnew@example.net,Engines\n", encoding="utf-8")
    before = run("show", ada, "--json").out
    assert run("import", str(path)).status == 1
    done = run("import", str(path), "--skip-known", "--json")
    # a plus-form of one mailbox in two lines is a slip, whoever is known
    assert [one["line"] for one in done.document["errors"]] == [3]
    path.write_text(f"email,org\n{ada},Elsewhere\nnew@example.net,Engines\n", encoding="utf-8")
    done = run("import", str(path), "--skip-known", "--json")
    assert (done.document["added"], done.document["known"]) == (1, 1)
    assert run("show", ada, "--json").out == before


def test_an_address_of_two_people_is_no_alias(run: Run, ada: str, tmp_path: Path) -> None:
    run("add", "bea@example.net", "--no-look")
    path = tmp_path / "people.csv"
    path.write_text(f"email,alias\n{ada},bea@example.net\n", encoding="utf-8")
    assert "several people" in run("import", str(path)).err


def test_vcards_of_both_versions_make_one_contact_with_an_alias(run: Run) -> None:
    for name in ("ada_3.vcf", "people_4.vcf"):
        assert run("import", str(PEOPLE / name), "--skip-known").status == 0
        document = run("show", "ada@home.example", "--json").document
        assert document["addresses"] == ["ada@engines.example", "ada@home.example"]
    assert len(run("list", "--json").document) == 1


@pytest.mark.parametrize("path", sorted(PEOPLE.iterdir()), ids=lambda path: path.name)
def test_the_files_of_other_programs_go_in_and_again_change_nothing(run: Run, path: Path) -> None:
    done = run("import", str(path), "--json")
    assert (done.status, done.document["errors"]) == (0, [])
    assert done.document["added"] >= 1
    again = run("import", str(path), "--json").document
    assert (again["added"], again["known"]) == (0, done.document["added"])


def test_countries_are_known_by_name_and_what_another_program_says_wrongly_stays_empty(run: Run) -> None:
    run("import", str(PEOPLE / "hubspot.csv"))
    assert run("show", "ada@engines.example", "--json").document["fields"]["country"] == "GB"
    assert run("show", "mary@science.example", "--json").document["fields"]["country"] == ""


def test_standard_input_and_what_holds_for_all(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"email\nbea@example.net\n")))
    done = run("import", "-", "--tag", "mentor", "--first-on", "2041-02-05", "--json")
    assert done.status == 0
    bea = run("show", "bea@example.net", "--json").document
    assert (bea["fields"]["tags"], bea["next_at"][:4]) == (["mentor"], "2041")
    assert run("import", "-", "--cadence", "hasty").status == 1


@pytest.mark.parametrize("arguments", ["import", "import /nowhere.csv", "import --encoding klingon people.csv"])
def test_wrong_usage(run: Run, table: Path, arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(table.parent)
    done = run(*arguments.split())
    assert (done.status, done.out) == (2, "")


def test_hostile_text_reaches_no_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,\x1b[2Jname\n\x1b[31m@x,\x1b]0;x\x07\n", encoding="utf-8")
    done = run("import", str(path))
    assert done.status == 1
    assert "\x1b" not in done.err + done.out
    assert "\x1b" not in json.dumps(run("import", str(path), "--json").document, ensure_ascii=True)


def test_many_faults_are_counted_and_the_first_of_them_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "nobody\n" * 1000, encoding="utf-8")
    done = run("import", str(path))
    assert "1000 things" in done.err
    assert "and 800 more" in done.err
    assert len(run("import", str(path), "--json").document["errors"]) == 1000


def test_who_was_referred_by_whom(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,referred by\nbea@example.net,COUNTESS@example.com\ncem@example.net,bea@example.net\n")
    assert run("import", str(path), "--json").document["added"] == 2
    assert run("show", "bea@example.net", "--json").document["referred_by"] == ada
    assert run("show", "cem@example.net", "--json").document["referred_by"] == "bea@example.net"
    assert run("show", ada, "--json").document["state"] == "stopped"
    path.write_text("email,referred by\ndan@example.net,nobody@example.net\neva@example.net,eva@example.net\n")
    assert [one["line"] for one in run("import", str(path), "--json").document["errors"]] == [2, 3]


def test_an_offer_that_the_config_does_not_have(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,offer_of\nbea@example.net,moon\n")
    assert "'moon'" in run("import", str(path)).err


def test_an_account_that_the_config_does_not_have(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,account\nbea@example.net,main\ncem@example.net,work\n", encoding="utf-8")
    assert [one["line"] for one in run("import", str(path), "--json").document["errors"]] == [3]


def test_all_that_is_wrong_in_a_line_is_told_at_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    head = "email,first on,cadence,account,timezone,country,blackout"
    path.write_text(f"{head}\nz@example.net,soon,hasty,work,Mars/X,ZZ,01-01 to 12-31\n")
    done = run("import", str(path), "--json")
    assert (done.status, run("list", "--json").document) == (1, [])
    said = [(one["line"], one["message"]) for one in done.document["errors"]]
    named = ("Mars/X", "ZZ", "no day of the year", "account 'work'", "cadence 'hasty'", "'soon' is no date")
    assert len(said) == len(named)
    for what in named:
        assert [line for line, message in said if what in message] == [2], (what, said)
