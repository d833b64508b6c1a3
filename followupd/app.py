"""What every action works on: one frozen value, made once by `followupd.wiring`."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from followupd.core.connections import MAIN
from followupd.core.settings import Policy, Settings
from followupd.repeating import Repeating

if TYPE_CHECKING:
    from followupd.core.model import Contact, Folder
    from followupd.letters.templates import Templates
    from followupd.ports import Clock, Mailbox, Postman, Resolver
    from followupd.store.db import Db


AT_WORK: Final[ContextVar[str]] = ContextVar("account at work", default="")
"""The account that is worked on, for the log; "" where there is only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What can be done without a network: settings, database, templates, clock."""

    settings: Settings
    db: "Db"
    templates: "Templates"
    clock: "Clock"

    @property
    def account(self) -> str:
        """The account whose desk it is."""
        return self.settings.account

    def policy_of(self, contact: "Contact") -> Policy:
        """Give the policy that letters to a contact are written by: its `me` is the user by the contact's account."""
        return (self.settings.of(contact.account) or self.settings).policy

    def serves(self, contact: "Contact") -> bool:
        """Tell whether it is up to this account to look after a contact; the first one has those of accounts gone."""
        known = contact.account in self.settings.names
        return self.account == (contact.account if known else MAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class App(Desk):
    """A desk with a mailbox, a postman and a resolver: what the daemon works on.

    `alive` is called while something else is waited for, so that whoever watches over the daemon knows. `unwatched`
    gives folders that no round reads, where a rule of the user's may have filed an answer.
    """

    mailbox: "Mailbox"
    postman: "Postman"
    resolver: "Resolver"
    alive: Callable[[], None] = lambda: None
    unwatched: "Callable[[], tuple[Folder, ...]]" = tuple
    told: Repeating = field(default_factory=Repeating, compare=False)
    """What the log was told of what may be so for months."""
