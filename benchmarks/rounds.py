"""What a round with nothing new costs in five folders, and what each extension of IMAP would bring: bytes and time.

    FOLLOWUPD_UNPACKED=FOLDER python -m benchmarks.rounds [--rounds 200] [--messages 1000]

Against the real servers that the tests use, plain text on the loopback; what a longer way costs is reckoned from the
round trips. docs/imap.md has what came of it.
"""

import argparse
import imaplib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.imap.extensions import Extension, Extras
from followupd.imap.mailbox import ImapMailbox
from followupd.imap.packed import PackedWire
from followupd.imap.wire import Wire
from tests.servers.courier import CourierServers
from tests.servers.cyrus import CyrusServers
from tests.servers.mailbox import HOST, PASSWORD, Mailboxes
from tests.servers.world import MailServers

FOLDERS: Final = ("INBOX", "Sent", "Junk", "Archive", "Mentors")
STATUS: Final = "(MESSAGES UIDNEXT UIDVALIDITY)"
LETTER: Final = (
    "From: {0} {1} <{2}@{3}.test>\r\nTo: me@followupd.test\r\nSubject: Re: {4} {5}\r\n"
    "Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{6}@{3}.test>\r\n"
    "In-Reply-To: <{7}@followupd.test>\r\nReferences: <{7}@followupd.test>\r\n\r\nGladly.\r\n"
)


def letter(number: int) -> bytes:
    """Write an answer; no two have a word of their own in common, so that packing them says something."""
    chance = random.Random(number)
    return LETTER.format(*(chance.randbytes(size).hex() for size in (3, 4, 4, 5, 8, 6, 12, 12))).encode()


@dataclass
class Count:
    """What went over the wire since it was last set to nothing; `turns` are commands, each of which waits once."""

    up: int = 0
    down: int = 0
    turns: int = 0


COUNT: Final = Count()


class Counted(imaplib.IMAP4):
    """imaplib that counts."""

    def send(self, data: bytes) -> None:  # type: ignore[override]
        COUNT.up += len(data)
        COUNT.turns += 1
        super().send(data)

    def readline(self) -> bytes:
        line = super().readline()
        COUNT.down += len(line)
        return line

    def read(self, size: int) -> bytes:
        data = super().read(size)
        COUNT.down += len(data)
        return data

    def raw(self, command: str) -> None:
        """Say a command, and read to its end."""
        self.send(f"A {command}\r\n".encode())
        while not (line := self.readline()).startswith(b"A "):
            pass
        assert line.startswith(b"A OK"), line


def count_the_wire() -> None:
    """Let followupd's own wire count, too."""
    # the places that all goes through, packed if it is
    send, take = Wire.send, PackedWire._take  # noqa: SLF001

    def counted_send(self: Wire, data: bytes) -> None:
        COUNT.up += len(data)
        COUNT.turns += 1
        send(self, data)

    def counted_take(self: PackedWire, data: bytes) -> None:
        COUNT.down += len(data)
        take(self, data)

    Wire.send, PackedWire._take = counted_send, counted_take  # type: ignore[method-assign]  # noqa: SLF001


def measured(name: str, rounds: int, act: Callable[[], object]) -> None:
    """Do it so often; say what one costs: bytes, round trips, milliseconds in all and of our own CPU."""
    act()
    COUNT.up = COUNT.down = COUNT.turns = 0
    wall, own = time.perf_counter(), time.thread_time()
    for _ in range(rounds):
        act()
    wall, own = time.perf_counter() - wall, time.thread_time() - own
    sent, got, turns = COUNT.up / rounds, COUNT.down / rounds, COUNT.turns / rounds
    ms, cpu = wall / rounds * 1000, own / rounds * 1000
    far = f"{ms + turns * 40:.0f} ms at 40 ms"
    print(f"  {name:34} {sent:5.0f} + {got:6.0f} bytes  {turns:4.1f} turns  {ms:6.2f} ms, own {cpu:5.2f}; {far}")


def a_round(mailbox: ImapMailbox, cursors: dict[str, Any]) -> None:
    """Read every folder to its end, as the daemon does."""
    for folder in mailbox.folders():
        for page in mailbox.newer_than(folder, cursors.get(folder.name)):
            cursors[folder.name] = page.cursor


def mailbox_of(servers: Mailboxes, user: str, names: tuple[str, ...], *, packs: bool) -> ImapMailbox:
    """Give the mailbox as followupd has it, with COMPRESS or without."""
    server = Server(
        host=HOST, port=servers.imap_port, security=Security.NONE, username=user,
        password=SecretSource(kind=SecretKind.ENV, value="X"),
    )  # fmt: skip
    mailbox = ImapMailbox(server, lambda: PASSWORD, names)
    mailbox._extras = Extras(at_home=not packs)  # noqa: SLF001  # as if it were another machine
    return mailbox


def ours(servers: Mailboxes, user: str, names: tuple[str, ...], rounds: int) -> None:
    """Measure followupd's own round."""
    for packs in (False, True):
        mailbox, cursors = mailbox_of(servers, user, names, packs=packs), dict[str, Any]()
        a_round(mailbox, cursors)
        in_use = mailbox._connected()._in_use  # noqa: SLF001
        if not packs or Extension.COMPRESS in in_use:
            called = ", ".join(sorted(in_use)) or "nothing"
            measured(f"a round, {called} in use", rounds, lambda box=mailbox, at=cursors: a_round(box, at))  # type: ignore[misc]
        mailbox.close()


def with_trays(servers: Mailboxes, user: str, names: tuple[str, ...], rounds: int) -> None:
    """Measure a round that looks into folders for copies of letters, too."""
    trays = tuple((name,) for name in ("patient", "question", "feedback", "stop", "later"))
    mailbox, cursors = mailbox_of(servers, user, names, packs=True), dict[str, Any]()

    def act() -> None:
        a_round(mailbox, cursors)
        for _, folder in mailbox.trays(trays):
            assert not list(mailbox.lying_in(folder))

    act()
    measured(f"a round, and {len(trays)} folders for copies", rounds, act)
    mailbox.close()


def theirs(servers: Mailboxes, user: str, names: tuple[str, ...], rounds: int) -> None:
    """Measure the ways that extensions would offer."""
    connection = Counted(HOST, servers.imap_port)
    connection.login(user, PASSWORD)
    capabilities = set(connection.capability()[1][0].decode().split())
    listed = " ".join(f'"{name}"' for name in names)

    raw = connection.raw

    def one_by_one(items: str) -> None:
        for name in names:
            raw(f'STATUS "{name}" {items}')

    def opened_again(since: int) -> None:
        for name in names:
            raw(f'EXAMINE "{name}" (QRESYNC ({since} 1))')

    mailboxes = f"(mailboxes ({listed}) (MessageNew MessageExpunge))"
    for needs, what, often, act in (
        ("", "STATUS, one by one", rounds, lambda: one_by_one(STATUS)),
        ("CONDSTORE", "STATUS with HIGHESTMODSEQ", rounds, lambda: one_by_one(f"{STATUS[:-1]} HIGHESTMODSEQ)")),
        ("QRESYNC", "ENABLE QRESYNC, once a connection", 1, lambda: raw("ENABLE QRESYNC")),
        ("QRESYNC", "EXAMINE with QRESYNC", rounds, lambda: opened_again(1)),
        ("LIST-STATUS", "LIST RETURN (STATUS)", rounds, lambda: raw(f'LIST "" ({listed}) RETURN (STATUS {STATUS})')),
        ("NOTIFY", "NOTIFY SET, once a connection", 1, lambda: raw(f"NOTIFY SET STATUS {mailboxes}")),
        ("ID", "ID, once a connection", 20, lambda: raw('ID ("name" "followupd" "version" "0.1.0")')),
    ):
        if not needs or needs in capabilities:
            measured(what, often, act)
    connection.logout()


def first_look(servers: Mailboxes, user: str, messages: int) -> None:
    """Measure the first look at a folder, with COMPRESS and without."""
    connection = imaplib.IMAP4(HOST, servers.imap_port)
    connection.login(user, PASSWORD)
    for number in range(messages):
        connection.append("INBOX", "", "", letter(number))  # type: ignore[arg-type]
    connection.logout()
    for packs in (False, True):
        mailbox = mailbox_of(servers, user, ("INBOX",), packs=packs)
        inbox = mailbox.folders()[0]
        if not packs or Extension.COMPRESS in mailbox._connected()._in_use:  # noqa: SLF001
            look = f"{messages} messages{', packed' if packs else ''}"
            measured(look, 3, lambda box=mailbox, folder=inbox: sum(1 for _ in box.newer_than(folder, None)))  # type: ignore[misc]
        mailbox.close()


def main() -> None:
    """Measure at each server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--messages", type=int, default=1000)
    said = parser.parse_args()
    count_the_wire()
    for kind in (MailServers, CyrusServers, CourierServers):
        with kind() as servers:
            user = servers.new_user("me", "followupd.test")
            servers.append(user, letter(0), folder="Mentors")
            names = tuple(name if name == "INBOX" else servers.below + name for name in FOLDERS)
            print(kind.__name__)
            ours(servers, user, names, said.rounds)
            with_trays(servers, user, names, said.rounds)
            theirs(servers, user, names, said.rounds)
            first_look(servers, user, said.messages)


if __name__ == "__main__":
    main()
