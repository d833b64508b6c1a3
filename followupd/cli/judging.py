"""The command that judges messages from disk: explain."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followupd.cli.output import complain, json_option, say, say_json
from followupd.cli.session import Session
from followupd.views import document, received, text

if TYPE_CHECKING:
    from followupd.actions.explain import Explained


@click.command("explain")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@json_option
@click.pass_obj
def explain_command(session: Session, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Judge .eml files as the daemon would, without touching the database; "-" is standard input.

    Example: followupd explain answer.eml --json
    """
    from followupd.actions.explain import explain
    from followupd.clock import SystemClock

    now, me = SystemClock().now(), _own_addresses(session)
    found = [(str(path), explain(_octets(path), now, me)) for path in files]
    if as_json:
        say_json([_document(name, one) for name, one in found])
    else:
        say("\n\n".join(_told(name, one) for name, one in found))


def _told(name: str, one: "Explained") -> str:
    said = received.judged(one.judgement, back=one.return_date, own=one.text)
    holds = "the next letter, until you say what it is" if one.judgement.hold else ""
    report = {"recipients": ", ".join(one.recipients), "status": one.status, "holds": holds}
    head = text.fold(f"{one.verdict.value}  {text.safe(name)}", text.COLUMNS)
    return "\n".join((*head, text.pairs({**said, **report}, indent=2)))


def _document(file: str, one: "Explained") -> document.Document:
    said = one.judgement
    return {
        "file": file,
        "verdict": one.verdict.value,
        "evidence": one.evidence,
        "recipients": list(one.recipients),
        "status": one.status,
        "return_date": one.return_date.isoformat() if one.return_date else None,
        "text": one.text,
        "possible_answer": said.hold,
        "hint": said.hint,
        "asked_for": said.asked_for.isoformat() if said.asked_for else None,
        "other_address": said.other_address,
    }


def _octets(path: Path) -> bytes:
    """Read a message, and no more of an endless file than is looked at."""
    from followupd.core.mime import MOST_OCTETS

    with click.open_file(str(path), "rb") as file:
        octets: bytes = file.read(MOST_OCTETS)
        return octets


def _own_addresses(session: Session) -> tuple[str, ...]:
    """Give the user's own addresses; none where there is no config, or one that cannot be read."""
    from followupd.config.paths import config_file
    from followupd.core.errors import ConfigError

    try:
        config_file(session.config)
    except ConfigError as error:
        if session.config is not None:
            complain("there is no such config, so your own addresses are not known here", where=error.where)
        return ()
    try:
        me = session.settings.policy.me
    except ConfigError as error:
        complain("the config is wrong, so your own addresses are not known here", where=error.where)
        return ()
    return me.addresses
