"""Bytes become an Incoming (RFC 5322, 2045, 2047): what cannot be read makes it poorer, and nothing raises."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from followupd.core import conversation, headers, markup, mime, quotation, report
from followupd.core.model import Address, Glance, Incoming, RawMessage
from followupd.core.phrases import machines

GLANCE_FIELDS: Final = (
    "message-id", "in-reply-to", "references", "from", "to", "cc", "subject", "content-type", "auto-submitted",
    "return-path", "precedence", "x-failed-recipients", "x-autoreply", "x-autorespond", "x-auto-response-suppress",
    "sender", "reply-to", "thread-index",
)  # fmt: skip
"""The header fields that `glance` looks at: all that must be fetched to judge whether a message may concern us."""

LONGEST_TEXT: Final = 40_000
"""Characters of the text that are kept."""

_SHARED: Final = frozenset({"date", "from", "to", "cc", "subject", "in-reply-to", "references"})
"""Header fields that are the same in every copy of a message; Received and Delivered-To are not."""
_LONGEST_SHARED: Final = 65_536
"""Octets of a body that tell two messages without a Message-ID apart."""

_GLANCED: Final = {
    spelling.encode(): name
    for name in (*GLANCE_FIELDS, "date", "list-id")
    for spelling in (name, name.title(), name.title().replace("-Id", "-ID"))
}
"""How nearly every message spells them, and two that are fetched with them: no name is looked for twice."""
_LINE_ENDS: Final = re.compile(rb"\n(?![ \t])")
_TORN: Final = re.compile(rb";\n(?![ \t])")
"""Where a field ends, and where it may go on all the same (`headers.fields`)."""
_MACHINE_FIELDS: Final = frozenset({"x-failed-recipients", "x-autoreply", "x-autorespond"})


def _any_of(words: Iterable[bytes]) -> "re.Pattern[bytes]":
    """Compile words into a pattern that shares their beginnings: several times quicker than one beside the other."""
    tree: dict[int, Any] = {}
    for word in words:
        node = tree
        for octet in word:
            node = node.setdefault(octet, {})
        node[-1] = {}
    return re.compile(_branches(tree))


def _branches(node: dict[int, Any]) -> bytes:
    if -1 in node:
        return b""
    ways = [re.escape(bytes([octet])) + _branches(below) for octet, below in sorted(node.items())]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


_SENDERS: Final = _any_of(machines.SENDER_WORDS)
_SUBJECTS: Final = _any_of(machines.SUBJECT_WORDS_ASCII)
_SIMPLE: Final = re.compile(
    rb"(?:[A-Za-z0-9 ._'-]{0,80} ?<([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9])>|"
    rb"([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]))"
)
_SHOWN: Final = frozenset({"text/plain", "text/html", "text/enriched"})
_PARSER_FAULTS: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What reading hostile bytes has been seen to raise somewhere; MemoryError and bugs of the interpreter are not ours."""


def glance(raw: RawMessage) -> Glance:
    """Look at a header section, in some microseconds; never raises.

    Only `GLANCE_FIELDS` are needed. A message that neither names one of our Message-IDs, nor comes from a known
    address, nor is marked `machine` cannot concern us.
    """
    head = raw.raw[:65_536]
    if not raw.whole:
        head = head.replace(b"\r\n", b"\n")
    if raw.whole or b"\r" in head:
        head = mime.split(head)[0]
    known = _known(head)
    get = known.get
    people, to, copied = get("from", b""), get("to"), get("cc")
    written = get("message-id")
    replied, cited = get("in-reply-to"), get("references")
    subject = get("subject", b"")
    answered, sent_by = get("reply-to"), get("sender")
    index = get("thread-index")
    return Glance(
        message_id=next(iter(headers.identifiers(written)), "") if written else "",
        in_reply_to=headers.identifiers(replied) if replied else (),
        references=headers.identifiers(cited) if cited else (),
        from_=_specs(people) + (_specs(answered) if answered else ()) + (_specs(sent_by) if sent_by else ()),
        to=(_specs(to) if to else ()) + (_specs(copied) if copied else ()),
        subject=subject.decode("ascii") if subject.isascii() and b"=?" not in subject else headers.words(subject),
        names=_names(raw, index),
        machine=_machine(known, people),
    )


def _known(head: bytes) -> dict[str, bytes]:
    """Give the first of each field that `glance` looks at; what `headers.fields` says, quickly where it can be."""
    folded = b"\n " in head or b"\n\t" in head
    lines = _LINE_ENDS.split(head) if folded else head.split(b"\n")
    known: dict[str, bytes] = {}
    if len(head) > 8_192 or len(lines) > headers.MOST_FIELDS or (b";\n" in head and _TORN.search(head)):
        for name, value in headers.fields(head):
            known.setdefault(name, value)
        return known
    for line in reversed(lines):
        before, colon, after = line.partition(b":")
        field = _GLANCED.get(before) or _GLANCED.get(before.rstrip(b" \t").lower())
        if field and colon:
            known[field] = after.strip()
    return known


def parse(raw: RawMessage) -> Incoming:
    """Read a message, or its header section only where it is not `whole`."""
    octets = raw.raw
    head, body = mime.split(octets)
    digest = _digest(head, body)
    try:
        return _incoming(raw, mime.entity(octets), digest, readable=True)
    except _PARSER_FAULTS:
        root = mime.Part(fields=tuple(headers.fields(head)), content_type="text/plain", params={}, body=b"")
        return _incoming(raw, root, digest, readable=False)


def _digest(head: bytes, body: bytes) -> str:
    """Give what all copies of a message share and no other message has, whatever servers wrote above it."""
    shared = sorted((name, b" ".join(value.split())) for name, value in headers.fields(head) if name in _SHARED)
    told = b"\n".join(name.encode() + b":" + value for name, value in shared)
    return hashlib.sha256(told + b"\n\n" + body[:_LONGEST_SHARED].strip()).hexdigest()


def _names(raw: RawMessage, index: bytes | None) -> tuple[str, ...]:
    named = conversation.by_thread_index(index) if index else ""
    return tuple(filter(None, (conversation.by_gmail(raw.gmail_thread), named)))


def _incoming(raw: RawMessage, root: mime.Part, digest: str, *, readable: bool) -> Incoming:
    first: dict[str, bytes] = {}
    every: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in root.fields:
        first.setdefault(name, value)
        every[name].append(headers.words(value))
    get = first.get
    whole = readable and raw.whole
    text = _text(root)[:LONGEST_TEXT] if whole else ""
    found = _found(root, raw, text, first) if whole else report.Found()
    sender = headers.addresses(get("sender", b""))
    return Incoming(
        folder=raw.folder,
        uid=raw.uid,
        message_id=next(iter(headers.identifiers(get("message-id", b""))), ""),
        digest=digest,
        internal_date=raw.internal_date,
        date=headers.instant(headers.words(get("date", b""))),
        from_=headers.addresses(get("from", b"")),
        sender=sender[0] if sender else None,
        reply_to=headers.addresses(get("reply-to", b"")),
        to=_all_addresses(root, "to"),
        cc=_all_addresses(root, "cc"),
        subject=headers.words(get("subject", b"")),
        in_reply_to=headers.identifiers(get("in-reply-to", b"")),
        references=headers.identifiers(get("references", b"")),
        attached_ids=found.attached_ids,
        names=_names(raw, get("thread-index")),
        originals=found.originals,
        headers={name: tuple(values) for name, values in every.items()},
        content_type=root.content_type,
        report=found.delivery,
        disposition=found.disposition,
        calendar_method=_calendar_method(root) if whole else "",
        text=text,
        own_text=text[:2000].strip() if found.delivery else quotation.own(text),
        size=raw.size or len(raw.raw),
        readable=readable,
    )


def _found(root: mime.Part, raw: RawMessage, text: str, first: dict[str, bytes]) -> report.Found:
    """Look for a report, and for the identifiers of an original that somebody forwards in the text."""
    found = report.read(root, raw.raw, machine=_machine(first, first.get("from", b"")))
    if found.delivery is None and "essage-id" in text.lower():
        return replace(found, attached_ids=tuple(dict.fromkeys((*found.attached_ids, *report.ids_in_text(text)))))
    return found


def _all_addresses(root: mime.Part, name: str) -> tuple[Address, ...]:
    return tuple(one for known, value in root.fields if known == name for one in headers.addresses(value))


def _specs(value: bytes) -> tuple[str, ...]:
    """Give the normalised addresses of a field; the simple forms quickly, all others as `headers.addresses` does."""
    found = _SIMPLE.fullmatch(value)
    if found is not None:
        return ((found[1] or found[2]).lower().decode("ascii"),)
    return tuple(one.addr_spec for one in headers.addresses(value)) if value else ()


def _machine(known: dict[str, bytes], people: bytes) -> bool:
    """Tell whether a header says, or a subject suggests, that no human sent it. May err towards yes."""
    kind = known.get("content-type", b"")[:200].lower()
    if b"report" in kind or b"delivery-status" in kind or kind.startswith(b"message/"):
        return True
    if not _MACHINE_FIELDS.isdisjoint(known):
        return True
    path = known.get("return-path")
    if path is not None and path.replace(b" ", b"") in {b"<>", b""}:
        return True
    submitted = known.get("auto-submitted")
    if submitted and not submitted.lower().lstrip().startswith(b"no"):
        return True
    lower = people[:500].lower()
    if not lower.strip() or _SENDERS.search(lower):
        return True
    return _suspicious(known.get("subject", b"")[:500])


def _suspicious(subject: bytes) -> bool:
    lower = subject.lower()
    if b"=?" not in lower and lower.isascii():
        return _SUBJECTS.search(lower) is not None
    words = headers.words(subject).lower()
    return any(word in words for word in machines.SUBJECT_WORDS)


def _text(root: mime.Part) -> str:
    """Give the text a reader sees: of alternatives the plain one unless it is empty, other parts in a row."""
    kind = root.content_type
    if root.parts and not kind.startswith("message/"):
        texts = [_text(part) for part in root.parts]
        if kind == "multipart/alternative":
            return _alternative(root.parts, texts)
        if kind in {"multipart/report", "multipart/related"}:
            return next((text for text in texts if text.strip()), "")
        return "\n".join(text for text in texts if text.strip())
    if root.attached or (kind not in _SHOWN and not kind.startswith("multipart/")):
        return ""
    return markup.to_text(root.text()) if kind == "text/html" else root.text()


def _alternative(parts: tuple[mime.Part, ...], texts: list[str]) -> str:
    plain = [text for part, text in zip(parts, texts, strict=True) if part.content_type == "text/plain"]
    return next((text for text in (*plain, *texts) if text.strip()), "")


def _calendar_method(root: mime.Part) -> str:
    """Give the iTIP method (RFC 5546, section 1.4; RFC 6047, section 2.4) in upper case, "" where there is none."""
    for part in root.walk():
        if part.content_type == "text/calendar":
            stated = part.params.get("method", "")
            if not stated:
                lines = part.octets(20_000).decode("utf-8", "replace").upper().split("\n")
                stated = next((line[7:].strip() for line in lines if line.startswith("METHOD:")), "")
            if stated:
                return stated.strip().upper()[:20]
    return ""
