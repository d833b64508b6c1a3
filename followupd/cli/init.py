"""The command that sets up: from a name and an address to a config that works, or to nothing at all."""

import sys
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from followupd.cli import permission
from followupd.cli.keeping import place
from followupd.cli.output import json_option, say, say_json
from followupd.cli.questions import Questions
from followupd.cli.session import Session
from followupd.cli.settling import Settled, Settling
from followupd.core.connections import MAIN, SecretKind, Security
from followupd.core.errors import FollowupdError
from followupd.setup.answers import Answers

F = TypeVar("F", bound=Callable[..., Any])

_SECURITY: Final = click.Choice([security.value for security in Security])


def _server_options(command: F) -> F:
    """Add what may be said of each server."""
    for kind, name in (("smtp", "SMTP"), ("imap", "IMAP")):
        for option in (
            click.option(f"--{kind}-username", help="Whom to log in as, if not the address or what --username says."),
            click.option(f"--{kind}-security", type=_SECURITY, help="How the connection is protected."),
            click.option(f"--{kind}-port", type=click.IntRange(1, 65535), help="Its port."),
            click.option(f"--{kind}-host", metavar="HOST", help=f"The {name} server, instead of the one found."),
        ):
            command = option(command)
    return command


@click.command("init")
@click.option("--account", default=MAIN, metavar="NAME", help="Add another account to the config that is there.")
@click.option("--name", help="Your name, as it stands under From.")
@click.option("--email", metavar="EMAIL", help="The address you write from.")
@click.option("--username", help="Whom to log in as, where it is not the address.")
@_server_options
@click.option("--ca-file", type=click.Path(path_type=Path), help="The certificate of a private authority.")
@click.option(
    "--password-file", type=click.Path(path_type=Path), help="Keep the password in this file, or find it there."
)
@click.option("--password-env", metavar="NAME", help="The password is in this environment variable.")
@click.option("--password-command", metavar="COMMAND", help="The password is what this program prints.")
@click.option("--keyring", is_flag=True, help="Keep the password in the system's keyring, or find it there.")
@click.option("--oauth", is_flag=True, help="Log in by OAuth 2.0; the default where no password is taken.")
@click.option("--client-id", metavar="ID", help="Your client id for OAuth 2.0.")
@click.option("--client-secret-file", type=click.Path(path_type=Path), help="Where its secret is, if it has one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, and keep it.")
@click.option("--test-letter/--no-test-letter", default=None, help="Send a letter to yourself, and wait for it.")
@click.option("--untested", is_flag=True, help="Write the config without logging in anywhere.")
@click.option("--no-input", is_flag=True, help="Ask nothing: everything is said by options.")
@json_option
@click.pass_obj
def init_command(session: Session, /, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Set up: find your servers, try the logins, and write the config.

    Asks on a terminal; for scripts every answer is an option. Run again, it edits what is there. Example:

    followupd init --name "Ada Lovelace" --email ada@example.org
    """
    from followupd.config.paths import target

    questions = Questions(asking=not (as_json or given["no_input"] or given["password_stdin"]))
    path = target(session.config)
    before, account = _text(path), given["account"]
    known = _of_account(_known(before), account, path, there=before is not None)
    name, email = _who(questions, known, given)
    by_permission = permission.is_wanted(email, known, given)
    kept, there = _said(known, "imap", "password", dict), _said(known, "imap", "host", str) is not None
    where = permission.PLACE if by_permission else place(questions, kept, given, path, account, there=there)
    settling = Settling(questions, path, email, where, _from_stdin(given))
    wanted = [_wanted(kind, known, given, email) for kind in ("imap", "smtp")]
    settled = settling.first(*wanted) if given["untested"] or by_permission else settling.settle(*wanted)
    more = permission.client(questions, known, given) if by_permission else {}
    said = Answers(name=name, email=email, imap=settled.imap, smtp=settled.smtp, more=more, account=account)
    _write(path, before, said, settled.secret if settling.typed else None)
    tested = not given["untested"] and (not by_permission or permission.ask(questions, path, account))
    letter = _letter(questions, path, settled, account, asked=given["test_letter"]) if tested else None
    if as_json:
        say_json(_document(path, settled, letter, tested=tested))
        return
    say(f"written: {path}")
    if where.kind is SecretKind.ENV and settling.typed:
        say(f"set the variable {where.value} wherever followupd is started")
    first = f"{permission.command(account)}, then " if by_permission and not tested else ""
    say(f"next: {first}followupd check, then followupd add")


def _text(path: Path) -> str | None:
    """Give the config that is there; None where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise FollowupdError(f"the config that is there cannot be read: {error}", where=str(path)) from None


def _known(before: str | None) -> Mapping[str, Any]:
    """Give what the config says now, whatever may be wrong with it."""
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        return tomllib.loads(before or "")
    return {}


def _of_account(known: Mapping[str, Any], account: str, path: Path, *, there: bool) -> Mapping[str, Any]:
    """Give what the config says of an account; of a further one, its name is asked for as that of the first."""
    from followupd.config.mailboxes import ACCOUNT_NAME

    if account == MAIN:
        return known
    if not ACCOUNT_NAME.fullmatch(account):
        raise click.UsageError("An account has a name of small letters, digits and hyphens.")
    if not there:
        raise FollowupdError("there is no config to add it to", where=str(path), hint="begin with: followupd init")
    accounts = known.get("account")
    found = accounts.get(account) if isinstance(accounts, dict) else None
    mine = found if isinstance(found, dict) else {}
    name = _said(mine, "me", "name", str) or _said(known, "me", "name", str)
    return {**mine, "me": {"name": name, "email": _said(mine, "me", "email", str)}}


def _said(known: Mapping[str, Any], table: str, key: str, kind: type) -> Any:  # noqa: ANN401  # whatever TOML has
    found = known.get(table)
    value = found.get(key) if isinstance(found, dict) else None
    return value if type(value) is kind else None


def _who(questions: Questions, known: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[str, str]:
    from followupd.config.kinds import address, text
    from followupd.config.paths import NOWHERE
    from followupd.config.reading import Place

    here = Place(NOWHERE)
    name = questions.ask(
        "Your name", "--name", lambda said: text(said, here), given["name"], _said(known, "me", "name", str) or ""
    )
    email = questions.ask(
        "Your address",
        "--email",
        lambda said: address(said, here),
        given["email"],
        _said(known, "me", "email", str) or "",
    )
    return name, email


def _from_stdin(given: Mapping[str, Any]) -> str:
    from followupd.setup.secret import fit

    return fit(sys.stdin.readline()) if given["password_stdin"] else ""


def _wanted(kind: str, known: Mapping[str, Any], given: Mapping[str, Any], email: str) -> Any:  # noqa: ANN401
    """Give what was said of a server: by options, else by the config that is there, if it is for the same address."""
    from followupd.setup.wanted import Wanted

    same = _said(known, "me", "email", str) == email and not given[f"{kind}_host"]
    before = {
        key: _said(known, kind, key, int if key == "port" else str) if same else None
        for key in ("host", "port", "security", "username", "ca_file")
    }
    ca_file = str(given["ca_file"].absolute()) if given["ca_file"] else before["ca_file"]
    username = given[f"{kind}_username"]
    security = given[f"{kind}_security"] or before["security"]
    return Wanted(
        host=given[f"{kind}_host"] or before["host"] or "",
        port=given[f"{kind}_port"] or before["port"],
        security=Security(security) if security in list(Security) else None,
        username=username if username is not None else given["username"] or before["username"],
        ca_file=ca_file or "",
    )


def _write(path: Path, before: str | None, said: Answers, typed: str | None) -> None:
    from followupd.setup import answers, secret, writing

    content = writing.text(answers.keys(said, path.parent), before, path)
    where = said.imap.password
    kept = (Path(where.value), typed) if typed is not None and where.kind is SecretKind.FILE else None

    def keep() -> None:
        if typed is not None and where.kind is SecretKind.KEYRING:
            secret.put_into_keyring((said.imap, said.smtp), typed)

    writing.write(path, content, kept, keep)


def _letter(questions: Questions, path: Path, settled: Settled, account: str, *, asked: bool | None) -> str | None:
    """Send a test letter if it is wanted, and wait for it; give the folder where it lies, None if none was sent."""
    from followupd import wiring
    from followupd.clock import SystemClock
    from followupd.imap.mailbox import ImapMailbox
    from followupd.setup import letter
    from followupd.smtp.postman import SmtpPostman

    if not (questions.confirm("Send a test letter to yourself?", default=True) if asked is None else asked):
        return None
    settings, clock = wiring.settings(path).of(account), SystemClock()
    assert settings is not None
    by_permission = settled.imap.password.kind is SecretKind.OAUTH
    found_by = wiring.password(settings.imap.server, "imap.password", settings)
    password = found_by if by_permission else lambda: settled.secret
    ids = letter.send(SmtpPostman(settings.smtp.server, password), letter.compose(settings.policy.me, clock.now()))
    questions.tell("a test letter is out; waiting until it is there (Ctrl-C ends the wait, the config stays)")
    mailbox = ImapMailbox(settings.imap.server, password, settings.imap.folders)
    try:
        found = letter.await_arrival(mailbox, ids, clock)
    finally:
        mailbox.close()
    if found is None:
        raise FollowupdError(
            "the test letter went out, but has not arrived yet",
            hint="the config is written; look for the letter in some minutes, in spam and on the website, too",
        )
    questions.tell(f"the test letter is there, in {found.folder}")
    if said := letter.clocks(found.internal_date, clock.now()):
        questions.tell(said)
    return found.folder


def _document(path: Path, settled: Settled, letter: str | None, *, tested: bool) -> dict[str, object]:
    return {
        "config": str(path),
        "tested": tested,
        "test_letter": letter,
        **{
            kind: {"host": one.host, "port": one.port, "security": one.security.value, "username": one.username}
            for kind, one in (("imap", settled.imap), ("smtp", settled.smtp))
        },
    }
