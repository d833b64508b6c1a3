"""Whatever ends a command is said in one or two plain lines on standard error, and has its exit status."""

import os
import sys
from contextlib import suppress

import click

from followupd.cli.output import complain, complain_of_bug
from followupd.core.errors import FollowupdError


def explained(error: BaseException) -> int:
    """Say why a command ended, and give its exit status."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.ClickException():
            return _misused(error)
        case click.Abort() | KeyboardInterrupt():
            complain("interrupted")
            return 130
        case FollowupdError():
            complain(error.what, where=error.where, hint=error.hint)
            return error.status
        case BrokenPipeError():
            _let_go()
            return 0
        case MemoryError():
            complain("there is not enough memory", hint="what was begun is taken up by the next round; try again")
        case OSError():
            complain(f"the system says: {error.strerror or error}", where=str(error.filename or ""))
            _let_go()
        case _:
            complain_of_bug(error)
    return 1


def _let_go() -> None:
    """Give to nobody what cannot be written: Python would try it again at its end, and end with a status of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _misused(error: click.ClickException) -> int:
    """Point to the help of the command that was meant; one that needs more words shows it."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    else:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        complain(error.format_message(), hint=f"see: {command} --help" if command else "")
    return error.exit_code
