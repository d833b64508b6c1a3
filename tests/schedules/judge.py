"""The judge at the wire: every letter is judged when its data begins, every round by what it leaves behind.

What must not happen raises `BrokenError` with the story so far; the round itself catches no such error.
"""

import re
import sqlite3
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from followupd.app import App
from followupd.core.addresses import key
from followupd.core.connections import MAIN
from followupd.core.instants import Instant, from_text
from followupd.core.model import Draft
from followupd.core.settings import Settings
from followupd.store import messages
from followupd.store.db import Db
from tests.actions.pretend import ADA, BEGINS, BO
from tests.schedules.mail import REPORTS, Kind
from tests.schedules.model import Arrival, Model
from tests.schedules.program import Program
from tests.schedules.provider import GONE, World

PEOPLE: Final = {"Ada": ADA, "Bo": BO}
_REFERENCES: Final = re.compile(r"(?im)^References:((?:.*(?:\r?\n[ \t].*)*))")
_ON_THE_WIRE: Final = (
    "SELECT l.message_id, c.account FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
    "JOIN contacts AS c ON c.id = t.contact_id WHERE l.state = 'sending'"
)
POSSIBLY_LEFT: Final = frozenset({"sent", "uncertain", "discarded"})


class BrokenError(AssertionError):
    """Something happened that must never happen."""


class Judge:
    """What a life is judged by: the story, the model, the provider and the rows of the database."""

    app: App
    apps: tuple[App, ...]
    quiet: Db
    settings: Settings
    world: World
    model: Model
    program: Program
    story: list[str]
    history: list[tuple[Any, ...]]
    verdict: BrokenError | None = None
    """What was found first; a guard of the program that goes on after any error must not hide it."""

    def tell(self, text: str) -> None:
        """Add a line to the story."""
        day = (self.world.now - BEGINS) / timedelta(days=1)
        wrong = f" (the clock is off by {self.world.skew.days} days)" if self.world.skew else ""
        self.story.append(f"Day {day:.2f}{wrong}: {text}")

    def broken(self, what: str) -> BrokenError:
        """Give the error, with the story."""
        self.verdict = self.verdict or BrokenError("\n".join(["", *self.story, f"=> {what}"]))
        return self.verdict

    def address(self, who: str) -> str:
        """Give the address that somebody has in the database now."""
        sql = "SELECT address FROM addresses WHERE position = 0 AND contact_id = ?"
        return str(self._one(sql, list(PEOPLE).index(who) + 1)[0])

    def who(self, address: str) -> str:
        """Give the person of an address they have or had; every spelling begins with the name."""
        return next(one for one in PEOPLE if address.startswith(PEOPLE[one].partition("@")[0]))

    def _knows(self, one: Arrival) -> bool:
        """Tell whether a message can be known to a database that forgot every address that was added."""
        to = next((draft.rcpt_to for _, _, draft in self.world.taken if draft.message_id == one.letter), "")
        first = {PEOPLE[one.who], f"{one.who.lower()}.private@elsewhere.example"}
        letter = self._one("SELECT EXISTS (SELECT 1 FROM letter_ids WHERE message_id = ?)", one.letter)[0]
        return one.sender in first or (to in first and bool(letter) and one.name not in self.model.passed)

    def _read(self, account: str, folder: str) -> None:
        """Take note of what was read with a folder."""
        unlearnt = {one for one in PEOPLE if self._account(one) not in self.model.learnt}
        self.model.read(account, folder, {one for one in unlearnt if not self._reachable(self._account(one))})
        for place, last, who in self.model.digest_answers:
            if place == (account, folder) and last <= self.world.looked[place]:
                # by their word on a letter the user knows what they wrote by hand themselves
                self.model.overruled[who] = self.world.now

    def _reachable(self, account: str) -> bool:
        """Tell whether the mailbox of an account can be reached now, and the program may try."""
        raise NotImplementedError

    def said_by_folder(self, who: str, local: Instant) -> str:
        """Say which copy of a letter in a folder forbids a letter to somebody; "" if none does."""
        raise NotImplementedError

    def passes_by(self, draft: Draft, thread: str, step: int) -> str:
        """Say which letter of its thread forbids one; "" if none does."""
        raise NotImplementedError

    def _concerns(self, one: Arrival) -> bool:
        """Tell whether a message is about the open thread: a bounce of an older one, to another address, is not.

        Whoever corrects an address and begins anew is not stopped by what comes back from the address of before.
        """
        to = next((draft.rcpt_to for _, _, draft in self.world.taken if draft.message_id == one.letter), "")
        if one.kind not in {Kind.DEAD, Kind.BOUNCED} or to == self.address(one.who):
            return True
        newest = "SELECT max(id) FROM threads WHERE contact_id = ?"
        sql = f"SELECT thread_id = ({newest}) FROM letters WHERE message_id = ?"
        row = self.quiet.row(sql, (list(PEOPLE).index(one.who) + 1, one.letter))
        return row is None or bool(row[0])

    def _finds(self, one: Arrival) -> bool:
        """Tell whether the search before a letter must find a message in a folder that no round reads.

        Only folders of the account that the letter leaves by are searched, once a letter is out, for what names one or
        comes from an address of theirs and no earlier than the first. A report of a server does neither in its header.
        """
        if one.account != self._account(one.who) or one.kind in REPORTS:
            return False
        mine = [draft.message_id for _, _, draft in self.world.taken if self.who(draft.rcpt_to) == one.who]
        sql = (
            "SELECT message_id, coalesce(sent_at, claimed_at, created_at) FROM letters "
            "WHERE state IN ('sent', 'uncertain', 'discarded')"
        )
        known = {row[0]: from_text(row[1]) for row in self.quiet.rows(sql) if row[0] in mine}
        sql = "SELECT EXISTS (SELECT 1 FROM addresses WHERE contact_id = ? AND address = ?)"
        theirs = self._one(sql, list(PEOPLE).index(one.who) + 1, one.sender)[0]
        return one.letter in known or (theirs and bool(known) and min(known.values()) <= one.at)

    def _one(self, sql: str, *params: Any) -> sqlite3.Row:
        found: sqlite3.Row = self.app.db.connection.execute(sql, params).fetchone()
        return found

    def _judge(self, draft: Draft, account: str) -> None:
        """Judge a letter at the moment its data begins."""
        who, world, model, policy = self.who(draft.rcpt_to), self.world, self.model, self.settings.policy
        row = self._one(
            "SELECT l.state, l.raw, l.step, l.subject, l.body, t.key FROM letters AS l JOIN threads AS t "
            "ON t.id = l.thread_id WHERE l.message_id = ?",
            draft.message_id,
        )
        local, step = world.now + world.skew, (row["key"], row["step"])
        approved = row["body"] in {model.words.approved.get(step), *model.by_mail[step]}
        wrong = {
            "was not claimed": row["state"] != "sending" or self.app.db.connection.in_transaction,
            "is not the one that was written down": row["raw"] != draft.raw,
            "went out before": draft.message_id in {one.message_id for _, _, one in world.taken},
            "is another one for its step": model.sent[step] > model.retried[step],
            "came before every folder was read": account not in world.whole,
            "came before every folder was read again": not world.looked_again(account),
            "leaves by an account that is not theirs": account != self._account(who),
            "is from another sender than the one before": not self._same_sender(draft),
            "goes to an address that is not theirs": draft.rcpt_to != self.address(who)
            and draft.message_id not in model.exempt,
            "answers a letter that went to another address": not self._answers_its_reader(draft),
            "was sent by a clock that lies before what has been": self._newest() > local + timedelta(minutes=10),
            "was not approved": policy.approve and not approved,
            "was sent by the user as a draft": model.sent_by_hand(draft.message_id),
            "lies among the drafts": not model.restored
            and any(draft.message_id.encode() in raw for one in world.providers.values() for raw in one.shelf.values()),
            "was not announced": self._is_new(row["subject"], row["body"]) and not approved,
            "was not let go by the user's program": bool(self.settings.veto.command)
            and draft.raw not in self.program.allowed
            and model.words.overruled.get(step) != row["body"],
        }
        why = [what for what, so in wrong.items() if so]
        why.append(model.answered(who))
        why.append(self.said_by_folder(who, local))
        why.append(model.unread(who, self.settings.names))
        why.append(model.away(who, local))
        if not model.sent[step]:
            why.append(model.too_soon(who, world.now, world.skew, timedelta(days=policy.floor.least_days())))
        why.append(model.own_hand(who, world.now, world.skew))
        if draft.message_id not in model.exempt:
            why.append(self.passes_by(draft, *step))
            why.append(model.word(who).forbids(local))
            why.append(model.recalled.of[who].forbids(local) if who in model.recalled.of else "")
            paused = model.words.paused_all or model.recalled.paused_all
            why.append("while everything is paused" if paused else "")
        if said := "; ".join(filter(None, why)):
            raise self.broken(f"a letter to {draft.rcpt_to} ({row['subject']}, step {row['step']}): {said}")

    def _is_new(self, subject: str, text: str) -> bool:
        """Tell whether the user wants to be told of letters before they go, and was not told of this one in time."""
        policy, world = self.settings.policy, self.world
        before = timedelta(days=policy.heads_up.least_days())
        wanted = bool(before) and not policy.approve
        return wanted and not self.model.was_announced(subject, text, world.now, world.skew, before)

    def _account(self, who: str) -> str:
        """Give the account that somebody belongs to in the database now."""
        return str(self._one("SELECT account FROM contacts WHERE id = ?", list(PEOPLE).index(who) + 1)[0])

    def is_written_down(self, draft: Draft) -> bool:
        """Tell whether the database knows that a letter went out, or may have."""
        sql = "SELECT 1 FROM letters WHERE message_id = ? AND state IN ('sending', 'sent', 'uncertain')"
        return self.quiet.row(sql, (draft.message_id,)) is not None

    def _same_sender(self, draft: Draft) -> bool:
        """Tell whether a letter has the sender of the one before to the same person, where that one is known."""
        mine = [one for _, _, one in self.world.taken if self.who(one.rcpt_to) == self.who(draft.rcpt_to)]
        sql = "SELECT 1 FROM letters WHERE message_id = ? AND state <> 'discarded'"
        known = [one for one in mine if self.quiet.row(sql, (one.message_id,)) is not None]
        return not known or known[-1].mail_from == draft.mail_from

    def _answers_its_reader(self, draft: Draft) -> bool:
        """Tell whether a letter refers only to what went to the same mailbox; a restored backup may not know better."""
        sent = {one.message_id: one.rcpt_to for _, _, one in self.world.taken}
        head = draft.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
        named = _REFERENCES.search(head)
        ids = re.findall(r"<[^<>\s]+>", named[1]) if named else []
        return self.model.restored or all(key(sent[one]) == key(draft.rcpt_to) for one in ids if one in sent)

    def _newest(self) -> Instant:
        return from_text(self._one("SELECT max(at) FROM events")[0])

    def _took(self) -> None:
        """Keep what was taken; called when the server has it."""
        at, skew, draft = self.world.taken[-1]
        row = self._one(
            "SELECT t.key, l.step FROM letters AS l JOIN threads AS t ON t.id = l.thread_id WHERE l.message_id = ?",
            draft.message_id,
        )
        self.model.last[self.who(draft.rcpt_to)] = (at, skew)
        self.model.sent[row["key"], row["step"]] += 1
        self.model.letters[draft.message_id] = row["key"], row["step"]

    def after_round(self, well: Collection[str]) -> None:
        """Judge what a round leaves behind of the accounts that it went well with."""
        own = self.quiet.rows(_ON_THE_WIRE)
        on_wire = {row["message_id"] for row in own}
        if any((row["account"] if row["account"] in self.settings.names else MAIN) in well for row in own):
            raise self.broken("a letter is still on the wire after a round")
        for _, _, draft in () if self.model.restored else self.world.taken:
            row = self.quiet.row("SELECT state FROM letters WHERE message_id = ?", (draft.message_id,))
            state = row[0] if row else "forgotten"
            if state not in POSSIBLY_LEFT and draft.message_id not in on_wire:
                raise self.broken(f"a letter that was taken is {state}")
        for one in self.model.arrivals:
            known = messages.get_by_message_id(self.quiet, one.name)
            there = (
                not one.deleted
                and one.account in well
                and one.name in self.model.before
                and one.name not in self.model.moved
                and not one.is_unwatched
            )
            if there and known is None and (not self.model.restored or self._knows(one)):
                raise self.broken(f"the message {one.name} was not written down")
        for provider in self.world.providers.values():
            copies = [raw for _, raw in provider.folders["Sent"] if raw != GONE]
            if len(copies) != len(set(copies)):
                raise self.broken("a copy was filed twice")

    def look_over(self) -> None:
        """Judge what must hold at any moment: history only grows, and what the user ended stays ended."""
        rows = [
            tuple(row) for row in self.app.db.connection.execute("SELECT id, at, kind, text FROM events ORDER BY id")
        ]
        if rows[: len(self.history)] != self.history:
            raise self.broken("history was changed")
        self.history = rows
        # of several the one that is open comes last, else the newest
        sql = "SELECT contact_id, state FROM threads ORDER BY state IN ('scheduled', 'waiting', 'held', 'paused'), id"
        standing = dict(self.app.db.connection.execute(sql).fetchall())
        for number, who in enumerate(PEOPLE, 1):
            state, word = standing[number], self.model.word(who)
            if (word.stopped or word.answered) and state in {"scheduled", "waiting", "held", "paused"}:
                raise self.broken(f"{who} is {state}, though the user ended it")
            if word.paused and word.paused_until is None and state in {"scheduled", "waiting"}:
                raise self.broken(f"{who} is {state}, though the user paused it")
