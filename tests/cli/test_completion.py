"""Tab offers people, cadences, templates and letters: in Click's words, and in real shells that are typed into."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from followupd.cli import completing, manual
from followupd.cli.bash import WholeWords
from followupd.cli.group import followupd
from followupd.core.telling import word
from tests.cli.conftest import Run
from tests.cli.test_manual import ALL
from tests.cli.test_outbox import doubtful  # noqa: F401
from tests.servers.fixtures import REQUIRED

BIN = Path(sys.executable).parent


def offered(config: Path, line: str) -> list[str]:
    """Give what is offered for the last word of a line."""
    words = ["--config", str(config), *line.split(" ")]
    args, typed = words[:-1], words[-1]
    complete = ShellComplete(followupd, {}, "followupd", "_FOLLOWUPD_COMPLETE")
    return [str(one.value) for one in complete.get_completions(args, typed)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sho", ["show"]),
        ("pa", ["pause"]),
        ("show ad", ["ada@example.net"]),
        ("show ADA@", ["ada@example.net"]),
        ("show lovel", ["ada@example.net"]),  # by a part of the name
        ("show countess", ["countess@example.com"]),
        ("show x", []),
        ("edit ada@example.net --cadence pat", ["patient"]),
        ("add new@example.org --cadence quar", ["quarterly"]),
        ("add ad", []),  # who is added is not there yet
        ("templates show rem", ["reminder"]),
        ("lint --template rem", ["reminder"]),
        ("edit ada@example.net --tag bo", ["books"]),
        ("outbox approve ", ["1"]),
        ("outbox approve 2", []),
        ("completion ", ["bash", "zsh", "fish"]),
    ],
)
@pytest.mark.usefixtures("doubtful")
def test_what_is_offered(run: Run, config: Path, line: str, words: list[str]) -> None:
    steps = '[cadences.quarterly]\nsteps = [{ template = "opening" }, { after = "3 months", template = "reminder" }]\n'
    config.write_text(config.read_text(encoding="utf-8") + steps, encoding="utf-8")
    run("edit", "ada@example.net", "--tag", "books")
    assert offered(config, line) == words


def test_every_person_cadence_and_template_that_is_asked_for_is_completed() -> None:
    wanted = {"email": completing.people, "cadence": completing.cadences, "letter_id": completing.letters}
    missing = [
        (" ".join(words), param.name)
        for words in ALL
        for param in manual._found(words)[1].params
        if param.name in wanted and (words, param.name) not in {(("add",), "email"), (("init",), "email")}
        if param._custom_shell_complete is not wanted[param.name]
    ]
    assert missing == []


def test_the_words_of_help_stand_beside_the_commands(config: Path) -> None:
    complete = ShellComplete(followupd, {}, "followupd", "_FOLLOWUPD_COMPLETE")
    assert [(one.value, one.help) for one in complete.get_completions([], "log")] == [
        ("login", "Give permission by OAuth 2.0, where no password is taken."),
        ("log", "Show what happened, to everybody or to one."),
    ]


def test_nothing_is_made_and_no_trouble_told(config: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert offered(config, "show a") == []
    assert not config.with_name("followupd.db").exists()
    config.write_text("[me\n", encoding="utf-8")
    assert offered(config, "show a") == offered(config, "add x --cadence ") == []
    config.with_name("followupd.db").write_bytes(b"no database" * 100)
    assert offered(config, "show a") == []
    assert capfd.readouterr() == ("", "")


def test_a_word_that_a_shell_might_obey_is_not_offered(run: Run, config: Path, ada: str) -> None:
    for address in ("`reboot`@example.org", "a*@example.org", "a!b@example.org", "$HOME@example.org"):
        assert run("add", address, "--no-look").status == 0, address
        assert word(address) != address
    assert offered(config, "show ") == ["ada@example.net", "countess@example.com"]


@pytest.mark.parametrize(
    ("line", "breaks", "said"),
    [
        ("followupd show ad", "@:=", ["plain,ada@example.net"]),
        ("followupd show ada@ex", "@:=", ["plain,@example.net"]),
        ("followupd show ada@ex", "", ["plain,ada@example.net"]),
        ("followupd show ada@example.net ", "@:=", []),
        ("followupd show 'ad", "@:=", ["plain,ada@example.net"]),
    ],
)
@pytest.mark.usefixtures("ada")
def test_bash_gets_back_what_it_takes_for_the_word(
    config: Path, monkeypatch: pytest.MonkeyPatch, line: str, breaks: str, said: list[str]
) -> None:
    monkeypatch.setenv("FOLLOWUPD_CONFIG", str(config))
    for name, value in {"COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_BREAKS": breaks}.items():
        monkeypatch.setenv(name, value)
    assert WholeWords(followupd, {}, "followupd", "_FOLLOWUPD_COMPLETE").complete().splitlines() == said


def test_completing_a_command_imports_none(config: Path) -> None:
    program = (
        "import os, sys; from followupd.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    line = {"COMP_LINE": "followupd sh", "COMP_POINT": "12", "_FOLLOWUPD_COMPLETE": "bash_complete"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, **line}
    )
    assert done.stdout == "plain,show\n"
    assert not {"followupd.cli.reading", "sqlite3", "jinja2", "rich"} & set(done.stderr.split())


SHELLS = {
    "bash": (["bash", "--norc", "-i"], 'eval "$(followupd completion bash)"; echo re""ady\n'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -Uz compinit; compinit -u -D; eval "$(followupd completion zsh)"; echo re""ady\n',
    ),
    "fish": (["fish", "--no-config", "-i"], 'followupd completion fish | source; echo re""ady\n'),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_an_address_that_is_typed_past_its_at(config: Path, ada: str, shell: str) -> None:
    if shutil.which(shell) is None and os.environ.get(REQUIRED) != "required":
        pytest.skip(f"there is no {shell}")
    command, begin = SHELLS[shell]
    environment = {
        **os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "FOLLOWUPD_CONFIG": str(config), "TERM": "xterm",
        "COLUMNS": "200", "HOME": str(config.parent),
    }  # fmt: skip
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    try:
        os.write(terminal, begin.encode())
        _until(terminal, r"\nready|\rready")
        os.write(terminal, b"followupd stop ada@ex\t")
        _until(terminal, r"example\.net ?")
        os.write(terminal, b"--json\n")
        screen = _until(terminal, r'"stopped"')
    finally:
        os.close(terminal)
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    assert '"email": "ada@example.net"' in screen


def _until(terminal: int, wanted: str) -> str:
    """Read what a terminal shows until something stands there."""
    seen, end = "", time.monotonic() + 30
    while not re.search(wanted, seen):
        assert time.monotonic() < end, seen
        if select.select([terminal], [], [], 1)[0]:
            seen += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", os.read(terminal, 4096).decode(errors="replace"))
    return seen
