"""A delivery report in a private format is recognised by several signs at once, never by one; and never raises.

The signs: who sent it (a mailer daemon, a null return path, a multipart/report), what its subject and text say, a reply
code of a server (RFC 5321, section 4.2; RFC 3463), and the letter that comes back.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from followupd.core import headers, mime
from followupd.core.addresses import normalise
from followupd.core.model import DeliveryReport, RecipientStatus
from followupd.core.phrases import failures, machines, outcomes

LONGEST: Final = 4_000
"""Characters of the readable text that are looked at: a report tells its news first."""

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~][\w.!#$%&'*+/=?^`{|}~-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{1,250}"
)
_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY: Final = re.compile(r"(?<![\d.:/@-])([45])([0-5])\d(?=[ -](?!days|hours|bytes)|:|$)", re.MULTILINE)
_FIELD: Final = re.compile(
    r"^\s*(?:>\s*)?(final-recipient|original-recipient|recipient|recipient address|failed recipient|"
    r"x-failed-recipients|intended recipient|undeliverable address|error-for|rcpt to)\s*:\s*"
    r"(?:rfc822\s*;)?\s*(.{3,320})$",
    re.IGNORECASE | re.MULTILINE,
)
_RCPT: Final = re.compile(r"rcpt to:\s*<?([^\s<>]+@[^\s<>]+)", re.IGNORECASE)
_ALONE: Final = re.compile(
    r"^[\s>*\"'<(\[-]*([^\s<>\"'()\[\]:;,]{1,64}@[^\s<>\"'()\[\]:;,]{1,255})[>\"')\]]*\s*(?:$|[:;,(\[<-]|\.\.\.)",
    re.MULTILINE,
)
_FIELDS: Final = re.compile(
    r"^(?:received|return-path|message-id|x-\S{2,30}|date|from|subject|to)\s*:.{1,500}\n"
    r"(?:(?:[ \t].*|[\w-]{2,40}\s*:.*)\n){3,}",
    re.IGNORECASE | re.MULTILINE,
)
_REPLIED: Final = re.compile(r"\s*(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw|odp)\s*:", re.IGNORECASE)
_OTHERS: Final = re.compile(r"(?:mailer-daemon|postmaster|support|abuse|helpdesk|no-?reply)@", re.IGNORECASE)
_SNS: Final = re.compile(r'\\?"emailAddress\\?"\s*:\s*\\?"([^"\\]{3,320})')
_SNS_KIND: Final = re.compile(r'notificationType\\?"\s*:\s*\\?"(Bounce|Complaint|Delivery)')
_TYPED: Final = re.compile(r"(?:smtp|rfc822|mailto)[=:;]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    daemon: bool
    automatic: bool
    subject: bool
    body: bool
    code: bool
    original: bool
    replied: bool

    def convincing(self) -> bool:
        if self.daemon:
            return self.body or (self.subject and (self.code or self.original))
        if self.automatic:
            return (self.body and (self.code or self.original or self.subject)) or (self.subject and self.original)
        return self.body and self.subject and self.original and not self.replied


def read(root: mime.Part, text: str, *, returned: bool) -> DeliveryReport | None:
    """Look for a report in the readable `text` of a message; `returned`: another message is attached to it."""
    if root.field("x-amz-sns-message-id") and (kind := _SNS_KIND.search(text[:LONGEST])):
        return _sns(kind[1], text[:LONGEST])
    subject = headers.words(root.field("subject"))[:500]
    said, marked = _above_original(text[:LONGEST])
    code = _STATUS.search(said) or _REPLY.search(said)
    body = failures.BODY.search(said)
    signs = _Signs(
        daemon=_from_daemon(root),
        automatic=_automatic(root),
        subject=bool(failures.SUBJECT.search(subject)),
        body=body is not None,
        code=code is not None,
        original=returned or marked,
        replied=bool(_REPLIED.match(subject)),
    )
    if not signs.convincing():
        return None
    words = " ".join((body[0] if body else subject).split())[:120]
    return DeliveryReport(recipients=_recipients(root, said, subject), rule="bounce.private", words=words)


def _sns(kind: str, text: str) -> DeliveryReport:
    """Read a notification of Amazon SES that comes through SNS as JSON: a bounce, a complaint, or a delivery."""
    if kind == "Complaint":
        return DeliveryReport(rule="rfc5965.feedback", words=kind)
    action = "delivered" if kind == "Delivery" else "delayed" if "Transient" in text else "failed"
    status = _STATUS.search(text) if kind == "Bounce" else None
    recipients = tuple(
        RecipientStatus(final_recipient=one, action=action, status=status[0] if status else "")
        for one in _clean(_SNS.findall(text)) or ("",)
    )
    return DeliveryReport(recipients=recipients, rule="bounce.amazon-sns", words=kind)


def explained(report: DeliveryReport, text: str) -> DeliveryReport:
    """Give what the readable `text` says of the one recipient whose failure the report itself leaves unexplained.

    Exim writes "Status: 5.0.0" and no Diagnostic-Code where it found out by itself; both are all that RFC 3464 (2.3.4,
    2.3.6) asks for.
    """
    if len(report.recipients) != 1:
        return report
    [one] = report.recipients
    if one.action != "failed" or one.diagnostic_code or one.status not in {"", "5.0.0"}:
        return report
    said, _ = _above_original(text[:LONGEST])
    line = diagnosis(said)
    status = _STATUS.search(line)
    plain = replace(one, diagnostic_code=line)
    found = replace(plain, status=status[0]) if status and status[1] == "5" else plain
    return replace(report, recipients=(found,))


def suspicious(root: mime.Part) -> bool:
    """Tell whether a mailer daemon sent it, or its subject speaks of a delivery: so that asking further is worth it."""
    people = root.field("from")
    if b"@" not in people or root.field("in-reply-to"):
        return False
    return _from_daemon(root) or bool(failures.SUBJECT.search(headers.words(root.field("subject"))[:500]))


def _recipients(root: mime.Part, said: str, subject: str) -> tuple[RecipientStatus, ...]:
    found = _addresses(root, said)
    action, status = _outcome(f"{subject}\n{said}")
    why = diagnosis(said)
    return tuple(
        RecipientStatus(final_recipient=one, action=action, status=status, diagnostic_code=why)
        for one in found or ("",)
    )


def _outcome(said: str) -> tuple[str, str]:
    """Tell the action of RFC 3464 and the status of RFC 3463 that the words amount to."""
    status = _STATUS.search(said)
    reply = _REPLY.search(said)
    code = status[0] if status else f"{reply[1]}.0.0" if reply else ""
    delayed = outcomes.DELAYED.search(said) is not None
    final = outcomes.FINAL.search(said) is not None or code.startswith("5")
    if delayed and (not final or code.startswith("4")):
        return "delayed", code if code.startswith("4") else ""
    return "failed", code


def diagnosis(said: str) -> str:
    """Give the line that says why, "" where none does."""
    for line in said.split("\n"):
        if _STATUS.search(line) or _REPLY.search(line) or outcomes.DEAD.search(line[:300]):
            return " ".join(line.split())[:300]
    return ""


def _addresses(root: mime.Part, said: str) -> tuple[str, ...]:
    """Give the addresses that failed: those named as such, else those that stand apart, else the letter's To."""
    ours = {one.addr_spec for name in ("to", "from", "reply-to") for one in headers.addresses(root.field(name))}
    named = _ADDRESS.findall(headers.words(root.field("x-failed-recipients")))
    inside = (part for part in root.walk() if part is not root)
    returned = [one.addr_spec for part in inside for one in headers.addresses(part.field("to"))]
    fields = [one for _, value in _FIELD.findall(said) for one in _ADDRESS.findall(value)[:1]]
    alone = [named, _SNS.findall(said), fields, _RCPT.findall(said), _ALONE.findall(said)]
    for way in (*alone, _ADDRESS.findall(said), returned):
        if kept := tuple(one for one in _clean(way) if one not in ours and not _OTHERS.match(one)):
            return kept[:20]
    return next((kept[:20] for way in alone if (kept := _clean(way))), ())


def _clean(found: list[str]) -> tuple[str, ...]:
    addresses = dict.fromkeys(normalise(_TYPED.sub("", one.strip("<>.,;:'\"")).strip("<>")) for one in found)
    return tuple(one for one in addresses if one)


def _above_original(text: str) -> tuple[str, bool]:
    """Cut off the letter that comes back, and tell whether there was one."""
    cuts: list[int] = []
    for marker in failures.ORIGINAL.finditer(text):
        start = text.rfind("\n", 0, marker.start()) + 1
        if marker.start() - start <= 60 and start > 20:
            cuts.append(start)
            break
    if (block := _FIELDS.search(text)) is not None and block.start() > 20:
        cuts.append(block.start())
    return (text[: min(cuts)] if cuts else text), bool(cuts)


def _from_daemon(root: mime.Part) -> bool:
    people = root.field("from")
    return (
        bool(machines.DAEMONS_RAW.search(people[:500]))
        or b"@" not in people
        or bool(root.field("x-failed-recipients"))
        or bool(root.field("x-mlserver"))
        or bool(machines.DAEMONS_WORDS.search(headers.words(people[:500])))
    )


def _automatic(root: mime.Part) -> bool:
    path = root.field("return-path").replace(b" ", b"")
    submitted = root.field("auto-submitted").lower()
    return (
        path in {b"<>", b"<MAILER-DAEMON>"}
        or (bool(submitted) and not submitted.startswith(b"no"))
        or root.content_type == "multipart/report"
        or bool(root.field("x-amz-sns-message-id"))
    )
