"""Anything in any order: the rules by which hypothesis writes a schedule, and finds the shortest one that fails."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from followupd.core.instants import Span
from followupd.core.settings import NoNews
from followupd.store import threads as kept
from tests.schedules.judge import PEOPLE
from tests.schedules.life import Life
from tests.schedules.mail import Kind
from tests.schedules.words import WORDS, ZONES, say

SOMEBODY = st.sampled_from(sorted(PEOPLE))
WORD = st.sampled_from(sorted(WORDS))
KIND = st.sampled_from(list(Kind))
NUMBER = st.integers(0, 2)
EFFECT = st.sampled_from([*range(1, 90), *range(90, 250, 3)])
TROUBLE = st.sampled_from(
    ["deferred", "limited", "refused", "no such mailbox", "deferred after the data", "refused after the data",
     "lost before", "lost after"]
)  # fmt: skip
SERVER_WORD = st.sampled_from(["newer_than", "whole", "find_sent", "search"])
WRONG = st.sampled_from([-20000, -365, -2, 2, 365])
CONFIG = st.sampled_from(["floor", "approve", "no_news", "shorter", "without", "whole", "daily_limit", "timezone"])


class Schedule(RuleBasedStateMachine):
    """One life, told as it goes."""

    life: Life

    @initialize(files=st.booleans())
    def begin(self, files: bool) -> None:
        self.life = Life(files=files)

    @rule(days=st.sampled_from([0.1, 1, 5, 14, 45, 100]))
    def days_pass(self, days: float) -> None:
        self.life.provider.now += timedelta(days=days)

    @rule()
    def round(self) -> None:
        self.life.round()

    @rule()
    def next_letter_is_due(self) -> None:
        due = kept.next_due(self.life.quiet)
        if due is not None and timedelta() < due - self.life.provider.now < timedelta(days=400):
            self.life.provider.now = due
        self.life.round()

    @rule(effect=EFFECT)
    def round_killed(self, effect: int) -> None:
        self.life.round(kill=effect)

    @rule(who=SOMEBODY, kind=KIND, effect=st.integers(1, 40))
    def mail_and_a_round_that_is_killed(self, who: str, kind: Kind, effect: int) -> None:
        self.life.arrives(who, kind)
        self.life.round(kill=effect)

    @rule()
    def letter_goes_and_an_older_backup_is_restored(self) -> None:
        self.life.back_up()
        self.next_letter_is_due()
        if self.life.can_restore():
            self.life.restore()
        self.life.round()

    @rule(effect=st.integers(1, 30))
    def round_cut_off(self, effect: int) -> None:
        self.life.round(breaks=effect)

    @rule(effect=EFFECT, who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says_during_a_round(self, effect: int, who: str, word: str, number: int) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self._say(who, word, number))

    @rule(effect=EFFECT, who=SOMEBODY, kind=KIND)
    def mail_during_a_round(self, effect: int, who: str, kind: Kind) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self.life.arrives(who, kind))

    @rule(effect=EFFECT, number=NUMBER)
    def message_is_moved_during_a_round(self, effect: int, number: int) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self.life.moves(number))

    @rule(who=SOMEBODY, kind=KIND, word=SERVER_WORD, number=NUMBER, folder=st.sampled_from(["INBOX", "Archive"]))
    def message_arrives_and_is_moved_during_a_round(
        self, who: str, kind: Kind, word: str, number: int, folder: str
    ) -> None:
        self.life.arrives(who, kind, folder)
        due = kept.next_due(self.life.quiet)
        if due is not None and timedelta() < due - self.life.provider.now < timedelta(days=400):
            self.life.provider.now = due
        self.life.round(turn=number + 1, word=word, meanwhile=lambda: self.life.moves(0))

    @rule(who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says(self, who: str, word: str, number: int) -> None:
        self._say(who, word, number)

    @rule(who=SOMEBODY, word=WORD, number=NUMBER, effect=st.integers(1, 25))
    def user_says_and_is_killed(self, who: str, word: str, number: int, effect: int) -> None:
        say(self.life, who, word, number, kill=effect)

    def _say(self, who: str, word: str, number: int) -> None:
        say(self.life, who, word, number)

    @rule(who=SOMEBODY, kind=KIND, folder=st.sampled_from(["INBOX", "Archive"]))
    def mail(self, who: str, kind: Kind, folder: str) -> None:
        self.life.arrives(who, kind, folder)

    @rule(who=SOMEBODY)
    def user_writes_by_hand(self, who: str) -> None:
        self.life.writes_by_hand(who)

    @rule(kind=TROUBLE)
    def next_letter_meets(self, kind: str) -> None:
        self.life.trouble(kind)

    @rule()
    def month_passes_with_rounds(self) -> None:
        for _ in range(4):
            self.life.provider.now += timedelta(days=8)
            self.life.round()

    @rule()
    def server_is_down_for_a_round(self) -> None:
        self.life.tell("the server is down")
        self.life.provider.down = True
        self.life.round()
        self.life.provider.down = False
        self.life.tell("the server is up again")

    @rule(days=WRONG)
    def clock_is_wrong_for_a_round(self, days: int) -> None:
        self.life.provider.skew = timedelta(days=days)
        self.life.round()
        self.life.provider.skew = timedelta()

    @rule(days=WRONG, who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says_while_the_clock_is_wrong(self, days: int, who: str, word: str, number: int) -> None:
        self.life.provider.skew = timedelta(days=days)
        self._say(who, word, number)
        self.life.provider.skew = timedelta()

    @rule()
    def folders_are_numbered_anew(self) -> None:
        self.life.tell("the folders are numbered anew (UIDVALIDITY)")
        self.life.provider.validity += 1

    @rule(what=CONFIG, number=NUMBER)
    def config_changes(self, what: str, number: int) -> None:
        life = self.life
        match what:
            case "floor":
                life.restart(floor=Span(days=(7, 14, 60)[number]))
            case "approve":
                life.restart(approve=number > 0)
            case "no_news":
                life.restart(no_news=list(NoNews)[number])
            case "daily_limit":
                life.restart(daily_limit=(1, 2, 9)[number])
            case "timezone":
                life.restart(me=replace(life.policy.me, zone=ZoneInfo(ZONES[number])))
            case _:
                life.recadence(what)

    @rule()
    def user_makes_a_backup(self) -> None:
        self.life.back_up()

    @precondition(lambda self: self.life.can_restore())
    @rule()
    def user_restores_the_backup(self) -> None:
        self.life.restore()
