"""How the mail programs of mentors answer: each with its own headers, its way to quote, its encoding.

Every function takes a letter as it arrived, the address that answers and the words, and gives the bytes it submits.
"""

import base64
import html
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid

from tests.acceptance.letters import re
from tests.servers.mailbox import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A letter, who answers it, with which words, and in which zone their clock is."""

    letter: Stored
    sender: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The letter's own lines."""
        body = self.letter.parsed.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).rstrip("\n").splitlines()

    @property
    def user(self) -> str:
        """Who wrote the letter, as its From has it."""
        return self.letter.header("From")

    def head(self, *more: str, subject: str = "", threaded: bool = True, refers: bool = True) -> str:
        """Give the header that all programs have, and some fields of this one."""
        written = self.letter.header("Message-ID")
        fields = [
            f"From: Ada Lovelace <{self.sender}>",
            f"To: {self.user}",
            f"Subject: {subject or re(self.letter.header('Subject'))}",
            f"Date: {format_datetime(datetime.now(UTC))}",
            f"Message-ID: {make_msgid(domain='mail.mentors.test')}",
            *([f"In-Reply-To: {written}"] if threaded else []),
            *([f"References: {self.letter.header('References')} {written}".replace(":  ", ": ")] if refers else []),
            "MIME-Version: 1.0",
            *more,
        ]
        return "\r\n".join(fields) + "\r\n\r\n"


def _joined(lines: list[str]) -> str:
    return "\r\n".join(lines) + "\r\n"


def _quoted_printable(text: str) -> str:
    return quopri.encodestring(text.replace("\r\n", "\n").encode()).decode().replace("\n", "\r\n")


def _alternative(boundary: str, plain: str, marked_up: str) -> str:
    parts = (("plain", plain), ("html", marked_up))
    shown = "".join(
        f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{_quoted_printable(text)}\r\n"
        for kind, text in parts
    )
    return f"{shown}--{boundary}--\r\n"


def outlook_plain(one: Answering) -> bytes:
    """Outlook in plain text: the answer on top, a rule, four header lines, the letter without prefixes."""
    head = one.head(
        "X-Mailer: Microsoft Outlook 16.0", f"Thread-Index: {base64.b64encode(b'exchange-thread-index!').decode()}",
        "Content-Language: en-us", 'Content-Type: text/plain; charset="us-ascii"', "Content-Transfer-Encoding: 7bit",
    )  # fmt: skip
    body = [
        one.text, "", "-----Original Message-----", f"From: {one.user} ", "Sent: Tuesday, November 24, 2026 2:05 PM",
        f"To: Ada Lovelace <{one.sender}>", f"Subject: {one.letter.header('Subject')}", "", *one.lines,
    ]  # fmt: skip
    return (head + _joined(body)).encode()


def outlook_html(one: Answering) -> bytes:
    """Outlook with Exchange: HTML alone, paragraphs of class MsoNormal, the letter below a border."""
    head = one.head(
        f"Thread-Topic: {one.letter.header('Subject')}",
        f"Thread-Index: {base64.b64encode(b'exchange-thread-index!').decode()}", "X-MS-Has-Attach:",
        "X-MS-TNEF-Correlator:", "X-MS-Exchange-Organization-AuthAs: Internal", "Accept-Language: en-GB, de-DE",
        "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", 'Content-Type: text/html; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
    )  # fmt: skip
    quoted = "".join(f'<p class="MsoNormal">{html.escape(line) or "&nbsp;"}<o:p></o:p></p>\n' for line in one.lines)
    markup = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} -->'
        '</style></head><body lang="EN-GB"><div class="WordSection1">\n'
        f'<p class="MsoNormal">{html.escape(one.text)}<o:p></o:p></p>\n'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
        f'padding:3.0pt 0cm 0cm 0cm">\n<p class="MsoNormal"><b>From:</b> {html.escape(one.user)} <br>\n'
        f"<b>Sent:</b> 24 November 2026 14:05<br>\n<b>To:</b> {one.sender}<br>\n"
        f"<b>Subject:</b> {html.escape(one.letter.header('Subject'))}<o:p></o:p></p>\n</div></div>\n{quoted}"
        "</div></body></html>\n"
    )
    return (head + _quoted_printable(markup)).encode()


def iphone(one: Answering) -> bytes:
    """Apple Mail on a phone: its own signature, then attribution and letter prefixed alike."""
    head = one.head(
        "Mime-Version: 1.0 (1.0)", "X-Mailer: iPhone Mail (22B91)", "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
    )  # fmt: skip
    attribution = f"On 24 Nov 2026, at 14:05, {one.user} wrote:"
    below = [f"> {line}" for line in (attribution, "", "\ufeff" + one.lines[0], *one.lines[1:])]
    return (head + _quoted_printable(_joined([one.text, "", "Sent from my iPhone", "", *below]))).encode()


def gmail(one: Answering) -> bytes:
    """Gmail in a browser: two alternatives, the attribution broken before "wrote:"."""
    boundary = "000000000000a1b2c3061f0e7d55"
    head = one.head(f'Content-Type: multipart/alternative; boundary="{boundary}"')
    plain = [
        one.text, "", f"On Tue, Nov 24, 2026 at 2:05 PM {one.user}", "wrote:", "", *(f"> {line}" for line in one.lines),
    ]  # fmt: skip
    markup = (
        f'<div dir="ltr">{html.escape(one.text)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026 at 2:05\u202fPM {html.escape(one.user)} wrote:<br>'
        "</div>"
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
        f"{'<br>'.join(html.escape(line) for line in one.lines)}</blockquote></div>"
    )
    return (head + _alternative(boundary, _joined(plain), markup)).encode()


def thunderbird(one: Answering) -> bytes:
    """Thunderbird: the answer between the lines of the letter, flowed, a signature below."""
    head = one.head(
        "User-Agent: Mozilla Thunderbird", "Content-Language: en-US",
        "Content-Type: text/plain; charset=UTF-8; format=flowed", "Content-Transfer-Encoding: 8bit",
    )  # fmt: skip
    half = len(one.lines) // 2
    body = [
        "On 24.11.26 14:05, Ida Brandt wrote:", *(f"> {line}" for line in one.lines[:half]), "", one.text, "",
        *(f"> {line}" for line in one.lines[half:]), "", "-- ", "Ada Lovelace", "Analytical Engines",
    ]  # fmt: skip
    return (head + _joined(body)).encode()


def mutt(one: Answering) -> bytes:
    """Mutt: the answer below the letter, as RFC 3676 has it, no word that mail programs like to add."""
    head = one.head(
        "Content-Type: text/plain; charset=us-ascii; format=flowed", "Content-Disposition: inline",
        "User-Agent: Mutt/2.2.13 (00d56288) (2024-03-09)",
    )  # fmt: skip
    body = [
        "On Tue, Nov 24, 2026 at 02:05:00PM +0000, Ida Brandt wrote:", *(f"> {line}" for line in one.lines), "",
        one.text, "", "-- ", "Ada",
    ]  # fmt: skip
    return (head + _joined(body)).encode()


def new_thread(one: Answering) -> bytes:
    """Write from a phone as if there had been no letter: another subject, no reference, nothing quoted."""
    head = one.head(
        "X-Mailer: Android Mail", "Content-Type: text/plain; charset=utf-8", subject="Your second yard", threaded=False,
        refers=False,
    )  # fmt: skip
    return (head + _joined([one.text, "", "Sent from my Galaxy"])).encode()


CLIENTS: tuple[Callable[[Answering], bytes], ...] = (
    outlook_plain, outlook_html, iphone, gmail, thunderbird, mutt, new_thread,
)  # fmt: skip
