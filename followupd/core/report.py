"""A delivery report says which letter failed, for whom, and whether for good (RFC 3464, RFC 8098, private formats)."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Final

from followupd.core import bounces, headers, markup, mime
from followupd.core.addresses import normalise
from followupd.core.model import DeliveryReport, Original, RecipientStatus

_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})\b")
_FLUFL_OCTETS: Final = 12_000
_FLUFL_LINES: Final = 200
_LONGEST_SEARCHED: Final = 20_000
_INLINE_ID: Final = re.compile(
    rb"(?im)^[ \t>]*(?:Message-ID|References|In-Reply-To|X-\S{0,20}Original-Message-ID)\s*:"
    rb"((?:[^\n]{0,998}\n?[ \t]?){0,4})"
)
_REJECTED: Final = re.compile(
    r"your message to\s+<?([^\s<>]{1,64}@[^\s<>]{1,255}?)>? was automatically\s+rejected", re.IGNORECASE
)
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DISPOSITION_TYPES: Final = frozenset({
    "message/disposition-notification", "message/global-disposition-notification",
})  # fmt: skip
_RETURNED_TYPES: Final = frozenset({
    "message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "text/rfc822",
    "message/global-headers", "message/rfc822-headers", "message/partial",
})  # fmt: skip
_ID_FIELDS: Final = (
    "message-id", "x-microsoft-original-message-id", "x-original-message-id", "x-google-original-message-id",
    "references", "in-reply-to",
)  # fmt: skip
_OWN_ID_FIELDS: Final = _ID_FIELDS[:4]
_MOST_ORIGINALS: Final = 5
_ACTIONS: Final = {
    **dict.fromkeys(("failed", "failure", "fail", "expired", "denied", "rejected"), "failed"),
    **dict.fromkeys(("delayed", "deferred", "delay"), "delayed"),
    **dict.fromkeys(("delivered", "deliverable"), "delivered"),
    "relayed": "relayed",
    "expanded": "expanded",
}
"""The actions of RFC 3464, section 2.3.3, and what some servers write for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a message reports: a delivery, a disposition, the letters it returns and the Message-IDs they name."""

    delivery: DeliveryReport | None = None
    disposition: bool = False
    attached_ids: tuple[str, ...] = ()
    originals: tuple[Original, ...] = ()


def read(root: mime.Part, raw: bytes, *, machine: bool) -> Found:
    """Look for a report in a message whose bytes are `raw`; never raises.

    Private formats are tried only where the headers suggest a `machine`, or another message is attached.
    """
    ids: dict[str, None] = {}
    groups: list[dict[str, bytes]] = []
    kinds: set[str] = set()
    for part in root.walk():
        kinds.add(part.content_type)
        if part.content_type in _STATUS_TYPES:
            groups.extend(_groups(part.octets()))
        elif part.content_type in _DISPOSITION_TYPES:
            for group in _groups(part.octets()):
                ids.update(dict.fromkeys(headers.identifiers(group.get("original-message-id", b""))))
        else:
            ids.update(dict.fromkeys(_returned_ids(part)))
    returned = bool(kinds & _RETURNED_TYPES)
    if _feedback(root, kinds):
        return Found(delivery=DeliveryReport(rule="rfc5965.feedback"), attached_ids=tuple(ids))
    disposition = bool(kinds & _DISPOSITION_TYPES)
    said = readable(root) if machine or returned or groups else ""
    delivery = _standard(groups, said) or _refused(said, disposition=disposition)
    if delivery is None and said and not disposition:
        delivery = _standard(_inline_groups(said), said) or bounces.read(root, said, returned=returned)
        delivery = delivery or (_flufl(raw) if bounces.suspicious(root) else None)
    if delivery is not None:
        ids.update(dict.fromkeys(ids_in_text(said)))
    originals = _originals(root) if returned else ()
    return Found(delivery=delivery, disposition=disposition, attached_ids=tuple(ids), originals=originals)


def ids_in_text(text: str) -> tuple[str, ...]:
    """Give the Message-IDs that stand in a text as header fields of a letter that is quoted or comes back."""
    return headers.identifiers(b" ".join(_INLINE_ID.findall(text[:_LONGEST_SEARCHED].encode("utf-8", "replace"))))


def readable(root: mime.Part) -> str:
    """Give all the text of a message that is not another message's; of a multipart that cannot be cut, its body."""
    if root.content_type.startswith("multipart/") and not root.parts:
        return root.text()
    return "\n\n".join(_leaves(root))


def _leaves(part: mime.Part) -> Iterator[str]:
    if part.content_type.startswith("message/"):
        if part.content_type not in _RETURNED_TYPES and not part.parts:
            yield part.text()
    elif part.parts:
        for inner in part.parts:
            yield from _leaves(inner)
    elif part.content_type == "text/html":
        yield markup.to_text(part.text())
    elif part.content_type.startswith(("text/", "multipart/")) and part.content_type not in _RETURNED_TYPES:
        yield part.text()


def _returned_ids(part: mime.Part) -> list[str]:
    """Give the Message-IDs by which an attached original can be known."""
    return _ids(_returned_fields(part))


def _returned_fields(part: mime.Part) -> tuple[tuple[str, bytes], ...]:
    if part.content_type in {"message/rfc822", "message/global"}:
        return part.parts[0].fields if part.parts else ()
    if part.content_type in _RETURNED_TYPES:
        return tuple(headers.fields(mime.split(part.octets().lstrip(b"\r\n") + b"\n\n")[0]))
    return ()


def _originals(root: mime.Part) -> tuple[Original, ...]:
    """Give the letters that come back, the first few: a provider may have given them other Message-IDs on their way."""
    found = []
    for fields in filter(None, map(_returned_fields, root.walk())):
        first = dict(reversed(fields))
        ids = [one for name in _OWN_ID_FIELDS for one in headers.identifiers(first.get(name, b""))]
        date, subject = headers.words(first.get("date", b"")), headers.words(first.get("subject", b""))
        found.append(Original(message_ids=tuple(ids[:_MOST_ORIGINALS]), date=headers.instant(date), subject=subject))
    return tuple(found[:_MOST_ORIGINALS])


def _standard(groups: list[dict[str, bytes]], said: str) -> DeliveryReport | None:
    recipients = tuple(one for one in (_recipient(group) for group in groups) if one is not None)
    original = next(
        (one for group in groups for one in headers.identifiers(group.get("x-original-message-id", b""))), ""
    )
    if not recipients:
        return None
    report = DeliveryReport(recipients=recipients, original_message_id=original, rule="rfc3464")
    return bounces.explained(report, said)


def _inline_groups(said: str) -> list[dict[str, bytes]]:
    """Find the fields of a report in the text: its boundaries are broken, or its sender knows no MIME."""
    if "final-recipient" not in said.lower():
        return []
    return _groups(re.sub(r"(?m)^[ \t]+(?=[\w-]+:)", "", said).encode("utf-8", "replace"))


def _refused(said: str, *, disposition: bool) -> DeliveryReport | None:
    """Read what Sieve's reject sends (RFC 5429, section 2.1): a disposition notification about a refused letter."""
    found = _REJECTED.search(said[:2000]) if disposition else None
    if found is None:
        return None
    one = RecipientStatus(
        final_recipient=normalise(found[1]), action="failed", diagnostic_code=" ".join(said.split())[:300]
    )
    return DeliveryReport(recipients=(one,), rule="rfc5429.reject", words=" ".join(found[0].split()))


def _feedback(root: mime.Part, kinds: set[str]) -> bool:
    """Tell whether it is a complaint about spam (RFC 5965, or the older form of Microsoft's JMRP)."""
    if "message/feedback-report" in kinds or root.params.get("report-type", "").lower() == "feedback-report":
        return True
    subject = root.field("subject").lower()
    return subject.startswith(b"complaint about message from") and "message/rfc822" in kinds


def _flufl(raw: bytes) -> DeliveryReport | None:
    """Ask flufl.bounce, which knows the private formats of some twenty mail systems; only the beginning is shown to it.

    Its patterns are run on every line, so that its time grows with their number.
    """
    from flufl.bounce import all_failures

    head = b"\n".join(line[:400] for line in raw[:_FLUFL_OCTETS].splitlines()[:_FLUFL_LINES])
    try:
        msg = email.message_from_bytes(head)
        if not getaddresses([msg.get("from", "")]):  # one of its detectors stumbles over that, and says so in the log
            return None
        temporary, permanent = all_failures(msg)
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError):
        return None
    found = [("failed", one) for one in sorted(permanent)] + [("delayed", one) for one in sorted(temporary - permanent)]
    named = [(action, normalise(one.decode("utf-8", "replace"))) for action, one in found]
    recipients = tuple(RecipientStatus(final_recipient=one, action=action) for action, one in named if one)
    return DeliveryReport(recipients=recipients, rule="flufl.bounce") if recipients else None


def _ids(known: tuple[tuple[str, bytes], ...]) -> list[str]:
    return [one for name, value in known if name in _ID_FIELDS for one in headers.identifiers(value)]


def _groups(octets: bytes) -> list[dict[str, bytes]]:
    """Cut a report body into its groups of fields (RFC 3464, section 2.1)."""
    blocks = re.split(rb"\n[ \t]*\n+", octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")[:100_000])
    return [dict(reversed(list(headers.fields(block)))) for block in blocks[:200]]


def _recipient(group: dict[str, bytes]) -> RecipientStatus | None:
    if not group.keys() & {"final-recipient", "original-recipient", "action"}:
        return None
    action = re.split(r"[\s(;]", headers.words(group.get("action", b"")).lower().strip(), maxsplit=1)[0]
    status = _STATUS.search(headers.words(group.get("status", b""))) or _STATUS.search(
        headers.words(group.get("diagnostic-code", b""))
    )
    if not action:
        action = {"5": "failed", "4": "delayed", "2": "delivered"}.get(status[1], "") if status else "failed"
    return RecipientStatus(
        final_recipient=_typed_address(group.get("final-recipient", b"")),
        original_recipient=_typed_address(group.get("original-recipient", b"")),
        action=_ACTIONS.get(action, action[:20]),
        status=status[0] if status else "",
        diagnostic_code=headers.words(group.get("diagnostic-code", b""))[:500],
    )


def _typed_address(value: bytes) -> str:
    """Read "rfc822; ada@uni.test" (RFC 3464, section 2.3.1)."""
    text = headers.words(value)
    return normalise(text.partition(";")[2] if ";" in text else text)
