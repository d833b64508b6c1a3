"""What a server's reply means for a letter: taken, not now, never; what is about us is not held against a recipient.

Rests on the reply code (RFC 5321, section 4.2), the enhanced status code where there is one (RFC 3463, RFC 7504), and,
for servers that use a code against its meaning, on a few words.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from followupd.core.model import Accepted, Deferred, Refused

LONGEST: Final = 500
"""Characters of a server's words that are kept."""


class Stage(StrEnum):
    """Where in the dialogue a reply came."""

    CONNECT = "connect"
    LOGIN = "login"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


_STATUS: Final = re.compile(r"(?:^|[#(\[])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)", re.MULTILINE)
"""An enhanced status code stands first in a line (RFC 2034, section 4); some servers write "(#5.1.1)"."""

_ACCOUNT_STATUS: Final = re.compile(
    r"""
    [45]\.3\.2                                # the system does not take messages now; Microsoft: too many connections
    | 4\.7\.\d+ | [45]\.4\.5                  # held back by policy; Google: daily limit
    | 5\.1\.[78]                              # the sender's address is wrong
    | 5\.7\.(?:3|8|9|1[1-4]|30|57|60|139)     # log in first, log in better, may not send as this sender
    | 5\.7\.(?:5\d\d|7\d\d)                   # Microsoft: the sending account or tenant is blocked or over its limit
    """,
    re.VERBOSE,
)
_ACCOUNT_WORDS: Final = re.compile(
    r"\b(?:quota|limit|rate|throttl\w*|too (?:many|much|fast)|slow down|sending suspended"
    r"|SubmissionQuota\w*|SendAsDenied|(?:not|un)[- ]?authenticated"
    r"|authentication (?:is )?required|must (?:issue|authenticate|log ?in)"
    r"|relay\w*|sender (?:address )?(?:rejected|denied|not owned))\b",
    re.IGNORECASE,
)
_MAILBOX_OR_LETTER: Final = frozenset({"4.2.2", "5.2.2", "5.2.3", "5.3.4"})
_POLICY_WORDS: Final = re.compile(
    r"\b(?:spam|block\w*|(?:black|block|deny)list\w*|listed|reputation|policy|polic\w+|denied|spf|dkim|dmarc|virus|content"
    r"|verif\w+|sender|ip|dns|ptr|helo|ehlo|size|large|syntax)\b",
    re.IGNORECASE,
)
_SECURITY_OR_POLICY: Final = re.compile(r"(?<![\d.])5\.7\.\d{1,3}(?!\.?\d)")
"""RFC 3463, section 3.8."""
ABOUT_SENDER: Final = "that is about your own mail, not about their address"
_GREYLIST: Final = re.compile(r"gr[ea]y-?list", re.IGNORECASE)
_DEAD_BARE: Final = frozenset({550, 551, 553})
"""No such mailbox, not local, name not allowed: what a server without enhanced codes says at RCPT (section 4.2.3)."""

_ID: Final = re.compile(r"<[^<>\s]{1,120}@[^<>\s]{1,120}>")
_SES_HOST: Final = re.compile(r"email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com\.?", re.IGNORECASE)
_SES_ID: Final = re.compile(r"^(?:2\.\d\.\d\s+)?OK\s+([0-9A-Za-z][0-9A-Za-z-]{30,100})\s*$", re.IGNORECASE)


def receipt(code: int, text: str, *, stage: Stage) -> Accepted | Deferred | Refused:
    """Judge the reply to a letter's data, or to what came before it.

    `text` is what follows the code, lines joined by LF. Only 2xx after the data is Accepted: a 2xx that does not fit
    its stage is Deferred, since nothing was sent.
    """
    if stage is Stage.DATA and 200 <= code < 300:
        return Accepted(text=said(code, text))
    return refusal(code, text, stage=stage)


def refusal(code: int, text: str, *, stage: Stage) -> Deferred | Refused:
    """Judge a reply that is not the one asked for: the letter was certainly not taken."""
    words = said(code, text)
    status = found[1] if (found := _STATUS.search(text)) else ""
    if not 400 <= code < 600:
        return Deferred(text=words, account=stage in _BEFORE_RECIPIENT)
    if _about_account(code, status, text, stage):
        return Deferred(text=words, account=True)
    if code < 500:
        return Deferred(text=words)
    return Refused(text=words, dead_address=_about_recipient(code, status, text, stage))


_BEFORE_RECIPIENT: Final = frozenset({Stage.CONNECT, Stage.LOGIN, Stage.MAIL})


def _about_account(code: int, status: str, text: str, stage: Stage) -> bool:
    if code == 421 or stage in {Stage.CONNECT, Stage.LOGIN}:
        return True
    if code < 500 and _GREYLIST.search(text):
        return False
    if stage is Stage.MAIL and (code < 500 or status.startswith("5.7.")):
        return True
    if code in {530, 534, 535, 538} or _ACCOUNT_STATUS.fullmatch(status):
        return True
    # an unknown mailbox, one over its quota and a letter over a limit of size are not ours, whatever words are used
    theirs = code == 552 or status.startswith(("4.1.", "5.1.")) or status in _MAILBOX_OR_LETTER
    return not theirs and bool(_ACCOUNT_WORDS.search(text))


def _about_recipient(code: int, status: str, text: str, stage: Stage) -> bool:
    if stage not in {Stage.RCPT, Stage.DATA}:
        return False
    if status:
        return status.startswith("5.1.")
    return stage is Stage.RCPT and code in _DEAD_BARE and not _POLICY_WORDS.search(text)


def about_sender(text: str) -> bool:
    """Tell whether a letter was turned down for good for a policy: that says nothing of the recipient's address."""
    return bool(_SECURITY_OR_POLICY.search(text))


def other_ids(text: str, host: str) -> tuple[str, ...]:
    """Give the Message-IDs that a 250 reply names: the server may have replaced ours by one of them.

    Outlook and Exchange name theirs in angle brackets. Amazon SES gives a bare id, to which a domain belongs that
    depends on the region of `host`, the server's name.
    """
    found = list(_ID.findall(text[:4096]))
    if (ses := _SES_HOST.fullmatch(host.strip())) and (bare := _SES_ID.search(text[:4096].strip())):
        region = ses[1].lower()
        domains = [f"{region}.amazonses.com"]
        if region == "us-east-1":
            domains.insert(0, "email.amazonses.com")
        found.extend(f"<{bare[1]}@{domain}>" for domain in domains)
    return tuple(dict.fromkeys(found))[:4]


def said(code: int, text: str) -> str:
    """Give a reply as one line that is fit to be shown: no control or direction characters, clipped."""
    return plain(f"{code} {' '.join(text[: 4 * LONGEST].split())}".strip())


def plain(text: str) -> str:
    """Replace what must not reach a terminal, a log or a page raw, and clip to `LONGEST` characters."""
    shown = "".join(
        character if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029" else "\ufffd"
        for character in text[:LONGEST]
    )
    return shown if len(text) <= LONGEST else shown[: LONGEST - 1] + "…"
