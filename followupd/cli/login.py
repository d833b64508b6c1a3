"""The command that asks for the user's permission by OAuth 2.0, and keeps the tokens that come of it."""

from typing import TYPE_CHECKING

import click

from followupd.cli.output import tell
from followupd.cli.questions import Questions
from followupd.cli.session import Session

if TYPE_CHECKING:
    from followupd.core.settings import Settings


@click.command("login")
@click.option("--device", "how", flag_value="device", help="Type a code in any browser (where the provider has that).")
@click.option("--browser", "how", flag_value="browser", help="Use a browser on this machine.")
@click.option("--paste", "how", flag_value="paste", help="Use a browser anywhere, and paste the address it ends at.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where the browser comes back to; default: any.")
@click.option("--account", metavar="NAME", help="The account, instead of the first one.")
@click.pass_obj
def login_command(session: Session, how: str | None, port: int, account: str | None) -> None:
    """Give permission by OAuth 2.0, where a password is { oauth = true }; again where it has ended.

    Example: followupd login --browser
    """
    get_permission(session.of(account) if account is not None else session.settings, how, port)
    tell("the tokens are kept; next: followupd check")


def get_permission(settings: "Settings", how: str | None = None, port: int = 0) -> None:
    """Ask for permission and keep the tokens; `how` is "device", "browser" or "paste" (None: what there is)."""
    from followupd import wiring
    from followupd.clock import SystemClock
    from followupd.core.errors import FollowupdError
    from followupd.oauth import permission
    from followupd.oauth.tokens import store

    oauth = settings.oauth
    if oauth is None:
        raise FollowupdError(
            "no server is logged in to by OAuth 2.0",
            where=str(settings.source),
            hint=f"write password = {{ oauth = true }} under [{settings.key('imap')}] and [{settings.key('smtp')}], "
            f"and client_id under [{settings.key('oauth')}]",
        )
    provider, clock = wiring.token_provider(settings), SystemClock()
    how = how or ("device" if oauth.device else "browser")
    if how == "device" and not oauth.device:
        raise click.UsageError("This provider has no device codes that are known; use --browser or --paste.")
    if how == "device":
        tokens = permission.by_device(provider, clock, Questions.tell)
    elif how == "browser":
        tokens = permission.by_browser(provider, clock, Questions.tell, port)
    else:
        tokens = permission.by_paste(provider, clock, Questions.tell, _pasted)
    store(oauth).save(tokens)


def _pasted() -> str:
    found: str = click.prompt("The address it ended at", err=True)
    return found
