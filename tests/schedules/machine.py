"""Anything in any order: the rules by which hypothesis writes a schedule, and finds the shortest one that fails."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from followupd.core.connections import MAIN
from followupd.core.instants import Span
from followupd.core.settings import NoNews
from followupd.store import threads as kept
from tests.schedules.beginning import OTHER
from tests.schedules.filters import FILED, SERVER_WORD, Filters
from tests.schedules.judge import PEOPLE
from tests.schedules.life import Life
from tests.schedules.mail import Kind
from tests.schedules.past import KIND, NUMBER, SOMEBODY, TO
from tests.schedules.words import WORDS, ZONES, say

WORD = st.sampled_from(sorted(WORDS))
EFFECT = st.sampled_from([*range(1, 90), *range(90, 250, 3)])
TROUBLE = st.sampled_from(
    [
        "deferred",
        "limited",
        "refused",
        "no such mailbox",
        "deferred after the data",
        "refused after the data",
        "lost before",
        "lost after",
        "killed",
    ]
)
ANSWERS = st.sampled_from(["Sent", "Sent", "Sent", "INBOX"])
DRAFT = st.sampled_from(["sends", "sends", "sends under another id", "edits", "edits under another id", "deletes"])
TRAY = st.sampled_from(["stop", "stop", "later", "short", "second", "nonsense"])
MOVED = st.sampled_from([True, False])
KILLED = st.sampled_from([0, 0, *range(1, 40)])
PROGRAM = st.sampled_from(["yes", "yes", "no", "hangs", "is missing"])
WRONG = st.sampled_from([-20000, -365, -2, 2, 365])
CONFIG = st.sampled_from(
    ["floor", "approve", "no_news", "shorter", "without", "whole", "daily_limit", "timezone", "account"]
)
ACCOUNTS = st.sampled_from(["one", "one", "one", "two by the daemon", "two by cron"])
MAILBOX = st.sampled_from(["INBOX", "INBOX", "Archive", FILED])


class Schedule(Filters):
    """One life, told as it goes."""

    @initialize(files=st.booleans(), accounts=ACCOUNTS)
    def begin(self, files: bool, accounts: str) -> None:
        self.life = Life(files=files, two=accounts != "one", cron=accounts == "two by cron")

    @rule(days=st.sampled_from([0.1, 1, 5, 14, 45, 100]))
    def days_pass(self, days: float) -> None:
        self.life.world.now += timedelta(days=days)

    @rule()
    def round(self) -> None:
        self.life.round()

    def until_next_letter(self) -> None:
        due = kept.next_due(self.life.quiet)
        if due is not None and timedelta() < due - self.life.world.now < timedelta(days=400):
            self.life.world.now = due

    @rule()
    def next_letter_is_due(self) -> None:
        self.until_next_letter()
        self.life.round()

    @rule(effect=EFFECT)
    def round_killed(self, effect: int) -> None:
        self.life.round(kill=effect)

    @rule(who=SOMEBODY, kind=KIND, effect=st.integers(1, 40), to=TO)
    def mail_and_a_round_that_is_killed(self, who: str, kind: Kind, effect: int, to: str) -> None:
        self.life.arrives(who, kind, to=to)
        self.life.round(kill=effect)

    @rule(who=SOMEBODY, kind=KIND, to=TO, number=NUMBER)
    def letter_is_due_after_mail_while_a_server_is_down(self, who: str, kind: Kind, to: str, number: int) -> None:
        self.life.arrives(who, kind, to=to)
        self.life.round()
        self._while_down(number, self.next_letter_is_due)

    @rule(effect=st.integers(1, 30), number=NUMBER)
    def round_cut_off(self, effect: int, number: int) -> None:
        self.life.round(breaks=effect, breaks_in=("", MAIN, OTHER)[number])

    @rule(number=NUMBER, effect=st.sampled_from([0, 0, 0, *range(1, 30)]))
    def news_of_one_account_is_read(self, number: int, effect: int) -> None:
        self.life.round(news_of=number, kill=effect)

    @rule(effect=EFFECT, who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says_during_a_round(self, effect: int, who: str, word: str, number: int) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self._say(who, word, number))

    @rule(effect=EFFECT, who=SOMEBODY, kind=KIND, to=TO)
    def mail_during_a_round(self, effect: int, who: str, kind: Kind, to: str) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self.life.arrives(who, kind, to=to))

    @rule(effect=EFFECT, number=NUMBER)
    def message_is_moved_during_a_round(self, effect: int, number: int) -> None:
        self.life.round(turn=effect, meanwhile=lambda: self.life.moves(number))

    @rule(who=SOMEBODY, kind=KIND, word=SERVER_WORD, number=NUMBER, folder=MAILBOX)
    def message_arrives_and_is_moved_during_a_round(
        self, who: str, kind: Kind, word: str, number: int, folder: str
    ) -> None:
        self.life.arrives(who, kind, folder)
        self.until_next_letter()
        self.life.round(turn=number + 1, word=word, meanwhile=lambda: self.life.moves(0))

    @rule(who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says(self, who: str, word: str, number: int) -> None:
        self._say(who, word, number)

    @rule(who=SOMEBODY, word=WORD, number=NUMBER, effect=st.integers(1, 25))
    def user_says_and_is_killed(self, who: str, word: str, number: int, effect: int) -> None:
        say(self.life, who, word, number, kill=effect)

    def _say(self, who: str, word: str, number: int) -> None:
        say(self.life, who, word, number)

    @rule(who=SOMEBODY, kind=KIND, folder=MAILBOX, to=TO)
    def mail(self, who: str, kind: Kind, folder: str, to: str) -> None:
        self.life.arrives(who, kind, folder, to)

    @rule(who=SOMEBODY, number=NUMBER)
    def user_writes_by_hand(self, who: str, number: int) -> None:
        self.life.writes_by_hand(who, number)

    @rule(kind=TROUBLE, number=NUMBER)
    def next_letter_meets(self, kind: str, number: int) -> None:
        self.life.trouble(kind, number)

    @rule()
    def month_passes_with_rounds(self) -> None:
        for _ in range(4):
            self.life.world.now += timedelta(days=8)
            self.life.round()

    @rule(number=NUMBER)
    def server_is_down_for_a_round(self, number: int) -> None:
        self._while_down(number, self.life.round)

    def _while_down(self, number: int, happens: Callable[[], None]) -> None:
        server = self.life.account(number)
        self.life.tell(f"the server of {server.account} is down")
        server.down, before = True, server.down
        happens()
        server.down = before
        if not before:
            self.life.tell(f"the server of {server.account} is up again")

    @rule(number=NUMBER)
    def one_of_two_servers_goes_down_or_comes_back(self, number: int) -> None:
        if len(self.life.world.providers) > 1:
            server = self.life.account(number)
            server.down = not server.down
            self.life.tell(f"the server of {server.account} {'goes down' if server.down else 'is up again'}")

    @rule(number=NUMBER, server=st.sampled_from(["imap", "smtp"]))
    def login_is_refused_for_a_round(self, number: int, server: str) -> None:
        provider = self.life.account(number)
        provider.locked = server
        self.life.tell(f"the {server} server of {provider.account} refuses the login")
        self.next_letter_is_due()
        provider.locked = ""
        self.life.tell(f"the {server} server of {provider.account} takes the login again")

    @rule(days=WRONG)
    def clock_is_wrong_for_a_round(self, days: int) -> None:
        self.life.world.skew = timedelta(days=days)
        self.life.round()
        self.life.world.skew = timedelta()

    @rule(days=WRONG, who=SOMEBODY, word=WORD, number=NUMBER)
    def user_says_while_the_clock_is_wrong(self, days: int, who: str, word: str, number: int) -> None:
        self.life.world.skew = timedelta(days=days)
        self._say(who, word, number)
        self.life.world.skew = timedelta()

    @rule(number=NUMBER)
    def folders_are_numbered_anew(self, number: int) -> None:
        provider = self.life.account(number)
        self.life.tell(f"the folders of {provider.account} are numbered anew (UIDVALIDITY)")
        provider.validity += 1

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
                life.rezone(ZoneInfo(ZONES[number]))
            case "account":
                if len(life.world.providers) > 1:
                    life.without_account(gone=number == 0)
            case _:
                life.recadence(what)

    @rule(asks=st.sampled_from([True, True, False]), says=PROGRAM)
    def program_is_asked_before_each_letter(self, asks: bool, says: str) -> None:
        self.life.asks_a_program(asks=asks)
        self.program_says(says)
        self.next_letter_is_due()

    @rule(says=PROGRAM)
    def program_says(self, says: str) -> None:
        self.life.tell(f"the user's program {says if says in {'hangs', 'is missing'} else f'says {says}'}")
        self.life.program.says = says

    @rule(effect=st.sampled_from([0, 0, *range(1, 20)]))
    def digest_is_sent(self, effect: int) -> None:
        self.life.digest(kill=effect)

    @rule(number=NUMBER, word=st.sampled_from(["approve", "discard"]), folder=ANSWERS, account=NUMBER)
    def digest_is_answered(self, number: int, word: str, folder: str, account: int) -> None:
        self.life.answers_digest(number, word, folder, account)

    @rule(folder=ANSWERS, says=st.sampled_from(["", "edit --ask", "edit --email", "stop"]), who=SOMEBODY)
    def letter_waits_for_approval_and_a_digest_is_answered(self, folder: str, says: str, who: str) -> None:
        self.life.restart(approve=True)
        self.next_letter_is_due()
        self.life.digest()
        if says:
            self._say(who, says, 1)
        self.life.answers_digest(0, "approve", folder, 0)
        self.life.round()

    @rule(days=st.sampled_from([0, 3, 3, 10]), says=st.sampled_from(["", "note", "edit --ask", "pause"]), who=SOMEBODY)
    def letters_are_announced(self, days: int, says: str, who: str) -> None:
        self.life.restart(heads_up=Span(days=days), approve=False)
        self.next_letter_is_due()
        self.life.digest()
        if says:
            self._say(who, says, 1)
        self.life.world.now += timedelta(days=days)
        self.life.round()

    @rule(on=st.sampled_from([True, True, False]))
    def folders_are_obeyed(self, on: bool) -> None:
        self.life.wants_trays(on=on)

    @rule(number=NUMBER, word=TRAY, moved=MOVED)
    def letter_is_copied_into_a_folder(self, number: int, word: str, moved: bool) -> None:
        self.life.copies_letter(number, word, moved=moved)

    @rule(number=NUMBER, word=TRAY, moved=MOVED, kill=KILLED, turn=st.sampled_from([0, 0, *range(1, 60)]))
    def letter_is_copied_and_the_next_one_is_due(
        self, number: int, word: str, moved: bool, kill: int, turn: int
    ) -> None:
        self.next_letter_is_due()
        self.life.wants_trays(on=True)
        if turn:
            self.life.round(turn=turn, meanwhile=lambda: self.life.copies_letter(number, word, moved=moved))
        else:
            self.life.copies_letter(number, word, moved=moved)
            self.life.round(kill=kill)
        self.next_letter_is_due()

    @rule(number=NUMBER, word=TRAY, refused=st.sampled_from(["lying_in", "lying_in", "trays", "search", "find_sent"]))
    def letter_is_copied_and_a_folder_cannot_be_read(self, number: int, word: str, refused: str) -> None:
        self.life.wants_trays(on=True)
        self.life.copies_letter(number, word, moved=False)
        with self.life.refused(refused):
            self.next_letter_is_due()

    @rule(number=NUMBER, what=DRAFT)
    def user_handles_a_draft(self, number: int, what: str) -> None:
        self.life.handles_draft(number, what)

    @rule(what=DRAFT, says=st.sampled_from(["", "outbox approve", "stop"]), effect=EFFECT, days=st.sampled_from([0, 9]))
    def draft_lies_there_and_is_handled(self, what: str, says: str, effect: int, days: int) -> None:
        self.life.restart(approve=True, drafts=Span(days=days or 3))
        self.next_letter_is_due()
        for who in sorted(PEOPLE):
            if says:
                self._say(who, says, 0)
        self.life.round(turn=effect, meanwhile=lambda: self.life.handles_draft(0, what))
        self.life.world.now += timedelta(days=1)
        self.life.round()
