"""The command that shows the mail to oneself, or sends it now."""

import click

from followupd.cli.output import json_option, say, say_json, tell
from followupd.cli.session import Session


@click.command("digest")
@click.option("--send", is_flag=True, help="Send it to yourself now; the next one comes a period later.")
@json_option
@click.pass_obj
def digest_command(session: Session, *, send: bool, as_json: bool) -> None:
    """Show the mail that the daemon writes to you, weekly unless the config says otherwise ([digest]).

    What needs you, who was heard of since the last one, letters without news, what goes out next, what is owed.
    Where there is nothing to say no mail is written.

    Example: followupd digest --send
    """
    from followupd.actions import digest
    from followupd.views import digest as view

    app = session.app() if send else None
    found = digest.send_now(app, view.mail) if app is not None else digest.gather(session.desk)
    if as_json:
        say_json(view.as_document(found))
    elif app is None:
        say(view.text(found, session.now))
    elif found.is_empty:
        tell("there is nothing to say: no mail was sent")
    else:
        tell(f"sent to {app.settings.policy.me.email}")
