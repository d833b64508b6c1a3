"""What the keys of a config must be to each other; a rule that touches a faulty value has nothing to say."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from followupd.config import accounts, oauth
from followupd.config.cadences import SHIPPED
from followupd.config.passwords import is_loopback
from followupd.config.reading import Faulty, nearest
from followupd.core.connections import Security
from followupd.core.periods import leave_a_day

if TYPE_CHECKING:
    from collections.abc import Collection

    from followupd.config.cadences import Cadence, Step
    from followupd.config.mailboxes import Imap, Smtp
    from followupd.config.reading import Place
    from followupd.config.schema import Config

SHORTEST_POLL: Final = timedelta(seconds=10)
LONGEST_POLL: Final = timedelta(days=1)
_LEAST_VETO: Final = timedelta(seconds=1)
_MOST_VETO: Final = timedelta(minutes=10)


class Rule(Protocol):
    """Report at `place` what is wrong with a whole config."""

    def __call__(self, config: Config, place: Place, /) -> None: ...


def judge(config: Config, place: Place) -> None:
    """Apply every rule."""
    for rule in (*RULES_OF_AN_ACCOUNT, *RULES):
        with suppress(Faulty):
            rule(config, place)
    with suppress(Faulty):
        for name in config.account:
            here = place.under("account").under(name)
            for rule in RULES_OF_AN_ACCOUNT:
                with suppress(Faulty):
                    rule(accounts.whole(config, name), here)


def _imap_is_protected(config: Config, place: Place) -> None:
    _protected(config.imap, place.under("imap"))


def _smtp_is_protected(config: Config, place: Place) -> None:
    _protected(config.smtp, place.under("smtp"))


def _protected(server: Imap | Smtp, place: Place) -> None:
    if server.security is Security.NONE and not is_loopback(server.host):
        place.under("security").wrong(
            '"none" is for a server on this machine only', 'passwords and letters would be readable; write "tls"'
        )


def _mailbox_has_a_login(config: Config, place: Place) -> None:
    if config.imap.username == "":
        place.under("imap").under("username").wrong("is empty", "leave the key out to log in as me.email")


def _oauth_is_whole(config: Config, place: Place) -> None:
    if oauth.is_used(config):
        for key in oauth.missing(config):
            place.under("oauth").under(key).wrong("missing", 'it is needed where a password is "{ oauth = true }"')


def _window_is_open(config: Config, place: Place) -> None:
    window, here = config.window, place.under("window")
    if window.from_ >= window.to:
        here.under("to").wrong("is not later than window.from", "a window lies within one day")
    elif window.spread > timedelta(minutes=window.to - window.from_):
        here.under("spread").wrong("is longer than the window is open")
    elif not leave_a_day(window.quiet):
        here.under("quiet").wrong("leaves no day of the year on which a letter may go")


def _poll_is_reasonable(config: Config, place: Place) -> None:
    if not SHORTEST_POLL <= config.daemon.poll <= LONGEST_POLL:
        place.under("daemon").under("poll").wrong("is out of range; it must be from 10 seconds to 1 day")


def _veto_has_time(config: Config, place: Place) -> None:
    if not _LEAST_VETO <= config.sending.before_letter_within <= _MOST_VETO:
        place.under("sending").under("before_letter_within").wrong(
            "is out of range; it must be from 1 second to 10 minutes",
            "every letter waits for it, and so does the mailbox",
        )


def _default_cadence_exists(config: Config, place: Place) -> None:
    known = {**SHIPPED, **config.cadences}
    if (name := config.patience.default_cadence) not in known:
        hint = nearest(name, known) or f"write a table [cadences.{name}], or choose one of {', '.join(known)}"
        place.under("patience").under("default_cadence").wrong(f"there is no cadence {name!r}", hint)
    elif config.cadences[name].after_answer if name in config.cadences else SHIPPED[name].get("after_answer"):
        hint = "nobody has answered when they are added; choose another one"
        place.under("patience").under("default_cadence").wrong(f"{name!r} is for people who have answered", hint)


def _cadences_are_patient(config: Config, place: Place) -> None:
    for name, cadence in config.cadences.items():
        with suppress(Faulty):
            _steps_wait(config, cadence, place.under("cadences").under(name).under("steps"))


def _steps_wait(config: Config, cadence: Cadence, place: Place) -> None:
    if not cadence.steps:
        place.wrong("has no steps")
    for index, step in enumerate(cadence.steps):
        with suppress(Faulty):
            _step_waits(config, step, index, place.item(index), after_answer=cadence.after_answer)


def _step_waits(config: Config, step: Step, index: int, place: Place, *, after_answer: bool) -> None:
    here = place.under("after")
    if index == 0 and not (after_answer and step.after):
        _opening_waits_for_nothing(step, place)
        return
    if step.milestone or step.latest:
        _milestone_has_an_end(step, place)
    if step.after is None and not step.milestone:
        here.wrong("missing", 'say how long to wait, like "6 weeks"')
    elif step.after is not None and step.after.least_days() < config.patience.floor.least_days():
        here.wrong(
            f'"{step.after}" is shorter than the floor of "{config.patience.floor}"',
            "wait longer, or lower patience.floor",
        )


def _opening_waits_for_nothing(step: Step, place: Place) -> None:
    hint = "the opening letter goes out on the date you give `add`"
    if step.after is not None:
        place.under("after").wrong("the first step has no wait", hint)
    if step.milestone or step.latest:
        place.under("milestone").wrong("the first step waits for no milestone", hint)


def _milestone_has_an_end(step: Step, place: Place) -> None:
    here = place.under("latest")
    if not step.milestone or step.latest is None:
        hint = 'a step with a milestone says when to ask you at the latest: latest = "8 months"'
        here.wrong("goes with milestone, and milestone with latest", hint)
    elif step.after is not None and step.latest.least_days() < step.after.least_days():
        here.wrong(f'"{step.latest}" is shorter than the wait of "{step.after}"')


RULES_OF_AN_ACCOUNT: Final[tuple[Rule, ...]] = (
    _imap_is_protected,
    _smtp_is_protected,
    _mailbox_has_a_login,
    _oauth_is_whole,
)

RULES: Final[tuple[Rule, ...]] = (
    _window_is_open,
    _poll_is_reasonable,
    _veto_has_time,
    _default_cadence_exists,
    _cadences_are_patient,
)


def templates_exist(config: Config, known: Collection[str], looked_in: str, place: Place) -> None:
    """Report every step whose template is not among the `known` ones."""
    with suppress(Faulty):
        for name, cadence in config.cadences.items():
            with suppress(Faulty):
                for index, step in enumerate(cadence.steps):
                    here = place.under("cadences").under(name).under("steps").item(index).under("template")
                    _template_exists(step, known, looked_in, here)


def _template_exists(step: Step, known: Collection[str], looked_in: str, place: Place) -> None:
    with suppress(Faulty):
        if step.template not in known:
            where = f"in {looked_in}, nor among those that ship with followupd"
            place.wrong(f"there is no template {step.template!r} {where}", nearest(step.template, known))
