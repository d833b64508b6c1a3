"""Commands on what is owed to those who answered: owed, delivered."""

from typing import TYPE_CHECKING

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say_json, show, tell
from followupd.cli.session import Session

if TYPE_CHECKING:
    from followupd.core.owed import Owed

KINDS = ("thanks", "offer", "first-news", "second-news", "referral")


@click.command("owed")
@click.option(
    "--done",
    "email",
    shell_complete=completing.people,
    metavar="EMAIL",
    help="Mark what is owed to them first as done.",
)
@click.option("--what", type=click.Choice(KINDS), help="With --done: mark this instead of the first.")
@json_option
@click.pass_obj
def owed_command(session: Session, email: str | None, what: str | None, *, as_json: bool) -> None:
    """Show what you owe to those who answered: thanks, the offer you made, news of what came of it.

    Example: followupd owed --done ada@example.org --what thanks
    """
    from followupd.actions import promises
    from followupd.core.telling import word
    from followupd.views import lists

    if what is not None and email is None:
        raise click.UsageError("--what goes with --done EMAIL.")
    if email is not None:
        _done(session, email, what, as_json=as_json)
        return
    found, today = promises.owed(session.desk), session.now.date()
    if as_json:
        say_json([_document(one) for one in found])
        return
    show(lists.owed(found, today.isoformat()))
    if found:
        tell(f"a letter to send by hand: followupd preview {word(found[0].email)} --template {found[0].template}")


@click.command("delivered")
@click.argument("email", shell_complete=completing.people)
@json_option
@click.pass_obj
def delivered_command(session: Session, email: str, *, as_json: bool) -> None:
    """Say that somebody has got what you offered them.

    Example: followupd delivered ada@example.org
    """
    _done(session, email, "offer", as_json=as_json)


def _done(session: Session, email: str, what: str | None, *, as_json: bool) -> None:
    from followupd.actions import promises
    from followupd.core.owed import Kind

    kept = promises.done(session.desk, email, Kind(what) if what else None)
    say_json(_document(kept)) if as_json else tell(f"{kept.email}: done: {kept.text}")


def _document(one: "Owed") -> dict[str, str]:
    return {"email": one.email, "name": one.name, "what": one.kind.value, "on": one.on.isoformat(), "text": one.text,
            "template": one.template}  # fmt: skip
