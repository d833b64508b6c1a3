"""What every action works on: one frozen value, made once by `followupd.wiring`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from followupd.core.settings import Settings

if TYPE_CHECKING:
    from followupd.letters.templates import Templates
    from followupd.ports import Clock, Mailbox, Postman, Resolver
    from followupd.store.db import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What can be done without a network: settings, database, templates, clock."""

    settings: Settings
    db: "Db"
    templates: "Templates"
    clock: "Clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class App(Desk):
    """A desk with a mailbox, a postman and a resolver: what the daemon works on."""

    mailbox: "Mailbox"
    postman: "Postman"
    resolver: "Resolver"
