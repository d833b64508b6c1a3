"""What went wrong with a server, in plain words: each kind of failure told apart, nothing of the server's raw."""

import imaplib
import re
import unicodedata
from typing import Final

from followupd.core.connections import Server
from followupd.core.errors import UnreachableError
from followupd.imap.wire import WireError
from followupd.trouble import connecting, other_protocol

TROUBLE: Final = (OSError, WireError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, AttributeError)
"""All that talking to a server can raise; the last four come of answers that imaplib does not expect."""

_COMMAND: Final = re.compile(r"^(?:command: \w+ => |socket error: |\w+ command error: )+")
_UNEXPECTED: Final = re.compile(r"^unexpected response: b")


def plain(text: str | bytes, limit: int = 200) -> str:
    """Make a server's words fit to be shown: one line, no control or direction characters, clipped to `limit`."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    shown = "".join(
        character if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029" else "\ufffd"
        for character in text[:limit].strip()
    )
    return shown + "…" if len(text) > limit else shown


def explain(error: BaseException, server: Server, doing: str) -> UnreachableError:
    """Put trouble into words; `doing` completes "while ..."."""
    what, hint = _words(error, server)
    return UnreachableError(f"{what}, while {doing}", where=f"{server.host}:{server.port}", hint=hint)


def _words(error: BaseException, server: Server) -> tuple[str, str]:
    if isinstance(error, WireError):
        return plain(str(error)), ""
    if isinstance(error, OSError | UnicodeError):
        return connecting(error, server, 143)
    if isinstance(error, imaplib.IMAP4.error):
        said = plain(_COMMAND.sub("", _text(error)))
        if other := other_protocol(_UNEXPECTED.sub("", said), "IMAP"):
            return other
        meant = "takes no connection now" if said.startswith("* BYE") else "said what is not understood"
        return f"the server {meant}: {said.removeprefix('* BYE ')}", ""
    return f"the server's answer cannot be understood ({type(error).__name__})", ""


def _text(error: BaseException) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
