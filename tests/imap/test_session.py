"""Connecting, TLS and the login: what is sent, what never is, and how each failure is told."""

import base64
import contextlib
import re
import socket
import ssl
from dataclasses import replace

import pytest

from followupd.core.connections import Security
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.imap.mailbox import ImapMailbox
from followupd.imap.session import Session
from followupd.imap.trouble import explain, plain
from tests.imap.conftest import Wake
from tests.imap.scripted import HASTY, Conversation, ScriptedServer, Talk, mailbox_to, server_at, serving_tls
from tests.servers.certificates import Certificates

TO_A_SERVER = server_at(993, Security.TLS, host="imap.example.org")


def refused(conversation: Conversation, security: Security = Security.NONE) -> tuple[UnreachableError, list[str]]:
    """Try to log in; give the error and what the server heard."""
    with ScriptedServer(conversation) as server:
        mailbox = ImapMailbox(server_at(server.port, security), lambda: "secret", None, HASTY)
        with pytest.raises(UnreachableError) as raised:
            mailbox.folders()
    return raised.value, server.heard


def test_what_the_server_can_do_is_asked_again_after_the_login(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1")
        server.on('LOGIN "me" "secret"')
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE")
        server.examine(exists=0)
        server.expect("IDLE")
        server.say("* 1 EXISTS", "+ idling")

    with mailbox_to(talk) as (mailbox, server):
        mailbox.wait(5, wake.reads)
    assert any("IDLE" in line for line in server.heard)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ('* ID ("name" "Coremail Imap" "vendor" "NetEase")', "OK done"),
        ("* ID NIL", "OK done"),
        ("* ID (", "OK done"),
        ("* ID garbage \xff", "OK done"),
        ("* OK nothing", "OK done"),
        ("* OK nothing", "NO not now"),
        ("* OK nothing", "BAD no such command"),
    ],
)
def test_the_program_says_who_it_is_and_goes_on_whatever_the_server_makes_of_it(said: str, answer: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1 ID")
        server.on(r'ID \("name" "followupd" "version" "[0-9.]+" "vendor" "followupd"\)', said, done=answer)
        server.on("NOOP")
        server.on('LIST "" "\\*"', '* LIST () "/" INBOX')
        server.logout()

    with mailbox_to(talk) as (mailbox, _):
        assert [folder.name for folder in mailbox.folders()] == ["INBOX"]


def test_the_program_says_who_it_is_before_the_first_folder_is_opened() -> None:
    """NetEase: `NO EXAMINE Unsafe Login` to whoever has not."""

    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1 IDLE ID")
        server.on("ID .*", "* ID NIL")
        server.examine(exists=0)
        server.finish()

    with mailbox_to(talk) as (mailbox, _):
        mailbox._connected().examine(b"INBOX")


@pytest.mark.parametrize(
    ("greeting", "spoken"), [("220 mx.example.org ESMTP ready", "SMTP"), ("HTTP/1.1 400 Bad Request", "HTTP")]
)
def test_a_server_of_another_kind_is_told(greeting: str, spoken: str) -> None:
    def talk(server: Talk) -> None:
        server.say(greeting)
        server.finish()

    error, _ = refused(talk)
    assert f"the server speaks {spoken}, not IMAP" in error.what
    assert "of another server" in error.hint


def test_a_server_that_breaks_off_at_the_introduction_is_told_as_trouble() -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1 ID")
        server.expect("ID .*")
        server.hang_up()

    error, _ = refused(talk)
    assert "closed the connection" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        "NO [AUTHENTICATIONFAILED] Authentication failed.",
        "NO [AUTHORIZATIONFAILED] no",
        "NO [ALERT] Application-specific password required",
        "NO",
        "BAD invalid credentials",
    ],
)
def test_a_refused_login_is_told_apart(answer: str) -> None:
    def talk(server: Talk) -> None:
        server.greet()
        server.on('LOGIN "me" "secret"', done=f"{answer} ")

    error, heard = refused(talk)
    assert isinstance(error, LoginRefusedError)
    assert sum("LOGIN" in line for line in heard) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "NO [UNAVAILABLE] Temporary authentication failure.",
        "NO [ALERT] Too many simultaneous connections. (Failure)",
        "NO [LIMIT] connections",
        "NO [INUSE] busy",
        "NO Maximum number of connections exceeded, try later",
    ],
)
def test_a_busy_server_is_no_refused_login(answer: str) -> None:
    def talk(server: Talk) -> None:
        server.greet()
        server.on('LOGIN "me" "secret"', done=answer)

    error, _ = refused(talk)
    assert not isinstance(error, LoginRefusedError)
    assert "takes no login now" in error.what


def test_the_servers_words_are_shown_without_control_characters() -> None:
    def talk(server: Talk) -> None:
        server.greet()
        server.on('LOGIN "me" "secret"', done="NO \x1b[31mno\x07 \u202ereversed")

    error, _ = refused(talk)
    assert error.what == "the server refused the login of me: \ufffd[31mno\ufffd \ufffdreversed"


def test_name_and_password_are_quoted() -> None:
    def talk(server: Talk) -> None:
        server.greet()
        server.on(re.escape(r'LOGIN "a \"b\" c" "p\\w \"x\" {5}"'))
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1")

    with ScriptedServer(talk) as server:
        settings = server_at(server.port)
        session = Session(replace(settings, username='a "b" c'), lambda: 'p\\w "x" {5}', HASTY)
        session.close()


def test_a_password_that_login_cannot_carry_goes_by_authenticate() -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 AUTH=PLAIN")
        server.expect("AUTHENTICATE PLAIN")
        server.say("+ ")
        assert base64.b64decode(server.hear()) == "\0me\0pässwörd".encode()
        server.done()
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1")

    with ScriptedServer(talk) as server:
        Session(server_at(server.port), lambda: "pässwörd", HASTY).close()


def test_authenticate_may_be_refused_too() -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 AUTH=PLAIN LOGINDISABLED")
        server.expect("AUTHENTICATE PLAIN")
        server.say("+ ")
        server.hear()
        server.done("NO [AUTHENTICATIONFAILED] no")

    error, _ = refused(talk)
    assert isinstance(error, LoginRefusedError)


@pytest.mark.parametrize("secret", ["secret\r\nA1 LOGOUT", "sec\0ret", "secret\n"])
def test_a_control_character_never_reaches_the_server(secret: str) -> None:
    with ScriptedServer(Talk.greet) as server, pytest.raises(LoginRefusedError, match="control character"):
        Session(server_at(server.port), lambda: secret, HASTY)
    assert not any("LOGIN" in line for line in server.heard)


def test_no_password_goes_to_a_server_that_disables_the_login() -> None:
    error, heard = refused(lambda server: server.greet("IMAP4rev1 LOGINDISABLED"))
    assert "allows no login" in error.what
    assert not any("secret" in line for line in heard)


# -- STARTTLS ----------------------------------------------------------------------------------------------------------


def not_offered(server: Talk) -> None:
    server.greet("IMAP4rev1 AUTH=PLAIN")


def turned_down(server: Talk) -> None:
    server.greet("IMAP4rev1 STARTTLS")
    server.on("STARTTLS", done="NO sorry")


def logged_in_already(server: Talk) -> None:
    server.say("* PREAUTH hello")
    server.on("CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS")


def injected(server: Talk) -> None:
    server.greet("IMAP4rev1 STARTTLS")
    server.expect("STARTTLS")
    server.raw(server.tag + b" OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")


def no_tls_after_all(server: Talk) -> None:
    server.greet("IMAP4rev1 STARTTLS")
    server.on("STARTTLS")
    server.sock.recv(1000)
    server.say("* hello")


STRIPPED: dict[Conversation, str] = {
    not_offered: "does not offer STARTTLS",
    turned_down: "refuses to begin TLS",
    logged_in_already: "without TLS",
    injected: "before TLS began",
    no_tls_after_all: "does not speak TLS",
}


@pytest.mark.parametrize(("conversation", "words"), STRIPPED.items())
def test_without_tls_no_password_is_asked_for_or_sent(conversation: Conversation, words: str) -> None:
    asked = []

    def password() -> str:
        asked.append(1)
        return "secret"

    with ScriptedServer(conversation) as server, pytest.raises(UnreachableError, match=words):
        Session(server_at(server.port, Security.STARTTLS), password, HASTY)
    assert asked == []
    assert not any("secret" in line for line in server.heard)


def test_what_was_said_before_tls_is_forgotten(certificates: Certificates) -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 STARTTLS LOGINDISABLED IDLE")
        server.on("STARTTLS")
        server.sock = serving_tls(certificates.good).wrap_socket(server.sock, server_side=True)
        server._file = server.sock.makefile("rb")
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1")
        server.on('LOGIN "me" "secret"')
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1")

    with ScriptedServer(talk) as server:
        settings = server_at(server.port, Security.STARTTLS, ca_file=str(certificates.ca_file))
        session = Session(settings, lambda: "secret", HASTY)
        assert not session.idles
        session.close()


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("other_name", "certificate is for another name than 127.0.0.1"),
        ("expired", "certificate has expired"),
    ],
)
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_wrong_certificate_is_told_by_what_is_wrong(
    certificates: Certificates, shown: str, words: str, security: Security
) -> None:
    tls = serving_tls(getattr(certificates, shown))

    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 STARTTLS")
        server.on("STARTTLS")
        with contextlib.suppress(OSError):
            tls.wrap_socket(server.sock, server_side=True).close()

    with ScriptedServer(talk, tls=tls if security is Security.TLS else None) as server:
        settings = server_at(server.port, security, ca_file=str(certificates.ca_file))
        with pytest.raises(UnreachableError, match=words):
            Session(settings, lambda: pytest.fail("a password was asked for"), HASTY)


def test_a_certificate_of_an_unknown_authority_is_told(certificates: Certificates) -> None:
    unknown = pytest.raises(UnreachableError, match="authority that this machine does not know")
    with ScriptedServer(Talk.greet, tls=serving_tls(certificates.good)) as server, unknown as raised:
        Session(server_at(server.port, Security.TLS), lambda: pytest.fail("a password was asked for"), HASTY)
    assert "ca_file" in raised.value.hint


def test_a_file_of_authorities_that_is_missing_is_named() -> None:
    with pytest.raises(UnreachableError, match="cannot be read") as raised:
        Session(server_at(1, Security.TLS, ca_file="/nowhere/ca.pem"), lambda: "secret", HASTY)
    assert raised.value.where == "/nowhere/ca.pem"


def test_a_server_without_tls_on_this_port_is_told() -> None:
    with (
        ScriptedServer(lambda server: server.say("* OK ready")) as server,
        pytest.raises(UnreachableError, match="does not speak TLS"),
    ):
        Session(server_at(server.port, Security.TLS), lambda: "secret", HASTY)


def test_tls_that_never_begins_ends_in_time() -> None:
    hasty = replace(HASTY, connect=0.2)
    with ScriptedServer(lambda server: None) as server, pytest.raises(UnreachableError, match="in time"):
        Session(server_at(server.port, Security.TLS), lambda: "secret", hasty)


def test_plain_text_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    class Far(socket.socket):
        def getpeername(self) -> tuple[str, int]:
            return ("192.0.2.1", 143)

    far = Far()
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: far)
    with pytest.raises(UnreachableError, match="only made to this machine"):
        Session(server_at(143), lambda: pytest.fail("a password was asked for"), HASTY)
    assert far.fileno() == -1


# -- words -------------------------------------------------------------------------------------------------------------


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"accepts no connection on port {port}") as raised:
        Session(server_at(port), lambda: "secret", HASTY)
    assert raised.value.where == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "there is no server of the name imap.example.org"),
        (UnicodeError("label empty or too long"), "there is no server of the name"),
        (ConnectionRefusedError(111, "refused"), "accepts no connection on port 993"),
        (TimeoutError("timed out"), "did not answer in time"),
        (ConnectionResetError(104, "reset"), "broke the connection off"),
        (OSError(113, "No route to host"), "the network says: No route to host"),
        (ssl.SSLEOFError(8, "EOF"), "closed the connection"),
        (IndexError("x"), "cannot be understood"),
    ],
)
def test_each_failure_has_its_own_words(error: Exception, words: str) -> None:
    told = explain(error, TO_A_SERVER, "connecting")
    assert words in told.what
    assert told.what.endswith("while connecting")
    assert told.where == "imap.example.org:993"


def test_words_of_a_server_are_clipped() -> None:
    assert plain("a" * 1000) == "a" * 200 + "…"
    assert plain(b"\xff\x00") == "\ufffd\ufffd"


@pytest.mark.parametrize("greeting", ["* BYE too busy", "HTTP/1.1 400 Bad Request", "", "* NO", "220 smtp"])
def test_a_strange_greeting_is_trouble_and_no_more(greeting: str) -> None:
    error, heard = refused(lambda server: server.say(greeting))
    assert not isinstance(error, LoginRefusedError)
    assert not any("LOGIN" in line for line in heard)
