"""Commands on templates: list, show, new, check."""

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say, say_json, show, tell
from followupd.cli.session import Session
from followupd.views import text
from followupd.views.screen import Table


@click.group("templates")
def templates_command() -> None:
    """List, show, begin and check templates.

    Example: followupd templates list
    """


@templates_command.command("list")
@json_option
@click.pass_obj
def templates_list(session: Session, *, as_json: bool) -> None:
    """Show all templates, what each is for, and where it comes from.

    Example: followupd templates list --json
    """
    from followupd.actions import templating

    found = templating.listing(session.desk)
    if as_json:
        keys = ("name", "description", "path", "shipped", "cadences", "languages")
        say_json([{key: getattr(one, key) for key in keys} for one in found])
        return
    rows = [
        (
            one.name,
            "ships" if one.shipped else "yours",
            ", ".join(one.languages),
            ", ".join(one.cadences) or "-",
            one.description,
        )
        for one in found
    ]
    show(Table(("template", "from", "in", "cadences", "for"), rows, (18, 5, 8, 18, 60)))


@templates_command.command("show")
@click.argument("name", shell_complete=completing.templates)
@click.option("--language", default="", metavar="CODE", help="As letters in this language get it: de.")
@json_option
@click.pass_obj
def templates_show(session: Session, name: str, language: str, *, as_json: bool) -> None:
    """Show a template as it lies on disk.

    Example: followupd templates show opening --language de
    """
    from followupd.actions import templating

    found, written = templating.show(session.desk, name, language)
    if as_json:
        say_json({"name": found.name, "description": found.description, "path": str(found.path), "text": written,
                  "language": found.language})  # fmt: skip
    else:
        say(text.safe_lines(written))


@templates_command.command("new", short_help="Begin a template in your own folder.")
@click.argument("name", shell_complete=completing.templates)
@click.option("--language", default="", metavar="CODE", help="For letters in this language alone: de.")
@json_option
@click.pass_obj
def templates_new(session: Session, name: str, language: str, *, as_json: bool) -> None:
    """Begin a template in your own folder; nothing that is there is replaced.

    Example: followupd templates new thank-you --language de
    """
    from followupd.actions import templating

    path = templating.new(session.desk, name, language)
    if as_json:
        say_json({"name": name, "path": str(path)})
    else:
        tell(f"{text.safe(str(path))}: edit it, then: followupd templates check {name}")


@templates_command.command("check", short_help="Write templates to a sample contact, and judge the letters.")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=completing.templates)
@json_option
@click.pass_obj
def templates_check(session: Session, names: tuple[str, ...], *, as_json: bool) -> None:
    """Write templates to a sample contact and judge the letters; status 1 if anything would hold one.

    Example: followupd templates check opening
    """
    from followupd.actions import templating
    from followupd.core.lint import rules
    from followupd.core.model import Severity
    from followupd.views.findings import document, lines

    found = templating.check(session.desk, names)
    if as_json:
        say_json(document(found))
    else:
        say(lines(found) or "nothing to mend")
    if any(rules.severity(one) is Severity.ERROR for one in found):
        click.get_current_context().exit(1)
