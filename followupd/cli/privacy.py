"""The command that erases a person."""

import sys

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session


@click.command("forget")
@click.argument("email", shell_complete=completing.people)
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@json_option
@click.pass_obj
def forget_command(session: Session, email: str, *, yes: bool, as_json: bool) -> None:
    """Erase a person wholly: everything that is kept about them, for good.

    If they asked not to be written to, a salted hash sees to it that they never are. Backups that you made hold them
    still, and so does your mailbox.

    Example: followupd forget ada@example.org
    """
    from followupd.actions.forgetting import forget
    from followupd.actions.word import find
    from followupd.core.errors import FollowupdError
    from followupd.publishing import CalendarFile
    from followupd.views.text import safe

    if not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty():
        name = find(session.desk, email).contact.email
        if not click.confirm(f"Erase everything about {safe(name)}, for good?", err=True):
            raise FollowupdError("nothing was erased", where=name)
    done = forget(session.desk, email)
    CalendarFile(session.desk).refresh()
    if as_json:
        say_json(
            {
                "forgotten": True,
                "opt_out_kept": done.opted_out,
                "named_with": list(done.mentions),
                "copies_removed": [str(one) for one in done.copies],
                "pending": done.pending,
            }
        )
        return
    tell("forgotten" + ("; that they asked not to be written to stays known by a hash" if done.opted_out else ""))
    for one in done.copies:
        tell(f"removed, since it held them too: {safe(str(one))}")
    if done.mentions:
        tell(f"letters, fields or notes of others name their address, and stay: {safe(', '.join(done.mentions))}")
    if done.pending:
        tell(safe(done.pending))
    tell("backups, exports and reports that you made, and your mailbox, hold them still")
