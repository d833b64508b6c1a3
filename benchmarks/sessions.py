"""The IMAP response path under attack: whole sessions, plain and packed, from bytes that anybody may have made."""

import imaplib
import random
import re
import socket
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from unittest.mock import patch

from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.core.errors import FollowupdError
from followupd.core.model import Cursor, Folder, Role
from followupd.imap import responses, sync
from followupd.imap.folders import Place, places
from followupd.imap.patience import Patience
from followupd.imap.session import Session
from followupd.imap.sync import Reader

_SESSION: Final = Path(__file__).with_name("imap-session.txt")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no terminal may get from anybody."""


class Imap:
    """The IMAP response path: a session over bytes ends with values or with our error, and no cursor outruns them."""

    longest = 8_000
    _SEED = 7

    def __init__(self, folder: Path) -> None:  # noqa: ARG002
        """Find out which tags imaplib will use."""
        random.seed(self._SEED)
        self._tag = imaplib.Int2AP(random.randint(4096, 65535))

    def seeds(self) -> Sequence[bytes]:
        """Give what a good server says in the whole of a session; TAG stands for the tag."""
        said = _SESSION.read_bytes().replace(b"\n", b"\r\n")
        return [said, said.replace(b"{31}", b"{31+}"), said.replace(b"UIDNEXT 4", b"UIDNEXT 900")]

    def attempt(self, raw: bytes) -> None:
        """Log in, list folders, read one; then read the bytes as responses."""
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        with ours, theirs:
            theirs.sendall(raw.replace(b"TAG", self._tag))
            theirs.shutdown(socket.SHUT_WR)
            random.seed(self._SEED)
            try:
                self._read(ours)
            except FollowupdError as error:
                said = str(error)
            else:
                said = ""
        assert _CONTROL.search(said) is None
        lines = raw[:3000].split(b"\r\n")
        for parsed in (responses.fetched, responses.listed, responses.status, responses.found_uids):
            assert parsed(lines) is not None

    def _read(self, sock: socket.socket) -> None:
        quick = Patience(connect=1, silence=1, short=1, long=1, answer=1, freshening=1, goodbye=0.1)
        session = _Piped(sock, quick)
        found = places(session.list_folders())
        place = next(iter(found), Place(folder=Folder(name="INBOX", role=Role.INBOX), wire=b"INBOX"))
        before = Cursor(folder=place.folder.name, uidvalidity=7, last_uid=1)
        for page in Reader().newer_than(session, place, before):
            given = [one.uid for one in page.messages]
            assert given == sorted(given)
            assert page.cursor.last_uid <= max([*given, before.last_uid])


class Ahead(Imap):
    """The same in pages of one message, each of which is asked for while the one before is judged."""

    def seeds(self) -> Sequence[bytes]:
        """Give what a good server says, with three messages to be read."""
        begun, _, _ = super().seeds()[0].partition(b"* STATUS")
        standing = b'* STATUS "INBOX" (MESSAGES 3 UIDNEXT 5 UIDVALIDITY 7)\r\nTAG4 OK done\r\n'
        opened = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 5] next\r\nTAG5 OK [READ-ONLY] done\r\n"
        listed = b"* 1 FETCH (UID 2)\r\n* 2 FETCH (UID 3)\r\n* 3 FETCH (UID 4)\r\nTAG6 OK done\r\n"
        head = b"Message-ID: <2@there.example>\r\n\r\n"
        date = b'INTERNALDATE "23-Nov-2026 10:00:00 +0100"'
        pages = b"".join(
            b"* %d FETCH (UID %d %s RFC822.SIZE 1000 BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s)\r\nTAG%d OK done\r\n"
            % (number, number + 1, date, len(head), head, number + 6)
            for number in (1, 2, 3)
        )
        said = begun + standing + opened + listed + pages
        return [said, said.replace(b"TAG8 OK", b"TAG8 NO"), said.replace(b"TAG8 OK", b"* BYE bye\r\nTAG8 OK")]

    def attempt(self, raw: bytes) -> None:
        """Log in, list folders, read one page by page; then read the bytes as responses."""
        with patch.object(sync, "PAGE", 1):
            super().attempt(raw)


class Packed(Imap):
    """The same by UTF8=ACCEPT and COMPRESS: what is packed, and the packing itself, are anybody's."""

    _AFTER = b"TAG4 OK packing\r\n"

    def seeds(self) -> Sequence[bytes]:
        """Give what a good server says: to be packed once it was changed, and packed before."""
        [said, *_] = super().seeds()
        greeting, _, rest = said.partition(b"* LIST")
        greeting = greeting.replace(b"TAG2", b"ENABLE UTF8=ACCEPT COMPRESS=DEFLATE\r\nTAG2").replace(
            b"* CAPABILITY IMAP4rev1 IDLE\r\nENABLE", b"* CAPABILITY IMAP4rev1 IDLE ENABLE"
        )
        rest = re.sub(rb"TAG(\d)", lambda tag: b"TAG%d" % (int(tag[1]) + 3), b"TAG2 OK noop\r\n* LIST" + rest)
        whole = greeting + b"* ENABLED UTF8=ACCEPT\r\nTAG3 OK enabled\r\n" + self._AFTER + rest
        return [whole, whole.replace(b"Gesendet &AOQ-", "Gesendet ä".encode()), self._packed(whole)]

    def attempt(self, raw: bytes) -> None:
        """Log in, list folders, read one, by what is packed."""
        head, after, rest = raw.partition(self._AFTER)
        super().attempt(self._packed(raw) if rest[:1] in {b"T", b"*"} else head + after + rest)

    def _packed(self, whole: bytes) -> bytes:
        head, after, rest = whole.partition(self._AFTER)
        packer = zlib.compressobj(wbits=-15)
        return head + after + packer.compress(rest.replace(b"TAG", self._tag)) + packer.flush(zlib.Z_SYNC_FLUSH)


class _Piped(Session):
    """A session over a socket that is connected already."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        source = SecretSource(kind=SecretKind.ABSENT)
        server = Server(host="127.0.0.1", port=1, security=Security.NONE, username="me", password=source)
        super().__init__(server, lambda: "secret", patience)

    def _dial(self) -> socket.socket:
        return self._sock
