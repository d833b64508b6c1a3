"""The example names every key there is, is the one in the repository, and is itself a config."""

import tomllib
from dataclasses import replace
from pathlib import Path

from followupd.config import example
from followupd.config.file import read
from followupd.config.schema import Config
from tests.config.conftest import LEAST, Reader

LETTERS = "abcdefghijklmnopqrstuvwxyz"
COMMITTED = Path(__file__).parents[2] / "config.example.toml"


def test_the_committed_example_is_the_one_that_the_declarations_make() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == example.text()


def test_the_example_is_a_config(file: Path) -> None:
    assert read(COMMITTED).policy.me.email == "ada@example.org"


def test_what_the_example_shows_as_a_default_is_the_default(reading: Reader, file: Path) -> None:
    least = LEAST.replace('"Ada"', '"Ada Lovelace"')
    assert replace(read(COMMITTED), source=file, templates=file.parent / "templates") == reading(least)


def test_every_key_can_be_used_as_the_example_shows_it(reading: Reader) -> None:
    lines = example.text().splitlines()
    uncommented = [
        line[2:] if line.startswith("# ") and " = " in line and line[2] in LETTERS else line for line in lines
    ]
    found = tomllib.loads("\n".join(uncommented))
    for table in Config.declared():
        section = getattr(table.kind, "__self__", None)
        if section is not None:
            assert set(found[table.name]) == {key.name for key in section.declared()}
    assert reading("\n".join(uncommented)).policy.me.name == "Ada Lovelace"


def test_values_can_be_put_into_it(reading: Reader) -> None:
    found = reading(
        example.text(
            {
                "me.name": 'Zoë "Z" \\',
                "imap.port": 1143,
                "smtp.password": {"command": ["pass", "mail"]},
                "window.days": ["mon"],
                "sending.approve": True,
            }
        )
    )
    assert found.policy.me.name == 'Zoë "Z" \\'
    assert found.imap.server.port == 1143
    assert found.smtp.server.password.command == ("pass", "mail")
    assert found.policy.window.days == {0}
    assert found.policy.approve


def test_no_line_is_too_long_to_read() -> None:
    assert max(map(len, example.text().splitlines())) <= 120
