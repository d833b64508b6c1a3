"""A letter leaves at most once a call, and what became of it is told as a value; the Postman port over SMTP (RFC 5321).

Until the server has said 354 nothing of the letter is on the wire: whatever goes wrong, it was not sent. From then on
only a reply that was read whole decides; anything else leaves the letter in doubt.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from followupd.core.connections import Server
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.core.model import Accepted, Deferred, Draft, Receipt, Refused, Unknown
from followupd.core.replies import Stage, other_ids, plain, receipt, refusal, said
from followupd.failpoints import Point, reach
from followupd.smtp.session import Patience, open_session
from followupd.smtp.trouble import TROUBLE, explain
from followupd.smtp.wire import Wire

_NO_ADDRESS: Final = re.compile(r"[\x00-\x20<>\x7f]")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class SmtpEnvelope:
    """The Envelope port: a letter whose recipient the server has accepted, on a connection of its own."""

    def __init__(self, wire: Wire, draft: Draft, server: Server, patience: Patience) -> None:
        self._wire = wire
        self._draft = draft
        self._server = server
        self._patience = patience

    def deliver(self) -> Receipt:
        """Send the data and give what became of it; never raises.

        Accepted has the server's words and the other Message-IDs they name. Unknown: the data went out, in part at
        least, and no reply came back.
        """
        try:
            if no := self._ask():
                return no
            outcome = self._send_data()
            if not isinstance(outcome, Unknown):
                self._wire.leave(0)
            return outcome
        finally:
            self._wire.drop()

    def withdraw(self) -> None:
        """Take the letter back (RSET, RFC 5321, section 4.1.1.5); never raises."""
        self._wire.patience = self._patience.quit
        try:
            self._wire.text("RSET")
            self._wire.leave(self._patience.quit)
        except TROUBLE:
            pass
        finally:
            self._wire.drop()

    def _ask(self) -> Deferred | Refused | None:
        """Ask whether the letter may come; None if it may. Nothing of it is on the wire yet."""
        wire = self._wire
        try:
            code, text = wire.text("DATA")
            out_of_turn = wire.unread()
        except TROUBLE as error:
            return Deferred(text=str(explain(error, self._server, "asking whether the letter may come")))
        if code == 354:
            # what was said before the letter must not pass for the answer to it
            return Deferred(text="the server speaks out of turn, so the letter was not sent") if out_of_turn else None
        if 400 <= code < 600:
            wire.leave(0)
        return refusal(code, text, stage=Stage.DATA)

    def _send_data(self) -> Receipt:
        try:
            self._wire.patience = self._patience.letter
            data = stuffed(self._draft.raw)
            reach(Point.LETTER_WRITING)
            # in two parts, so that a crash between them can be played: a letter torn in two is no letter
            self._wire.send(data[: len(data) // 2])
            reach(Point.LETTER_TORN)
            self._wire.send(data[len(data) // 2 :])
            reach(Point.LETTER_WRITTEN)
            code, reply = self._wire.getreply()
            reach(Point.LETTER_ANSWERED)
        except TROUBLE as error:
            return Unknown(text=str(explain(error, self._server, "waiting for the answer to the letter")))
        text = reply.decode("utf-8", "replace")
        if not (200 <= code < 300 or 400 <= code < 600):
            return Unknown(text=f"the server's answer to the letter is neither yes nor no: {said(code, text)}")
        outcome = receipt(code, text, stage=Stage.DATA)
        if isinstance(outcome, Accepted):
            outcome = replace(outcome, other_ids=self._other_ids(text))
        return outcome

    def _other_ids(self, text: str) -> tuple[str, ...]:
        # servers also name the recipient in angle brackets (Dovecot), which is no Message-ID
        known = {self._draft.message_id, f"<{self._draft.rcpt_to}>", f"<{self._draft.mail_from}>"}
        return tuple(other for other in other_ids(text, self._server.host) if other not in known)


class SmtpPostman:
    """The Postman port: one connection a letter."""

    def __init__(self, server: Server, password: Callable[[], str], patience: Patience | None = None) -> None:
        """`password` gives the secret when it is needed; it is not called where the config names none."""
        self._server = server
        self._password = password
        self._patience = patience or Patience()

    def address(self, draft: Draft) -> SmtpEnvelope | Deferred | Refused:
        """Connect, log in, name sender and recipient. Whatever goes wrong here, the letter is certainly not sent.

        Raises LoginRefusedError, and what `password` raises; all other trouble is a value. Trouble before the recipient
        was named is about the account: it would meet every letter.
        """
        if wrong := _unfit(draft):
            return Refused(text=wrong)
        try:
            wire = open_session(self._server, self._password, self._patience)
        except LoginRefusedError:
            raise
        except UnreachableError as error:
            return Deferred(text=str(error), account=True)
        try:
            if no := self._name(wire, draft):
                wire.leave(self._patience.quit)
                return no
        except TROUBLE as error:
            wire.drop()
            return Deferred(text=str(explain(error, self._server, "naming sender and recipient")))
        except BaseException:
            wire.drop()
            raise
        return SmtpEnvelope(wire, draft, self._server, self._patience)

    def test(self) -> str:
        """Connect, log in, and say goodbye; give a line that tells what was found.

        Raises UnreachableError (LoginRefusedError) with a plain sentence, the server, and what to do.
        """
        server = self._server
        wire = open_session(server, self._password, self._patience)
        try:
            code, text = wire.text("NOOP")
        except TROUBLE as error:
            wire.drop()
            raise explain(error, server, "testing the connection") from error
        wire.leave(self._patience.quit)
        if code != 250:
            raise UnreachableError(
                f"the server takes no commands: {said(code, text)}", where=f"{server.host}:{server.port}"
            )
        login = f"logged in as {server.username}" if wire.logged_in else "no login"
        return f"{server.host}:{server.port} ({server.security}), {login}"

    def _name(self, wire: Wire, draft: Draft) -> Deferred | Refused | None:
        parameters = _parameters(wire, draft)
        if isinstance(parameters, Refused):
            return parameters
        code, text = wire.text("MAIL", " ".join([f"FROM:<{draft.mail_from}>", *parameters]))
        if code != 250:
            return refusal(code, text, stage=Stage.MAIL)
        code, text = wire.text("RCPT", f"TO:<{draft.rcpt_to}>")
        if code not in {250, 251}:
            return refusal(code, text, stage=Stage.RCPT)
        return None


def stuffed(raw: bytes) -> bytes:
    """Give a message as it goes over the wire: lines end in CRLF, dots are doubled, a dot ends it (section 4.5.2)."""
    lines = _LINE_END.split(raw)
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


def _unfit(draft: Draft) -> str:
    for address in (draft.mail_from, draft.rcpt_to):
        if _NO_ADDRESS.search(address) or "@" not in address:
            return plain(f"{address!r} is no address that a letter can go to")
    return ""


def _parameters(wire: Wire, draft: Draft) -> list[str] | Refused:
    """Give the parameters of MAIL (RFC 1870, RFC 6152, RFC 6531), or why this server cannot take the letter."""
    parameters: list[str] = []
    if wire.has_extn("size"):
        limit = str(wire.esmtp_features["size"])
        if limit.isascii() and limit.isdecimal() and 0 < int(limit) < len(draft.raw):
            return Refused(text=f"the letter has {len(draft.raw)} octets, the server takes {limit} at most")
        parameters.append(f"SIZE={len(draft.raw)}")
    if not (draft.mail_from + draft.rcpt_to).isascii():
        if not wire.has_extn("smtputf8"):
            return Refused(text="the server takes no addresses with letters beyond ASCII (it does not offer SMTPUTF8)")
        wire.command_encoding = "utf-8"
        parameters.append("SMTPUTF8")
    if not draft.raw.isascii():
        if not wire.has_extn("8bitmime"):
            return Refused(text="the letter has octets beyond ASCII, and the server does not offer 8BITMIME")
        parameters.append("BODY=8BITMIME")
    return parameters
