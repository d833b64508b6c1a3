"""Every command has a manual page, made from its help, that roff reads without a word of complaint."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from followupd.cli import manual
from followupd.cli.group import followupd
from followupd.cli.lazy import COMMANDS
from tests.cli.conftest import Run

PAGES = manual.pages()


def below(words: tuple[str, ...], command: click.Command) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [words]
    context = click.Context(command)
    found = [below((*words, name), one) for name in command.list_commands(context)
             if (one := command.get_command(context, name)) is not None]  # fmt: skip
    return [words, *(one for each in found for one in each)]


ALL = below((), followupd)


def test_every_command_has_a_page_and_there_is_no_other() -> None:
    assert {f"{'-'.join(('followupd', *words))}.1" for words in ALL} == PAGES.keys()
    assert {f"followupd-{name}.1" for family in COMMANDS.values() for name in family} <= PAGES.keys()


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_page_says_all_that_the_help_says(words: tuple[str, ...]) -> None:
    page = PAGES[f"{'-'.join(('followupd', *words))}.1"]
    context, command = manual._found(words)
    plain = re.sub(r"\\([e&-]|\(dq)", lambda found: {"e": "\\", "&": "", "-": "-", "(dq": '"'}[found[1]], page)
    said = " ".join(plain.split())
    for option in command.get_params(context):
        if isinstance(option, click.Option):
            assert max(option.opts, key=len) in said
            assert " ".join((option.help or "").split()) in said
    bare = re.sub(r"^\.\S*\s?", "", plain, flags=re.MULTILINE)
    for sentence in re.split(r"\n\s*\n|Example:", command.help or ""):
        assert " ".join(sentence.split()) in " ".join(bare.split())
    assert [line for line in page.splitlines() if line.startswith(".SH")][:4] == [
        ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_roff_has_nothing_to_complain_of() -> None:
    for name in ("followupd.1", "followupd-add.1", "followupd-outbox.1", "followupd-completion.1"):
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", "-z"], input=PAGES[name], capture_output=True, text=True, check=True
        )
        assert done.stderr == "", name


def test_no_word_of_help_becomes_a_request() -> None:
    assert manual._text(".TH x\n'y \\fB -- \"") == "\\&.TH x\n\\&'y \\efB \\-\\- \\(dq"


def test_pages_are_printed_or_written(run: Run, tmp_path: Path) -> None:
    assert run("man", "outbox", "show").out == PAGES["followupd-outbox-show.1"] + "\n"
    done = run("man", "--to", str(tmp_path / "man1"))
    assert (done.status, done.out) == (0, f"written: {len(PAGES)} pages in {tmp_path / 'man1'}\n")
    assert {path.name for path in (tmp_path / "man1").iterdir()} == PAGES.keys()
    assert run("man", "nothing").status == run("man", "show", "--to", str(tmp_path)).status == 2
    assert run("man", "--to", str(tmp_path / "config.toml" / "x")).status == 1
