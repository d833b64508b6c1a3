"""A rendered text becomes the bytes that go out: RFC 5322 headers that thread in every client, ids verbatim.

Letters are personal mail: there is no Auto-Submitted, Precedence or List header, so that vacation programs answer
(RFC 3834, section 2) and an absence becomes known; and nothing in them tracks anybody. The text is format=flowed
(RFC 3676), so that it reads well at any width.
"""

import base64
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Draft, Rendered, Thread
from followupd.core.reached import missed, reached
from followupd.core.settings import Me

# the grammar of header fields takes 0.6 MB, and is asked for when a letter is composed
if TYPE_CHECKING:
    from email.headerregistry import Address
    from email.policy import EmailPolicy

_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BODY_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_OURS: Final = re.compile(r"<([a-z2-7]{24})@[^<>@]+>")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,900}>")
_REPLY_PREFIX: Final = re.compile(r"^\s*re\s*:\s*", re.IGNORECASE)
_SPECIAL_START: Final = re.compile(r"^(?= |>|From )")
_FORM: Final = re.compile(rb"(?im)^(?:Content-[a-z-]+|MIME-Version):[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
"""The fields that say how the words are written."""
_WIDTH: Final = 72
_LONGEST_LINE: Final = 900
"""RFC 5322, section 2.1.1 allows 998 characters; all but plain ASCII goes encoded, for servers without 8BITMIME."""


def message_id(thread: Thread, attempt: int, email: str) -> str:
    """Give the Message-ID of a thread's next letter: always the same for the same thread, step and attempt.

    So a database restored from a backup makes the same id again, and the letter is found in Sent. The id is a dot-atom
    of at most 64 characters where the domain allows (some servers break longer ones), at the domain of the sender.
    """
    return f"<{token(thread.key, thread.step, attempt)}@{email.rpartition('@')[2]}>"


def token(thread_key: str, step: int, attempt: int) -> str:
    """Give what the Message-ID of a letter begins with, before the @."""
    seed = sha256(f"{thread_key}/{step}/{attempt}".encode()).digest()
    return base64.b32encode(seed[:15]).decode().lower()


def token_in(message_id: str) -> str:
    """Give what may be a `token` in a Message-ID; "" if it is none of ours."""
    found = _OURS.fullmatch(message_id)
    return found[1] if found else ""


def message_ids(thread: Thread, attempt: int, me: Me) -> tuple[str, ...]:
    """Give all that `message_id` may have given: the user may have written from another of their domains before."""
    return tuple(dict.fromkeys(message_id(thread, attempt, address) for address in me.addresses))


def text_digest(subject: str, body: str) -> str:
    """Give what stands for a text that the user has agreed to: any change gives another one."""
    return sha256(f"{subject}\0{body}".encode()).hexdigest()


def compose(rendered: Rendered, case: Case, me: Me, name: str, now: Instant) -> Draft:
    """Give the letter as it goes out; `name` is its Message-ID, `now` its Date.

    Raises FollowupdError if a line break or a control character would get into a header, or if there is no subject.
    """
    subject = subject_of(rendered, case)
    recipient = case.contact.email
    for what, text in (("subject", subject), ("name of the contact", case.contact.name), ("your name", me.name)):
        if _CONTROL.search(text):
            raise FollowupdError(f"there is a line break or control character in the {what}", where=recipient)
    if _BODY_CONTROL.search(rendered.body + rendered.attribution + rendered.quoted):
        raise FollowupdError("there is a control character in the text", where=f"{recipient}, {rendered.template}")
    message = EmailMessage(policy=_policy(me.email, recipient))
    message["From"] = _mailbox(me.name, me.email)
    message["To"] = _mailbox(case.contact.name, recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(now.astimezone(me.zone))
    text = flowed(rendered.body) + quotation(rendered)
    transfer = "7bit" if text.isascii() and max(map(len, text.split("\n"))) <= _LONGEST_LINE else "quoted-printable"
    message.set_content(text, charset="utf-8", cte=transfer, params={"format": "flowed"})
    head, _, rest = message.as_bytes().partition(b"\r\nMIME-Version:")
    ids = _identification(name, tuple(_earlier(case)))
    raw = head + b"\r\n" + ids + b"MIME-Version:" + rest
    return Draft(message_id=name, mail_from=me.email, rcpt_to=recipient, subject=subject, raw=raw)


def to_oneself(subject: str, text: str, me: Me, seed: str, now: Instant) -> Draft:
    """Give a mail from the user to themselves, which no program answers (RFC 3834, section 5); `seed` makes its id.

    Its lines stay as they are: commands in them are to be copied whole.
    """
    name, message = _to_me(subject, me.email, me, f"digest/{seed}", now)
    plain = text.isascii() and max(map(len, text.split("\n"))) <= _LONGEST_LINE
    message.set_content(text, charset="utf-8", cte="7bit" if plain else "quoted-printable")
    head, _, rest = message.as_bytes().partition(b"\r\nMIME-Version:")
    raw = head + b"\r\n" + _identification(name, ()) + b"MIME-Version:" + rest
    return Draft(message_id=name, mail_from=me.email, rcpt_to=me.email, subject=subject, raw=raw)


def as_test(letter: Draft, to: str, me: Me, now: Instant) -> Draft:
    """Give a letter as a mail to an address of the user's own: its subject and its words, byte for byte.

    It stands in no thread, has a Message-ID that no letter will ever have, and no program answers it.
    """
    head, _, words = letter.raw.partition(b"\r\n\r\n")
    name, message = _to_me(letter.subject, to, me, f"test/{letter.message_id}/{to}/{now.isoformat()}", now)
    form = b"".join(line + b"\r\n" for line in _FORM.findall(head))
    raw = message.as_bytes().rstrip(b"\r\n") + b"\r\n" + _identification(name, ()) + form + b"\r\n" + words
    return Draft(message_id=name, mail_from=me.email, rcpt_to=to, subject=letter.subject, raw=raw)


def _to_me(subject: str, to: str, me: Me, seed: str, now: Instant) -> tuple[str, EmailMessage]:
    """Give the Message-ID and the fields of a mail to an address of the user's own, which no program answers."""
    token = base64.b32encode(sha256(seed.encode()).digest()[:15]).decode().lower()
    message = EmailMessage(policy=_policy(me.email, to))
    message["From"] = _mailbox(me.name, me.email)
    message["To"] = _mailbox(me.name, to)
    message["Subject"] = subject
    message["Date"] = format_datetime(now.astimezone(me.zone))
    message["Auto-Submitted"] = "auto-generated"
    return f"<{token}@{me.email.rpartition('@')[2]}>", message


def subject_of(rendered: Rendered, case: Case) -> str:
    """Give "Re: " and the subject of the first letter that reached this address, else the template's own.

    Where letters went to another address, or came back, and the template has none, it is theirs, without "Re:".
    """
    first = next((one for one in reached(case) if one.subject), None)
    if first is not None:
        return "Re: " + _REPLY_PREFIX.sub("", first.subject)
    unread = missed(case)
    if unread is not None and unread.letter.subject and not rendered.subject.strip():
        bare = _REPLY_PREFIX.sub("", unread.letter.subject)
        return bare if unread.returned or not unread.address else f"{bare} (first sent to {unread.address})"
    subject = " ".join(rendered.subject.split(" "))
    if not subject.strip():
        raise FollowupdError(
            "the template has no subject, and there is no earlier letter to take it from",
            where=rendered.template,
            hint='write subject = "..." between the +++ lines at its top',
        )
    return subject.strip()


def flowed(body: str) -> str:
    """Wrap paragraphs softly (RFC 3676, sections 4.1 and 4.4): a line that goes on ends in a space."""
    lines: list[str] = []
    for paragraph in body.replace("\r\n", "\n").split("\n"):
        wrapped = [paragraph] if paragraph == "-- " else _wrapped(paragraph.rstrip(" "))
        lines += [_SPECIAL_START.sub(" ", line) for line in wrapped]
    return "\n".join(lines).rstrip("\n") + "\n"


def quotation(rendered: Rendered) -> str:
    """Give an earlier letter as it stands quoted below the text (RFC 3676, section 4.5); "" where none does."""
    if not rendered.quoted:
        return ""
    lines = ["", *_wrapped(rendered.attribution)]
    for paragraph in rendered.quoted.strip("\n").split("\n"):
        deeper = paragraph.startswith(">")
        wrapped = [paragraph] if deeper or paragraph == "-- " else _wrapped(paragraph.rstrip(" "), _WIDTH - 2)
        lines += [f">{line}" if deeper else f"> {line}" if line else ">" for line in wrapped]
    return "\n".join(lines) + "\n"


def quoted_below(raw: bytes) -> str:
    """Give what stands quoted under the text of a letter as it goes out, its attribution first; "" for nothing."""
    if b"\n>" not in raw:
        return ""
    from email.policy import SMTP

    body = message_from_bytes(raw, policy=SMTP).get_content()
    lines = str(body).replace("\r\n", "\n").rstrip("\n").split("\n")
    at = next((place for place in range(len(lines), 0, -1) if not lines[place - 1].startswith(">")), 0)
    above = next((place for place in range(at, 0, -1) if not lines[place - 1]), at)
    return "\n".join(lines[above:]) if at < len(lines) else ""


def _wrapped(paragraph: str, width: int = _WIDTH) -> list[str]:
    """Break a paragraph after spaces, so that its lines put together are the paragraph again."""
    lines = [""]
    for word in re.findall(r"[^ ]* |[^ ]+", paragraph):
        # A line "-- " would be taken for the signature separator (RFC 3676, section 4.3).
        if lines[-1] not in {"", "-- "} and len(lines[-1]) + len(word.rstrip(" ")) > width:
            lines.append("")
        lines[-1] += word
    return lines


def _policy(*addresses: str) -> "EmailPolicy[EmailMessage]":
    """Allow UTF-8 headers (RFC 6532) only where an address cannot be written without."""
    from email.policy import SMTP, SMTPUTF8

    return SMTP if all(address.isascii() for address in addresses) else SMTPUTF8


def _mailbox(name: str, addr_spec: str) -> "Address":
    from email.headerregistry import Address

    local, _, domain = addr_spec.rpartition("@")
    try:
        if not local.isascii() and domain and not _CONTROL.search(addr_spec):
            # RFC 6532 allows these letters; the parser behind `addr_spec` does not.
            return Address(display_name=name, username=local, domain=domain)
        return Address(display_name=name, addr_spec=addr_spec)
    except (ValueError, IndexError) as error:
        raise FollowupdError("the address cannot be written into a header", where=addr_spec) from error


def _earlier(case: Case) -> list[str]:
    """Give the Message-IDs of what this reader has got of the conversation, oldest first (RFC 5322, section 3.6.4).

    A thread that goes on with another answers the answer to it, where its Message-ID is one that a header can carry.
    """
    known = reached(case)
    before = [letter.message_id for letter in known if letter in case.before]
    answer = [case.answer] if _MESSAGE_ID.fullmatch(case.answer) and not _CONTROL.search(case.answer) else []
    return before + answer + [letter.message_id for letter in known if letter not in case.before]


def _identification(name: str, earlier: tuple[str, ...]) -> bytes:
    """Write the identification fields by hand: the email package turns long ids into encoded words (cpython#85725)."""
    for one in (name, *earlier):
        if not _MESSAGE_ID.fullmatch(one) or _CONTROL.search(one):
            raise FollowupdError("this is no Message-ID that a header can carry", where=repr(one))
    lines = [f"Message-ID: {name}"]
    if earlier:
        lines.append(f"In-Reply-To: {earlier[-1]}")
        lines.append("References: " + "\r\n ".join(earlier))
    return "".join(f"{line}\r\n" for line in lines).encode()
