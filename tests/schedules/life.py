"""One life of followupd: processes that come and go before one provider and one database; every verb tells its line."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from followupd.actions import contacts
from followupd.actions.round import one_round
from followupd.app import App
from followupd.config.file import read
from followupd.core.errors import FollowupdError
from followupd.core.instants import Span
from followupd.core.model import Contact, Deferred, Refused
from followupd.core.settings import Cadence, Policy, Settings, Step
from followupd.letters.templates import Templates
from followupd.store.db import Db, copy_to_memory, open_database
from tests.actions.pretend import BEGINS, CONFIG, Killed, PretendedDns
from tests.schedules import slate
from tests.schedules.judge import PEOPLE, Judge
from tests.schedules.mail import NEEDS_LETTER, Kind, by_hand, write
from tests.schedules.model import Arrival, Model
from tests.schedules.provider import Box, Effects, LiveDb, Post, Provider, Watch


@cache
def beginning() -> tuple[Settings, Db, Templates]:
    """Give the config, a database with everybody in it, and the templates; made once for all lives."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text(CONFIG.format(save="auto", more=""), encoding="utf-8")
        settings = read(config)
        steps = (Step(template="opening"), Step(template="reminder", after=Span(weeks=3)))
        policy = replace(
            settings.policy, cadences={**settings.policy.cadences, "second": Cadence(name="second", steps=steps)}
        )
        settings = replace(settings, policy=policy)
        on_disk = open_database(folder / "followupd.db", now=BEGINS)
        templates = Templates(folder / "templates")
        provider = Provider(Effects(), on_disk.connection, lambda _: None)
        desk: Any = App(
            settings=settings, db=on_disk, templates=templates, clock=Watch(provider), mailbox=Box(provider),
            postman=Post(provider), resolver=PretendedDns(),
        )  # fmt: skip
        for person, address in PEOPLE.items():
            alias = f"{address.partition('@')[0]}.private@elsewhere.example"
            contacts.add(
                desk,
                Contact(
                    addresses=(address, alias),
                    name=person,
                    admire="Your notes on the engine.",
                    ask="How did you choose what to leave out?",
                    offer="I would typeset them.",
                ),
            )
        # a database in memory cannot have a log beside it
        on_disk.run("PRAGMA journal_mode=DELETE")
        return settings, copy_to_memory(on_disk), templates


class Life(Judge):
    """What happens, verb by verb."""

    def __init__(self, *, files: bool) -> None:
        self.story: list[str] = [f"The provider {'files' if files else 'does not file'} Sent."]
        self.model = Model(knows=self._knows, concerns=self._concerns)
        self.effects = Effects()
        self.settings, first, self._templates = beginning()
        memory = slate.written_with(first)
        self.provider = Provider(self.effects, memory.connection, self._judge, self._took, files=files)
        self._backup: tuple[Db, Any, int] | None = None
        self.history: list[tuple[Any, ...]] = []
        self._number = 0
        self._start(memory)

    # -- processes -----------------------------------------------------------------------------------------------------

    def _start(self, memory: Db) -> None:
        self.quiet = Db(memory.connection, memory.path)
        db = LiveDb(memory.connection, memory.path)
        db.effects = self.effects
        self.provider.connection = memory.connection
        self.app = App(
            settings=self.settings,
            db=db,
            templates=self._templates,
            clock=Watch(self.provider),
            mailbox=Box(self.provider),
            postman=Post(self.provider),
            resolver=PretendedDns(),
        )

    def round(
        self,
        *,
        kill: int = 0,
        breaks: int = 0,
        turn: int = 0,
        meanwhile: Callable[[], None] | None = None,
        word: str = "",
    ) -> None:
        """Let the daemon do a round; killed at an effect, cut off at one, or with something happening at one.

        With `word` it happens before the so many-th word of that kind to the IMAP server.
        """
        self.tell(
            "a round" + (f", killed at effect {kill}" if kill else "") + (f", cut off at {breaks}" if breaks else "")
        )
        self.model.before = frozenset(one.name for one in self.model.arrivals)
        self.model.moved.clear()
        self.provider.looked.clear()
        self.effects.arm(kill=kill, turn=turn, breaks=breaks, meanwhile=meanwhile, before=word)
        before = len(self.provider.taken)
        whole = False
        try:
            one_round(self.app)
            whole = True
        except Killed:
            self.tell("  killed; another process starts")
            self._start(self.app.db)
        except (FollowupdError, MemoryError) as error:
            self.tell(f"  the round ended early: {error!s}")
        finally:
            left, self.effects.meanwhile = self.effects.meanwhile, None
            self.effects.arm()
        if left is not None:
            left()
        for _, _, draft in self.provider.taken[before:]:
            self.tell(f"  a letter went to {draft.rcpt_to}")
        if whole:
            self.after_round()
        self.look_over()

    def restart(self, **policy: Any) -> None:
        """Start another process with another config."""
        told = (f"{key} = {', '.join(value) if isinstance(value, dict) else value}" for key, value in policy.items())
        self.tell(f"another config: {', '.join(told)}")
        self.settings = replace(self.settings, policy=replace(self.settings.policy, **policy))
        self._start(self.app.db)

    def recadence(self, how: str) -> None:
        """Shorten the first cadence, take it out of the config, or bring it back whole."""
        cadences = dict(beginning()[0].policy.cadences)
        if how == "shorter":
            cadences["short"] = replace(cadences["short"], steps=cadences["short"].steps[:2])
        if how == "without":
            del cadences["short"]
        self.restart(cadences=cadences)

    @property
    def policy(self) -> Policy:
        """The rules as they stand."""
        return self.settings.policy

    def back_up(self) -> None:
        """Make a backup of the database; what the user has said until now is in it."""
        self.tell("a backup is made")
        self._backup = copy_to_memory(self.app.db), deepcopy(self.model.words), len(self.history)

    def can_restore(self) -> bool:
        """Tell whether all that went out lies in Sent, which is what a restored database is mended from."""
        copies = b"".join(raw for _, raw in self.provider.folders["Sent"])
        return self._backup is not None and all(one.message_id.encode() in copies for _, _, one in self.provider.taken)

    def restore(self) -> None:
        """Put an old backup in the place of the database."""
        assert self._backup is not None
        self.tell("the backup is restored")
        db, words, self_history = self._backup
        self.model.words = deepcopy(words)
        del self.history[self_history:]
        self.model.restored = True
        self._start(slate.written_with(db))
        for who, (at, _) in self.model.last.items():
            if not self._knows_the_last_letter_to(who):
                # the server's own date, found in Sent, is all that is known of it
                self.model.last[who] = (at, timedelta())

    def _knows_the_last_letter_to(self, who: str) -> bool:
        last = [draft.message_id for _, _, draft in self.provider.taken if self.who(draft.rcpt_to) == who][-1]
        sql = "SELECT 1 FROM letters WHERE message_id = ? AND state IN ('sending', 'sent', 'uncertain')"
        return self.quiet.row(sql, (last,)) is not None

    # -- the world -----------------------------------------------------------------------------------------------------

    def arrives(self, who: str, kind: Kind, folder: str = "INBOX") -> None:
        """Put a message into the mailbox; one that answers a letter needs one."""
        address = self.address(who)
        letters = [draft for _, _, draft in self.provider.taken if self.who(draft.rcpt_to) == who]
        if kind in NEEDS_LETTER and not letters:
            return
        letter = letters[-1] if letters and kind is not Kind.ANSWER_ANEW else None
        self._number += 1
        name, raw = write(kind, address, letter, self.provider.now, self._number)
        self.provider.folders[folder].append((self.provider.now, raw))
        place = len(self.provider.folders[folder])
        said = letter.message_id if letter else ""
        self.model.arrivals.append(
            Arrival(
                who, kind, name, folder, place, self.provider.now, said, parseaddr(raw.split(b"\r\n")[0].decode())[1]
            )
        )
        self.tell(f"{who} {kind} ({name}, in {folder})")

    def moves(self, number: int) -> None:
        """Let the user, or a rule at the server, move a message between the inbox and the archive."""
        if not self.model.arrivals:
            return
        at = len(self.model.arrivals) - 1 - number % len(self.model.arrivals)
        one = self.model.arrivals[at]
        if one.name in self.model.moved:
            # one that keeps ahead of the reader, moved again and again, is not to be caught
            return
        to = "INBOX" if one.folder == "Archive" else "Archive"
        place = self.provider.move(one.folder, one.place, to)
        self.model.arrivals[at] = replace(one, folder=to, place=place)
        self.model.moved.add(one.name)
        self.tell(f"{one.name} is moved to {to}")

    def writes_by_hand(self, who: str) -> None:
        """Let the user write to somebody with another program."""
        self._number += 1
        self.provider.folders["Sent"].append(
            (self.provider.now, by_hand(self.address(who), self.provider.now, self._number))
        )
        if self.address(who) == PEOPLE[who]:
            # one that was added is forgotten by a restored database
            self.model.by_hand.append((who, self.provider.now, len(self.provider.folders["Sent"])))
        self.tell(f"the user writes to {who} by hand")

    def trouble(self, kind: str) -> None:
        """Let the next letter meet trouble at the server."""
        self.tell(f"the next letter will be: {kind}")
        match kind:
            case "deferred":
                self.provider.at_rcpt.append(Deferred(text="451 4.7.1 greylisted"))
            case "limited":
                self.provider.at_rcpt.append(Deferred(text="421 4.7.0 too many", account=True))
            case "refused":
                self.provider.at_rcpt.append(Refused(text="550 5.7.1 policy"))
            case "no such mailbox":
                self.provider.at_rcpt.append(Refused(text="550 5.1.1 unknown", dead_address=True))
            case "deferred after the data":
                self.provider.after_data.append(Deferred(text="451 4.3.0 later"))
            case "refused after the data":
                self.provider.after_data.append(Refused(text="554 5.7.1 spam"))
            case _:
                self.provider.after_data.append(kind)
