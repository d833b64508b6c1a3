"""Every watched folder is read to its end; every message that concerns a thread is judged and written down.

Only this makes a `CaughtUp`, and only a `CaughtUp` lets a letter go out (docs/reliability.md, invariant 2).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from followupd.actions import approving, copies, doubt, elsewhere, renames, unreadable
from followupd.actions.concern import concerned
from followupd.actions.flood import Flood, moves
from followupd.actions.recorded import as_message, face, told_apart
from followupd.actions.underway import Reading
from followupd.app import App
from followupd.core import match, outcome, verdicts
from followupd.core.addresses import key
from followupd.core.connections import MAIN
from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant
from followupd.core.model import (
    IN_DOUBT,
    Candidate,
    Case,
    Change,
    Cursor,
    Folder,
    Incoming,
    Judgement,
    RawMessage,
    Role,
    Verdict,
)
from followupd.core.reached import came_back
from followupd.store import contacts, conversations, facts, letters, messages, threads

log = logging.getLogger(__name__)

_TRIES = 3
"""How often a page is judged anew because the user changed one of its threads meanwhile."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The proof that every watched folder of an account was read to its end, since when, and `beside` which others."""

    at: Instant
    account: str = MAIN
    beside: frozenset[str] = frozenset()


def read_mailbox(app: App, now: Instant) -> CaughtUp:
    """Read what is new in every watched folder; raise UnreachableError if any of them cannot be read to its end.

    Sent comes first: a restored database learns there which letters went out, and by what names they are
    answered, before it meets an answer to one.
    """
    _read(app, sorted(app.mailbox.folders(), key=lambda folder: folder.role is not Role.SENT), now)
    facts.put(app.db, facts.of("mailbox_checked_at", app.account), "", now)
    return CaughtUp(at=now, account=app.account)


def read_sent(app: App, now: Instant) -> None:
    """Read what is new in Sent alone: an answer to one of its letters may lie in the mailbox of another account."""
    _read(app, [folder for folder in app.mailbox.folders() if folder.role is Role.SENT], now)


def _read(app: App, folders: Iterable[Folder], now: Instant) -> None:
    underway = Reading(app.clock)
    for folder in folders:
        known = messages.cursor(app.db, folder.name, app.account)
        for page in app.mailbox.newer_than(folder, known):
            place = replace(page.cursor, account=app.account)
            if page.messages or place != known:
                _record(app, folder, page.messages, place, now)
            underway.page(folder.name, len(page.messages))
    underway.ended()


def read_behind(app: App, folder: Folder, raws: Sequence[RawMessage], now: Instant) -> None:
    """Judge and write down messages behind the place up to which a folder was read, as if they were new."""
    _record(app, folder, raws, None, now)


def _record(app: App, folder: Folder, raws: Sequence[RawMessage], cursor: Cursor | None, now: Instant) -> None:
    approving.take(app, folder, raws, now)
    parsed = _parsed(app, folder, concerned(app, raws), now)
    for attempt in range(1, _TRIES + 1):
        found = _Reader(app, folder, now).outcomes(parsed)
        if not found and (cursor is None or messages.cursor(app.db, folder.name, app.account) == cursor):
            return
        try:
            unreadable.record(app, found, cursor, now)
        except TryLaterError:
            if attempt == _TRIES:
                raise
        else:
            return


def _parsed(app: App, folder: Folder, raws: Sequence[RawMessage], now: Instant) -> list[Incoming]:
    """Fetch and read the bodies, one after the other; of a message that is in no folder any more the headers speak."""
    if not raws:
        return []
    whole = app.mailbox.whole(folder, [raw.uid for raw in raws])
    fetched = {raw.uid: unreadable.parse(app, raw, now) for raw in whole}
    gone = [raw for raw in raws if raw.uid not in fetched]
    fetched |= {uid: unreadable.parse(app, raw, now) for uid, raw in elsewhere.whole(app, folder, gone).items()}
    return [fetched[raw.uid] if raw.uid in fetched else unreadable.parse(app, raw, now) for raw in raws]


class _Reader:
    """The judging of one page: changes of one thread follow one another."""

    def __init__(self, app: App, folder: Folder, now: Instant) -> None:
        self._app = app
        self._folder = folder
        self._now = now
        self._me = app.settings.policy.me.addresses
        self._cases: dict[int, Case] = {}
        self._flood = Flood(app.db)
        self._moved = False
        self._strays: Mapping[str, tuple[int]] = {}

    def outcomes(self, parsed: Sequence[Incoming]) -> list[messages.Outcome]:
        """Judge messages in their order; leave out those that were recorded before or concern nobody.

        What lies among the drafts was not sent, whoever it says it is from.
        """
        if self._folder.role is Role.DRAFTS:
            return []
        if self._folder.role is Role.SENT:
            self._strays = doubt.strays(self._app, parsed)
        found: list[messages.Outcome] = []
        here: dict[str, tuple[str, str]] = {}
        for one in parsed:
            msg = self._distinct(one, here)
            if msg.key in here or copies.known(self._app, msg):
                continue
            self._moved = False
            judge = self._own if self._is_own(msg) else self._theirs
            judged = unreadable.judged(self._app, msg, judge, self._now)
            if judged is not None and (kept := self._kept(judged)) is not None:
                here[msg.key] = told_apart(*face(msg))
                found.append(kept)
        return found

    def _kept(self, judged: messages.Outcome) -> messages.Outcome | None:
        """Leave out what a flood brings and what changes nothing; tell the log of the rest."""
        assert judged.message.thread_id is not None
        case = self._case(judged.message.thread_id)
        kept = self._flood.kept(judged, case.thread, self._now, moved=self._moved)
        for change in () if kept is None else filter(None, (kept.change, *kept.also)):
            for event in change.events:
                log.info("%s: %s", self._case(change.thread.id).contact.email, event.text)
        return kept

    def _distinct(self, msg: Incoming, here: Mapping[str, tuple[str, str]]) -> Incoming:
        """Give a message another key if its Message-ID was that of another one.

        There are programs that answer with one Message-ID for ever, and the same one may be in a vacation note and in
        an answer; RFC 5322, section 3.6.4 forbids it.
        """
        before = here.get(msg.key)
        if before is None and (known := messages.get_by_message_id(self._app.db, msg.key)) is not None:
            before = told_apart(known.from_, known.subject)
        if before is None or before == told_apart(*face(msg)):
            return msg
        return replace(msg, message_id=f"{msg.key} {sha256('/'.join(face(msg)).encode()).hexdigest()[:16]}")

    def _is_own(self, msg: Incoming) -> bool:
        """Tell whether the user wrote it; in Sent also from an address of theirs that nobody has told us."""
        if match.is_own(msg, self._me):
            return True
        return self._folder.role is Role.SENT and not contacts.addresses_known(self._app.db, match.senders(msg))

    def _theirs(self, msg: Incoming) -> messages.Outcome | None:
        ids = (*msg.in_reply_to, *msg.references, *msg.attached_ids)
        candidates = self._candidates(msg, ids)
        if renames.returned(self._app, msg, candidates):
            candidates = self._candidates(msg, ids)
        belongs = match.thread_of(msg, candidates, self._me)
        if belongs is None and msg.report is None:
            belongs = match.thread_of(msg, self._under_subject(msg), self._me)
        if belongs is None:
            return self._unmatched(msg, candidates)
        renames.conversation(self._app, msg, belongs, candidates)
        named = self._settle_doubt(ids)
        case = self._case(belongs.thread_id)
        began = min(
            (one.thread.created_at for one in candidates if one.contact.id == case.contact.id),
            default=case.thread.created_at,
        )
        judgement = verdicts.judge(msg, belongs, verdicts.setting_of(case.contact, self._now))
        judgement = outcome.before_our_letter(case, msg, belongs, judgement, began)
        change = outcome.after_message(case, msg, judgement, self._app.settings.policy, self._now)
        returned = came_back(case, judgement, named, match.reported(msg))
        judged = self._outcome(msg, case, judgement, change)
        return replace(judged, also=self._newer(msg, case, judgement), returned=returned)

    def _newer(self, msg: Incoming, case: Case, judgement: Judgement) -> tuple[Change, ...]:
        """Let what answers an older thread count for the one that is open now: it is the same person."""
        newest = threads.case_of(self._app.db, case.contact.email)
        elsewhere = judgement.verdict is Verdict.BOUNCE and case.contact.email not in match.reported(msg)
        if newest is None or newest.thread.id == case.thread.id or elsewhere:
            return ()
        other = self._case(newest.thread.id)
        change = outcome.after_message(other, msg, judgement, self._app.settings.policy, self._now)
        return (self._followed(other, change),) if change is not None else ()

    def _unmatched(self, msg: Incoming, candidates: Sequence[Candidate]) -> messages.Outcome | None:
        """Keep what a contact sent although it belongs to no thread; leave the rest of the mailbox alone."""
        senders = {key(one.addr_spec) for one in msg.from_}
        theirs = [one for one in candidates if not senders.isdisjoint(map(key, one.contact.addresses))]
        if not theirs:
            return None
        judgement = verdicts.judge(msg, None, verdicts.Setting(self._now))
        return self._outcome(msg, self._case(theirs[-1].thread.id), judgement, None)

    def _own(self, msg: Incoming) -> messages.Outcome | None:
        """Take note of what the user wrote to a contact by hand; our own letters in Sent are known by their ids."""
        # a copy to oneself, wherever it lies, has been through the server
        self._settle_doubt([msg.message_id])
        in_sent = self._folder.role is Role.SENT
        # a vacation note of the user's own server is no word of theirs
        if renames.own_letter(self._app, msg, self._now, in_sent=in_sent) or verdicts.is_automatic(msg):
            return None
        to = [one.addr_spec for one in (*msg.to, *msg.cc)]
        candidates = [one for one in messages.candidates(self._app.db, (), to) if one.newest]
        cases = [self._case(one.thread.id) for one in reversed(candidates)]
        asked = [*map(self._case, self._strays.get(msg.message_id, ())), *cases]
        if any(self._renamed(msg, case) or self._adopted(msg, case) for case in asked) or not cases:
            return None
        first, *others = [(case, self._by_hand(msg, case)) for case in cases]
        judgement = Judgement(verdict=Verdict.OTHER, rule="own.by-hand", words="you wrote it yourself")
        also = tuple(self._followed(case, change) for case, change in others if change is not None)
        return replace(self._outcome(msg, first[0], judgement, first[1]), also=also)

    def _by_hand(self, msg: Incoming, case: Case) -> Change | None:
        written = msg.internal_date or msg.date or self._now
        newest = threads.newest_event(self._app.db)
        # a clock that lies before what was recorded is wrong: then the server knows better when it was written
        behind = newest is not None and newest > self._now
        latest = max(self._now, msg.internal_date or self._now) if behind else self._now
        return outcome.after_own_mail(case, written, self._app.settings.policy, self._now, latest)

    def _adopted(self, msg: Incoming, case: Case) -> bool:
        adopted = doubt.adopt(self._app, case, msg, self._now)
        if adopted:
            self._cases.pop(case.thread.id, None)
        return adopted

    def _renamed(self, msg: Incoming, case: Case) -> bool:
        found = renames.renamed(self._app, msg, case, self._now)
        if found:
            self._cases.pop(case.thread.id, None)
        return found

    def _settle_doubt(self, ids: Sequence[str]) -> frozenset[int]:
        """A message that names letters proves that they went out; give which."""
        named = frozenset(letters.sent_ids(self._app.db, ids).values())
        for letter_id in named:
            letter = letters.get(self._app.db, letter_id)
            if letter.state in IN_DOUBT:
                doubt.confirm(self._app, letter, "a message refers to it", self._now)
                self._cases.pop(letter.thread_id, None)
        return named

    def _candidates(self, msg: Incoming, ids: Sequence[str]) -> tuple[Candidate, ...]:
        return messages.candidates(self._app.db, ids, (*match.senders(msg), *match.reported(msg)), msg.names)

    def _under_subject(self, msg: Incoming) -> tuple[Candidate, ...]:
        """Give the threads that somebody may answer who names none of our letters and is no contact."""
        others = [one.addr_spec for one in (*msg.to, *msg.cc)]
        clues = conversations.Clues(
            topics=match.topics(msg),
            senders=match.senders(msg),
            people=(*match.senders(msg), *others, *match.addresses_in(msg.text)),
        )
        return conversations.under_subject(self._app.db, clues) if clues.topics else ()

    def _case(self, thread_id: int) -> Case:
        if thread_id not in self._cases:
            self._cases[thread_id] = threads.case(self._app.db, thread_id)
        return self._cases[thread_id]

    def _outcome(self, msg: Incoming, case: Case, judgement: Judgement, change: Change | None) -> messages.Outcome:
        if change is not None:
            self._followed(case, change)
        kept = replace(as_message(msg, case, judgement, self._now), account=self._app.account)
        return messages.Outcome(message=kept, change=change)

    def _followed(self, case: Case, change: Change) -> Change:
        """Let what comes next in this page rest on a change."""
        self._moved = self._moved or moves(case.thread, change.thread)
        self._cases[case.thread.id] = replace(case, thread=change.thread)
        return change
