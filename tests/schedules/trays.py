"""Folders as the screen: what the user says by copying, or moving, a letter from Sent into a folder of followupd's."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, at_local
from followupd.core.model import Folder, RawMessage, Role
from followupd.store import facts
from tests.schedules.judge import PEOPLE
from tests.schedules.outside import Outside
from tests.schedules.shelf import Desk

Path: TypeAlias = tuple[str, ...]


@dataclass
class Screen(Desk):
    """The user's folders with those below followupd's own."""

    def trays(self, wanted: Collection[Path]) -> tuple[tuple[Path, Folder], ...]:
        self.provider.reach("trays")
        for path in wanted:
            self.provider.trays.setdefault(path, {})
        return tuple((path, _folder(path)) for path in sorted(self.provider.trays))

    def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
        self.provider.reach("lying_in")
        for uid, raw in list(self._copies(tray).items()):
            at = self.provider.world.now
            yield RawMessage(folder=tray.name, uid=uid, internal_date=at, raw=raw, size=len(raw), whole=True)

    def put_back(self, tray: Folder, uid: int) -> None:
        self.provider.reach("put_back")
        self.provider.folders["Sent"].append((self.provider.world.now, self._copies(tray)[uid]))
        self.provider.world.effects.burn(may_turn=True)

    def remove(self, tray: Folder, uids: Collection[int]) -> None:
        self.provider.reach("remove")
        for uid in uids:
            self._copies(tray).pop(uid, None)
        self.provider.world.effects.burn(may_turn=not self.provider.world.connection.in_transaction)

    def _copies(self, tray: Folder) -> dict[int, bytes]:
        return self.provider.trays[tuple(tray.name.split("/")[1:])]


def _folder(path: Path) -> Folder:
    return Folder(name="/".join(("followupd", *path)), role=Role.OTHER)


@dataclass
class Copy:
    """A letter in a folder: `before` tells whether it lay there when the round began, `done` whether it was obeyed."""

    account: str
    path: Path
    uid: int
    who: str
    address: str
    name: str
    before: bool = False
    done: bool = False


class Trays(Outside):
    """What the user says by folders, verb by verb."""

    copies: list[Copy]

    def wants_trays(self, *, on: bool) -> None:
        """Let followupd obey what lies in folders, or no longer."""
        imap = replace(self.settings.imap, trays=on)
        others = {name: replace(one, imap=replace(one.imap, trays=on)) for name, one in self.settings.accounts.items()}
        self.settings = replace(self.settings, imap=imap, accounts=others)
        self.tell(f"folders are {'obeyed' if on else 'not obeyed any more'}")
        self._start(self.app.db)

    def copies_letter(self, number: int, word: str, *, moved: bool) -> None:
        """Let the user copy a letter from Sent into a folder, or move it there."""
        filed = [
            (provider, place, draft)
            for provider in self.world.providers.values()
            for place, (_, raw) in enumerate(provider.folders["Sent"], 1)
            for _, _, draft in self.world.taken
            if raw == draft.raw
        ]
        if not filed:
            return
        provider, place, draft = filed[-1 - number % len(filed)]
        path: Path = (word,) if word != "later" else (word, str((self.world.now + timedelta(days=30)).date()))
        uid = provider.put_copy(path, draft.raw)
        moved = moved and self.is_written_down(draft)
        if moved:
            provider.delete("Sent", place)
        who = self.who(draft.rcpt_to)
        self.copies.append(Copy(provider.account, path, uid, who, draft.rcpt_to, draft.message_id))
        how = "moved" if moved else "copied"
        self.tell(f"{draft.message_id} to {who} is {how} to {'/'.join(path)} of {provider.account}")

    @contextmanager
    def refused(self, word: str) -> Iterator[None]:
        """Let the servers refuse a word, as where one folder cannot be opened."""
        self.tell(f"the servers refuse {word}")
        for provider in self.world.providers.values():
            provider.refuses = word
        yield
        self.tell(f"the servers do {word} again")
        for provider in self.world.providers.values():
            provider.refuses = ""

    def said_by_folder(self, who: str, local: Instant) -> str:
        """Say which copy forbids a letter to somebody that lay in a folder before the round began; "" if none does."""
        for one in self.copies:
            waits = one.before and not one.done and one.who == who and self._is_obeyed(one)
            if waits and (one.path == ("stop",) or ("later" in one.path and local < self._until(one))):
                return f"while a letter lies in {'/'.join(one.path)}"
        return ""

    def _is_obeyed(self, one: Copy) -> bool:
        """Tell whether folders of the account are obeyed, and it is known and right whom the copy is about."""
        on = any(app.settings.imap.trays and app.settings.account == one.account for app in self.apps)
        sql = (
            "SELECT 1 FROM addresses WHERE contact_id = :who AND address = :address "
            "UNION ALL SELECT 1 FROM letter_ids AS i JOIN letters AS l ON l.id = i.letter_id "
            "JOIN threads AS t ON t.id = l.thread_id WHERE t.contact_id = :who AND i.message_id = :name"
        )
        asked: dict[str, str | int] = {"who": list(PEOPLE).index(one.who) + 1, "address": one.address, "name": one.name}
        known = self.quiet.row(sql, asked) is not None
        return on and known and self._account(one.who) == one.account

    def _until(self, one: Copy) -> Instant:
        row = self.quiet.row("SELECT timezone FROM contacts WHERE id = ?", (list(PEOPLE).index(one.who) + 1,))
        zone = ZoneInfo(row[0]) if row is not None and row[0] else self.settings.policy.me.zone
        return at_local(date.fromisoformat(one.path[1]), 0, zone)

    def see_copies(self) -> None:
        """Let the model know of what was done: it is noted, or the copy was removed."""
        for one in self.copies:
            lies = one.uid in self.world.providers[one.account].trays[one.path]
            if not one.done and (not lies or self._is_noted(one)):
                one.done = True
                self._keep(one)

    def _is_noted(self, one: Copy) -> bool:
        found = facts.get(self.quiet, facts.of("trays", one.account))
        rows = json.loads(found[0]) if found else []
        name = _folder(one.path).name
        return any((folder, uid, why) == (name, one.uid, "") for folder, uid, _, _, why in rows)

    def _keep(self, one: Copy) -> None:
        mine, model = self.model.word(one.who), self.model
        self.tell(f"  done as {'/'.join(one.path)} says, of {one.who}")
        if one.path == ("stop",):
            mine.stopped = True
        elif one.path[0] == "later":
            mine.snoozed_until = self._until(one)
            if recalled := model.recalled.of.get(one.who):
                recalled.snoozed_until = None
        else:
            model.overruled[one.who] = self.world.now
