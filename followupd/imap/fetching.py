"""FETCH responses that have come whole are taken from the buffer at once; the rest is read as imaplib reads it.

A first look reads a hundred thousand of them, nearly all of one form, which one pattern reads to the end; imaplib's
way with a line, and that of the grammar with its tokens, cost five times as much.
"""

import re
from typing import Any, Final

from followupd.imap.responses import Fetched, internal_date
from followupd.imap.wire import LINES_LIMIT, SMALL, Wire, WireError

_USUAL: Final = re.compile(
    rb"\* \d{1,10} FETCH \(UID ([1-9]\d{0,17})"
    rb'(?:\)| INTERNALDATE "([^"\\\r\n]{0,40})" RFC822\.SIZE (\d{1,18})'
    rb' BODY\[[^]"{\r\n]{0,1000}\](?:<0>)? \{(\d{1,5})\})\r\n'
)
"""What nearly every FETCH response of nearly every server looks like, to its end or to the literal that ends it."""
_FETCHED: Final = re.compile(rb"\* (\d{1,10}) FETCH (\([^\r\n{]{1,2000}(?:\)|\{(\d{1,5})\}))\r\n")
"""Any other response without a literal, or up to one (RFC 9051, section 7.5.2)."""


class FetchingWire(Wire):
    """A wire that is quick with the answer to FETCH: `untagged_responses` has what is usual as Fetched already."""

    def _get_response(self) -> bytes | None:
        return b"" if self._take_fetched() else super()._get_response()

    def _take_fetched(self) -> bool:
        """Take all that begin the buffer and are whole; False if there is none."""
        buffer, at, taken = self._buffer, 0, list[Any]()
        while (found := _USUAL.match(buffer, at) or _FETCHED.match(buffer, at)) is not None:
            usual, begins = found.re is _USUAL, found.end()
            octets = found[4] if usual else found[3]
            if octets is None:
                end = begins
                taken.append(Fetched(int(found[1])) if usual else found[1] + b" " + found[2])
            else:
                ends = begins + int(octets)
                if ends - begins > SMALL or buffer[ends : ends + 3] != b")\r\n":
                    break
                end, literal = ends + 3, bytes(buffer[begins:ends])
                self._kept += ends - begins
                if usual:
                    taken.append(Fetched(int(found[1]), internal_date(found[2]), int(found[3]), literal))
                else:
                    taken += ((found[1] + b" " + found[2], literal), b")")
            self._lines += begins - at
            at = end
        if not at:
            return False
        self.untagged_responses.setdefault("FETCH", []).extend(taken)
        del buffer[:at]
        self._searched = 0
        if self._lines > LINES_LIMIT:
            raise WireError("the server sent an answer without end")
        return True
