"""A delivery report says which letter failed, for whom, and whether for good (RFC 3464, RFC 8098, private formats)."""

import email
import re
from dataclasses import dataclass
from typing import Final

from followupd.core import headers, mime
from followupd.core.addresses import normalise
from followupd.core.model import DeliveryReport, RecipientStatus

_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ID_FIELDS: Final = (
    "message-id", "x-microsoft-original-message-id", "x-original-message-id", "x-google-original-message-id",
    "references", "in-reply-to",
)  # fmt: skip
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
    """What a message reports: a delivery, a disposition, and the Message-IDs of the letter it returns."""

    delivery: DeliveryReport | None = None
    disposition: bool = False
    attached_ids: tuple[str, ...] = ()


def read(root: mime.Part, raw: bytes, *, machine: bool) -> Found:
    """Look for a report in a message whose bytes are `raw`; never raises.

    Private formats are tried only where the headers suggest a `machine`.
    """
    ids: dict[str, None] = {}
    groups: list[dict[str, bytes]] = []
    disposition = False
    for part in root.walk():
        kind = part.content_type
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            groups.extend(_groups(part.octets()))
        elif kind in {"message/disposition-notification", "message/global-disposition-notification"}:
            disposition = True
            for group in _groups(part.octets()):
                ids.update(dict.fromkeys(headers.identifiers(group.get("original-message-id", b""))))
        elif kind in {"text/rfc822-headers", "message/global-headers", "text/rfc822-header"}:
            ids.update(dict.fromkeys(_ids(tuple(headers.fields(mime.split(part.octets() + b"\n\n")[0])))))
        elif kind in {"message/rfc822", "message/global"} and part.parts:
            ids.update(dict.fromkeys(_ids(part.parts[0].fields)))
    recipients = tuple(one for one in (_recipient(group) for group in groups) if one is not None)
    delivery = DeliveryReport(recipients=recipients, rule="rfc3464") if recipients else None
    if delivery is None and machine and not disposition:
        delivery = _flufl(raw)
    return Found(delivery=delivery, disposition=disposition, attached_ids=tuple(ids))


def _flufl(raw: bytes) -> DeliveryReport | None:
    """Ask flufl.bounce, which knows the private formats of some twenty mail systems."""
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(email.message_from_bytes(raw[: mime.MOST_OCTETS]))
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError):
        return None
    found = [("failed", one) for one in sorted(permanent)] + [("delayed", one) for one in sorted(temporary - permanent)]
    recipients = tuple(
        RecipientStatus(final_recipient=normalise(one.decode("utf-8", "replace")), action=action)
        for action, one in found
    )
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
    status = _STATUS.search(headers.words(group.get("status", b"")))
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
