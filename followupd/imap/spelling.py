"""How folder names are written on the wire: in modified UTF-7, or in UTF-8 on a connection where that was agreed on.

Beyond the session a name is always its modified UTF-7, so that what is remembered of a folder holds on the next
connection, whichever way that one talks.
"""

from dataclasses import replace

from followupd.imap.responses import Listed


def decode_name(wire: bytes) -> str:
    """Read a folder name: modified UTF-7 (RFC 9051, appendix A.1), bare UTF-8, or whatever it is as it stands."""
    from imapclient.imap_utf7 import decode

    if not wire.isascii():
        return wire.decode("utf-8", "replace")
    try:
        name = str(decode(wire))
        name.encode("utf-8")
    except UnicodeError:
        return wire.decode("ascii")
    return name


def encode_name(name: str) -> bytes:
    """Write a folder name in modified UTF-7."""
    from imapclient.imap_utf7 import encode

    return bytes(encode(name))


class Spelling:
    """The names of one connection. `utf8` is set once UTF8=ACCEPT is on: names are UTF-8 from then (RFC 6855, 3)."""

    def __init__(self) -> None:
        self.utf8 = False
        self._listed: dict[bytes, bytes] = {}

    def read(self, entry: Listed) -> Listed:
        """Give a listed folder with its name in modified UTF-7."""
        if not self.utf8 or (entry.wire.isascii() and b"&" not in entry.wire):
            return entry
        wire = entry.wire if _is_utf7(entry.wire) else _encoded(entry.wire)
        self._listed[wire] = entry.wire
        return replace(entry, wire=wire)

    def write(self, wire: bytes) -> bytes:
        """Give a name in modified UTF-7 as this connection has it: as it was listed, if it was."""
        if not self.utf8 or b"&" not in wire:
            return wire
        return self._listed.get(wire) or decode_name(wire).encode("utf-8", "surrogateescape")


def _is_utf7(wire: bytes) -> bool:
    """Tell whether a server has gone on to write UTF-7 after all: as a name in UTF-8 it would be most strange."""
    name = decode_name(wire) if wire.isascii() else ""
    return not name.isascii() and encode_name(name) == wire


def _encoded(wire: bytes) -> bytes:
    try:
        return encode_name(wire.decode("utf-8"))
    except UnicodeError:
        return wire
