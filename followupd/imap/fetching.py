"""FETCH responses that have come whole are taken from the buffer at once; the rest is read as imaplib reads it.

A first look reads a hundred thousand of them, of one form, and imaplib's way with a line costs ten times as much.
"""

import re
from typing import Final

from followupd.imap.wire import LINES_LIMIT, SMALL, Wire, WireError

_FETCHED: Final = re.compile(rb"\* (\d{1,10}) FETCH (\([^\r\n{]{1,2000}(?:\)|\{(\d{1,5})\}))\r\n")
"""A response without a literal, or up to one (RFC 9051, section 7.5.2)."""


class FetchingWire(Wire):
    """A wire that is quick with the answer to FETCH; what `untagged_responses` holds in the end is the same."""

    def _get_response(self) -> bytes | None:
        return b"" if self._take_fetched() else super()._get_response()

    def _take_fetched(self) -> bool:
        """Take all that begin the buffer and are whole; False if there is none."""
        at, taken = 0, self.untagged_responses.setdefault("FETCH", [])
        while (found := _FETCHED.match(self._buffer, at)) is not None:
            line = found[1] + b" " + found[2]
            end = found.end()
            if found[3] is None:
                taken.append(line)
            else:
                end += int(found[3])
                if end - found.end() > SMALL or self._buffer[end : end + 3] != b")\r\n":
                    break
                taken += ((line, bytes(self._buffer[found.end() : end])), b")")
                self._kept += end - found.end()
                end += 3
            self._lines += len(line)
            at = end
        if not taken:
            del self.untagged_responses["FETCH"]
        if at:
            del self._buffer[:at]
            self._searched = 0
        if self._lines > LINES_LIMIT:
            raise WireError("the server sent an answer without end")
        return at > 0
