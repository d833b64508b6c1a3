"""Commands on people: add, edit, note."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session
from followupd.cli.types import DAY_IN_WORDS, meant

if TYPE_CHECKING:
    from followupd.actions.adoption import Looked
    from followupd.core.model import Case

F = TypeVar("F", bound=Callable[..., Any])

FIELDS: Final[Mapping[str, str]] = {
    "name": "Their name, as you would write it on an envelope.",
    "org": "Where they work.",
    "role": "What they do there.",
    "ask": "The one thing you ask, in a sentence.",
    "offer": "What you offer in return, in a sentence.",
    "admire": "What exactly you respect about their work, in a sentence.",
    "situation": "Your own situation, to which their experience should apply.",
    "goal": "Where it should take you.",
    "arrangement": "Formal or informal, paid or free.",
    "timezone": "Where they live, like Europe/Lisbon.",
    "country": "For public holidays: PT, or with a part of the country DE-BY.",
    "language": "The language to write in: en.",
    "blackout": 'Days without letters: "2027-05-01 to 2027-05-20, 12-20 to 01-06".',
    "offer_of": "The kind of offer it is, by its name in the config; no more are made than you can keep.",
}


def field_options(command: F) -> F:
    """Add an option for every field of a contact."""
    for name, text in reversed(list(FIELDS.items())):
        command = click.option(f"--{name.replace('_', '-')}", help=text)(command)
    return command


@click.command("add")
@click.argument("email")
@field_options
@click.option("--alias", multiple=True, metavar="EMAIL", help="Another address of theirs; may be repeated.")
@click.option(
    "--tag", shell_complete=completing.tags, multiple=True, help="A word to group people by; may be repeated."
)
@click.option(
    "--cadence",
    shell_complete=completing.cadences,
    default="",
    metavar="NAME",
    help="The cadence, instead of the default one.",
)
@click.option("--first-on", type=DAY_IN_WORDS, help="The day of the opening letter.")
@click.option("--account", metavar="NAME", help="Write by this account of yours, instead of the first one.")
@click.option("--sent-already", metavar="MESSAGE-ID", help="Begin with this letter, which you sent by hand.")
@click.option("--referred-by", default="", metavar="EMAIL", help="Who sent you to them; the letter says so.")
@click.option("--no-look", is_flag=True, help="Leave it to the daemon to look in Sent whether you write with them.")
@json_option
@click.pass_obj
def add_command(session: Session, /, email: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Add a person and open a thread to them.

    On a terminal it leads through what is missing, and shows the opening letter before anybody is added. It looks
    through your Sent folder: somebody whom you have written to by hand gets no opening letter before you say so.

    Example:

    followupd add ada@example.org --name "Ada Lovelace" --admire "Your notes on the engine." --ask "..." --offer "..."
    """
    from followupd.actions import adoption, belonging, contacts
    from followupd.cli.guiding import NEEDED, Wanted, guide
    from followupd.cli.questions import Questions
    from followupd.core.connections import MAIN
    from followupd.core.model import Contact

    letter = given["sent_already"]
    if letter is not None and (given["first_on"] or given["no_look"]):
        raise click.UsageError("With --sent-already the letter is out: it goes without --first-on and --no-look.")
    known = belonging.account_of(session.desk, email) if letter is not None else None
    app = session.app(known or given["account"], hurried=letter is None)
    fields = {name: given[name] or "" for name in FIELDS}
    bare = Contact(addresses=(email, *given["alias"]), tags=given["tag"], account=given["account"] or MAIN)
    person = replace(contacts.with_fields(bare, fields), referred_by=given["referred_by"])
    cadence, key = given["cadence"], ""
    first_on = _first_on(given["first_on"], fields["country"], session.now.date(), as_json=as_json)
    guided = sys.stdin.isatty() and sys.stdout.isatty() and not as_json and known is None
    if guided and not all(map(fields.get, NEEDED)):
        wanted = Wanted(contact=person, cadence=cadence, first_on=first_on, written=letter is not None)
        answered = guide(app, wanted, Questions(asking=True))
        if answered is None:
            tell("nobody was added")
            return
        person, cadence, key = answered
    if letter is not None:
        case = adoption.adopt(app, person, cadence, letter)
    else:
        case = contacts.add(app, person, cadence, first_on, key)
    _told_with_look(session, adoption.try_to_look(app, case) if not given["no_look"] else None, case, as_json=as_json)
    _told_of_referrer(session, person.referred_by, as_json=as_json)


@click.command("edit")
@click.argument("email", shell_complete=completing.people)
@field_options
@click.option("--email", "new_email", metavar="EMAIL", help="Write to this address from now on.")
@click.option("--alias", multiple=True, metavar="EMAIL", help="Another address of theirs; may be repeated.")
@click.option(
    "--tag",
    shell_complete=completing.tags,
    multiple=True,
    help='Their tags, instead of the ones they have; may be repeated; "" for none.',
)
@click.option(
    "--cadence", shell_complete=completing.cadences, metavar="NAME", help="Another cadence; the next date follows."
)
@click.option("--account", metavar="NAME", help="Write by another account of yours, if they got no letter yet.")
@click.option("--referred-by", metavar="EMAIL", help='Who sent you to them; the first letter says so. "" for nobody.')
@json_option
@click.pass_obj
def edit_command(session: Session, /, email: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Change what is known of a person.

    Example: followupd edit ada@example.org --timezone Europe/London
    """
    from followupd.actions import contacts

    wanted = contacts.Edit(
        fields={name: given[name] for name in FIELDS if given[name] is not None},
        email=given["new_email"],
        aliases=given["alias"],
        tags=tuple(one for one in given["tag"] if one) if given["tag"] else None,
        cadence=given["cadence"],
        account=given["account"],
        referred_by=given["referred_by"],
    )
    if wanted == contacts.Edit(fields={}, aliases=()):
        raise click.UsageError("Say what to change.")
    case = contacts.edit(session.desk, email, wanted)
    _told(session, case.contact.email, as_json=as_json)
    _told_of_referrer(session, given["referred_by"] or "", as_json=as_json)


@click.command("note")
@click.argument("email", shell_complete=completing.people)
@click.argument("text", default="")
@click.option("--url", default="", help="Where it can be read; the letter names it.")
@click.option("--expires", type=DAY_IN_WORDS, help='The last day on which it is news: 2027-03-01, "in 2 months".')
@click.option("--milestone", default="", metavar="NAME", help="It says that this was reached; a step may wait for it.")
@click.option("--met", is_flag=True, help="You met or spoke: the wait of the next letter counts from today.")
@json_option
@click.pass_obj
def note_command(session: Session, /, email: str, text: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Keep something new for the next letter, or note that you met.

    Each letter tells the freshest note that no letter has told; a note is told once.

    Example: followupd note ada@example.org "We used your method, and the queue is gone."
    """
    from followupd.actions import contacts

    about = {name: given[name] for name in ("url", "milestone", "expires")}
    if given["met"] and any(about.values()):
        raise click.UsageError("A meeting is no news: --met goes without --url, --expires and --milestone.")
    if given["met"]:
        case = contacts.met(session.desk, email, text)
    else:
        about["expires"] = _day(session, email, given["expires"], as_json=as_json)
        case = contacts.note(session.desk, email, text, contacts.About(**about))
    _told(session, case.contact.email, as_json=as_json)


def _day(session: Session, email: str, said: str | None, *, as_json: bool) -> date | None:
    """Give the day that was said, as it is meant where they live."""
    from followupd.actions.word import find

    country = find(session.desk, email).contact.country if said is not None else ""
    return _first_on(said, country, session.now.date(), as_json=as_json)


def _first_on(said: str | None, country: str, today: date, *, as_json: bool) -> date | None:
    """Give the day that was said, as it is meant where they live, and tell which it is."""
    if said is None:
        return None
    day, rule = meant(said, country, today)
    if rule and not as_json:
        tell(f"{said}: {day.isoformat()}, {rule}")
    return day


def _told_with_look(session: Session, looked: "Looked | None", case: "Case", *, as_json: bool) -> None:
    """Tell what was added, and what the mailbox had of it before."""
    from followupd.cli.reading import story
    from followupd.views import document, text

    found = looked.found if looked else None
    if as_json:
        say_json(
            story(session.desk, looked.case if looked else case)
            | {
                "looked": looked is not None and not looked.trouble,
                "trouble": looked.trouble if looked else "",
                "written_before": document.written(case.contact, found) if found else None,
            }
        )
        return
    _told(session, case.contact.email, as_json=False)
    if looked is not None and looked.trouble:
        tell(f"the mailbox was not looked through; that is done before a letter goes: {text.safe(looked.trouble)}")
    if found is not None:
        for line in text.written(case.contact, found, session.now):
            tell(line)


def _told(session: Session, email: str, *, as_json: bool) -> None:
    from followupd.actions.word import find
    from followupd.cli.reading import story
    from followupd.views.text import when

    case = find(session.desk, email)
    if as_json:
        say_json(story(session.desk, case))
    else:
        at = when(case.thread.next_at, session.now)
        tell(f"{case.contact.email}: {case.thread.state}; next letter: {at}")


def _told_of_referrer(session: Session, email: str, *, as_json: bool) -> None:
    """Tell that whoever referred the user to somebody gets no more letters, and how they would."""
    from followupd.actions.word import find
    from followupd.core.model import State
    from followupd.views.text import safe

    if not email or as_json:
        return
    case = find(session.desk, email)
    if case.thread.state is State.STOPPED:
        tell(safe(f"{case.contact.email}: {case.thread.state}; {case.thread.reason}"))
