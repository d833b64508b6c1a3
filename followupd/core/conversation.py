"""The names that providers give a conversation: they bind an answer to a letter where its references were lost.

Exchange and Outlook keep a Thread-Index, whose first 22 octets are one for all mail of a conversation ([MS-OXOMSG],
section 2.2.1.3, PidTagConversationIndex). Gmail numbers conversations (X-GM-THRID, Gmail IMAP extensions).
"""

import binascii
import re
from typing import Final

_HEADER: Final = 22
"""Octets of the header block: a reserved one that is 1, five of a time, sixteen of a GUID."""
_LONGEST: Final = 2_000
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")


def names(thread_index: str, gmail_thread: str = "") -> tuple[str, ...]:
    """Give the names of the conversation that a message belongs to, none where no header tells one."""
    found = []
    if (index := _index(thread_index)) is not None:
        found.append(f"thread-index:{index}")
    if gmail_thread.isascii() and gmail_thread.isdigit() and len(gmail_thread) <= 20:
        found.append(f"x-gm-thrid:{gmail_thread}")
    return tuple(found)


def _index(value: str) -> str | None:
    """Give the header block of a Thread-Index in hexadecimal; None where the value is none."""
    text = _NOT_BASE64.sub("", value[:_LONGEST])
    try:
        octets = binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    if len(octets) < _HEADER or octets[0] != 1 or not any(octets[6:_HEADER]):
        return None
    return octets[:_HEADER].hex()
