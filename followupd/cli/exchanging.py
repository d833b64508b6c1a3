"""Commands that take people in from files and give them out: import, export."""

import functools
import json
import sys
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session
from followupd.cli.types import DAY_IN_WORDS, meant
from followupd.views.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from followupd.actions.importing import Imported

_LARGE: Final = 5000
"""People; reading in more shows how far it is."""
_NAMED: Final = 20
"""How many of those who are left out are named; --json names all."""


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--skip-known", is_flag=True, help="Leave people who are known as they are, whatever the file says.")
@click.option(
    "--cadence",
    shell_complete=completing.cadences,
    default="",
    metavar="NAME",
    help="The cadence of those for whom the file names none.",
)
@click.option("--first-on", type=DAY_IN_WORDS, help="The day of the opening letter where the file names none.")
@click.option(
    "--tag", shell_complete=completing.tags, multiple=True, help="A tag for everybody in the file; may be repeated."
)
@click.option("--encoding", default="", metavar="NAME", help="How the text is written, if not as UTF-8: cp1252.")
@json_option
@click.pass_obj
def import_command(
    session: Session,
    file: BinaryIO,
    *,
    dry_run: bool,
    skip_known: bool,
    cadence: str,
    first_on: str | None,
    tag: tuple[str, ...],
    encoding: str,
    as_json: bool,
) -> int:
    """Take in people from a file: all of them, or none and every error with its line.

    FILE is a table (CSV, with the columns of Google Contacts, Outlook, HubSpot, Pipedrive or Salesforce, or with names
    like email, name, org, ask, offer) or vCards; - is standard input. Reading a file again changes nothing.

    Example: followupd import mentors.csv --dry-run
    """
    from followupd.actions.arriving import Wanted
    from followupd.actions.importing import import_people
    from followupd.exchange.reading import read

    try:
        sheet = read(file.read(), encoding)
    except LookupError:
        raise click.UsageError(f"There is no encoding {encoding!r}.") from None
    wanted = Wanted(
        cadence=cadence,
        first_on=_day(session, first_on),
        tags=tuple(one for one in tag if one),
        skip_known=skip_known,
        dry_run=dry_run,
    )
    with _shown(len(sheet.rows)) as progress:
        found = import_people(session.desk, sheet, wanted, progress)
    if as_json:
        say_json(_document(found, dry_run=dry_run))
        return 1 if found.faults else 0
    _tell(found, file.name, dry_run=dry_run)
    policy = session.settings.policy
    if found.added > policy.daily_limit and not policy.max_open:
        tell(
            f"at most {policy.daily_limit} letters leave in a day, follow-ups among them; "
            "to ask only so many people at once, set patience.max_open"
        )
    return 0


@click.command("export")
@click.argument("target", metavar="FILE|EMAIL", required=False)
@click.option("--person", metavar="EMAIL", help="Everything that is kept about one person, as JSON.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), help="What to write, whatever the name.")
@click.pass_obj
def export_command(session: Session, target: str | None, *, person: str | None, form: str | None) -> None:
    """Give out everybody, or everything that is kept about one person.

    FILE ends in .csv, .json or .jsonl (JSON Lines); - is standard output. The table is what import reads, and no cell
    of it is a formula. With an address instead of a file: all about that person, for them to have.

    Example: followupd export people.csv
    """
    from followupd.actions import exporting
    from followupd.cli.reading import story

    if target is not None and person is None and form is None and _is_address(target):
        target, person = "-", target
    if person is None and target is None:
        raise click.UsageError("Say which file to write, or - for standard output.")
    target = target or "-"
    desk, shown = session.desk, target == "-"
    if person is None:
        told = functools.partial(story, desk)
        texts = exporting.people(desk, exporting.Format(form or _format(target)), told, plain=shown)
    else:
        if form not in {None, "json"} or not (shown or target.endswith(".json")):
            raise click.UsageError("Everything about one person is written as JSON.")
        found = exporting.person(desk, person, functools.partial(story, desk))
        texts = (text for text in (json.dumps(found, indent=2, ensure_ascii=shown), "\n"))
    # a reader who goes away in the middle (`| head`) ends it, before the database is closed
    with closing(texts):
        if not shown:
            exporting.save(texts, Path(target))
            tell(f"written: {safe(target)}")
            return
        for text in texts:
            click.echo(text, nl=False)


def _is_address(text: str) -> bool:
    """Tell an address from the name of a file: a file's has an end that is known, or a folder."""
    return "@" in text and "/" not in text and Path(text).suffix.lower() not in {".csv", ".json", ".jsonl"}


def _format(target: str) -> str:
    end = Path(target).suffix.lower().removeprefix(".")
    if target == "-":
        return "csv"
    if end not in {"csv", "json", "jsonl", "ndjson"}:
        raise click.UsageError(f"{target}: what is it to be? Let it end in .csv, .json or .jsonl, or say --format.")
    return "jsonl" if end == "ndjson" else end


def _day(session: Session, said: str | None) -> date | None:
    return meant(said, "", session.now.date())[0] if said is not None else None


def _document(found: "Imported", *, dry_run: bool) -> dict[str, object]:
    return {
        "kind": found.kind,
        "dry_run": dry_run,
        "added": found.added,
        "known": found.known,
        "without_ask": found.askless,
        "errors": [{"line": one.line, "message": one.what, "hint": one.hint} for one in found.faults],
        "left_out": [{"line": one.line, "message": one.what} for one in found.left_out],
        "columns_not_read": list(found.unread),
    }


def _tell(found: "Imported", name: str, *, dry_run: bool) -> None:
    """Say what was done; raise the error that names all faults."""
    from followupd.exchange.rows import FaultyFileError

    if found.faults:
        raise FaultyFileError(found.faults, where=name)
    would = "would be added" if dry_run else "added"
    known = f", {found.known} known already" if found.known else ""
    tell(f"{safe(name)} ({found.kind}): {found.added} {would}{known}")
    if found.unread:
        tell(f"columns that were not read: {safe(', '.join(found.unread))}")
    if found.left_out:
        tell(f"left out: {len(found.left_out)}")
        for one in found.left_out[:_NAMED]:
            tell(f"  {safe(str(one))}")
    if found.askless:
        tell(f"{found.askless} without a question (ask): their letters wait for it; see: followupd lint")


@contextmanager
def _shown(count: int) -> "Iterator[Callable[[str, int, int], None] | None]":
    """Show on a terminal how far a long reading is."""
    if count < _LARGE or not sys.stderr.isatty():
        yield None
        return

    def show(what: str, done: int, of: int) -> None:
        click.echo(f"\r{what}: {done} of {of} ", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo(f"\r{' ' * 40}\r", nl=False, err=True)
