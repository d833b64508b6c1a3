"""Mail programs name a whole conversation, apart from its Message-IDs; such a name is one text here, or "" for none.

Outlook and Exchange write a Thread-Index, and often nothing else, into an answer; Gmail gives every message of a
conversation one X-GM-THRID.
"""

import base64
import binascii
import re
from typing import Final

THREAD_INDEX: Final = "thread-index:"
GMAIL: Final = "x-gm-thrid:"
SUBJECT: Final = "subject:"
"""What the names of each kind begin with."""

_ROOT: Final = 22
"""Octets that all messages of one conversation share: a reserved one, five of a time, sixteen of a GUID."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,19}")


def by_thread_index(value: bytes | str) -> str:
    """Give the name that a Thread-Index field gives ([MS-OXOMSG], PidTagConversationIndex); "" where it is broken.

    What follows the first 22 octets tells an answer from what it answers. The first octet is always 1, and a GUID of
    zeros is nobody's.
    """
    octets = value.encode("ascii", "replace") if isinstance(value, str) else value
    try:
        root = base64.b64decode(b"".join(octets[:400].split())[:32], validate=True)[:_ROOT]
    except (binascii.Error, ValueError):
        return ""
    if len(root) < _ROOT or root[0] != 1 or not any(root[6:]):
        return ""
    return THREAD_INDEX + root.hex()


def by_gmail(number: str) -> str:
    """Give the name that an X-GM-THRID gives, an unsigned number of 64 bits in decimal; "" for anything else."""
    return GMAIL + number if _NUMBER.fullmatch(number) else ""
