"""What `check` tries, in the order in which it builds on each other; a failure is explained as a colleague would.

Each server is logged in to once, and a password that was refused goes to no other server, and not again in a later
`check` while it is the same: many refusals in a row lock an account.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from followupd import wiring
from followupd.clock import SystemClock
from followupd.core.errors import FollowupdError, LoginRefusedError, UnreachableError
from followupd.core.instants import to_text

if TYPE_CHECKING:
    from followupd.actions.check import Test
    from followupd.core.connections import Server
    from followupd.core.instants import Instant
    from followupd.core.settings import Settings
    from followupd.imap.mailbox import ImapMailbox
    from followupd.store.db import Db


def probes(config: Path | None, *, again: bool = False) -> "Iterator[tuple[str, Test]]":
    """Give the tests; what cannot be tried for want of something before it says so.

    `again`: try a password, too, that was refused by the last `check` and is still the same.
    """
    tests = _Tests(config, again=again)
    yield "config", tests.config
    yield "templates", tests.templates
    yield "database", tests.database
    yield "lock", tests.lock
    yield "clock", tests.clock
    yield "imap", tests.imap
    yield "folders", tests.folders
    yield "smtp", tests.smtp
    for account in tests.others():
        yield f"imap {account.name}", account.imap
        yield f"folders {account.name}", account.folders
        yield f"smtp {account.name}", account.smtp
    if found := tests.turned_down():
        yield "letters", partial(tests.letters, found)
    for name, command in tests.programs():
        yield name, partial(found_program, command)
    if tests.has_services():
        yield "apprise", tests.services


def found_program(command: tuple[str, ...]) -> str:
    """Find a program of the user's; raise FollowupdError where there is none that can be run."""
    from shutil import which

    found = which(command[0])
    if found is None:
        hint = "write its whole path in the config, and see that the file may be executed (chmod u+x)"
        raise FollowupdError("there is no program of this name that can be run", where=command[0], hint=hint)
    return found


class _Tests:
    """The tests of `check` around one config, which is read once."""

    def __init__(self, config: Path | None, *, again: bool) -> None:
        self._config = config
        self._again = again
        self._settings: Settings | None = None
        self._mailbox: ImapMailbox | None = None
        self._refused: set[tuple[str, str]] = set()

    @property
    def name(self) -> str:
        """The account that is tried."""
        return self._known().account

    def others(self) -> "Iterator[_Tests]":
        """Give the tests of every further account; none where the config cannot be read."""
        settings = self._settings
        for name in settings.names[1:] if settings is not None else ():
            other = _Tests(self._config, again=self._again)
            other._settings, other._refused = settings and settings.of(name), self._refused
            yield other

    def config(self) -> str:
        from followupd.config.paths import config_file, refuse_foreign_hands

        path = config_file(self._config)
        found = wiring.settings(path)
        self._settings = found
        refuse_foreign_hands(path)
        return str(path)

    def templates(self) -> str:
        from followupd.actions import check
        from followupd.letters.templates import Templates

        found = Templates(Path(self._known().templates), self._known().policy.me.language)
        return check.templates(self._known(), found, SystemClock().now())

    def database(self) -> str:
        from followupd.actions import check

        return check.database(self._known(), SystemClock().now(), wiring.mounts())

    def lock(self) -> str:
        from filelock import FileLock, Timeout

        path = Path(self._known().lock)
        try:
            with FileLock(path, timeout=0, mode=0o600):
                return f"{path}; free: no daemon runs"
        except Timeout:
            return f"{path}; held: a daemon runs"
        except (OSError, NotImplementedError) as error:
            raise FollowupdError(
                f"the lock that keeps two daemons apart cannot be taken: {error}",
                where=str(path),
                hint="check the permissions of its folder",
            ) from None

    def programs(self) -> "Iterator[tuple[str, tuple[str, ...]]]":
        """Give the user's programs: they are not to be missing on the day of an alarm, or of a letter."""
        if self._settings is not None:
            named = {"notify": self._settings.notify.command, "before_letter": self._settings.veto.command}
            yield from ((name, command) for name, command in named.items() if command)

    def has_services(self) -> bool:
        return self._settings is not None and bool(self._settings.pushes)

    def services(self) -> str:
        """Look whether apprise is there, and knows every address."""
        from followupd.channels import check_services

        return check_services(self._known())

    def turned_down(self) -> "Mapping[str, Instant]":
        """Give whose servers turned letters down; nobody's where the database cannot tell, as its own test says."""
        from followupd.actions import turned_down

        with suppress(FollowupdError):
            return turned_down.lately(self._known(), SystemClock().now())
        return {}

    def letters(self, found: "Mapping[str, Instant]") -> str:
        """Tell of letters that were turned down for the user's own sake."""
        from followupd.actions import turned_down

        return turned_down.said(found, self._known().policy.me.zone)

    def clock(self) -> str:
        from followupd.actions import check

        return check.clock(self._known(), SystemClock().now())

    def imap(self) -> str:
        from followupd.imap.mailbox import ImapMailbox
        from followupd.imap.patience import HURRIED

        imap = self._known().imap

        def look(password: Callable[[], str]) -> str:
            box = ImapMailbox(imap.server, password, imap.folders, HURRIED)
            said = box.test()
            self._mailbox = box
            return said

        return self._log_in("imap", imap.server, look)

    def folders(self) -> str:
        if self._mailbox is None:
            raise FollowupdError("not tried: there is no mailbox to look into")
        try:
            said = ", ".join(f"{folder.name} ({folder.role})" for folder in self._mailbox.folders())
            beyond = ", ".join(folder.name for folder in self._mailbox.unwatched())
            return f"{said}; searched before each letter: {beyond}" if beyond else said
        finally:
            self._mailbox.close()

    def smtp(self) -> str:
        from followupd.actions import check
        from followupd.smtp.postman import SmtpPostman
        from followupd.smtp.session import HURRIED

        server = self._known().smtp.server
        said = self._log_in("smtp", server, lambda password: SmtpPostman(server, password, HURRIED).test())
        if self._mailbox is not None:
            check.logins_are_good(self._known(), SystemClock().now())
        return said + self._copies()

    # -- within --------------------------------------------------------------------------------------------------------

    def _known(self) -> "Settings":
        if self._settings is None:
            raise FollowupdError("not tried: the config comes first")
        return self._settings

    def _copies(self) -> str:
        """Tell who files copies in Sent; a database that cannot be used has its own probe."""
        from followupd.actions import habits

        with suppress(FollowupdError):
            desk = wiring.desk(self._known())
            try:
                return f"; {habits.told(desk)}"
            finally:
                desk.db.close()
        return ""

    def _log_in(self, kind: str, server: "Server", attempt: "Callable[[Callable[[], str]], str]") -> str:
        """Log in, once; explain what goes wrong as the provider would."""
        from followupd.discovery.candidates import USUAL
        from followupd.discovery.diagnosis import diagnosed
        from followupd.providers.advice import advised
        from followupd.providers.book import book

        find, offered = wiring.password(server, self._known().key(f"{kind}.password"), self._known()), list[str]()

        def password() -> str:
            secret = find()
            if not server.password.is_token:
                self._beware(server, secret)
            offered.append(secret)
            return secret

        try:
            return attempt(password)
        except LoginRefusedError as error:
            if not offered:
                raise
            known = book()
            provider = known.of_server(server.host) or known.of_address(self._known().policy.me.email)
            if not server.password.is_token:
                self._note(server, offered[-1], error)
            raise advised(error, provider, token=server.password.is_token) from None
        except UnreachableError as error:
            raise diagnosed(error, server, SystemClock().now(), USUAL[kind]) from None

    def _beware(self, server: "Server", secret: str) -> None:
        if (server.username, secret) in self._refused:
            raise LoginRefusedError(
                "not tried: the other server has just refused the same password",
                where=f"{server.host}:{server.port}",
                hint="mend that first",
            )
        at = None if self._again else self._refused_at(server, secret)
        if at is not None:
            raise LoginRefusedError(
                f"the server refused this password at {to_text(at)}, so it was not tried again",
                where=f"{server.host}:{server.port}",
                hint="mend it first; to try the same once more: followupd check --again",
            )

    def _note(self, server: "Server", secret: str, error: LoginRefusedError) -> None:
        """Remember a refusal that is about the password; where a switch is off, the same password may be right."""
        from followupd.actions import refused
        from followupd.providers.advice import SWITCHES, cause

        if cause(error, None) in SWITCHES:
            return
        self._refused.add((server.username, secret))
        # a database that cannot be used has its own probe
        with suppress(FollowupdError), self._database() as db:
            refused.note(db, server, secret, SystemClock().now(), self.name)

    def _refused_at(self, server: "Server", secret: str) -> "Instant | None":
        from followupd.actions import refused

        with suppress(FollowupdError), self._database() as db:
            return refused.since(db, server, secret, self.name)
        return None

    @contextmanager
    def _database(self) -> "Iterator[Db]":
        from followupd.store.db import open_database

        db = open_database(Path(self._known().database), now=SystemClock().now())
        try:
            yield db
        finally:
            db.close()
