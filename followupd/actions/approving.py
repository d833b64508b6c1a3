"""Letters that wait for approval are settled by the user's answer to the digest, as `outbox approve` and `discard` do.

What has to hold: the answer lies among the sent mail of the account that wrote the digest, from an address of its own,
in reply to that very digest; no machine wrote it; its code was in that digest, for this letter, was never used, and the
text is the one that was shown. A copy in another folder proves nothing: anybody can write a From. Whatever does not
hold is done nothing about, and told. An answer is carried out once, by its Message-ID, however often it is read.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from followupd.actions import outbox, question, unreadable
from followupd.app import App, Desk
from followupd.core import approving, match, verdicts
from followupd.core.approving import Word
from followupd.core.authentication import finding
from followupd.core.compose import text_digest
from followupd.core.digest import Waiting
from followupd.core.errors import FollowupdError, StorageError, TryLaterError
from followupd.core.instants import Instant
from followupd.core.model import Folder, Incoming, Letter, LetterState, RawMessage, Role
from followupd.store import approvals, letters, threads
from followupd.store.approvals import Code, Mail

log = logging.getLogger(__name__)

_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to")
"""Fields of what came by mail: a server may let anybody deliver into a folder (RFC 5233)."""
_BY_HAND: Final = "say it by a command: followupd outbox list"


def waiting(desk: Desk) -> tuple[Waiting, ...]:
    """Give the letters that nothing but the user's approval keeps, with their texts; without codes."""
    found = []
    for letter in letters.held(desk.db):
        case = threads.case(desk.db, letter.thread_id)
        if question.approval_alone(case, letter, threads.events(desk.db, case.thread.id)):
            contact = case.contact
            found.append(
                Waiting(
                    email=contact.email,
                    name=contact.name,
                    letter_id=letter.id,
                    number=letter.step + 1,
                    subject=letter.subject,
                    text=letter.body,
                )
            )
    return tuple(found)


def with_codes(found: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """Give each letter a code made of chance."""
    return tuple(replace(one, code=approving.code(secrets.token_bytes(approving.SECRET))) for one in found)


def offer(app: App, mail: str, found: tuple[Waiting, ...], now: Instant) -> None:
    """Write down the codes of a digest that is about to be sent."""
    approvals.forget(app.db, before=now - 2 * approving.VALID)
    if found:
        codes = [
            Code(hashed=approving.hashed(one.code), letter_id=one.letter_id, text=text_digest(one.subject, one.text))
            for one in found
        ]
        approvals.offer(app.db, Mail(mail, app.account), codes, now)


def take(app: App, folder: Folder, raws: Sequence[RawMessage], now: Instant) -> None:
    """Carry out the answers to a digest among messages that are read for the first time, or again."""
    mails = approvals.mails(app.db) if raws else {}
    names = [one.encode() for one in mails]
    about = [raw for raw in raws if any(name in raw.raw for name in names)]
    if not about:
        return
    for raw in app.mailbox.whole(folder, [raw.uid for raw in about]):
        msg = unreadable.parse(app, raw, now)
        _learn(app, msg, mails)
        mail = next((mails[one] for one in (*msg.in_reply_to, *msg.references) if one in mails), None)
        if mail is not None and not verdicts.is_automatic(msg) and msg.report is None:
            _take(app, folder, msg, mail, now)


def _learn(app: App, msg: Incoming, mails: Mapping[str, Mail]) -> None:
    """Learn by what Message-ID a digest arrived whose own one was replaced (Exchange)."""
    for former in match.names_of(msg) - {msg.message_id}:
        if former in mails and msg.message_id:
            approvals.rename(app.db, former, msg.message_id)


def _take(app: App, folder: Folder, msg: Incoming, mail: Mail, now: Instant) -> None:
    answer = approving.read(msg.text)
    if approvals.is_answered(app.db, msg.key) or not (answer.words or answer.misplaced):
        return
    wrong, pending = _objection(app, msg, mail), False
    if wrong is None and folder.role is not Role.SENT:
        pending = True
        wrong = f"it lies in {folder.name} and not among your sent mail, which alone proves that it is yours"
    elif wrong is None and any(name in msg.headers for name in _DELIVERED):
        pending = True
        wrong = f"it was delivered into {folder.name} by mail, as anybody's may be, and not filed there by you"
    if wrong is None and answer.misplaced:
        wrong = f'its words stand below the line "{approving.MARK}", or that line and the codes are not in it'
    if wrong is not None:
        said = [f"your answer to the digest did nothing: {wrong}; {_BY_HAND}"]
        log.warning("%s", said[0])
        approvals.answered(app.db, msg.key, said, now, pending=pending)
        return
    with app.db.immediate():
        said = list(_carried_out(app, mail, answer, now))
        approvals.answered(app.db, msg.key, said, now)
    for line in said:
        log.info("%s", line)


def _objection(app: App, msg: Incoming, mail: Mail) -> str | None:
    """Say why an answer is not taken for the user's; None where it lies where only they can put it, or may yet."""
    me = app.settings.policy.me
    if not match.is_own(msg, me.addresses):
        return "it is not from an address of yours"
    if mail.account != app.account:
        return f"it lies in the mailbox of account {app.account}, and the digest came from account {mail.account}"
    if failed := finding(msg):
        return f"its sender could not be authenticated ({failed})"
    return None


def _carried_out(app: App, mail: Mail, answer: approving.Answer, now: Instant) -> Iterator[str]:
    """Do what the words of an answer say, and say what became of each."""
    known = approvals.find(app.db, [approving.hashed(one) for one in answer.codes])
    wanted: dict[int, set[bool]] = {}
    for word in answer.words[: approving.MOST]:
        code = _code_of(word, known, mail)
        if isinstance(code, str):
            yield code
        else:
            wanted.setdefault(code.letter_id, set()).add(word.approve)
    codes = {one.letter_id: one for one in known if one.mail == mail.own_id}
    for letter_id, words in wanted.items():
        if len(words) > 1:
            yield f"letter {letter_id} of the outbox: your answer says both approve and discard: nothing was done"
        else:
            yield _settled(app, codes[letter_id], now, approve=words == {True})


def _code_of(word: Word, known: Sequence[Code], mail: Mail) -> Code | str:
    """Find the code that a word rests on, or say why there is none."""
    hashed = approving.hashed(word.code) if word.code else ""
    fits = [
        one
        for one in known
        if one.mail == mail.own_id and word.number in {0, one.letter_id} and (not hashed or one.hashed == hashed)
    ]
    if len(fits) == 1:
        return fits[0]
    what = f"letter {word.number} of the outbox" if word.number else "a letter"
    return f"{what}: its code in that digest is not in your answer: nothing was done; {_BY_HAND}"


def _settled(app: App, code: Code, now: Instant, *, approve: bool) -> str:
    """Settle a letter by its code; say what was done, or why nothing was."""
    name = f"letter {code.letter_id} of the outbox"
    letter = letters.get(app.db, code.letter_id)
    wrong = _unfit(app, letter, code, now, approve=approve)
    if wrong is None:
        try:
            (outbox.approve if approve else outbox.discard)(app, letter.id)
        except (TryLaterError, StorageError):
            raise
        except FollowupdError as error:
            wrong = str(error)
    if wrong is not None:
        return f"{name}: nothing was done: {wrong}; see: followupd outbox show {letter.id}"
    approvals.use(app.db, code.hashed, now)
    done = "approved" if approve else "discarded"
    return f"{name} was {done} by your answer"


def _unfit(app: App, letter: Letter, code: Code, now: Instant, *, approve: bool) -> str | None:
    """Say why a code does not count for a letter as it stands now; None where it does."""
    if code.used:
        return "its code was used before"
    if code.sent_at is None or not code.sent_at <= now <= code.sent_at + approving.VALID:
        return f"its code was valid for {approving.VALID.days} days"
    if code.text != text_digest(letter.subject, letter.body):
        return "its text is another one than you were shown"
    return _not_waiting(app, letter) if approve else None


def _not_waiting(app: App, letter: Letter) -> str | None:
    """Say what a letter waits for if not for an approval alone; None where that would let it go."""
    if letter.state is not LetterState.HELD:
        return f"it is {letter.state} and waits for no approval"
    case = threads.case(app.db, letter.thread_id)
    if not question.approval_alone(case, letter, threads.events(app.db, case.thread.id)):
        return f"something else than your approval keeps it: {case.thread.reason}"
    return None
