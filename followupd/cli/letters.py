"""Commands on letters: preview, outbox."""

import sys
from typing import TYPE_CHECKING, Any

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say, say_json, show, tell
from followupd.cli.session import Session
from followupd.views import document, lists, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followupd.actions.preview import Previewed
    from followupd.core.model import Case, Letter


@click.command("preview")
@click.argument("email", shell_complete=completing.people)
@click.option("--step", type=click.IntRange(1), metavar="N", help="The letter of this step, instead of the next one.")
@click.option("--all", "everything", is_flag=True, help="All letters still to come.")
@click.option(
    "--template",
    shell_complete=completing.templates,
    metavar="NAME",
    help="A letter to send by hand, from any template: thank-you.",
)
@click.option("--raw", is_flag=True, help="The exact bytes.")
@click.option("--as-inbox", is_flag=True, help="The whole thread as it lies in their inbox: dates, subjects, words.")
@click.option(
    "--send-to",
    "own",
    metavar="ADDRESS",
    help="Send them to an address of your own, to read them in your mail program.",
)
@json_option
@click.pass_obj
def preview_command(session: Session, /, email: str, *, raw: bool, as_json: bool, **wanted: Any) -> None:  # noqa: ANN401
    """Show the letters exactly as they would go out, if nothing happened.

    With --template it is a letter that only you can send, in answer to theirs; --raw gives a file for mail programs.
    With --as-inbox it is all that this person has got and would get, a line each, and what it is together.
    With --send-to they come to you, as a test; nobody else can get one, and their thread stays as it was.

    Example: followupd preview ada@example.org --all
    """
    from followupd.actions.preview import by_hand, preview
    from followupd.actions.word import find

    step, everything, template, own = wanted["step"], wanted["everything"], wanted["template"], wanted["own"]
    _refuse_contradictions(wanted, raw=raw, as_json=as_json)
    case = find(session.desk, email)
    if wanted["as_inbox"]:
        _as_inbox(session, case, as_json=as_json)
        return
    found: Sequence[Previewed]
    if template is not None:
        found = (by_hand(session.desk, case, template),)
    else:
        found = preview(session.desk, case, everything=everything, step=step - 1 if step is not None else None)
    if own is not None:
        _send_to(session, case, found, own, as_json=as_json)
    elif as_json:
        say_json([_previewed(one) for one in found])
    elif raw:
        for one in found:
            sys.stdout.buffer.write(one.draft.raw)
    else:
        say(("\n\n" + "-" * 72 + "\n\n").join(_letter_text(one) for one in found))
    _warn(session, case, found)


def _refuse_contradictions(wanted: dict[str, Any], *, raw: bool, as_json: bool) -> None:
    """Refuse options of which one takes back what another says."""
    which = [wanted["step"] is not None, wanted["everything"], wanted["template"] is not None]
    sent = wanted["own"] is not None
    if sum(which) > 1 or (raw and (as_json or sent)):
        raise click.UsageError("Say one of --step, --all and --template, and --raw without --json and --send-to.")
    if wanted["as_inbox"] and (any(which) or raw or sent):
        raise click.UsageError("--as-inbox shows the whole thread: of all these options it goes with --json alone.")


def _send_to(session: Session, case: "Case", found: "Sequence[Previewed]", own: str, *, as_json: bool) -> None:
    """Send the letters to an address of the user's own, by the account that they would leave by."""
    from followupd.actions import to_oneself

    to = to_oneself.send(session.app(case.contact.account), found, own)
    if as_json:
        say_json([_previewed(one) | {"sent_to": to} for one in found])
    else:
        tell(f"sent to {to}: {len(found)} {'letter' if len(found) == 1 else 'letters'}, as a test")


def _as_inbox(session: Session, case: "Case", *, as_json: bool) -> None:
    """Show how much of somebody's time all letters together take."""
    from followupd.actions.inbox import inbox
    from followupd.core.burden import burden

    found = inbox(session.desk, case)
    whole, policy = burden(found), session.desk.settings.policy
    if as_json:
        say_json(document.inbox(found, whole))
        return
    show(lists.inbox(found, session.now))
    most = f"{policy.most_letters or 'any number of'} letters and {policy.most_words or 'any number of'} words"
    say(
        f"{whole.letters} letters, {whole.words} words of yours; at most in 365 days: {whole.letters_in_a_year} "
        f"letters, {whole.words_in_a_year} words (bounds: {most}); * still to come"
    )


@click.group("outbox")
def outbox_command() -> None:
    """Settle the letters that wait for you.

    Example: followupd outbox list
    """


@outbox_command.command("list")
@json_option
@click.pass_obj
def outbox_list(session: Session, *, as_json: bool) -> None:
    """Show the letters that are not out yet, or may be.

    Example: followupd outbox list --json
    """
    from followupd.actions import outbox
    from followupd.core.model import State
    from followupd.store import reading

    found = outbox.listing(session.desk)
    if as_json:
        say_json(document.outbox(found))
        return
    show(lists.outbox(found))
    listed = {one.email for one in found}
    unwritten = [one for one in reading.people(session.desk.db) if one.state is State.HELD and one.email not in listed]
    if unwritten:
        said = "1 thread is" if len(unwritten) == 1 else f"{len(unwritten)} threads are"
        say(f"{said} held before a letter was written; why: followupd status")


@outbox_command.command("show", short_help="Show a letter whole, and what changed since you read it.")
@click.argument("letter_id", metavar="ID", type=int, shell_complete=completing.letters)
@click.option("--raw", is_flag=True, help="The exact bytes, also of a letter that went.")
@json_option
@click.pass_obj
def outbox_show(session: Session, letter_id: int, *, raw: bool, as_json: bool) -> None:
    """Show a letter whole, and line by line what changed since you approved it, or were told of it.

    Example: followupd outbox show 7
    """
    from followupd.actions import outbox

    if raw and as_json:
        raise click.UsageError("Say one of --raw and --json.")
    shown = outbox.show(session.desk, letter_id)
    letter = shown.letter
    if raw:
        sys.stdout.buffer.write(letter.raw)
        return
    if as_json:
        say_json(
            document.letter(letter)
            | {"text": letter.body, "quoted": shown.below, "reason": shown.said, "change": shown.change}
        )
        return
    head = {"letter": str(letter.id), "to": shown.case.contact.email, "state": letter.state.value}
    said = text.safe_lines(shown.said)
    say(
        "\n\n".join(
            part
            for part in (
                text.pairs(head | {"subject": letter.subject}),
                said,
                text.safe_lines(shown.change),
                text.safe_lines(letter.body.rstrip("\n")),
                text.safe_lines(shown.below),
            )
            if part
        )
    )


@outbox_command.command("approve", short_help="Agree to the exact text of a held letter.")
@click.argument("letter_id", metavar="ID", type=int, shell_complete=completing.letters)
@json_option
@click.pass_obj
def outbox_approve(session: Session, letter_id: int, *, as_json: bool) -> None:
    """Agree to the exact text of a held letter: it leaves in the next window.

    Example: followupd outbox approve 7
    """
    from followupd.actions import outbox

    _settled(outbox.approve(session.desk, letter_id), as_json=as_json)


@outbox_command.command("discard")
@click.argument("letter_id", metavar="ID", type=int, shell_complete=completing.letters)
@json_option
@click.pass_obj
def outbox_discard(session: Session, letter_id: int, *, as_json: bool) -> None:
    """Drop a held letter and pass its step over.

    Example: followupd outbox discard 7
    """
    from followupd.actions import outbox

    _settled(outbox.discard(session.desk, letter_id), as_json=as_json)


@outbox_command.command("sent")
@click.argument("letter_id", metavar="ID", type=int, shell_complete=completing.letters)
@json_option
@click.pass_obj
def outbox_sent(session: Session, letter_id: int, *, as_json: bool) -> None:
    """Say that a letter in doubt did go out.

    Example: followupd outbox sent 7
    """
    from followupd.actions import outbox

    _settled(outbox.sent(session.desk, letter_id), as_json=as_json)


@outbox_command.command("retry")
@click.argument("letter_id", metavar="ID", type=int, shell_complete=completing.letters)
@click.option("--yes", is_flag=True, help="Don't ask whether you are sure.")
@json_option
@click.pass_obj
def outbox_retry(session: Session, letter_id: int, *, yes: bool, as_json: bool) -> None:
    """Say that a letter in doubt did not go out, and send it anew.

    Example: followupd outbox retry 7
    """
    from followupd.actions import outbox
    from followupd.core.errors import FollowupdError

    asks = not yes and sys.stdin.isatty()
    if asks and not click.confirm("If it did go out, they get it twice. Send it again?", err=True):
        raise FollowupdError("it is not sent again; the letter stays in doubt", where=f"letter {letter_id}")
    _settled(outbox.retry(session.desk, letter_id), as_json=as_json)


def _settled(letter: "Letter", *, as_json: bool) -> None:
    say_json(document.letter(letter)) if as_json else tell(f"letter {letter.id}: {letter.state}")


def _warn(session: Session, case: "Case", found: "Sequence[Previewed]") -> None:
    """Say on standard error what lint thinks of letters that were shown."""
    from followupd.actions.linting import coming
    from followupd.views.findings import lines

    if said := lines(coming(session.desk, case, found)):
        click.echo(f"\n{said}", err=True)


def _previewed(one: "Previewed") -> document.Document:
    return {
        "at": document.at(one.at),
        "step": one.step + 1,
        "template": one.template,
        "subject": one.draft.subject,
        "to": one.draft.rcpt_to,
        "message_id": one.draft.message_id,
        "text": one.text,
        "quoted": one.below.strip("\n"),
    }


def _letter_text(one: "Previewed") -> str:
    return f"{text.header_lines(one.draft.raw)}\n\n{text.safe_lines(one.text + one.below)}"
