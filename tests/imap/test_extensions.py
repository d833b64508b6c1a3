"""Extensions are used where they are there, and never needed: whatever a server makes of one, nothing is lost by it."""

import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from followupd.core.connections import Security
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.core.model import Folder, Role
from followupd.hearing import Ears
from followupd.imap import packed
from followupd.imap.extensions import Extras
from followupd.imap.mailbox import ImapMailbox
from followupd.imap.wire import Wire
from tests.imap.conftest import Wake
from tests.imap.scripted import (
    FETCH_HEADERS,
    HASTY,
    Conversation,
    ScriptedServer,
    Talk,
    fetched,
    mailbox_to,
    server_at,
    serving_tls,
    standing,
)
from tests.imap.test_waiting import LONG, SHORTLY, done, waited
from tests.servers.certificates import Certificates

INBOX = Folder(name="INBOX", role=Role.INBOX)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUICK = replace(HASTY, silence=0.3, short=0.5, long=0.6, answer=0.5)
PACKS = "IMAP4rev1 IDLE COMPRESS=DEFLATE"
UTF8 = "IMAP4rev1 IDLE ENABLE UTF8=ACCEPT"


def packing(server: Talk) -> None:
    """Log in and pack."""
    server.log_in(PACKS)
    server.on("COMPRESS DEFLATE", done="OK packing")
    server.pack()
    server.on("NOOP")


def in_utf8(server: Talk) -> None:
    """Log in and talk UTF-8."""
    server.log_in(UTF8)
    server.on("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT")


def gives_a_message(server: Talk) -> None:
    """Be read to the end."""
    server.examine(exists=1, uidnext=2)
    server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))


def plain(server: Talk) -> None:
    """Be read to the end by a client that begins no extension."""
    server.log_in(PACKS)
    gives_a_message(server)


def uids(mailbox: ImapMailbox) -> list[int]:
    return [one.uid for page in mailbox.newer_than(INBOX, None) for one in page.messages]


# -- COMPRESS ----------------------------------------------------------------------------------------------------------


def test_what_both_sides_say_is_packed() -> None:
    def talk(server: Talk) -> None:
        packing(server)
        gives_a_message(server)
        server.logout()

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox) == [1]


def test_what_does_not_leave_the_machine_is_not_packed() -> None:
    with mailbox_to(plain, at_home=True) as (mailbox, _):
        assert uids(mailbox) == [1]


def test_what_comes_right_behind_the_ok_is_packed_already() -> None:
    def talk(server: Talk) -> None:
        server.log_in(PACKS)
        server.expect("COMPRESS DEFLATE")
        tag = server.tag
        server.pack()
        server.unpacked(tag + b" OK packing\r\n" + server._pack(b"* OK welcome\r\n"))
        server.on("NOOP")
        gives_a_message(server)

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox) == [1]


@pytest.mark.parametrize("answer", ["NO [COMPRESSIONACTIVE] TLS does it", "BAD what?"])
def test_a_server_that_will_not_pack_is_not_asked_again(answer: str) -> None:
    def refuses(server: Talk) -> None:
        server.log_in(PACKS)
        server.on("COMPRESS DEFLATE", done=answer)
        gives_a_message(server)
        server.hang_up()

    with mailbox_to(refuses, plain) as (mailbox, server):
        assert uids(mailbox) == [1]
        mailbox.close()
        assert uids(mailbox) == [1]
    assert sum("COMPRESS" in line for line in server.heard) == 1


def goes_on_in_the_clear(server: Talk) -> None:
    server.say("* BAD what is that?")


def says_nothing(server: Talk) -> None:
    server.hear()


def hangs_up(server: Talk) -> None:
    server.hang_up()


def sends_noise(server: Talk) -> None:
    server.raw(b"\xff\xfe\xfd" * 100)


def ends_the_stream(server: Talk) -> None:
    packer = zlib.compressobj(wbits=-15)
    server.raw(packer.compress(b"* OK so far\r\n") + packer.flush() + b"and more")


def breaks_off_in_a_block(server: Talk) -> None:
    packer = zlib.compressobj(wbits=-15)
    server.raw(packer.compress(os.urandom(1000)) + packer.flush()[:-200])


def packs_bytes_of_nothing(server: Talk) -> None:
    for _ in range(20_000):
        server.raw(b"\x00\x00\x00\xff\xff")


@pytest.mark.parametrize(
    "then",
    [
        goes_on_in_the_clear,
        says_nothing,
        hangs_up,
        sends_noise,
        ends_the_stream,
        breaks_off_in_a_block,
        packs_bytes_of_nothing,
    ],
)
def test_a_server_that_cannot_pack_costs_one_reconnect(then: Callable[[Talk], None]) -> None:
    def talk(server: Talk) -> None:
        server.log_in(PACKS)
        server.on("COMPRESS DEFLATE", done="OK packing")
        then(server)

    with mailbox_to(talk, plain, plain, patience=QUICK) as (mailbox, server):
        assert uids(mailbox) == [1]
        mailbox.close()
        assert uids(mailbox) == [1]
    assert sum("COMPRESS" in line for line in server.heard) == 1


def stalls(server: Talk) -> None:
    server.hear()


def garbles(server: Talk) -> None:
    server.unpacked(b"\xff" * 50)


@pytest.mark.parametrize("then", [stalls, garbles, hangs_up])
def test_packing_that_fails_in_the_middle_of_messages_costs_one_reconnect_and_no_message(
    then: Callable[[Talk], None],
) -> None:
    def talk(server: Talk) -> None:
        packing(server)
        server.examine(exists=2, uidnext=3)
        server.expect(FETCH_HEADERS.format("1:2"))
        server.say(fetched(1, 1))
        then(server)

    def again(server: Talk) -> None:
        server.log_in(PACKS)
        server.examine(exists=2, uidnext=3)
        server.on(FETCH_HEADERS.format("1:2"), fetched(1, 1), fetched(2, 2))

    with mailbox_to(talk, again, patience=QUICK) as (mailbox, _):
        assert uids(mailbox) == [1, 2]


def test_silence_leaves_packing_alone_for_one_connection_and_garbage_for_good() -> None:
    def in_the_middle(then: Callable[[Talk], None]) -> Conversation:
        def talk(server: Talk) -> None:
            packing(server)
            server.expect('EXAMINE "INBOX"')
            then(server)

        return talk

    conversations = (in_the_middle(hangs_up), plain, in_the_middle(garbles), plain, plain)
    with mailbox_to(*conversations, patience=QUICK) as (mailbox, _):
        for _ in range(3):
            assert uids(mailbox) == [1]
            mailbox.close()


@pytest.fixture
def biggest(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many octets were ever held that nobody had read yet."""
    sizes, take = [0], Wire._take

    def watched(self: Wire, data: bytes) -> None:
        take(self, data)
        sizes[0] = max(sizes[0], len(self._buffer))

    monkeypatch.setattr(Wire, "_take", watched)
    return sizes


def test_a_bomb_of_literals_meets_the_bounds_of_any_answer(biggest: list[int]) -> None:
    bomb, packer = (
        b"* 1 FETCH (UID 1 BODY[HEADER] {31000000}\r\n" + bytes(31_000_000) + b")\r\n",
        zlib.compressobj(wbits=-15),
    )
    again = packer.compress(bomb) + packer.flush(zlib.Z_FULL_FLUSH)
    assert len(again) < len(bomb) / 500

    def talk(server: Talk) -> None:
        packing(server)
        server.examine(exists=1, uidnext=2)
        server.expect(FETCH_HEADERS.format("1:1"))
        server.unpacked(20 * again)

    with mailbox_to(talk, plain) as (mailbox, _):
        assert uids(mailbox) == [1], "it is read on another connection, unpacked"
    assert biggest[0] < 2_000_000


def test_a_line_that_unpacks_to_more_than_any_line_is_refused_where_it_gets_too_long(
    biggest: list[int], wake: Wake
) -> None:
    def talk(server: Talk) -> None:
        packing(server)
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("+ idling")
        server.raw(bytes(100_000_000))

    with mailbox_to(talk) as (mailbox, _):
        ears = Ears({"": mailbox})
        ears.wait(5, wake.reads)
        assert "a line of more than" in str(ears.trouble[""])
    assert biggest[0] < 2_000_000


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_news_that_waits_to_be_unpacked_is_heard(certificates: Certificates, wake: Wake, security: Security) -> None:
    """All of it comes in one piece with the server's "+": afterwards no poll of the socket would ever wake."""

    def talk(server: Talk) -> None:
        packing(server)
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.raw(b"+ idling\r\n" + b"* OK Still here\r\n" * 5000 + b"* 4 EXISTS\r\n")
        done(server)

    tls = serving_tls(certificates.good) if security is Security.TLS else None
    with ScriptedServer(talk, tls=tls) as server:
        settings = server_at(server.port, security, ca_file=str(certificates.ca_file))
        mailbox = ImapMailbox(settings, lambda: "secret", None, HASTY)
        mailbox._extras = Extras()
        assert waited(mailbox, LONG, wake) < 2
        mailbox.close()


def test_news_that_waits_to_be_unpacked_is_heard_among_several_mailboxes(wake: Wake) -> None:
    def loud(server: Talk) -> None:
        packing(server)
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.raw(b"+ idling\r\n" + b"* OK Still here\r\n" * 5000 + b"* 4 EXISTS\r\n")

    def quiet(server: Talk) -> None:
        packing(server)
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("+ idling")

    with mailbox_to(loud) as (one, _), mailbox_to(quiet) as (other, _):
        ears = Ears({"one": one, "other": other})
        ears.wait(5, wake.reads)
        assert (ears.news, ears.trouble) == ({"one"}, {})


def test_what_zlib_itself_holds_does_not_wait_for_another_byte_of_the_server() -> None:
    """A piece ends within a repetition, and the last bytes of the flush (RFC 1979, 2.1) are still on their way."""
    sizes = range(packed.PIECE - 60, packed.PIECE + 300)

    def talk(server: Talk) -> None:
        packing(server)
        late = b""
        for size in sizes:
            server.expect("NOOP")
            end = server.tag + b" OK done\r\n"
            said = late + server._pack(b"* OK " + end + b"* OK " + b"x" * (size - len(end) - 10) + b"\r\n" + end)
            server.unpacked(said[:-5])
            late = said[-5:]
        server.unpacked(late)

    with mailbox_to(talk, patience=replace(HASTY, short=0.5)) as (mailbox, _):
        for _ in sizes:
            mailbox._connected().noop()


# -- UTF8=ACCEPT -------------------------------------------------------------------------------------------------------

HEADER = "From: Jörg <jörg@bücher.test>\r\nSubject: Grüße\r\nMessage-ID: <1@bücher.test>\r\n\r\n".encode()


def test_a_server_that_shows_internationalised_mail_to_those_who_ask_is_asked() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1, HEADER))

    with mailbox_to(talk) as (mailbox, _):
        [page] = mailbox.newer_than(INBOX, None)
    assert page.messages[0].raw == HEADER


def lists(*names: str) -> list[str | bytes]:
    return [f'* LIST (\\HasNoChildren) "." "{name}"' for name in names]


def test_folders_keep_their_names_whichever_way_a_connection_writes_them() -> None:
    names = ("INBOX", "INBOX.Entwürfe", "INBOX.R&D", "INBOX.送信済み")

    def with_utf8(server: Talk) -> None:
        in_utf8(server)
        server.on("NOOP")
        server.on('LIST "" "\\*"', *lists(*names))
        for name in names[1:]:
            server.on(f'EXAMINE "{name}"', *standing(exists=0, uidnext=1))
        server.hang_up()

    def without(server: Talk) -> None:
        server.log_in()
        server.on("NOOP")
        wire = ("INBOX", "INBOX.Entw&APw-rfe", "INBOX.R&-D", "INBOX.&kAFP4W4IMH8-")
        server.on('LIST "" "\\*"', *lists(*wire))
        for name in wire[1:]:
            server.on(f'EXAMINE "{name}"', *standing(exists=0, uidnext=1))

    with mailbox_to(with_utf8, without, folders=names) as (mailbox, _):
        for _ in range(2):
            found = mailbox.folders()
            assert {one.name for one in found} >= set(names)
            for folder in found[1:4]:
                list(mailbox.newer_than(folder, None))
            mailbox.close()


def test_a_server_that_enables_utf8_and_lists_in_utf7_is_understood() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.on("NOOP")
        server.on('LIST "" "\\*"', *lists("INBOX", "INBOX.Entw&APw-rfe"))
        server.on('EXAMINE "INBOX.Entw&APw-rfe"', *standing(exists=0, uidnext=1))

    with mailbox_to(talk, folders=("INBOX.Entwürfe",)) as (mailbox, _):
        [drafts] = mailbox.folders()
        list(mailbox.newer_than(drafts, None))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("* ENABLED", "OK done"),
        ("* ENABLED CONDSTORE", "OK done"),
        ("* OK nothing", "OK done"),
        ("* OK nothing", "NO not for you"),
        ("* OK nothing", "BAD what?"),
        ("* ENABLED (", "OK done"),
    ],
)
def test_where_utf8_is_not_said_to_be_on_names_are_written_as_ever(said: str, answer: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in(UTF8)
        server.on("ENABLE UTF8=ACCEPT", said, done=answer)
        server.on("NOOP")
        server.on('LIST "" "\\*"', *lists("INBOX", "INBOX.Entw&APw-rfe"))
        server.on('EXAMINE "INBOX.Entw&APw-rfe"', *standing(exists=0, uidnext=1))
        server.hang_up()

    def again(server: Talk) -> None:
        server.log_in(UTF8)
        gives_a_message(server)

    with mailbox_to(talk, again, folders=("INBOX.Entwürfe",)) as (mailbox, _):
        [drafts] = mailbox.folders()
        list(mailbox.newer_than(drafts, None))
        mailbox.close()
        assert uids(mailbox) == [1]


@pytest.mark.parametrize("then", [stalls, hangs_up])
def test_a_server_that_breaks_at_enable_costs_one_reconnect(then: Callable[[Talk], None]) -> None:
    def talk(server: Talk) -> None:
        server.log_in(UTF8)
        server.expect("ENABLE UTF8=ACCEPT")
        then(server)

    def without(server: Talk) -> None:
        server.log_in(UTF8)
        gives_a_message(server)

    with mailbox_to(talk, without, without, patience=QUICK) as (mailbox, _):
        for _ in range(2):
            assert uids(mailbox) == [1]
            mailbox.close()


def test_a_server_that_falls_over_an_internationalised_message_is_read_without_it() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.examine(exists=1, uidnext=2)
        server.expect(FETCH_HEADERS.format("1:1"))
        server.hang_up()

    def without(server: Talk) -> None:
        server.log_in(UTF8)
        gives_a_message(server)

    with mailbox_to(talk, without) as (mailbox, _):
        assert uids(mailbox) == [1]


def test_a_refused_password_is_not_said_again_for_an_extensions_sake() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.expect('EXAMINE "INBOX"')
        server.hang_up()

    def refuses(server: Talk) -> None:
        server.greet(UTF8)
        server.on('LOGIN "me" "secret"', done="NO [AUTHENTICATIONFAILED] no")

    with mailbox_to(talk, refuses, refuses) as (mailbox, server), pytest.raises(UnreachableError, match="refused"):
        uids(mailbox)
    assert sum("LOGIN" in line for line in server.heard) == 2


def test_trouble_that_nobody_made_good_at_once_does_not_make_a_refused_login_be_tried_again() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.on('LIST "" "\\*"', *lists("INBOX", "Sent"))
        server.expect("APPEND .*")
        server.hang_up()

    def refuses(server: Talk) -> None:
        server.greet(UTF8)
        server.on('LOGIN "me" "secret"', done="NO [AUTHENTICATIONFAILED] no")

    with mailbox_to(talk, refuses, refuses) as (mailbox, server):
        with pytest.raises(UnreachableError, match="closed"):
            mailbox.file_sent(LETTER, NOON)
        with pytest.raises(LoginRefusedError):
            uids(mailbox)
    assert sum("LOGIN" in line for line in server.heard) == 2


LETTER = "From: me\r\nTo: jörg@bücher.test\r\nSubject: Grüße\r\n\r\nHallo\r\n".encode()


def files(server: Talk, literal: str, size: int, answer: str) -> bytes:
    """Take a message."""
    server.expect(r'APPEND "Sent" \(\\Seen\) "23-Nov-2026 12:00:00 \+0000" ' + literal)
    if answer.startswith("BAD"):
        server.done(answer)
        return b""
    server.say("+ go on")
    got = server._file.read(size)
    server.hear()
    server.done(answer)
    return got


@pytest.mark.parametrize("answer", ["OK done", "NO what is that", "BAD what is that"])
def test_a_copy_with_a_header_in_utf8_is_filed_as_one_or_else_as_ever(answer: str) -> None:
    taken: list[bytes] = []

    def talk(server: Talk) -> None:
        in_utf8(server)
        server.on('LIST "" "\\*"', *lists("INBOX", "Sent"))
        taken.append(files(server, rf"UTF8 \(~\{{{len(LETTER)}\}}", len(LETTER) + 1, answer))
        if not answer.startswith("OK"):
            taken.append(files(server, rf"\{{{len(LETTER)}\}}", len(LETTER), "OK done"))

    with mailbox_to(talk) as (mailbox, _):
        mailbox.file_sent(LETTER, NOON)
    wanted = {"OK": [LETTER + b")"], "NO": [LETTER + b")", LETTER], "BA": [b"", LETTER]}
    assert taken == wanted[answer[:2]]


def test_a_copy_in_ascii_is_filed_as_ever() -> None:
    letter = b"From: me\r\nSubject: Greetings\r\n\r\nHallo \xc3\xbc\r\n"

    def talk(server: Talk) -> None:
        in_utf8(server)
        server.on('LIST "" "\\*"', *lists("INBOX", "Sent"))
        assert files(server, rf"\{{{len(letter)}\}}", len(letter), "OK done") == letter

    with mailbox_to(talk) as (mailbox, _):
        mailbox.file_sent(letter, NOON)


def test_a_server_that_asks_twice_for_a_message_gets_it_once() -> None:
    def talk(server: Talk) -> None:
        in_utf8(server)
        server.on('LIST "" "\\*"', *lists("INBOX", "Sent"))
        server.expect("APPEND .*")
        server.say("+ go on", "+ go on")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="twice"):
        mailbox.file_sent(LETTER, NOON)


def test_a_wait_in_which_nothing_comes_lasts(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        packing(server)
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("+ idling")
        assert server.hear() == "DONE"

    with mailbox_to(talk) as (mailbox, _):
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY
