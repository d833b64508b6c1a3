"""A message is brought to the thread it belongs to: identifiers before addresses, and rather none than a wrong one."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from followupd.core import conversation
from followupd.core.addresses import key
from followupd.core.headers import identifiers
from followupd.core.model import Candidate, Contact, Incoming, Match, MatchedBy
from followupd.core.phrases import providers

_PREFIX: Final = re.compile(
    r"\s*(?:[\[(【][^\])】]{1,30}[\])】]|\*{1,3}[^*]{1,30}\*{1,3}|(?:re|fwd?|fw|aw|wg|sv|vs|tr|rv|antw|odp|rif|res|ynt|ilt|vl|"
    r"doorst|enc|i|r|pd|ref|ang|atb|bls|trs|ext|vá|továbbítás|απ|σχετ|πρθ|ha|на|ответ|רד|تم|رد|回复|回覆|答复|转发|轉寄|返信|転送|답장|전달|external|extern)(?:\[\d+\]|\(\d+\))?\s*[:\uff1a])\s*",
    re.IGNORECASE,
)
"""What programs and gateways put before a subject."""
_UNMARKED: Final = re.compile(r"[^:\uff1a\[(【*]*")
SHORTEST_SUBJECT: Final = 6
"""Characters of a bare subject that must agree before it says anything ("Hello" does not)."""
_LONGEST_SEARCHED: Final = 20_000
_MOST_ADDRESSES: Final = 50
_ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,200}\w")
_FORMER: Final = ("x-microsoft-original-message-id", "x-google-original-message-id", "x-original-message-id")
"""Where providers keep the Message-ID that they replaced."""
_TITLES: Final = frozenset({
    "dr", "prof", "professor", "mr", "mrs", "ms", "sir", "dame", "herr", "frau", "madame", "monsieur", "mme", "von",
    "van", "de", "der", "den", "del", "di", "da", "la", "le", "ing", "dipl", "phd", "mba", "jr", "and",
})  # fmt: skip
"""What stands in many names and says nothing of whose."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def names_of(msg: Incoming) -> frozenset[str]:
    """Give the Message-IDs of a message, those that it had before included."""
    former = {one for name in _FORMER for value in msg.headers.get(name, ()) for one in identifiers(value.encode())}
    return frozenset({msg.message_id, *former})


def reported(msg: Incoming) -> tuple[str, ...]:
    """Give the recipients whom a delivery report is about."""
    recipients = msg.report.recipients if msg.report else ()
    return tuple(name for one in recipients for name in (one.original_recipient, one.final_recipient) if name)


def is_own(msg: Incoming, me: Collection[str]) -> bool:
    """Tell whether the user wrote it (a copy in Sent, a draft, a BCC): From is one of the user's own addresses."""
    mine = {key(address) for address in me}
    return bool(msg.from_) and all(key(sender.addr_spec) in mine for sender in msg.from_)


def thread_of(msg: Incoming, candidates: Sequence[Candidate], me: Collection[str]) -> Match | None:
    """Find the thread of a message among `candidates`; `me` are the user's own addresses.

    The ladder: an identifier in In-Reply-To, in References, of an embedded original; for a delivery report without
    identifiers the recipient it names; what mail programs call the conversation; the sender's address, and then the
    contact's newest thread. Two more are possible answers, for the user to judge: somebody else of the contact's
    organisation who writes under our subject (`MatchedBy.SUBJECT`), and a stranger who answers under our subject and
    shows that they know of the contact (`MatchedBy.FORWARDED`). What comes over a mailing list (RFC 2919) belongs to no
    thread unless an identifier says so; from the contact and under our subject it is a possible answer.
    """
    ladder = (
        (MatchedBy.IN_REPLY_TO, msg.in_reply_to),
        (MatchedBy.REFERENCES, tuple(reversed(msg.references))),
        (MatchedBy.ORIGINAL_MESSAGE_ID, msg.attached_ids),
    )
    for by, ids in ladder:
        if found := _by_id(candidates, ids, by):
            return found if msg.report is None or _about(msg, candidates, found, me) else None
    if msg.report is not None:
        return None if msg.attached_ids else _by_address(candidates, reported(msg), MatchedBy.RECIPIENT)
    mine = {key(address) for address in me}
    theirs = [one for one in senders(msg) if key(one) not in mine]
    if "list-id" in msg.headers:
        by_hand = _by_address(candidates, theirs, MatchedBy.ADDRESS)
        return None if by_hand is None else _by_subject(msg, candidates, [by_hand.words])
    return (
        _by_name(msg, candidates, theirs)
        or _by_address(candidates, theirs, MatchedBy.ADDRESS)
        or _by_subject(msg, candidates, theirs)
        or _forwarded(msg, candidates, mine)
    )


def senders(msg: Incoming) -> tuple[str, ...]:
    """Give the addresses that a message may be said to come from: From, Sender and Reply-To."""
    return tuple(one.addr_spec for one in (*msg.from_, *((msg.sender,) if msg.sender else ()), *msg.reply_to))


def bare_subject(subject: str) -> str:
    """Give a subject without the prefixes and tags that programs and gateways add, for comparing."""
    text = unicodedata.normalize("NFKC", subject)[:500]
    # most subjects have none of what every prefix has: the pattern is not tried on them
    while not _UNMARKED.fullmatch(text) and (found := _PREFIX.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    return " ".join(text.split()).casefold()


def topic(subject: str) -> str:
    """Give the name that a subject gives a conversation; "" where it is too short to say anything."""
    bare = bare_subject(subject)
    return conversation.SUBJECT + bare if len(bare) >= SHORTEST_SUBJECT else ""


def topics(msg: Incoming) -> frozenset[str]:
    """Give the names by a message's subject, and by the one that Outlook keeps beside a changed one (Thread-Topic)."""
    said = (msg.subject, *msg.headers.get("thread-topic", ())[:1])
    return frozenset(filter(None, map(topic, said)))


def organisation(address: str) -> str:
    """Give the domain that the organisation behind an address registered; "" for a public mail domain."""
    found = _organisation(address.rpartition("@")[2])
    return "" if found in providers.PUBLIC or found.partition(".")[0] in providers.PUBLIC_EVERYWHERE else found


def same_organisation(one: str, other: str) -> bool:
    """Tell whether two addresses are of one organisation: one registered domain, which is no public mail domain."""
    return organisation(one) == organisation(other) != ""


def _organisation(domain: str) -> str:
    """Give the part of a domain that an organisation registers, as far as it can be told without the public list."""
    labels = domain.lower().split(".")
    if domain.lower() in providers.PUBLIC:
        return domain.lower()
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in providers.SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :]) if len(labels) > 1 else ""


def _by_id(candidates: Sequence[Candidate], ids: Iterable[str], by: MatchedBy) -> Match | None:
    for one in ids:
        for candidate in candidates:
            if one in candidate.message_ids:
                return Match(thread_id=candidate.thread.id, by=by, words=one)
    return None


def _by_name(msg: Incoming, candidates: Sequence[Candidate], theirs: Sequence[str]) -> Match | None:
    """Find the one thread that goes by a name of the conversation; of several, the one whose contact writes.

    Gmail lays letters of one subject together, also such as went to different people.
    """
    for name in msg.names:
        found = [one for one in candidates if name in one.names]
        if len(found) > 1:
            known = {key(address) for address in theirs}
            found = [one for one in found if not known.isdisjoint(map(key, one.contact.addresses))]
        if found:
            by = MatchedBy.GMAIL_THREAD if name.startswith(conversation.GMAIL) else MatchedBy.THREAD_INDEX
            return Match(thread_id=found[-1].thread.id, by=by, words=name)
    return None


def _by_address(candidates: Sequence[Candidate], addresses: Iterable[str], by: MatchedBy) -> Match | None:
    for address in addresses:
        wanted = key(address)
        found = [one for one in candidates if one.newest and wanted and wanted in map(key, one.contact.addresses)]
        for candidate in sorted(found, key=lambda one: address not in one.contact.addresses):
            return Match(thread_id=candidate.thread.id, by=by, words=address)
    return None


def _by_subject(msg: Incoming, candidates: Sequence[Candidate], theirs: Sequence[str]) -> Match | None:
    said = topics(msg)
    for candidate in candidates:
        if not candidate.newest or topic(candidate.subject) not in said:
            continue
        for address in theirs:
            if any(_kin(address, known) for known in candidate.contact.addresses):
                words = f"{address}: {msg.subject}"
                return Match(thread_id=candidate.thread.id, by=MatchedBy.SUBJECT, words=words)
    return None


def _kin(address: str, known: str) -> bool:
    return key(address) == key(known) or same_organisation(address, known)


def _forwarded(msg: Incoming, candidates: Sequence[Candidate], mine: Collection[str]) -> Match | None:
    """Find the thread whose letter somebody was given to answer: our subject, an answer to us, and the contact in it.

    Of several threads of one subject the one of whom most is seen, and then the newest.
    """
    said = topics(msg)
    of_subject = [one for one in candidates if one.newest and topic(one.subject) in said]
    if not of_subject or not _answers(msg, mine):
        return None
    seen = _Seen(msg, mine)
    signs = [(*seen.of(one.contact), place) for place, one in enumerate(of_subject)]
    weight, sign, place = max(signs, key=lambda one: (one[0], one[2]))
    if not weight:
        return None
    who = msg.from_[0].addr_spec if msg.from_ else "somebody"
    words = f"{who}: {msg.subject} (it has {sign} in it)"
    return Match(thread_id=of_subject[place].thread.id, by=MatchedBy.FORWARDED, words=words)


def _answers(msg: Incoming, mine: Collection[str]) -> bool:
    """Tell whether it looks like an answer, and goes to the user."""
    prefixed = bare_subject(msg.subject) != " ".join(msg.subject.split()).casefold()
    to_us = any(key(one.addr_spec) in mine for one in (*msg.to, *msg.cc))
    return to_us and (prefixed or bool(msg.in_reply_to or msg.references))


class _Seen:
    """What stands in a message: addresses and words, of the text, of its sender's name, and of who else gets it."""

    def __init__(self, msg: Incoming, mine: Collection[str]) -> None:
        others = [one for one in (*msg.from_, *msg.to, *msg.cc) if key(one.addr_spec) not in mine]
        us = [one for one in (*msg.to, *msg.cc) if key(one.addr_spec) in mine]
        self._text = text = msg.text[:_LONGEST_SEARCHED]
        self._addresses = {key(one.addr_spec) for one in others} | set(addresses_in(text))
        # what is in the user's own name too ("Max" writes to another Max) says nothing
        self._words = _words(" ".join((text, *(one.name for one in others)))) - _words(" ".join(one.name for one in us))

    def of(self, contact: Contact) -> tuple[int, str]:
        """Give what there is to be seen of a contact, and how much it weighs; 0 where there is nothing."""
        for address in contact.addresses:
            if key(address) in self._addresses:
                return 10, f"the address {address}"
        words = [word for word in contact.name.split() if self._has(word)]
        return min(len(words), 9), f"the name {' '.join(words)}"

    def _has(self, word: str) -> bool:
        wanted = _words(word)
        initials = all(len(one) == 1 and one.isascii() for one in wanted)
        if initials or wanted <= _TITLES:
            return False
        # scripts without spaces between their words
        unspaced = ord(min(word)) > 0x2E7F and word in self._text
        return wanted <= self._words or unspaced


def addresses_in(text: str) -> tuple[str, ...]:
    """Give the mailboxes named in a text, as `addresses.key` does, the first few."""
    found = dict.fromkeys(key(one) for one in _ADDRESS.findall(text[:_LONGEST_SEARCHED]))
    return tuple(one for one in found if one)[:_MOST_ADDRESSES]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _about(msg: Incoming, candidates: Sequence[Candidate], found: Match, me: Collection[str]) -> bool:
    """Tell whether a report that names our letter is about its recipient.

    Some name nobody, or us (a fault of theirs), or the address behind a forwarding of the same organisation; one about
    somebody else altogether is not to be believed.
    """
    named = reported(msg)
    ours = {key(address) for address in me}
    of_thread = [candidate.contact for candidate in candidates if candidate.thread.id == found.thread_id]
    theirs = [one for contact in of_thread for one in contact.addresses]
    if not named or any(key(one) in ours for one in named):
        return True
    wanted = {key(one) for one in theirs}
    return any(key(one) in wanted or same_organisation(one, known) for one in named for known in theirs)
