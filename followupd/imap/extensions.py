"""What only some servers can: used where it is there, never needed. docs/imap.md says what is left alone, and why.

An extension that trouble comes of costs one reconnect: the next connection goes without it.
"""

import imaplib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from followupd import __version__
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.imap.packed import GarbledError, PackedWire
from followupd.imap.trouble import TROUBLE
from followupd.imap.wire import Wire, WireError

_WHO: Final = f'("name" "followupd" "version" "{__version__}" "vendor" "followupd")'


class Extension(StrEnum):
    """What can be begun on a connection and changes how the server talks from then on, by its name among the
    capabilities.
    """

    UTF8 = "UTF8=ACCEPT"
    COMPRESS = "COMPRESS=DEFLATE"
    NOTIFY = "NOTIFY"


_OFFERED_AS: Final[Mapping[Extension, frozenset[str]]] = {
    # a server may take no other clients (RFC 6855, section 7)
    Extension.UTF8: frozenset({"UTF8=ACCEPT", "UTF8=ONLY"}),
    Extension.COMPRESS: frozenset({"COMPRESS=DEFLATE"}),
    Extension.NOTIFY: frozenset({"NOTIFY"}),
}


class Extras:
    """What an account's server has made of its extensions; outlives connections, forgets with the process.

    One that is refused, or with whose beginning the connection broke, is left alone for good; so is packing that cannot
    be unpacked. Silence and breaking off later may be the network's: they leave alone for one connection what was in
    use.
    """

    def __init__(self, *, at_home: bool = False) -> None:
        """Begin with all; without packing what is said to this machine itself: it goes over no wire."""
        self._off: set[Extension] = {Extension.COMPRESS} if at_home else set()
        self._resting: frozenset[Extension] = frozenset()
        self._blamed = False

    def usable(self, capabilities: Collection[str]) -> frozenset[Extension]:
        """Give what may be begun on a new connection to a server that offers these."""
        rested, self._resting = self._resting, frozenset()
        offered = {one for one, names in _OFFERED_AS.items() if not names.isdisjoint(capabilities)}
        return frozenset(offered - self._off - rested)

    def leave(self, extension: Extension) -> None:
        """Do without one for as long as the process lives."""
        self._off.add(extension)

    def blame(self, in_use: Collection[Extension], error: BaseException) -> None:
        """Take note of trouble on a connection on which these were in use."""
        if isinstance(error, GarbledError):
            self._off.add(Extension.COMPRESS)
        self._resting = frozenset(in_use)
        self._blamed = self._blamed or bool(in_use)

    @contextmanager
    def beginning(self, extension: Extension) -> Iterator[None]:
        """Blame an extension for whatever goes wrong while it is begun."""
        try:
            yield
        except TROUBLE:
            self._off.add(extension)
            self._blamed = True
            raise

    def blamed(self, error: UnreachableError) -> bool:
        """Tell, once, whether trouble may have been an extension's, so that another try makes sense.

        A login that is refused is not tried again.
        """
        blamed, self._blamed = self._blamed, False
        return blamed and not isinstance(error, LoginRefusedError)


def introduce(wire: Wire, capabilities: frozenset[str]) -> None:
    """Say what program is calling (RFC 2971), whatever the server makes of it.

    NetEase (163.com, 126.com, yeah.net) opens no folder for a program that has not: "Unsafe Login".
    """
    if "ID" not in capabilities:
        return
    try:
        wire.ask("ID", _WHO)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        # BAD: the server does not know the command after all
        return


def take_up(wire: PackedWire, usable: Collection[Extension], extras: Extras, seconds: float) -> frozenset[Extension]:
    """Begin what can be begun right after the login; give what is in use from then on."""
    in_use = set()
    for extension, begin in ((Extension.UTF8, _accept_utf8), (Extension.COMPRESS, _pack)):
        if extension in usable:
            with extras.beginning(extension):
                wire.begin(seconds)
                begun = begin(wire)
            if begun:
                in_use.add(extension)
            else:
                extras.leave(extension)
    return frozenset(in_use)


def agreed(wire: Wire, name: str, *args: str | bytes, response: str = "") -> tuple[bool, list[object]]:
    """Ask for something that may be refused, be it by NO or by BAD."""
    try:
        typ, data = wire.ask(name, *args, response=response)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return False, []
    return typ == "OK", data


def _accept_utf8(wire: PackedWire) -> bool:
    """Say that messages and names in UTF-8 are understood (RFC 6855, section 3).

    A server may hide a message with such headers from others, or give it changed (RFC 6858).
    """
    _, enabled = agreed(wire, "ENABLE", "UTF8=ACCEPT", response="ENABLED")
    return any(isinstance(said, bytes) and b"UTF8=ACCEPT" in said.upper().split() for said in enabled)


def _pack(wire: PackedWire) -> bool:
    """Let both sides pack what they say (RFC 4978), and see that it can be unpacked.

    What is known of attacks by length (CRIME, BREACH) needs a secret that goes over the wire again and again beside
    words of the attacker's: the password went before this, and a message passes once.
    """
    if not agreed(wire, "COMPRESS", "DEFLATE")[0]:
        return False
    wire.pack()
    wire.ask("NOOP")
    return True


def append_utf8(wire: Wire, folder: bytes, flags: str, date: str, raw: bytes) -> bool:
    """Put a message with a header in UTF-8 into a folder (RFC 6855, section 4); tell whether the server took it."""
    wire.literal = _Literal8(raw).give  # type: ignore[assignment]  # what imaplib asks for words after a "+"
    return agreed(wire, "APPEND", folder, flags, date, b"UTF8 (~{%d}" % len(raw))[0]


class _Literal8:
    """The octets of a message, given once."""

    def __init__(self, raw: bytes) -> None:
        self._raw: bytes | None = raw

    def give(self, _said: bytes) -> bytes:
        raw, self._raw = self._raw, None
        if raw is None:
            raise WireError("the server wants a message twice")
        return raw + b")"
