"""One logged-in connection to an IMAP server: typed answers or UnreachableError, and of no use after any trouble.

A command marks the session as broken before its first byte and mends it after its last: whatever ends it in between,
be it a signal, leaves a session that says so (`usable`), and its owner makes a new one.
"""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from imapclient import IMAPClient

from followupd.core.connections import Security, Server
from followupd.core.errors import UnreachableError
from followupd.failpoints import Point, reach
from followupd.imap import responses
from followupd.imap.dial import connect, secure, trust
from followupd.imap.extensions import Extension, Extras, introduce, take_up
from followupd.imap.idle import IdleWire
from followupd.imap.login import capabilities, log_in, quoted
from followupd.imap.packed import GarbledError
from followupd.imap.patience import PATIENCE, Patience
from followupd.imap.responses import Fetched, Listed
from followupd.imap.spelling import Spelling
from followupd.imap.trouble import TROUBLE, explain, plain
from followupd.imap.wire import WireError, Woken

_WAITS: Final = frozenset({"asking for news", "waiting for mail"})
"""What a connection does when it has been left alone for long, so that a network may have dropped it in silence."""
_BEFORE_WORDS: Final = re.compile(rb"^\* \w+ (?:\[[^\]]*\] )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a server says of a folder (RFC 9051, section 2.3.1.1); `uidnext` is None where it does not say."""

    uidvalidity: int
    uidnext: int | None
    messages: int


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient over our wire."""

    def __init__(self, sock: socket.socket, server: Server, patience: Patience) -> None:
        self.wire = IdleWire(sock, server.host, patience)
        super().__init__(server.host, server.port, ssl=server.security is Security.TLS, timeout=patience.connect)
        self.wire.debug = 0  # imapclient logs every line, message data included

    def _create_IMAP4(self) -> IdleWire:  # noqa: N802  # imapclient's name
        return self.wire


class Session:
    """A connection, from the greeting to the end. Raises UnreachableError; LoginRefusedError where the login failed."""

    def __init__(
        self,
        server: Server,
        password: Callable[[], str],
        patience: Patience = PATIENCE,
        extras: Extras | None = None,
    ) -> None:
        """Connect, begin TLS, log in. `password` is called last, when the server has shown who it is."""
        self._server = server
        self._patience = patience
        self._extras = extras or Extras()
        self._in_use: frozenset[Extension] = frozenset()
        self._worked: set[str] = set()
        self._spelling = Spelling()
        self.usable = False
        self.selected: bytes | None = None
        self.uidvalidity = 0
        self._wire: IdleWire | None = None
        sock: socket.socket | None = None
        try:
            sock = self._dial()
            wire = self._greet(sock)
            self._log_in(wire, password)
        except TROUBLE as error:
            self._drop(sock)
            raise explain(error, server, "connecting") from error
        except BaseException:
            self._drop(sock)
            raise
        self.usable = True

    # -- the beginning -------------------------------------------------------------------------------------------------

    def _dial(self) -> socket.socket:
        if self._server.security is not Security.TLS:
            return connect(self._server, self._patience.connect)
        context = trust(self._server)
        sock = connect(self._server, self._patience.connect)
        return secure(sock, context, self._server.host, self._patience.connect)

    def _greet(self, sock: socket.socket) -> IdleWire:
        client = _Client(sock, self._server, self._patience)
        wire = self._wire = client.wire
        self.greeting = plain(_BEFORE_WORDS.sub(b"", wire.welcome))
        if self._server.security is Security.STARTTLS:
            if wire.state != "NONAUTH":
                raise WireError("the server wants to talk without TLS (PREAUTH), so no password was sent")
            if "STARTTLS" not in wire.capabilities:
                raise WireError("the server does not offer STARTTLS, so no password was sent")
            wire.begin(self._patience.short)
            client.starttls(trust(self._server))
        return wire

    def _log_in(self, wire: IdleWire, password: Callable[[], str]) -> None:
        wire.begin(self._patience.short)
        log_in(wire, self._server, password)
        wire.begin(self._patience.short)
        self.capabilities = capabilities(wire)
        wire.begin(self._patience.short)
        introduce(wire, self.capabilities)
        self.idles = "IDLE" in self.capabilities
        self._names_threads = "X-GM-EXT-1" in self.capabilities
        self._usable = self._extras.usable(self.capabilities)
        self._in_use = take_up(wire, self._usable, self._extras, self._patience.short)
        self._spelling.utf8 = Extension.UTF8 in self._in_use

    # -- commands ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _talk(self, doing: str, seconds: float | None = None) -> Iterator[IdleWire]:
        wire = self._open()
        self.usable = False
        try:
            wire.begin(self._patience.short if seconds is None else seconds)
            yield wire
        except TROUBLE as error:
            self._broke(doing, error)
            raise explain(error, self._server, doing) from error
        reach(Point.IMAP_ANSWERED)
        self._worked.add(doing)
        self.usable = True

    def _broke(self, doing: str, error: BaseException) -> None:
        """Give the connection up; extensions are blamed, unless it fell silent in a wait such as it had had before."""
        self._drop()
        if doing not in _WAITS or doing not in self._worked or isinstance(error, GarbledError):
            self._extras.blame(self._in_use, error)

    def _name(self, folder: bytes) -> bytes:
        return quoted(self._spelling.write(folder))

    def _say_no(self, doing: str, data: list[Any]) -> UnreachableError:
        said = plain(data[-1]) if data and isinstance(data[-1], bytes) else ""
        return UnreachableError(f"the server refuses {doing}: {said}", where=self._where())

    def list_folders(self) -> tuple[Listed, ...]:
        """List all folders; ask for their special use where the server does not say it unasked (RFC 6154)."""
        with self._talk("listing folders") as wire:
            typ, data = wire.ask("LIST", '""', '"*"', response="LIST")
        if typ != "OK":
            raise self._say_no("to list folders", data)
        found = self._listed(data)
        if {"SPECIAL-USE", "LIST-EXTENDED"} <= self.capabilities and not any(_is_special(entry) for entry in found):
            with self._talk("listing folders") as wire:
                typ, data = wire.ask("LIST", "(SPECIAL-USE)", '""', '"*"', response="LIST")
            special = {entry.wire: entry for entry in self._listed(data)} if typ == "OK" else {}
            found = tuple(special.get(entry.wire, entry) for entry in found)
        return found

    def _listed(self, data: list[Any]) -> tuple[Listed, ...]:
        return tuple(self._spelling.read(entry) for entry in responses.listed(data))

    def status(self, folder: bytes) -> Standing | None:
        """Ask how a folder stands without opening it; None where the server does not say enough."""
        with self._talk("asking after a folder") as wire:
            typ, data = wire.ask("STATUS", self._name(folder), "(MESSAGES UIDNEXT UIDVALIDITY)", response="STATUS")
        if typ != "OK":
            raise self._say_no(f"to say how the folder {plain(folder)} stands", data)
        told_of_others = Extension.NOTIFY in self._in_use
        numbers = responses.status(data, self._spelling.write(folder) if told_of_others else None)
        if not {b"MESSAGES", b"UIDNEXT", b"UIDVALIDITY"} <= numbers.keys():
            return None
        return Standing(uidvalidity=numbers[b"UIDVALIDITY"], uidnext=numbers[b"UIDNEXT"], messages=numbers[b"MESSAGES"])

    def examine(self, folder: bytes, *, reading: bool = True) -> Standing:
        """Open a folder, for `reading` only or for changes, too."""
        self.selected = None
        with self._talk("opening a folder", self._patience.long) as wire:
            wire.exists = 0
            typ, data = wire.select(self._name(folder), readonly=reading)  # type: ignore[arg-type]
            said = wire.untagged_responses
            uidvalidity = responses.last_number(said.get("UIDVALIDITY", ()))
            uidnext = responses.last_number(said.get("UIDNEXT", ()))
            messages, wire.grown = wire.exists, False
        if typ != "OK":
            raise self._say_no(f"to open the folder {plain(folder)}", data)
        if uidvalidity is None:
            raise UnreachableError(
                f"the server gives no UIDVALIDITY for the folder {plain(folder)}, so nothing read there can be trusted",
                where=self._where(),
            )
        self.selected, self.uidvalidity = folder, uidvalidity
        return Standing(uidvalidity=uidvalidity, uidnext=uidnext, messages=messages)

    def noop(self, seconds: float | None = None) -> int:
        """Let the server tell what is new, within `seconds`; give the number of messages in the open folder."""
        with self._talk("asking for news", seconds) as wire:
            wire.ask("NOOP")
            return wire.exists

    def fetch(self, numbers: str, items: str, *, by_uid: bool = True, strictly: bool = False) -> dict[int, Fetched]:
        """Fetch from the open folder; give what came by UID, also what came unasked.

        A server may refuse because of one message and give the others all the same: a refusal only raises `strictly`.
        With a header section comes X-GM-THRID, where the server says that it has it and does not refuse it.
        """
        with_thread = self._with_thread(items)
        with self._talk("reading messages", self._patience.long) as wire:
            try:
                typ, said = wire.ask(*(("UID",) if by_uid else ()), "FETCH", numbers, with_thread)
            except wire.error as error:
                if isinstance(error, wire.abort) or with_thread == items:
                    raise
                typ, said = "BAD", []
            found = responses.fetched(wire.untagged_responses.get("FETCH", ()))
        if typ != "OK" and with_thread != items and not found:
            self._names_threads = False
            return self.fetch(numbers, items, by_uid=by_uid, strictly=strictly)
        if typ != "OK" and strictly:
            raise self._say_no("to give messages", said)
        return found

    def fetch_ahead(self, numbers: str, items: str) -> None:
        """Send what `fetch` will be asked for next, by UID and in this folder: the server works at it meanwhile."""
        with self._talk("reading messages", self._patience.long) as wire:
            wire.ask_ahead("UID", "FETCH", numbers, self._with_thread(items))

    def _with_thread(self, items: str) -> str:
        return items.replace("(UID ", "(UID X-GM-THRID ") if self._names_threads and "BODY" in items else items

    def search(self, key: tuple[str, ...], *, strictly: bool = False) -> tuple[int, ...]:
        """Search the open folder by one key (RFC 9051, section 6.4.4); a refusal only raises `strictly`."""
        with self._talk("searching", self._patience.long) as wire:
            typ, data = wire.ask("UID", "SEARCH", *key, response="SEARCH")
        if typ != "OK" and strictly:
            raise self._say_no("to search", data)
        return responses.found_uids(data) if typ == "OK" else ()

    @property
    def messages(self) -> int:
        """The number of messages in the open folder, as far as the server has told."""
        return self._open().exists

    def take_news(self) -> bool:
        """Tell whether the number of messages in the open folder has risen since somebody last looked or asked this."""
        wire = self._open()
        grown, wire.grown = wire.grown, False
        return grown

    def idle(self, seconds: float, wake: int) -> bool:
        """Wait in IDLE for news of the open folder; False if the server will not let us (it is not asked again)."""
        with self._talk("waiting for mail") as wire:
            woken = wire.idle(seconds, wake)
        self.idles = woken is not Woken.REFUSED
        return self.idles

    # -- the end -------------------------------------------------------------------------------------------------------

    def stale(self) -> bool:
        """Tell, without waiting, whether the server has gone meanwhile."""
        return not self.usable or self._wire is None or self._wire.stale()

    def close(self) -> None:
        """Log out if that can be done quickly, and close; never raises."""
        if self.usable and self._wire is not None:
            self.usable = False
            with suppress(*TROUBLE):
                self._wire.begin(self._patience.goodbye)
                self._wire.ask("LOGOUT")
        self._drop()

    def _drop(self, sock: socket.socket | None = None) -> None:
        self.usable = False
        self.selected = None
        with suppress(OSError):
            if self._wire is not None:
                self._wire.shutdown()
            elif sock is not None:
                sock.close()

    def _open(self) -> IdleWire:
        if self._wire is None:
            raise WireError("there is no connection")
        return self._wire

    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def _is_special(entry: Listed) -> bool:
    return bool(entry.attributes & {"\\sent", "\\junk", "\\archive", "\\all", "\\trash", "\\drafts"})
