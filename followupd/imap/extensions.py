"""What only some servers can: used where it is there, never needed. docs/imap.md says what is left alone, and why."""

import imaplib
from typing import Final

from followupd import __version__
from followupd.imap.wire import Wire

_WHO: Final = f'("name" "followupd" "version" "{__version__}" "vendor" "followupd")'


def introduce(wire: Wire, capabilities: frozenset[str]) -> None:
    """Say what program is calling (RFC 2971), whatever the server makes of it.

    NetEase (163.com, 126.com, yeah.net) opens no folder for a program that has not: "Unsafe Login".
    """
    if "ID" not in capabilities:
        return
    try:
        wire.ask("ID", _WHO)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        # BAD: the server does not know the command after all
        return
