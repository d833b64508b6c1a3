"""An IMAP server on the loopback that says what a test tells it to, and checks what it is told."""

import contextlib
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.imap.extensions import Extras
from followupd.imap.mailbox import ImapMailbox
from followupd.imap.patience import Patience
from tests.servers.certificates import Pair

if TYPE_CHECKING:
    from io import BufferedIOBase

HASTY = Patience(connect=2, silence=2, short=2, long=3, answer=2, freshening=1, goodbye=0.5)
"""Long enough for a loopback on a busy machine, short enough for a test that waits for the end of it."""
CAPABILITIES = "IMAP4rev1 IDLE"
FETCH_HEADERS = r"UID FETCH {} \(UID INTERNALDATE RFC822\.SIZE BODY\.PEEK\[HEADER\.FIELDS \(Message-ID [^()]*\)\]\)"


class Talk:
    """One connection, from the server's side."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._file: BufferedIOBase | _Unpacking = sock.makefile("rb")
        self._pack: Callable[[bytes], bytes] = lambda data: data
        self.tag = b""
        self.heard: list[str] = []
        self.hung_up = False

    def say(self, *lines: str | bytes) -> None:
        """Send lines as they are; CRLF is added."""
        for line in lines:
            self.raw((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def raw(self, data: bytes) -> None:
        """Send bytes; the client may have gone."""
        self.unpacked(self._pack(data))

    def unpacked(self, data: bytes) -> None:
        """Send bytes past the packing."""
        with contextlib.suppress(OSError):
            self.sock.sendall(data)

    def pack(self) -> None:
        """Pack from here on, in both directions (RFC 4978)."""
        packer = zlib.compressobj(wbits=-15)
        self._pack = lambda data: packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
        self._file = _Unpacking(self._file)

    def hear(self) -> str:
        """Read one line; "" when the client has gone."""
        try:
            line = self._file.readline()
        except OSError:
            return ""
        self.heard.append(line.decode("utf-8", "replace").rstrip("\r\n"))
        return self.heard[-1] if line else ""

    def command(self) -> str:
        """Read a command; remember its tag, give the rest."""
        tag, _, rest = self.hear().partition(" ")
        self.tag = tag.encode()
        return rest

    def expect(self, pattern: str) -> str:
        """Read a command that must match the whole pattern."""
        said = self.command()
        assert re.fullmatch(pattern, said), f"expected {pattern!r}, the client said {said!r}"
        return said

    def done(self, words: str = "OK done") -> None:
        """Answer the last command."""
        self.raw(self.tag + b" " + words.encode() + b"\r\n")

    def on(self, pattern: str, *lines: str | bytes, done: str = "OK done") -> None:
        """Expect a command, say the lines, answer it."""
        self.expect(pattern)
        self.say(*lines)
        self.done(done)

    def hang_up(self) -> None:
        """End the connection at once; otherwise it stays open, in silence, until the client leaves."""
        self.hung_up = True

    def gone(self) -> None:
        """The client must close the connection without another word."""
        said = self.hear()
        assert not said, f"the client should have gone, and said {said!r}"

    # -- phrases -------------------------------------------------------------------------------------------------------

    def greet(self, capabilities: str = CAPABILITIES) -> None:
        self.say("* OK ready")
        self.on("CAPABILITY", f"* CAPABILITY {capabilities}")

    def log_in(self, capabilities: str = CAPABILITIES) -> None:
        self.greet(capabilities)
        self.on('LOGIN "me" "secret"')
        self.on("CAPABILITY", f"* CAPABILITY {capabilities}")

    def examine(self, *, exists: int, uidvalidity: int = 7, uidnext: int | None = None, folder: str = "INBOX") -> None:
        self.on(f'EXAMINE "{folder}"', *standing(exists=exists, uidvalidity=uidvalidity, uidnext=uidnext))

    def logout(self) -> None:
        self.on("LOGOUT", "* BYE bye")
        self.gone()

    def finish(self) -> None:
        """Let the client leave as it likes."""
        while said := self.hear():
            if said.endswith("LOGOUT"):
                self.tag = said.split()[0].encode()
                self.say("* BYE bye")
                self.done()


class _Unpacking:
    """Lines of what a client packs."""

    def __init__(self, file: "BufferedIOBase | _Unpacking") -> None:
        self._file = file
        self._unpacker = zlib.decompressobj(-15)
        self._read = b""

    def readline(self) -> bytes:
        while b"\n" not in self._read:
            byte = self._file.read(1)
            if not byte:
                return b""
            self._read += self._unpacker.decompress(byte)
        line, end, self._read = self._read.partition(b"\n")
        return line + end

    def read(self, size: int) -> bytes:
        while len(self._read) < size:
            self._read += self._unpacker.decompress(self._file.read(1))
        data, self._read = self._read[:size], self._read[size:]
        return data

    def close(self) -> None:
        self._file.close()


def standing(*, exists: int, uidvalidity: int = 7, uidnext: int | None = None) -> list[str]:
    """What EXAMINE says."""
    said = ["* FLAGS (\\Seen)", f"* {exists} EXISTS", "* 0 RECENT", f"* OK [UIDVALIDITY {uidvalidity}] valid"]
    return said if uidnext is None else [*said, f"* OK [UIDNEXT {uidnext}] next"]


def fetched(sequence: int, uid: int, header: bytes | None = None) -> bytes:
    """A FETCH response as Dovecot writes it, with the CRLF between its lines but not after it."""
    header = b"Message-ID: <%d@there.example>\r\n\r\n" % uid if header is None else header
    return (
        b'* %d FETCH (UID %d INTERNALDATE "23-Nov-2026 10:00:00 +0100" RFC822.SIZE 1000 '
        b"BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s)" % (sequence, uid, len(header), header)
    )


def serving_tls(pair: Pair) -> ssl.SSLContext:
    """The context of a server that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


Conversation = Callable[[Talk], None]


class ScriptedServer:
    """Serves one conversation per connection, in order; what goes wrong in one is raised when the server is left."""

    def __init__(self, *conversations: Conversation, tls: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._conversations = conversations
        self._tls = tls
        self._errors: list[BaseException] = []
        self.talks: list[Talk] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for talk in self.talks:
            with contextlib.suppress(OSError):
                talk.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=10)
        self._listener.close()
        assert not self._thread.is_alive(), "the scripted server hangs"
        if self._errors:
            raise self._errors[0]

    @property
    def heard(self) -> list[str]:
        """All that clients said, over all connections."""
        return [line for talk in self.talks for line in talk.heard]

    def _serve(self) -> None:
        for conversation in self._conversations:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                if self._tls is not None:
                    sock = self._tls.wrap_socket(sock, server_side=True)
            except OSError:
                sock.close()
                continue
            talk = Talk(sock)
            self.talks.append(talk)
            try:
                conversation(talk)
                if not talk.hung_up:
                    talk.finish()
            except BaseException as error:  # noqa: BLE001  # raised in the test's own thread
                self._errors.append(error)
            finally:
                talk._file.close()
                talk.sock.close()


def server_at(port: int, security: Security = Security.NONE, *, host: str = "127.0.0.1", ca_file: str = "") -> Server:
    """The settings that lead to a scripted server."""
    source = SecretSource(kind=SecretKind.ABSENT)
    return Server(host=host, port=port, security=security, username="me", password=source, ca_file=ca_file)


@contextlib.contextmanager
def mailbox_to(
    *conversations: Conversation,
    folders: tuple[str, ...] | None = None,
    patience: Patience = HASTY,
    at_home: bool = False,
) -> Iterator[tuple[ImapMailbox, ScriptedServer]]:
    """A mailbox at a scripted server, as if it were another machine; it is closed before the server is left."""
    with ScriptedServer(*conversations) as server:
        mailbox = ImapMailbox(server_at(server.port), lambda: "secret", folders, patience)
        if not at_home:
            mailbox._extras = Extras()
        try:
            yield mailbox, server
        finally:
            mailbox.close()
