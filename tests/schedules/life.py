"""One life of followupd: processes that come and go before its world and one database; every verb tells its line."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from followupd import programs, watching
from followupd.actions import lockout
from followupd.actions.barring import take_up
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError
from followupd.core.model import Draft
from followupd.core.notices import Veto
from followupd.core.settings import Policy, Settings
from followupd.store import accounts
from followupd.store.db import Db, copy_to_memory
from tests.actions.pretend import Killed, PretendedDns
from tests.schedules import slate
from tests.schedules.beginning import OTHER, beginning
from tests.schedules.effects import Effects, LiveDb
from tests.schedules.judge import PEOPLE
from tests.schedules.memory import Aside
from tests.schedules.model import Memory, Model
from tests.schedules.post import Post
from tests.schedules.program import Program
from tests.schedules.provider import UNWATCHED, Provider, Watch, World
from tests.schedules.trays import Screen, Trays


class Life(Trays):
    """What processes do, verb by verb."""

    def __init__(self, *, files: bool, two: bool = False, cron: bool = False) -> None:
        """Begin with a provider that `files` Sent or not; with `two` accounts, watched by the daemon or by `cron`."""
        self.story: list[str] = [f"The provider {'files' if files else 'does not file'} Sent."]
        if two:
            self.story.append(
                f"Bo belongs to another account; {'cron does' if cron else 'the daemon does'} the rounds."
            )
        self.effects = Effects()
        self._beginning, self._cron = beginning(two=two), cron
        self.settings = self._beginning.settings
        memory = slate.written_with(self._beginning.db)
        self.aside = Aside(memory.path)
        self.aside.put(self._beginning.witness)
        self.world = World(self.effects, memory.connection, self._judge, self._took, self._read, self._told)
        self.world.providers = {name: Provider(self.world, name, files) for name in self.settings.names}
        self.provider = self.world.providers[MAIN]
        self.program = Program(self.world)
        self.model = Model(
            knows=self._knows,
            concerns=self._concerns,
            finds=self._finds,
            looked=self.world.looked,
            whole=self.world.whole,
        )
        self._backup: tuple[Db, Any, int, bytes] | None = None
        self.history: list[tuple[Any, ...]] = []
        self.copies = []
        self._start(memory)

    # -- processes -----------------------------------------------------------------------------------------------------

    def _start(self, memory: Db) -> None:
        self.quiet = Db(memory.connection, memory.path)
        db = LiveDb(memory.connection, memory.path)
        db.effects = self.effects
        self.world.connection = memory.connection
        self.apps = tuple(self._app(db, one) for one in map(self.settings.of, self.settings.names) if one is not None)
        self.app = self.apps[0]
        self._watches = [watching.Watch(app) for app in self.apps]
        self._fresh = True
        self.opens()

    def opens(self) -> None:
        """Let a process open the database: each command is one of its own."""
        take_up(self.app, self.app.clock.now())

    def _reachable(self, account: str) -> bool:
        if account not in self.settings.names or lockout.left(self.quiet, self.app.clock.now(), account) > 0:
            return False
        waits = any(one.guard.seconds_left() > 0 for one in self._watches if one.app.account == account)
        provider = self.world.providers[account]
        return not (waits or provider.down or provider.locked == "imap" or self.effects.broken(account))

    def _app(self, db: Db, settings: Settings) -> App:
        provider = self.world.providers[settings.account]
        return App(
            settings=settings,
            db=db,
            templates=self._beginning.templates,
            clock=Watch(self.world),
            mailbox=Screen(provider),
            postman=Post(provider),
            resolver=PretendedDns(),
            unwatched=lambda: UNWATCHED,
        )

    def round(
        self,
        *,
        kill: int = 0,
        breaks: int = 0,
        breaks_in: str = "",
        turn: int = 0,
        meanwhile: Callable[[], None] | None = None,
        word: str = "",
        news_of: int | None = None,
    ) -> None:
        """Let the daemon do a round; killed at an effect, cut off at one, or with something happening at one.

        What is cut off is the mailbox of an account, or all. With `word` it happens before the so many-th word of
        that kind to the IMAP server. With `news_of` nothing is sent, and the mailbox of one account is read.
        """
        # the first thing that a process does is a whole round
        news_of, self._fresh = None if self._fresh else news_of, False
        what = "a round" if news_of is None else f"news of {self.account(news_of).account}"
        cut = f", cut off at {breaks} {breaks_in}".rstrip() if breaks else ""
        self.tell(what + (f", killed at effect {kill}" if kill else "") + cut)
        # what nobody has to find where it lies need not be found where it is moved to meanwhile
        lay = [one for one in self.model.arrivals if not one.is_unwatched or self.model.finds(one)]
        self.model.before = frozenset(one.name for one in lay)
        self.model.moved.clear()
        for one in self.copies:
            one.before = True
        self.world.begin_round()
        self.program.allowed.clear()
        self.effects.arm(kill=kill, turn=turn, breaks=breaks, breaks_in=breaks_in, meanwhile=meanwhile, before=word)
        before = len(self.world.taken)
        well: frozenset[str] = frozenset()
        try:
            with patch.object(programs, "run", self.program.run):
                well = self._do_round() if news_of is None else self._hear(news_of)
        except Killed:
            self.tell("  killed; another process starts")
            self._start(self.app.db)
        except (FollowupdError, MemoryError) as error:
            self.tell(f"  the round ended early: {error!s}")
        finally:
            left, self.effects.meanwhile = self.effects.meanwhile, None
            self.effects.arm()
        self.see_copies()
        if left is not None:
            left()
        for _, _, draft in self.world.taken[before:]:
            self.tell(f"  a letter went to {draft.rcpt_to}")
        if self.verdict is not None:
            raise self.verdict
        if well:
            self.after_round(well)
        self.look_over()

    def _do_round(self) -> frozenset[str]:
        """Do a round with all accounts; give those that it went well with."""
        if len(self.apps) == 1:
            one_round(self.app)
            return frozenset({MAIN})
        if self._cron:
            watching.round_once(self.apps, lambda: None)
            return frozenset(self.world.whole)
        watching.round_of(self._watches, lambda: None)
        return self._well()

    def _hear(self, number: int) -> frozenset[str]:
        """Read the mailbox of one account, as the daemon does when it hears of news there."""
        watching.look_at([watch for watch in self._watches if watch.app.account == self.account(number).account])
        self._well()
        return frozenset()

    def _well(self) -> frozenset[str]:
        """Give the accounts that were read and are not in trouble; raise BrokenError if a guard has hidden a bug."""
        for one in accounts.standing(self.quiet, self.settings.names):
            if one.trouble.startswith("a bug: "):
                raise self.broken(f"{one.account}: {one.trouble}")
        well = {watch.app.account for watch in self._watches if watch.guard.well}
        return frozenset(well & self.world.whole)

    def restart(self, **policy: Any) -> None:
        """Start another process with another config."""
        told = (f"{key} = {', '.join(value) if isinstance(value, dict) else value}" for key, value in policy.items())
        self.tell(f"another config: {', '.join(told)}")
        self.settings = replace(self.settings, policy=replace(self.settings.policy, **policy))
        self._start(self.app.db)

    def recadence(self, how: str) -> None:
        """Shorten the first cadence, take it out of the config, or bring it back whole."""
        cadences = dict(self._beginning.settings.policy.cadences)
        if how == "shorter":
            cadences["short"] = replace(cadences["short"], steps=cadences["short"].steps[:2])
        if how == "without":
            del cadences["short"]
        self.restart(cadences=cadences)

    def rezone(self, zone: ZoneInfo) -> None:
        """Let the user live elsewhere."""
        others = self.settings.accounts.items()
        moved = {name: replace(one, me=replace(one.me, zone=zone)) for name, one in others}
        self.settings = replace(self.settings, accounts=moved)
        self.restart(me=replace(self.policy.me, zone=zone))

    def asks_a_program(self, *, asks: bool) -> None:
        """Let a program of the user's be asked before each letter, or no longer."""
        self.settings = replace(self.settings, veto=Veto(command=("/usr/bin/veto",) if asks else ()))
        self.restart(approve=self.policy.approve)
        self.tell(f"a program is {'asked before each letter' if asks else 'not asked any more'}")

    def without_account(self, *, gone: bool) -> None:
        """Take the other account out of the config, or put it back."""
        found, zone = self._beginning.alone if gone else self._beginning.settings, self.policy.me.zone
        self.tell(f"the account {OTHER} is {'taken out of' if gone else 'put into'} the config")
        policy = replace(self.policy, me=found.policy.me)
        self.settings = replace(self.settings, accounts=found.accounts, policy=policy)
        self.rezone(zone)

    @property
    def policy(self) -> Policy:
        """The rules as they stand."""
        return self.settings.policy

    def back_up(self) -> None:
        """Make a backup of the database; what the user has said until now is in it."""
        self.tell("a backup is made")
        self.aside.back_up(self.model)
        self._backup = copy_to_memory(self.app.db), deepcopy(self.model.words), len(self.history), self.aside.held()

    def can_restore(self, witness: str = "whole", number: int = 0) -> bool:
        """Tell whether all that went out lies in Sent, or what is left of the witness saw it go."""
        if self._backup is None:
            return False
        known, _, _, before = self._backup
        saw = self.aside.saw(witness, number, before)
        belong = dict(known.connection.execute("SELECT name, account FROM contacts").fetchall())
        return all(
            self._lies_in_sent(draft, belong[self.who(draft.rcpt_to)]) or self._was_seen(draft, saw)
            for _, _, draft in self.world.taken
        )

    def _lies_in_sent(self, draft: Draft, account: str) -> bool:
        """Tell whether a letter lies in Sent of an account: one that they were moved to since is forgotten, too."""
        return any(draft.message_id.encode() in raw for _, raw in self.world.providers[account].folders["Sent"])

    def _was_seen(self, draft: Draft, saw: Mapping[str, str]) -> bool:
        """Tell whether the witness saw a letter go, of a thread that the backup knows."""
        assert self._backup is not None
        sql = "SELECT 1 FROM threads WHERE key = ?"
        return self._backup[0].row(sql, (saw.get(draft.message_id, ""),)) is not None

    def _took(self) -> None:
        super()._took()
        if self.aside.path.exists():
            _, _, draft = self.world.taken[-1]
            sql = "SELECT t.key FROM letters AS l JOIN threads AS t ON t.id = l.thread_id WHERE l.message_id = ?"
            self.aside.letters[draft.message_id] = str(self._one(sql, draft.message_id)[0])

    def restore(self, witness: str = "whole", number: int = 0) -> None:
        """Put an old backup in the place of the database; the witness may have lost its end, or be lost."""
        assert self._backup is not None
        db, words, self_history, before = self._backup
        self.tell("the backup is restored" + (f", the witness is {witness} {number}" if witness != "whole" else ""))
        held, saw = self.aside.left(witness, number, before), self.aside.saw(witness, number, before)
        self.aside.put(held)
        self.aside.letters = dict(saw)
        self.model.goes_back(deepcopy(words), self.aside.recalls(held))
        del self.history[self_history:]
        for one in self.copies:
            # what is done and was not removed is done again
            one.done = one.done and one.uid not in self.world.providers[one.account].trays[one.path]
        self._start(slate.written_with(db))
        self.forgets()
        for who, (at, skew) in self.model.last.items():
            last = [draft for _, _, draft in self.world.taken if self.who(draft.rcpt_to) == who][-1]
            if not self.is_written_down(last):
                # the server's own date, found in Sent, is all that is known of it, or that of a clock that lay behind
                filed = self._lies_in_sent(last, self._account(who))
                self.model.last[who] = (at, timedelta() if filed else min(skew, timedelta()))

    def loses_the_witness(self) -> None:
        """Let the witness be gone, where nothing is known by it alone."""
        known = (
            self.is_written_down(one) or self._lies_in_sent(one, self._account(self.who(one.rcpt_to)))
            for _, _, one in self.world.taken
        )
        if all(known):
            self.tell("the witness is lost")
            self.aside.put(b"")
            self.aside.letters.clear()
            self.model.witnessed.clear()
            self.model.recalled = Memory()

    def look_over(self) -> None:
        """Judge what must hold at any moment, and take note of what the witness has to remember from now on."""
        super().look_over()
        if self._backup is not None:
            self.aside.note(self.model, tuple(PEOPLE), self.quiet, self._backup[0])
