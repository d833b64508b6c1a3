"""A test letter goes to the user and is looked for until it is there: all that a letter needs has then worked once."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex
from typing import Final

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, to_text
from followupd.core.model import Accepted, Deferred, Draft, Folder, RawMessage, Refused, Role, Sought, Unknown
from followupd.core.settings import Me
from followupd.ports import Clock, Mailbox, Postman

PATIENCE: Final = timedelta(minutes=3)
_ALIKE: Final = timedelta(minutes=10)
"""More than any letter to oneself takes that was waited for, and than two clocks that are kept right differ by."""
_BETWEEN: Final = 3.0
"""Seconds between two looks."""
_BODY: Final = """\
This is the test letter that you asked followupd to send. It has nothing to do with
anybody you write to, and you can delete it.

That you read it means that your letters leave, and that answers will be seen.
"""


def compose(me: Me, now: Instant) -> Draft:
    """Write the letter to the user's own address."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message_id = f"<{token_hex(12)}.test@{me.email.rpartition('@')[2]}>"
    message["From"] = message["To"] = me.email
    message["Subject"] = "followupd: a test letter to yourself"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message.set_content(_BODY)
    return Draft(
        message_id=message_id, mail_from=me.email, rcpt_to=me.email, subject=message["Subject"], raw=message.as_bytes()
    )


def send(postman: Postman, draft: Draft) -> tuple[str, ...]:
    """Send it and give the Message-IDs that it may arrive with; raise FollowupdError if it did not surely leave."""
    envelope = postman.address(draft)
    outcome = envelope if isinstance(envelope, Deferred | Refused) else envelope.deliver()
    match outcome:
        case Accepted():
            return (draft.message_id, *outcome.other_ids)
        case Deferred():
            raise FollowupdError(f"the test letter is not taken now: {outcome.text}")
        case Refused():
            raise FollowupdError(f"the test letter was refused: {outcome.text}")
        case Unknown():
            raise FollowupdError(f"nobody knows whether the test letter went out: {outcome.text}")


def await_arrival(
    mailbox: Mailbox, ids: tuple[str, ...], clock: Clock, patience: timedelta = PATIENCE
) -> RawMessage | None:
    """Look for it in every watched folder but Sent; give its headers, None if it doesn't come within `patience`.

    Raises UnreachableError.
    """
    over = clock.now() + patience
    while True:
        for folder in mailbox.folders():
            if folder.role not in {Role.SENT, Role.ALL} and (found := _find(mailbox, folder, ids)):
                return found
        if clock.now() >= over or clock.stopping():
            return None
        clock.sleep(_BETWEEN)


def clocks(arrived: Instant | None, now: Instant) -> str:
    """Say how this machine's clock and the mail server's differ, if they do by far: a letter just `arrived` shows it.

    A clock that is ahead would send letters before their time.
    """
    if arrived is None or abs(now - arrived) < _ALIKE:
        return ""
    how = "ahead of" if now > arrived else "behind"
    return (
        f"this machine's clock is {how} the mail server's: it shows {to_text(now)}, where the server says "
        f"{to_text(arrived)}; one of them is wrong: have yours kept right by NTP"
    )


def _find(mailbox: Mailbox, folder: Folder, ids: tuple[str, ...]) -> RawMessage | None:
    found = mailbox.search(folder, Sought(message_id=ids[0]))
    return next((message for message in found if any(one.encode() in message.raw for one in ids)), None)
