"""On a terminal a command asks for what is missing or cannot be undone; an answer that is no counts as no."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_outbox import doubtful  # noqa: F401


def typed(config: Path, arguments: list[str], keys: str, **environment: str) -> tuple[int, str]:
    """Run a command on a terminal of its own and type; give its exit status and the screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "followupd", "--config", str(config), *arguments]
        os.execve(sys.executable, command, {**os.environ, **environment})
    os.write(terminal, keys.encode())
    screen = b""
    try:
        while read := os.read(terminal, 4096):
            screen += read
    except OSError:
        pass  # so Linux says that the other side has closed a terminal
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen.decode()


def test_add_asks_for_what_was_not_given_and_for_nothing_else(run: Run, config: Path) -> None:
    answers = "Your notes.\n\nHow did you begin?\nI would typeset.\n\n\n\nyes\n"
    status, screen = typed(config, ["add", "ada@example.net", "--name", "Ada"], answers)
    assert status == 0
    assert "Their name" not in screen
    fields = run("show", "ada@example.net", "--json").document["fields"]
    assert (fields["admire"], fields["ask"], fields["offer"]) == (
        "Your notes.",
        "How did you begin?",
        "I would typeset.",
    )
    assert fields["goal"] == ""


def test_whoever_ends_the_questions_adds_nobody(run: Run, config: Path) -> None:
    status, screen = typed(config, ["add", "ada@example.net"], "Ada\n\x04")
    assert status == 130
    assert "interrupted" in screen
    assert run("list", "--json").document == []


def test_json_is_never_mixed_with_questions(run: Run, config: Path) -> None:
    status, screen = typed(config, ["add", "ada@example.net", "--json"], "")
    assert status == 0
    assert screen.lstrip().startswith("{")


def test_a_letter_is_not_sent_again_unless_the_user_says_yes(run: Run, config: Path, ada: str, doubtful: int) -> None:  # noqa: F811
    status, screen = typed(config, ["outbox", "retry", str(doubtful)], "n\n")
    assert status == 1
    assert "twice" in screen
    assert run("outbox", "list", "--json").document[0]["state"] == "uncertain"
    assert typed(config, ["outbox", "retry", str(doubtful)], "y\n")[0] == 0
    assert run("outbox", "list", "--json").document == []


def test_nobody_is_erased_unless_the_user_says_yes_and_nobody_is_asked_about_a_slip(
    run: Run, config: Path, ada: str
) -> None:
    status, screen = typed(config, ["forget", "countess@example.com"], "n\n")
    assert (status, f"Erase everything about {ada}" in screen, "nothing was erased" in screen) == (1, True, True)
    assert len(run("list", "--json").document) == 1
    status, screen = typed(config, ["forget", "nobody@example.com"], "")
    assert (status, "Erase" in screen, "nobody has this address" in screen) == (1, False, True)
    assert typed(config, ["forget", ada], "y\n")[0] == 0
    assert run("list", "--json").document == []


def test_tables_have_looks_on_a_terminal_and_none_where_none_are_wanted_or_in_a_pipe(
    run: Run, config: Path, ada: str
) -> None:
    environment = {"TERM": "xterm-256color", "COLUMNS": "80"}
    run("answered", ada)
    plainly = run("list").out
    screen = typed(config, ["list"], "", **environment)[1].replace("\r", "")
    assert "\x1b[32manswered\x1b[0m" in screen
    assert re.sub(r"\x1b\[[\d;]*m", "", screen) == plainly
    assert "\x1b[3" not in typed(config, ["list"], "", NO_COLOR="1", **environment)[1]
    assert "\x1b" not in typed(config, ["list"], "", **{**environment, "TERM": "dumb"})[1]
    assert "\x1b" not in plainly
    loaded = "import sys; from followupd.cli import main; main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    command = [sys.executable, "-c", loaded, "--config", str(config), "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == plainly


def test_a_reader_who_has_seen_enough_and_a_stream_that_is_closed_are_no_trouble(
    run: Run, config: Path, ada: str, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,situation\n" + "".join(f"n{one}@example.net,{'Machines. ' * 150}\n" for one in range(60)))
    assert run("import", str(people)).status == 0
    for words in (f"show {ada}", "list --json", "export -", "export - --format jsonl", "plan"):
        command = f"{sys.executable} -m followupd --config {config} {words}"
        for shell in (f"{command} | head -1", f"{command} >&-", f"{command} <&- >/dev/null"):
            done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), shell
        silent = subprocess.run(["sh", "-c", f"{command} 2>&-"], capture_output=True, check=True)
        assert silent.stdout == subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout
