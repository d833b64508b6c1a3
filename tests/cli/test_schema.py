"""What every command prints with --json is what its JSON Schema says: no key undeclared, none missing.

A key that is added to a document and not to the schema, or taken away, makes the test of its command fail.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from followupd.cli.describing import SHIPPED
from followupd.cli.group import followupd
from followupd.core.model import LetterState
from followupd.demo.story import Outcome
from tests.cli.conftest import Done, Run
from tests.cli.test_import import PEOPLE
from tests.cli.test_outbox import put

WHOLE: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
ADA, BEA = "ada@example.net", "bea@example.net"
OTHERS = {"export", "export EMAIL"}
"""Documents of commands whose option is not --json."""
ELSEWHERE = {"demo", "outbox approve", "outbox discard", "outbox retry", "outbox sent", "outbox show"}
"""Commands that need a letter or a year: held by the tests below, and by tests/demo."""
SERVERS = " --imap-host 127.0.0.1 --imap-security none --smtp-host 127.0.0.1 --smtp-security none"
SAID = {
    "add": ["add new@example.net --no-look --json", "add new@example.org --json"],
    "edit": [f"edit {ADA} --org Engines --json"],
    "note": [f"note {ADA} News --expires 2040-02-01 --url https://x.example/y --json", f"note {ADA} --met Tea --json"],
    "import": [f"import {PEOPLE / 'hubspot.csv'} --json", f"import {PEOPLE / 'ada_3.vcf'} --dry-run --json",
               "import {mail} --json"],
    "export": ["export - --format json"],
    "export EMAIL": [f"export {ADA}"],
    "forget": [f"forget {BEA} --json"],
    "news": ["news --json", f"news {ADA} --propose Words --url https://x.example/ --json", "news --json",
             "news --take 1 --json", f"news {ADA} --propose More --json", "news --drop 2 --json"],
    "list": ["list --json", "list --queue --json"],
    "show": [f"show {ADA} --json", f"show {BEA} --json"],
    "brief": [f"brief {ADA} --json", f"brief {BEA} --json"],
    "log": ["log --json", f"log {ADA} --json"],
    "report": ["report --json"],
    "preview": [f"preview {ADA} --all --json", f"preview {ADA} --as-inbox --json"],
    "plan": ["plan --json", "plan --until 2042-01-01 --why --json"],
    "lint": ["lint --json"],
    "templates list": ["templates list --json"],
    "templates show": ["templates show opening --json"],
    "templates new": ["templates new thanks-again --json"],
    "templates check": ["templates check opening --json"],
    "outbox list": ["outbox list --json"],
    "explain": ["explain {mail} --json"],
    "pause": [f"pause {ADA} --json", "pause --all --json"],
    "resume": [f"pause {ADA} --json", f"resume {ADA} --json", "pause --all --json", "resume --all --json"],
    "snooze": [f"snooze {ADA} --until 2041-01-01 --json"],
    "stop": [f"stop {ADA} --json"],
    "reopen": [f"stop {ADA} --json", f"reopen {ADA} --json"],
    "answered": [f"answered {ADA} --via phone --json"],
    "owed": ["owed --json"],
    "delivered": [f"delivered {BEA} --json"],
    "digest": ["digest --json"],
    "status": ["status --json"],
    "check": ["check --json"],
    "init": [f"init --no-input --untested --name Max --email max@example.org{SERVERS} --json"],
    "restore": ["restore {backup} --json"],
    "service install": ["service install cron --folder {folder} --json"],
}  # fmt: skip
SETTLES = {"resume": "pause", "reopen": "stop"}


def commands(group: click.Group, context: click.Context, name: str = "") -> Iterator[str]:
    """Give every command that has --json."""
    for sub in group.list_commands(context):
        command = group.get_command(context, sub)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, click.Context(command, parent=context), f"{name}{sub} ")
        elif any(param.name == "as_json" for param in command.params):
            yield f"{name}{sub}"


def strict(schema: Any, *, within: bool = False) -> Any:
    """Give a schema that refuses keys which it does not name."""
    if isinstance(schema, list):
        return [strict(one, within=within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) if key != "properties" else {k: strict(v) for k, v in value.items()}
             for key, value in schema.items()}  # fmt: skip
    if "$ref" in schema or ("properties" in schema and "additionalProperties" not in schema and not within):
        found["unevaluatedProperties"] = False
    return found


def validator(name: str) -> jsonschema.Draft202012Validator:
    closed = {name: strict(one) for name, one in copy.deepcopy(WHOLE["$defs"]).items()}
    for shared in ("person", "letter"):
        # commands add keys of their own to these; what uses them is closed instead
        closed[shared].pop("unevaluatedProperties")
    schema = {**strict(copy.deepcopy(WHOLE["properties"][name])), "$defs": closed}
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def hold(name: str, done: Done) -> Any:
    document = done.document
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator(name).iter_errors(document)]
    assert errors == []
    return document


def test_the_schema_is_one_and_covers_every_command_that_has_json() -> None:
    jsonschema.Draft202012Validator.check_schema(WHOLE)
    known = set(commands(followupd, click.Context(followupd)))
    assert set(WHOLE["properties"]) == known | OTHERS
    assert known | OTHERS == set(SAID) | ELSEWHERE


@pytest.fixture
def world(run: Run, ada: str, tmp_path: Path) -> dict[str, str]:
    """Ada waits; Bea has answered and is owed something; a message and a backup lie on disk."""
    run("add", BEA, "--name", "Bea", "--offer", "A loaf.", "--tag", "bread", "--no-look")
    run("answered", BEA, "--via", "phone")
    mail = tmp_path / "away.eml"
    mail.write_bytes(
        b"From: ada@example.net\r\nTo: max@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n"
        b"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\nI am back on 7 December 2026.\r\n"
    )
    run("backup", str(tmp_path / "copy.db"))
    return {"mail": str(mail), "backup": str(tmp_path / "copy.db"), "folder": str(tmp_path)}


@pytest.mark.parametrize("name", sorted(SAID))
def test_what_a_command_prints_is_what_its_schema_says(run: Run, world: dict[str, str], name: str) -> None:
    for said in SAID[name]:
        done = run(*said.format(**world).split())
        other = SETTLES.get(name)
        hold(other if other and said.startswith(other) else name, done)


def test_letters_that_are_settled(run: Run, config: Path, ada: str) -> None:
    letter = str(put(config, ada, LetterState.HELD, "letter 1 waits for your approval"))
    hold("outbox list", run("outbox", "list", "--json"))
    hold("outbox show", run("outbox", "show", letter, "--json"))
    hold("outbox approve", run("outbox", "approve", letter, "--json"))
    hold("outbox discard", run("outbox", "discard", letter, "--json"))


@pytest.mark.parametrize("word", ["sent", "retry"])
def test_letters_in_doubt(run: Run, config: Path, ada: str, word: str) -> None:
    letter = str(put(config, ada, LetterState.UNCERTAIN, "nobody knows"))
    hold(f"outbox {word}", run("outbox", word, letter, "--json"))
    hold("show", run("show", ada, "--json"))


def test_the_demo(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Outcome(states={ADA: "answered"}, expected={ADA: "answered"}, letters=3, days=400, seconds=9.87)
    monkeypatch.setattr("followupd.demo.story.run", lambda **_: played)
    assert hold("demo", run("demo", "--json"))["ok"] is True


def test_a_key_that_nobody_declared_is_refused() -> None:
    good = {"email": ADA, "name": "", "what": "offer", "on": "2026-11-29", "text": "", "template": ""}
    assert validator("delivered").is_valid(good)
    assert not validator("delivered").is_valid(good | {"more": 1})
    assert not validator("delivered").is_valid({key: good[key] for key in good if key != "on"})
    assert not validator("delivered").is_valid(good | {"on": "soon"})


def test_the_schema_of_one_command_stands_by_itself(run: Run) -> None:
    whole = json.loads(run("schema").out)
    assert whole == WHOLE
    one = json.loads(run("schema", "outbox", "list").out)
    jsonschema.Draft202012Validator.check_schema(one)
    assert jsonschema.Draft202012Validator(one).is_valid([])
    assert not jsonschema.Draft202012Validator(one).is_valid({})
    assert run("schema", "backup").status == 2
