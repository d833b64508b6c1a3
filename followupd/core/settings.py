"""What the config says, once it has been read and checked: plain values that every room may look at.

Which keys there are, what they mean to a user and what their defaults are is declared in `followupd.config.schema`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.connections import MAIN, Dns, Imap, OAuth, Push, Smtp
from followupd.core.instants import Span, WorkingDays
from followupd.core.notices import Log, Notify, Rhythm, Veto
from followupd.core.periods import Period

NONE: Final = Span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The user, by one account. `aliases` are all other addresses they write from, normalised as a contact's are.

    `language` is the one of their own templates, and of letters to people of whom none is known.
    """

    name: str
    email: str
    aliases: tuple[str, ...]
    zone: ZoneInfo
    language: str = "en"

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses they write from, that of the account first."""
        return (self.email, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A template, and how long to wait before it; the first step of a cadence has no wait.

    A step with a `milestone` waits until a note says that it was reached, and asks the user after `latest`.
    """

    template: str
    after: Span | WorkingDays | None = None
    milestone: str = ""
    latest: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """A named list of steps. `no_news` stands instead of the policy's, None for the same.

    `after_answer`: it is for somebody who has answered, begins by the user's word alone, goes on in the conversation
    that is there, and its first letter, too, is a follow-up.
    """

    name: str
    steps: tuple[Step, ...]
    no_news: "NoNews | None" = None
    after_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a letter may leave: weekdays (Monday is 0), minutes of the day [opens, closes), and whose clock.

    `zone` is None for the contact's own (the user's where that is not known). `spread` is the longest time by which a
    letter leaves after the window opened. `quiet` are days on which nobody is written to.
    """

    days: frozenset[int]
    opens: int
    closes: int
    zone: ZoneInfo | None = None
    holidays: bool = True
    spread: timedelta = timedelta(minutes=20)
    quiet: tuple[Period, ...] = ()


class NoNews(StrEnum):
    """What to do with a follow-up that has nothing new to tell."""

    HOLD = "hold"
    SEND = "send"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """Which rules are off, where the user's own phrases are (None: nowhere), percent that two of a circle may share."""

    off: frozenset[str] = frozenset()
    phrases: PurePath | None = None
    twins: int = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All that a decision rests on besides the thread itself.

    One person gets at most `most_letters` letters and `most_words` words in a year; at most `max_open` people are
    asked at once; two of one organisation or tag are not written to within `organisation_gap`. 0 is no bound. A
    letter that leaves `quote_after` the last one, or later, shows the first one below; without it none does.
    `offers` is how many of each kind of offer can be kept, by name. A letter goes `heads_up` after it was announced, or
    later; announcements go out once a day at most, from the minute `announce_at` on. Drafts lie `drafts` ahead.
    """

    me: Me
    cadences: Mapping[str, Cadence]
    default_cadence: str
    floor: Span
    window: Window
    daily_limit: int
    approve: bool = False
    drafts: Span = NONE
    no_news: NoNews = NoNews.SEND
    heads_up: Span
    announce_at: int = 7 * 60
    away_grace: Span
    away_unknown: Span
    lint: Lint = Lint()
    most_letters: int = 0
    most_words: int = 0
    max_open: int = 0
    organisation_gap: Span = NONE
    quote_after: Span = NONE
    offers: Mapping[str, int] = field(default_factory=dict)
    yearly_question: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of the user's mailboxes, where its letters leave, and who they are by it."""

    me: Me
    imap: Imap
    smtp: Smtp
    oauth: OAuth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The config, read for one account: `source` is its file, `templates` the user's folder, `poll` is between rounds.

    `calendar` and `metrics` are files that the daemon keeps, `keep_bodies` how long words are kept once a thread has
    ended (None: for ever). `account` is whose config it is, of all `accounts`.
    """

    source: PurePath
    imap: Imap
    smtp: Smtp
    database: PurePath
    templates: PurePath
    policy: Policy
    poll: timedelta
    calendar: PurePath | None = None
    keep_bodies: Span | None = None
    metrics: PurePath | None = None
    oauth: OAuth | None = None
    dns: Dns = field(default_factory=Dns)
    log: Log = field(default_factory=Log)
    digest: Rhythm = field(default_factory=Rhythm)
    notify: Notify = field(default_factory=Notify)
    veto: Veto = field(default_factory=Veto)
    pushes: tuple[Push, ...] = ()
    account: str = MAIN
    accounts: Mapping[str, Account] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all accounts, the first account first."""
        return tuple(self.accounts) or (self.account,)

    def of(self, account: str) -> "Settings | None":
        """Give the config as it is for an account; None if there is none of this name."""
        if account == self.account:
            return self
        found = self.accounts.get(account)
        if found is None:
            return None
        policy = replace(self.policy, me=found.me)
        return replace(self, account=account, policy=policy, imap=found.imap, smtp=found.smtp, oauth=found.oauth)

    def key(self, name: str) -> str:
        """Give a key as it stands in the config for this account."""
        return name if self.account == MAIN else f"account.{self.account}.{name}"

    @property
    def lock(self) -> PurePath:
        """The file that a running daemon holds, beside the database: two daemons never work on one."""
        return self.database.with_name(self.database.name + ".lock")
