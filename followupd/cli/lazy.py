"""The table of commands: help needs nothing but Click, and a command loads only what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is, and its one line of help."""

    module: str
    help: str


COMMANDS: Final[Mapping[str, Mapping[str, Place]]] = {
    "Begin": {
        "init": Place("init", "Set up: find your servers, try the logins, write the config."),
        "login": Place("login", "Give permission by OAuth 2.0, where no password is taken."),
        "check": Place("service", "Test everything a letter depends on, and say what to mend."),
        "demo": Place("demo", "Play more than a year with simulated mentors, in seconds."),
    },
    "People": {
        "add": Place("people", "Add a person and open a thread to them."),
        "edit": Place("people", "Change what is known of a person."),
        "note": Place("people", "Keep something new for the next letter."),
        "import": Place("exchanging", "Take in people from a file: CSV or vCard."),
        "export": Place("exchanging", "Give out everybody (CSV, JSON), or all about one person."),
        "forget": Place("privacy", "Erase a person wholly."),
        "news": Place("news", "Show what people have published, and take it for a note."),
        "list": Place("reading", "Show everybody: who waits for you, who is written to next."),
        "show": Place("reading", "Show one person's whole story."),
        "brief": Place("reading", "Show on one screen what you need before you write."),
        "log": Place("reading", "Show what happened, to everybody or to one."),
        "report": Place("reporting", "Write one page that shows everything: HTML, for the browser."),
    },
    "Letters": {
        "preview": Place("letters", "Show the letters exactly as they would go out."),
        "plan": Place("planning", "Show which letter goes to whom and when."),
        "lint": Place("linting", "Judge letters, people and templates, and say what to mend."),
        "templates": Place("templating", "List, show, begin and check templates."),
        "outbox": Place("letters", "Settle the letters that wait for you."),
        "explain": Place("judging", "Judge .eml files as the daemon would."),
    },
    "Threads": {
        "pause": Place("threads", "Stop the clock of a thread, or of all."),
        "resume": Place("threads", "Let a paused or held thread go on."),
        "snooze": Place("threads", "Send nothing to somebody before a day."),
        "stop": Place("threads", "End a thread."),
        "reopen": Place("threads", "Start an ended thread again."),
        "answered": Place("threads", "Count an answer that came another way, or say that a message was none."),
        "owed": Place("promises", "Show what you owe to those who answered."),
        "delivered": Place("promises", "Say that somebody has got what you offered."),
    },
    "Shell": {
        "completion": Place("shells", "Print what bash, zsh or fish need to complete words."),
        "man": Place("shells", "Print a manual page, or write all of them."),
    },
    "Service": {
        "run": Place("service", "Watch the mailbox and send what is due: the daemon."),
        "status": Place("service", "Show how the daemon and its queue do."),
        "digest": Place("digesting", "Show what the next mail to yourself says, or send it."),
        "service": Place("hosting", "Show or install what the machine needs to run it by itself."),
        "mcp": Place("assistant", "Let an assistant look and propose; it can send nothing."),
        "schema": Place("describing", "Print the JSON Schema of what --json prints."),
        "backup": Place("moving", "Copy the database while the daemon runs."),
        "restore": Place("moving", "Put a backup in the place of the database."),
    },
}
"""Commands by family, in the order in which help shows them."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Give the names of all commands."""
        return [name for family in COMMANDS.values() for name in family]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None if there is none of that name."""
        for family in COMMANDS.values():
            if cmd_name in family:
                module = import_module(f"followupd.cli.{family[cmd_name].module}")
                found: click.Command = getattr(module, f"{cmd_name}_command")
                return found
        return None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Offer commands with their lines of help without importing any of them, and the options of the group."""
        from click.shell_completion import CompletionItem

        known = ((name, place.help) for family in COMMANDS.values() for name, place in family.items())
        found = [CompletionItem(name, help=about) for name, about in known if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to run; a misspelt one is answered with the nearest."""
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx):
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands by family."""
        for family, commands in COMMANDS.items():
            with formatter.section(family):
                formatter.write_dl([(name, place.help) for name, place in commands.items()])
