"""The command that describes the JSON of all others."""

import json
from pathlib import Path
from typing import Any, Final

import click

from followupd.cli.output import say

READ: Final = "before_letter"
"""What a program of the user's reads is described, too."""
SHIPPED: Final = Path(__file__).parents[1] / "views" / "schema.json"


@click.command("schema")
@click.argument("command", nargs=-1, metavar="[COMMAND]...")
def schema_command(command: tuple[str, ...]) -> None:
    """Print the JSON Schema of what a command prints with --json; without COMMAND, that of all.

    `followupd schema before_letter` is that of what your own program reads before a letter goes. Example:

    followupd schema outbox list
    """
    whole: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    name = " ".join(command)
    if name == READ:
        whole["properties"][READ] = whole["$defs"][READ]
    if name and name not in whole["properties"]:
        raise click.UsageError(f"{name!r} prints no JSON; these do: {', '.join(whole['properties'])}.")
    if name:
        whole = {
            "$schema": whole["$schema"],
            "title": f"What followupd {name} prints with --json" if name != READ else "What your program reads",
            **whole["properties"][name],
            "$defs": whole["$defs"],
        }
    say(json.dumps(whole, indent=2, ensure_ascii=True))
