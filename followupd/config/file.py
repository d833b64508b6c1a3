"""A config file becomes settings, or one error that names everything that is wrong with it."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from followupd.config import accounts, oauth, paths, rules
from followupd.config.cadences import SHIPPED, Cadence
from followupd.config.passwords import default_password
from followupd.config.reading import Place
from followupd.config.schema import Config
from followupd.core import connections, notices
from followupd.core import settings as core
from followupd.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from followupd.config import mailboxes, schema

LARGEST: Final = 1_000_000
"""Octets; what is larger is not a config."""

PORTS: Final = {
    "imap": {connections.Security.TLS: 993, connections.Security.STARTTLS: 143, connections.Security.NONE: 143},
    "smtp": {connections.Security.TLS: 465, connections.Security.STARTTLS: 587, connections.Security.NONE: 25},
}
"""RFC 8314, section 7; RFC 9051, section 2.1; RFC 6409, section 3.1; RFC 5321, section 4.5.4.2."""

_SYNTAX_HINTS: Final = (
    ("Invalid value", "put text between quotation marks"),
    ("Illegal character", "put text between quotation marks, all in one line"),
    ("Unescaped '\\'", "write a backslash twice, or put the text between single quotation marks"),
    ("Cannot overwrite", "this key is there twice"),
    ("Cannot declare", "this table is there twice"),
    ("Expected newline", "write one key in each line"),
    ("Unterminated string", "close the quotation marks"),
)


def read(path: Path, templates_known: Callable[[Path], Collection[str]] | None = None) -> core.Settings:
    """Read the config at `path`; `templates_known` gives the names of the templates for the user's template folder.

    Raises ConfigError with all problems: syntax, unknown keys, wrong types, impossible values and combinations, and
    (with `templates_known`) steps whose template there is not. No problem ever repeats a password.
    """
    place = Place(path.absolute().parent)
    config = Config.kind(_toml(path), place)
    rules.judge(config, place)
    if _sound(place, "storage"):
        folder = config.storage.templates or paths.default_templates(path)
        if templates_known is not None:
            rules.templates_exist(config, templates_known(folder), str(folder), place)
    if place.problems:
        raise ConfigError(place.problems, where=str(path))
    return _settings(config, path.absolute())


def _sound(place: Place, table: str) -> bool:
    return not any(problem.key.split(".")[0] == table for problem in place.problems)


def _toml(path: Path) -> dict[str, Any]:
    """Give what TOML makes of the file; whatever is wrong with the file itself is a ConfigError."""
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError([Problem("", f"cannot be read: {error.strerror}")], where=str(path)) from None
    if len(found) > LARGEST:
        raise ConfigError([Problem("", "is too large to be a config")], where=str(path))
    try:
        return tomllib.loads(found.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            [Problem(f"line {line}", "is not UTF-8", "save the file as UTF-8")], where=str(path)
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax(str(error), found.count(b"\n") + 1)], where=str(path)) from None
    except RecursionError:
        raise ConfigError([Problem("", "is nested too deeply")], where=str(path)) from None


def _syntax(said: str, lines: int) -> Problem:
    """Put the place first; tomllib's sentences name no more of the file than a character or a key."""
    what, _, where = said.partition(" (at ")
    numbers = re.findall(r"\d+", where)
    key = f"line {numbers[0]}, column {numbers[1]}" if len(numbers) == 2 else f"line {lines}, at its end"
    hint = next((hint for start, hint in _SYNTAX_HINTS if what.startswith(start)), "")
    return Problem(key, what[:1].lower() + what[1:], hint)


def _settings(config: Config, path: Path) -> core.Settings:
    """Put a config without faults into the words of the core."""
    mine = {name: accounts.whole(config, name) for name in (connections.MAIN, *config.account)}
    people = {name: _person(one) for name, one in mine.items()}
    found = {name: _account(one, name, _among(people, name)) for name, one in mine.items()}
    first = found[connections.MAIN]
    return core.Settings(
        source=path,
        imap=first.imap,
        smtp=first.smtp,
        database=config.storage.database or paths.default_database(),
        templates=config.storage.templates or paths.default_templates(path),
        policy=_policy(config, first.me),
        poll=config.daemon.poll,
        calendar=config.daemon.calendar,
        keep_bodies=config.storage.keep_bodies,
        metrics=config.daemon.metrics,
        log=notices.Log(format=config.log.format, people=config.log.people),
        digest=notices.Rhythm(every=config.digest.every, weekday=config.digest.on, minute=config.digest.at),
        notify=notices.Notify(
            command=config.notify.command,
            excerpt=config.notify.excerpt,
            mail=config.notify.mail,
            words=config.notify.words,
        ),
        pushes=config.notify.apprise,
        veto=notices.Veto(command=config.sending.before_letter, within=config.sending.before_letter_within),
        dns=connections.Dns(check=config.dns.check, servers=config.dns.servers),
        oauth=first.oauth,
        accounts=found,
    )


def _account(config: Config, name: str, me: core.Me) -> core.Account:
    """Give an account; `config` is the one that is whole for it."""
    return core.Account(me=me, imap=_imap(config), smtp=_smtp(config), oauth=oauth.settings(config, name))


def _imap(config: Config) -> connections.Imap:
    return connections.Imap(
        server=_server(config, "imap", config.imap), folders=config.imap.folders, trays=config.imap.trays
    )


def _smtp(config: Config) -> connections.Smtp:
    return connections.Smtp(server=_server(config, "smtp", config.smtp), save_to_sent=config.smtp.save_to_sent)


def _server(config: Config, kind: str, server: mailboxes.Imap | mailboxes.Smtp) -> connections.Server:
    name = config.me.email if server.username is None else server.username
    password = server.password or default_password(kind, server.host, connections.MAIN)
    return connections.Server(
        host=server.host,
        port=server.port or PORTS[kind][server.security],
        security=server.security,
        username=name,
        password=password if name else connections.SecretSource(),
        ca_file=server.ca_file,
    )


def _person(config: Config) -> core.Me:
    return core.Me(
        name=config.me.name,
        email=config.me.email,
        aliases=config.me.aliases,
        zone=config.me.timezone or paths.system_zone(os.environ.get("TZ", "")),
        language=config.me.language,
    )


def _among(people: dict[str, core.Me], account: str) -> core.Me:
    """Give the user by an account; the addresses that they write from by the others are theirs, too."""
    me = people[account]
    every = (*me.aliases, *(one for other in people.values() for one in (other.email, *other.aliases)))
    return replace(me, aliases=tuple(dict.fromkeys(alias for alias in every if alias != me.email)))


def _policy(config: Config, me: core.Me) -> core.Policy:
    return core.Policy(
        me=me,
        cadences=_cadences(config),
        default_cadence=config.patience.default_cadence,
        floor=config.patience.floor,
        window=_window(config.window, me.zone),
        daily_limit=config.sending.daily_limit,
        approve=config.sending.approve,
        drafts=config.sending.drafts,
        no_news=config.sending.no_news,
        heads_up=config.sending.heads_up,
        announce_at=config.digest.at,
        away_grace=config.replies.away_grace,
        away_unknown=config.replies.away_unknown,
        most_letters=config.patience.most_letters,
        most_words=config.patience.most_words,
        max_open=config.patience.max_open,
        organisation_gap=config.patience.organisation_gap,
        quote_after=config.sending.quote_after,
        yearly_question=config.patience.yearly_question,
        offers={name: offer.capacity for name, offer in config.offers.items()},
        lint=core.Lint(off=frozenset(config.lint.off), phrases=config.lint.phrases, twins=config.lint.twins),
    )


def _window(window: schema.Window, mine: ZoneInfo) -> core.Window:
    zone = window.timezone
    if isinstance(zone, str):
        zones = {"me": mine, "contact": None}
        return _hours(window, zones[zone])
    return _hours(window, zone)


def _hours(window: schema.Window, zone: ZoneInfo | None) -> core.Window:
    return core.Window(
        days=frozenset(window.days),
        opens=window.from_,
        closes=window.to,
        zone=zone,
        holidays=window.holidays,
        spread=window.spread,
        quiet=window.quiet,
    )


def _cadences(config: Config) -> dict[str, core.Cadence]:
    """Give the shipped cadences, and the user's own, which stand instead of shipped ones of the same name."""
    shipped = {name: Cadence.kind(value, Place(paths.NOWHERE)) for name, value in SHIPPED.items()}
    return {
        name: core.Cadence(
            name=name,
            no_news=cadence.no_news,
            after_answer=cadence.after_answer,
            steps=tuple(
                core.Step(template=step.template, after=step.after, milestone=step.milestone or "", latest=step.latest)
                for step in cadence.steps
            ),
        )
        for name, cadence in {**shipped, **config.cadences}.items()
    }
