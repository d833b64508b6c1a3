"""The command that judges letters, contacts and templates: lint."""

from typing import IO, Final

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say, say_json
from followupd.cli.session import Session

_LONGEST: Final = 100_000
"""Characters of a draft; a letter is read in a minute."""


@click.command("lint")
@click.argument("email", required=False, shell_complete=completing.people)
@click.option(
    "--template",
    "name",
    shell_complete=completing.templates,
    metavar="NAME",
    help="Judge this template alone, as a sample contact would get it.",
)
@click.option(
    "--draft",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help='Judge this text as the next letter to them; "-" for standard input.',
)
@json_option
@click.pass_obj
def lint_command(
    session: Session, email: str | None, name: str | None, *, draft: IO[str] | None, as_json: bool
) -> None:
    """Judge somebody's fields and letters to come, or everything; status 1 if anything would hold a letter.

    Example: followupd lint ada@example.org
    """
    from followupd.actions import linting
    from followupd.actions.word import find
    from followupd.core.lint import rules
    from followupd.core.model import Severity
    from followupd.views.findings import document, lines

    if email is not None and name is not None:
        raise click.UsageError("Say one of EMAIL and --template.")
    if draft is not None and email is None:
        raise click.UsageError("Say whom the draft is for: followupd lint EMAIL --draft FILE")
    desk = session.desk
    if name is not None:
        found = linting.templates(desk, [name])
    elif email is not None and draft is not None:
        found = linting.draft(desk, find(desk, email), _read(draft))
    elif email is not None:
        found = linting.lint(desk, find(desk, email))
    else:
        found = linting.everybody(desk)
    if as_json:
        say_json(document(found))
    else:
        say(lines(found) or "nothing to mend")
    if any(rules.severity(one) is Severity.ERROR for one in found):
        click.get_current_context().exit(1)


def _read(draft: IO[str]) -> str:
    from followupd.core.errors import FollowupdError

    try:
        return draft.read(_LONGEST)
    except UnicodeDecodeError:
        raise FollowupdError("this is no text in UTF-8", where=draft.name) from None
