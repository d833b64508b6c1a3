"""A pretended world with two accounts of one user, each with a mail server of its own, behind one database."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from followupd.actions import contacts
from followupd.app import App
from followupd.core.connections import MAIN
from followupd.core.instants import Instant
from followupd.core.model import Case, Contact
from followupd.store import threads
from followupd.watching import Watch, round_of
from tests.actions.pretend import Fuse, PretendedMailbox, PretendedPostman, Server, days, process

WORK = """
[account.work.me]
email = "max@work.example"
"""


@dataclass
class Two:
    """The user's two accounts: `main` and `work`. `others` keeps the config of accounts that are there besides."""

    folder: Path
    main: Server
    work: Server
    more: str = WORK
    save: str = "auto"

    def start(self, fuse: Fuse | None = None) -> tuple[App, ...]:
        """Start a process, and give its apps."""
        fuse = fuse or Fuse()
        first = process(self.folder, self.main, fuse, save=self.save, more=self.more)
        if (settings := first.settings.of("work")) is None:
            return (first,)
        box, postman = PretendedMailbox(self.work, fuse), PretendedPostman(self.work, fuse)
        return first, replace(first, settings=settings, mailbox=box, postman=postman)

    @property
    def servers(self) -> tuple[Server, Server]:
        return self.main, self.work

    def at(self, day: float) -> Instant:
        """Let it be so many days after the beginning."""
        now = days(day)
        for server in self.servers:
            server.now = now
        return now

    def pass_time(self, seconds: float) -> None:
        for server in self.servers:
            server.now += timedelta(seconds=seconds)


def two(folder: Path, *, files: bool = True) -> Two:
    return Two(folder, Server(files=files), Server(files=files))


def rounds(apps: tuple[App, ...]) -> None:
    """Do one round as the daemon does."""
    round_of([Watch(app) for app in apps], lambda: None)


def person(app: App, address: str, account: str = MAIN) -> Case:
    """Add a person who belongs to an account, and whose opening letter is due at once."""
    return contacts.add(
        app,
        Contact(
            addresses=(address,),
            name=address.partition("@")[0].title(),
            admire="Your notes on the engine are the clearest I know.",
            ask="How did you decide what to leave out?",
            offer="I would typeset the next edition.",
            account=account,
        ),
    )


def case_of(app: App, address: str) -> Case:
    found = threads.case_of(app.db, address)
    assert found is not None
    return found
