"""Exit statuses, standard output and the stable JSON keys are as the contract has them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from followupd.cli.lazy import COMMANDS
from followupd.core.model import State
from tests.cli.conftest import Run

SHOW = {
    "email", "addresses", "name", "fields", "state", "reason", "cadence", "step", "steps", "next_at", "letters",
    "messages", "notes", "referred_by", "events",
    "account",
}  # fmt: skip
ALL = [name for family in COMMANDS.values() for name in family]


SETTLING = ["list", "show", "approve", "discard", "sent", "retry"]


@pytest.mark.parametrize("name", [*ALL, *(f"outbox {verb}" for verb in SETTLING)])
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    done = run(*name.split(), "--help")
    assert done.status == 0
    assert f"Usage: followupd {name} " in done.out
    assert "Example: followupd " in " ".join(done.out.split())
    assert done.err == ""


@pytest.mark.parametrize("name", ["", "outbox", "templates", "service"])
def test_no_line_of_help_is_cut_short_at_80_columns(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = run(*name.split(), "--help")
    assert [line for line in done.out.splitlines()[1:] if line.endswith("...") or len(line) > 80] == []


def test_help_lists_every_command_and_loads_little_but_click() -> None:
    heavy = ["sqlite_utils", "sqlite3", "jinja2", "imapclient", "smtplib", "schedule", "rich", "icalendar",
             "logging", "json"]  # fmt: skip  # many short words: a line each would hide what is missing
    program = (
        "import sys; from followupd.cli import main; main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(f"  {name} " in done.stdout for name in ALL)


READING = [
    "followupd.core.wording", "followupd.core.bounces", "followupd.core.message", "followupd.imap.session",
    "followupd.smtp.session", "email", "socket", "difflib",
]  # fmt: skip  # many short words: a line each would hide what is missing
"""What reads and sends mail, or looks for what is misspelt."""
REACHING = [
    "followupd.core.plan", "followupd.core.compose", "followupd.core.lint", "followupd.core.patience",
    "followupd.actions.trays", "followupd.store.sightings", "followupd.core.model.decisions",
]  # fmt: skip  # many short words: a line each would hide what is missing
"""What looks ahead, or changes anything."""


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (
            ["list"],
            ["hashlib", "filelock", "followupd.core.model.messages", "followupd.core.cadence"],
        ),
        (["show", "ada@example.net"], ["hashlib", "filelock", "followupd.core.model.messages"]),
        (["status"], ["hashlib", "filelock", "followupd.core.model.messages", "followupd.core.cadence"]),
    ],
)
def test_what_is_looked_up_often_loads_little(config: Path, ada: str, words: list[str], others: list[str]) -> None:
    assert ada == "ada@example.net"
    kept_out = [*READING, *REACHING, *others]
    program = (
        f"import sys; from followupd.cli import main; sys.argv[1:] = {['--config', str(config), *words]!r}\n"
        f"try: main()\nfinally: print([name for name in {kept_out!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip().splitlines()[-1] == "[]", done.stderr


def test_a_daemon_that_waits_has_loaded_no_library_of_rare_use() -> None:
    rare = ["jinja2", "rich", "html", "difflib", "email.policy", "email.headerregistry", "whenever", "dns", "holidays"]
    program = (
        "import sys; from followupd.cli import service, session; from followupd import daemon, wiring\n"
        "from followupd.imap import mailbox; from followupd.smtp import postman; from followupd.config import file\n"
        f"print([name for name in {rare!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("given", "frozen"), [("", True), ("['--version']", False)])
def test_only_a_process_of_our_own_ends_without_a_search_for_cycles(given: str, frozen: bool) -> None:
    program = (
        "import atexit, gc, sys; from followupd.cli import main; sys.argv[1:] = ['--version']\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        f"main({given})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(frozen)


def test_the_version_is_one_line(run: Run) -> None:
    done = run("--version")
    assert (done.status, len(done.out.splitlines())) == (0, 1)
    assert done.out.startswith("followupd 0.")


def test_show_has_the_stable_keys(run: Run, ada: str) -> None:
    document = run("show", ada, "--json").document
    assert set(document) == SHOW
    assert document["addresses"] == ["ada@example.net", "countess@example.com"]
    assert document["state"] == "scheduled"
    assert (document["step"], document["steps"]) == (0, 5)
    assert document["next_at"].startswith("2040-01-10T0") or document["next_at"].startswith("2040-01-10T1")
    assert document["next_at"].endswith("Z")
    assert document["fields"]["country"] == "GB"


def test_list_plan_log_status_and_outbox_have_the_stable_keys(run: Run, ada: str) -> None:
    [person] = run("list", "--json").document
    assert set(person) == {"email", "name", "state", "step", "steps", "next_at", "account"}
    planned = run("plan", "--until", "2041-12-31", "--json").document
    assert [set(one) for one in planned] == [{"at", "email", "step", "template"}] * 5
    assert [one["template"] for one in planned] == ["opening", "reminder", "news", "season", "last-word"]
    assert set(run("log", "--json").document[0]) == {"at", "email", "kind", "text"}
    status = run("status", "--json").document
    assert set(status) == {"daemon", "counts", "due", "held", "uncertain", "questions", "alarm", "accounts"}
    assert [set(one) for one in status["accounts"]] == [{"account", "email", "mailbox_checked_at", "trouble"}]
    assert {"running", "pid", "last_round_at", "mailbox_checked_at"} <= set(status["daemon"])
    assert status["daemon"]["running"] is False
    assert set(status["counts"]) == {state.value for state in State}
    assert run("outbox", "list", "--json").document == []
    assert ada in run("list").out


def test_a_contact_is_named_by_any_of_its_addresses(run: Run, ada: str) -> None:
    assert run("show", "Countess@Example.com", "--json").document["email"] == ada


def test_check_tells_each_probe_and_fails_if_one_fails(run: Run) -> None:
    done = run("check", "--json")
    assert done.status == 1
    found = {one["name"]: one["ok"] for one in done.document}
    assert found == {
        "config": True, "templates": True, "database": True, "lock": True, "clock": True, "imap": False,
        "folders": False, "smtp": False,
    }  # fmt: skip
    assert all(set(one) == {"name", "ok", "detail"} for one in done.document)


def test_a_server_that_cannot_be_reached_is_status_69_and_plain_lines(run: Run, ada: str) -> None:
    for arguments in (("run", "--once"), ("run", "--once", "--dry-run")):
        done = run(*arguments)
        assert done.status == 69
        assert "127.0.0.1" in done.err
        assert "Traceback" not in done.err


def test_a_config_that_cannot_be_read_is_a_wrong_config(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.chmod(0)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert run("list").status == (0 if os.geteuid() == 0 else 78)


def test_no_config_and_a_wrong_one_are_status_78_with_all_faults(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[smtp]", '[smtp]\nhots = "x"') + "\n[daemon]\npoll = 7\n", encoding="utf-8")
    done = run("list")
    assert done.status == 78
    assert "smtp.hots" in done.err
    assert "daemon.poll" in done.err
    config.unlink()
    assert run("list").status == 78


def test_wrong_usage_is_status_2_and_a_misspelt_command_is_met_with_the_nearest(run: Run) -> None:
    assert run("show").status == 2
    done = run("lst")
    assert done.status == 2
    assert "'list'" in done.err
    assert run("lst\x1b[2J").err.count("\x1b") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        "snooze ada@example.net", "snooze ada@example.net --for soon", "pause", "resume", "edit ada@example.net",
        "pause ada@example.net --all", "resume ada@example.net --all", "pause --all --until 2040-01-01",
        "pause ada@example.net --until 9999-12-31", "add new@example.net --first-on 0001-01-01",
        "plan --until never", "preview ada@example.net --all --step 1", "preview ada@example.net --raw --json",
        "answered ada@example.net --via phone --not <a@b>", "outbox show seven", "outbox settle 7", "list --lsit",
        "explain /nowhere/to/be/found.eml",
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_a_line_with_the_way_to_the_help(run: Run, ada: str, arguments: str) -> None:
    before = run("show", ada, "--json").out
    done = run(*arguments.split())
    assert (done.status, done.out) == (2, "")
    said, hint = done.err.splitlines()
    assert said.startswith("followupd: ")
    assert hint.startswith("  see: followupd ")
    assert hint.endswith(" --help")
    assert run("show", ada, "--json").out == before
    assert run("status", "--json").document["daemon"]["paused"] is False


def test_a_bug_is_one_line_with_the_way_to_report_it_and_details_only_where_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("followupd.cli.reading.list_command.callback", broken)
    done = run("list")
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        "followupd: this is a bug: ZeroDivisionError",
        "  please report it; run the same with -v for the details",
    ]
    for more in ("-v", "-vv"):
        assert "Traceback" in run(more, "list").err


def test_a_lack_of_memory_is_told_as_what_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("followupd.cli.reading.list_command.callback", greedy)
    done = run("list")
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines()[0] == "followupd: there is not enough memory"


def test_an_interrupt_is_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("followupd.cli.reading.list_command.callback", interrupted)
    done = run("list")
    assert (done.status, done.out, done.err.strip()) == (130, "", "followupd: interrupted")


def test_a_reader_that_goes_away_is_not_complained_about(run: Run, ada: str, config: Path) -> None:
    command = [sys.executable, "-m", "followupd", "--config", str(config), "show", ada, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait()


def test_a_full_disk_is_no_bug(run: Run, ada: str, config: Path) -> None:
    command = [sys.executable, "-m", "followupd", "--config", str(config), "show", ada]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["followupd: the system says: No space left on device"]


def test_names_are_shown_whatever_the_terminal_can_write(
    run: Run, ada: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("edit", ada, "--name", "Jürgen 山田")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    command = [sys.executable, "-m", "followupd", "--config", str(config), "show", ada]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_quiet_says_only_what_went_wrong(run: Run, ada: str) -> None:
    assert run("-q", "stop", ada).out == ""
    assert run("-q", "pause", ada).err != ""
    assert run("-q", "list").out != ""
    assert run("-q", "reopen", ada, "--json").document["state"] == "scheduled"


def test_explain_judges_files_and_needs_no_database(run: Run, tmp_path: Path, config: Path) -> None:
    away = tmp_path / "away.eml"
    away.write_bytes(
        b"From: ada@example.net\r\nTo: max@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n"
        b"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nIn-Reply-To: <x@example.org>\r\n\r\n"
        b"I am back on 7 December 2026.\r\n"
    )
    config.unlink()
    [found] = run("explain", str(away), "--json").document
    assert set(found) >= {"file", "verdict", "evidence", "recipients", "status", "return_date", "text"}
    assert found["verdict"] == "auto_reply"
    assert found["return_date"] == "2026-12-07"


def test_a_backup_is_a_private_copy_and_overwrites_nothing(run: Run, ada: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert run("backup", str(target)).status == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert run("backup", str(target)).status == 1
