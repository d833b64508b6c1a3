"""From a config file to all that an action needs: the one place where the ports meet what stands behind them.

Adapters and their libraries load when they are asked for: a desk needs neither IMAP nor SMTP.
"""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from followupd.app import App, Desk
from followupd.clock import SystemClock
from followupd.core.connections import SecretKind
from followupd.core.errors import ConfigError
from followupd.rehearsal import NotingPostman, ReadingMailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from followupd.core.connections import Server
    from followupd.core.instants import Instant
    from followupd.core.settings import Settings
    from followupd.discovery.recipients import Domains
    from followupd.imap.mailbox import ImapMailbox
    from followupd.oauth.provider import Provider
    from followupd.smtp.postman import SmtpPostman
    from followupd.store.db import Db

log = logging.getLogger(__name__)


def settings(config: Path | None) -> "Settings":
    """Read the config that was asked for, or the one that is found; raise ConfigError with all that is wrong."""
    from followupd.config.file import read
    from followupd.config.paths import config_file

    return read(config_file(config), _template_names)


def desk(settings: "Settings") -> Desk:
    """Open the database and the templates; raise FollowupdError if the database cannot be used.

    What the witness saw keep letters back, before a backup was put back, is so again from here on.
    """
    from followupd.letters.templates import Templates
    from followupd.store.db import open_database
    from followupd.store.heard import has_heard

    clock = SystemClock()
    table = Desk(
        settings=settings,
        db=open_database(Path(settings.database), now=clock.now()),
        templates=Templates(Path(settings.templates), settings.policy.me.language),
        clock=clock,
    )
    if not has_heard(table.db):
        from followupd.actions.barring import take_up

        take_up(table, clock.now())
    return table


def app(settings: "Settings", *, hurried: bool = False) -> App:
    """Give an account's desk with mailbox and postman, which connect when first used.

    A database over a network is refused.
    """
    return apps(settings, (settings.account,), hurried=hurried)[0]


def apps(settings: "Settings", accounts: "Sequence[str]" = (), *, hurried: bool = False) -> tuple[App, ...]:
    """Give an app for each of these accounts, or for all; they share one database."""
    from followupd.store.health import refuse_network

    refuse_network(Path(settings.database), mounts())
    table = desk(settings)

    def of(settings: "Settings") -> App:
        return _app(replace(table, settings=settings), mailbox(settings, hurried=hurried), postman(settings))

    return tuple(of(one) for one in _of_accounts(settings, accounts))


def reread(apps: "Sequence[App]", config: Path | None) -> tuple[App, ...] | None:
    """Give apps by the config as it is now, where SIGHUP has asked for them; None where the old ones go on.

    A config that is wrong is told in the log and changes nothing; neither does another place for the database, which
    only a new process can take.
    """
    from followupd.letters.templates import Templates

    first = apps[0]
    if not (isinstance(first.clock, SystemClock) and first.clock.asked_to_reread()):
        return None
    try:
        fresh = settings(config)
    except ConfigError as error:
        log.error("the config is wrong, and the one before stays: %s: %s", error, "; ".join(map(str, error.problems)))  # noqa: TRY400
        return None
    if fresh.database != first.settings.database:
        log.error("the config names another database, which counts only from a new start on; the one before stays")
        return None
    log.info("the config was read anew")
    table = Desk(
        settings=fresh,
        db=first.db,
        templates=Templates(Path(fresh.templates), fresh.policy.me.language),
        clock=first.clock,
    )
    return tuple(_app(replace(table, settings=one), mailbox(one), postman(one)) for one in _of_accounts(fresh, ()))


def dry_apps(settings: "Settings") -> tuple[App, ...]:
    """Give apps that decide as the real ones would and change nothing: not the database, not the mailbox.

    The database is a copy in memory. Letters are noted in `app.postman.noted`, and count as sent in that copy.
    """
    from followupd.letters.templates import Templates

    clock = SystemClock()
    table = Desk(
        settings=settings,
        db=_copy_of(Path(settings.database), clock.now()),
        templates=Templates(Path(settings.templates), settings.policy.me.language),
        clock=clock,
    )
    return tuple(
        _app(replace(table, settings=one), ReadingMailbox(mailbox(one)), NotingPostman())
        for one in _of_accounts(settings, ())
    )


def _of_accounts(settings: "Settings", accounts: "Sequence[str]") -> "list[Settings]":
    found = (settings.of(account) for account in accounts or settings.names)
    return [one for one in found if one is not None]


def mailbox(settings: "Settings", *, hurried: bool = False) -> "ImapMailbox":
    """Give the user's mailbox, not yet connected; a hurried one waits only some seconds for each word of the server."""
    from followupd.imap.mailbox import ImapMailbox
    from followupd.imap.patience import HURRIED, PATIENCE

    imap, patience = settings.imap, HURRIED if hurried else PATIENCE
    found = password(imap.server, settings.key("imap.password"), settings)
    return ImapMailbox(imap.server, found, imap.folders, patience, trays=imap.trays)


def postman(settings: "Settings") -> "SmtpPostman":
    """Give the way out for letters, not yet connected."""
    from followupd.smtp.postman import SmtpPostman

    server = settings.smtp.server
    return SmtpPostman(server, password(server, settings.key("smtp.password"), settings))


def _app(table: Desk, box: "ImapMailbox | ReadingMailbox", postman: "SmtpPostman | NotingPostman") -> App:
    return App(
        settings=table.settings,
        db=table.db,
        templates=table.templates,
        clock=table.clock,
        mailbox=box,
        postman=postman,
        resolver=resolver(table.settings),
        unwatched=box.unwatched,
    )


def resolver(settings: "Settings") -> "Domains":
    """Give who knows of a domain whether it takes mail."""
    from followupd.discovery.recipients import Domains

    return Domains(settings.policy.me.email.rpartition("@")[2], settings.dns.servers)


def password(server: "Server", key: str, settings: "Settings") -> "Callable[[], str]":
    """Give what looks for a password, or for a token of OAuth 2.0, when it is needed, and not before."""

    def find() -> str:
        from followupd.config.secrets import Finder

        if server.password.kind is SecretKind.OAUTH:
            return _token(settings)
        return Finder(server, key=key, source=Path(settings.source))().reveal()

    return find


def token_provider(settings: "Settings") -> "Provider":
    """Give who gives tokens; only where the config names one."""
    from followupd.config.secrets import Finder
    from followupd.oauth.provider import Provider

    oauth = settings.oauth
    assert oauth is not None  # a rule of the config

    def secret() -> str:
        if oauth.client_secret.kind is SecretKind.ABSENT:
            return ""
        client = replace(settings.imap.server, username=oauth.client_id, password=oauth.client_secret)
        return Finder(client, key=settings.key("oauth.client_secret"), source=Path(settings.source))().reveal()

    return Provider(oauth, secret)


def _token(settings: "Settings") -> str:
    from followupd.oauth.keeper import Keeper
    from followupd.oauth.tokens import store

    provider = token_provider(settings)
    return Keeper(provider, store(provider.oauth), SystemClock()).token()


def _template_names(folder: Path) -> "Collection[str]":
    from followupd.letters.templates import Templates

    return Templates(folder).names()


def _copy_of(path: Path, now: "Instant") -> "Db":
    """Copy the database into memory; where there is none, give an empty one and make none."""
    from tempfile import TemporaryDirectory

    from followupd.store.db import copy_to_memory, open_database

    with TemporaryDirectory(prefix="followupd-") as folder:
        db = open_database(path if path.exists() else Path(folder) / "empty.db", now=now)
        try:
            return copy_to_memory(db)
        finally:
            db.close()


def mounts() -> bytes:
    """Give the mounts as Linux tells them (proc(5)), b"" elsewhere."""
    try:
        # not /proc/mounts: systemd's ProcSubset=pid hides all but the processes
        return Path("/proc/self/mounts").read_bytes()
    except OSError:
        return b""
