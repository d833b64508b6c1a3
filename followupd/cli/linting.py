"""The command that judges letters, contacts and templates: lint."""

import click

from followupd.cli.output import json_option, say, say_json
from followupd.cli.session import Session


@click.command("lint")
@click.argument("email", required=False)
@click.option("--template", "name", metavar="NAME", help="Judge this template alone, as a sample contact would get it.")
@json_option
@click.pass_obj
def lint_command(session: Session, email: str | None, name: str | None, *, as_json: bool) -> None:
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
    desk = session.desk
    if name is not None:
        found = linting.templates(desk, [name])
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
