"""The pages build without a warning, and what they tell a newcomer to say works as it stands there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from followupd.cli import main
from followupd.cli.group import followupd

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def said(page: str) -> list[list[str]]:
    """Give every command of followupd that a page has in its blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("followupd ")]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FOLLOWUPD_CONFIG", "CREDENTIALS_DIRECTORY", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FOLLOWUPD_PASSWORD", "a secret")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tutorial_works_from_an_empty_home(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    commands = said("tutorial.md")
    assert len(commands) > 10
    for command in commands:
        status = main(command)
        out, err = capfd.readouterr()
        assert (status, err) == (0, ""), f"followupd {shlex.join(command)}\n{out}{err}"
        assert out.strip(), f"followupd {shlex.join(command)} says nothing"


def test_a_page_on_services_shows_what_is_there(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shown = [command for command in said("service.md") if command[0] == "service"]
    assert len(shown) == 3
    for command in shown:
        assert main([*command, "--program", "/usr/bin/env"]) == 0
        assert "/usr/bin/env" in capfd.readouterr().out or command[-1] == "container"


def named(page: Path) -> list[list[str]]:
    """Give every command of followupd that a page names, in its blocks and in its lines, as far as it is one line."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    said = [block for language, block in blocks if language in {"", "sh", "console"}]
    lines = [line for block in said for line in block.replace("\\\n", " ").splitlines()]
    for paragraph in re.sub(r"```.*?```", "", text, flags=re.DOTALL).split("\n\n"):
        lines += paragraph.replace("\n", " ").split("`")[1::2]
    bare = (re.split(r" \\?[|#;] ", line.strip())[0].replace("[", "").replace("]", "") for line in lines)
    return [shlex.split(line)[1:] for line in bare if line.startswith("followupd ")]


def parsed(words: list[str]) -> None:
    """Read a command as the command line does, and carry nothing out."""
    group: click.Command = followupd
    context = group.make_context("followupd", words)
    while isinstance(group, click.Group):
        arguments = [*context._protected_args, *context.args]
        if not arguments:
            return
        name, found, rest = group.resolve_command(context, arguments)
        assert found is not None
        group, context = found, found.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", [*sorted(DOCS.glob("*.md")), ROOT / "README.md"], ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there_with_its_options(page: Path, home: Path) -> None:
    """What stands for something (`EMAIL`, `FILE`) may be refused; a command or an option that is none may not."""
    for command in named(page):
        try:
            parsed(command)
        except click.exceptions.NoSuchOption as error:
            pytest.fail(f"followupd {shlex.join(command)}: {error.message}")
        except (click.BadParameter, click.exceptions.NoArgsIsHelpError, click.exceptions.Exit):
            continue
        except click.UsageError as error:
            pytest.fail(f"followupd {shlex.join(command)}: {error.message}")


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "-q",
            "-f",
            ".ci/mkdocs.yml",
            "-d",
            str(tmp_path / "site"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout + built.stderr) == (0, "")
    assert (tmp_path / "site" / "tutorial" / "index.html").is_file()


def test_every_page_has_its_place() -> None:
    nav = (ROOT / ".ci" / "mkdocs.yml").read_text(encoding="utf-8")
    assert {path.name for path in DOCS.glob("*.md")} == set(re.findall(r"(\w+\.md)$", nav, re.MULTILINE))


def test_the_release_script_is_sound() -> None:
    subprocess.run(["bash", "-n", ".ci/release"], cwd=ROOT, check=True)
