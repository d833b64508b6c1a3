"""A wire whose two sides may pack what they say (COMPRESS=DEFLATE, RFC 4978).

What is unpacked comes in bounded pieces and is what all bounds count, so that little that becomes much is noticed as
much is. Whoever waits must take until nothing is left: bytes that wait here to be unpacked wake no poll.
"""

import imaplib
import zlib
from typing import Final

from followupd.imap.fetching import FetchingWire
from followupd.imap.wire import WireError

PIECE: Final = 64 << 10
"""The most octets that are unpacked at once."""

# imaplib refuses commands that it does not know
imaplib.Commands.setdefault("COMPRESS", ("AUTH", "SELECTED"))


class GarbledError(WireError):
    """What the server sent cannot be unpacked."""


class PackedWire(FetchingWire):
    """A wire that is plain until `pack`."""

    _unpacker: "zlib._Decompress | None" = None

    def pack(self) -> None:
        """Pack from here on, in both directions; what came right behind the server's OK is packed already."""
        # commands are short: a small window packs them as well, and takes 3 kB of memory where the usual takes 256
        self._packer = zlib.compressobj(method=zlib.DEFLATED, wbits=-9, memLevel=1)
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        self._packed = bytes(self._buffer)
        self._buffer.clear()
        self._searched = 0

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Send all of it, packed, and to the last bit: the server answers nothing that it has not got."""
        if self._unpacker is not None:
            data = self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        super().send(data)

    def _fill(self) -> None:
        if not self._unpack():
            super()._fill()

    def _fill_at_once(self) -> bool:
        return self._unpack() or super()._fill_at_once()

    def _take(self, data: bytes) -> None:
        if self._unpacker is None or not data:
            super()._take(data)
            return
        self._count(len(data))
        self._packed += data
        self._unpack()

    def _unpack(self) -> bool:
        """Take one more piece of what was received; False if there is none.

        zlib itself may hold some of it although it has seen all of its input: a piece that is full is not the last.
        """
        if self._unpacker is None or not (self._packed or self._full):
            return False
        if self._unpacker.eof:
            raise GarbledError("the server ended what it packs, and went on")
        try:
            piece = self._unpacker.decompress(self._packed, PIECE)
        except zlib.error as error:
            raise GarbledError(f"what the server packs cannot be unpacked ({error})") from error
        self._packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        self._full = len(piece) == PIECE
        if piece:
            super()._take(piece)
        return bool(piece)

    _packed = b""
    _full = False
