"""Bytes become text: UTF-8 with or without its mark, UTF-16 with it, anything else only where the user names it."""

import codecs

from followupd.exchange.rows import Fault

LARGEST = 256 * 1024 * 1024
"""Octets; a file of people that is larger is another kind of file."""


def decoded(data: bytes, encoding: str = "") -> str | Fault:
    """Give the text of a file; a fault, with its line, where it is in another encoding.

    Raises LookupError for a name of an encoding that there is not.
    """
    if len(data) > LARGEST:
        return Fault(0, f"the file is larger than {LARGEST // 1024 // 1024} MB", "split it")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = encoding or "utf-16"
    try:
        text = data.decode(encoding or "utf-8-sig")
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        return Fault(line, f"this is not {encoding or 'UTF-8'}", "save the file as UTF-8; or say --encoding cp1252")
    return text.removeprefix("\ufeff")
