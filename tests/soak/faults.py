"""The faults of the soak, drawn by lot: each begins at an instant and is mended at another, or is over at once."""

import random
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.soak.household import Household
from tests.soak.provider import Provider


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault strikes."""

    home: Household
    provider: Provider
    chance: random.Random


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the scene, and undone between `shortest` and `longest` later.

    A `restart` ends the process; after one that is `doubtful`, as after that, the user is asked about letters.
    """

    strike: Callable[[Scene], object]
    mend: Callable[[Scene], object] = lambda _scene: None
    shortest: timedelta = timedelta()
    longest: timedelta = timedelta()
    restart: bool = False
    doubtful: bool = False

    def lasts(self, chance: random.Random) -> timedelta:
        """Draw how long it is there."""
        return self.shortest + (self.longest - self.shortest) * chance.random()


_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def _imap_shut(scene: Scene) -> None:
    scene.provider.imap_gate.shut = True
    scene.provider.break_off(scene.provider.imap_gate)


def _imap_open(scene: Scene) -> None:
    scene.provider.imap_gate.shut = False


def _smtp_shut(scene: Scene) -> None:
    scene.provider.smtp_gate.shut = True


def _smtp_open(scene: Scene) -> None:
    scene.provider.smtp_gate.shut = False


def _cut(scene: Scene) -> None:
    scene.provider.break_off(scene.provider.imap_gate)


def _cut_imap_later(scene: Scene) -> None:
    scene.provider.imap_gate.cut_after = scene.chance.randrange(20, 4_000)


def _cut_smtp_later(scene: Scene) -> None:
    scene.provider.smtp_gate.cut_after = scene.chance.randrange(20, 500)


def _put_off_at_rcpt(scene: Scene) -> None:
    scene.provider.at_rcpt = "451 4.7.1 Greylisted, try again later"


def _put_off_after_data(scene: Scene) -> None:
    scene.provider.after_data = "452 4.3.1 Out of storage"


def _take_all(scene: Scene) -> None:
    scene.provider.at_rcpt = scene.provider.after_data = ""


def _lose_an_answer(scene: Scene) -> None:
    scene.provider.loses = 1


def _wrong_password(scene: Scene) -> None:
    scene.home.write_password("another")
    scene.provider.break_off(scene.provider.imap_gate)


def _right_password(scene: Scene) -> None:
    scene.home.write_password(scene.home.password)


def _spoil_the_config(scene: Scene) -> None:
    scene.home.spoilt = True
    _reread(scene)


def _mend_the_config(scene: Scene) -> None:
    scene.home.spoilt = False
    _reread(scene)


def _reread(scene: Scene) -> None:
    scene.home.write_config()
    scene.home.signal(signal.SIGHUP)


FAULTS: Final[Mapping[str, Fault]] = {
    "connections cut": Fault(_cut),
    "an IMAP answer cut off": Fault(_cut_imap_later),
    "an SMTP answer cut off": Fault(_cut_smtp_later, doubtful=True),
    "IMAP down": Fault(_imap_shut, _imap_open, _HOUR, 5 * _DAY),
    "SMTP down": Fault(_smtp_shut, _smtp_open, _HOUR, 5 * _DAY),
    "greylisted": Fault(_put_off_at_rcpt, _take_all, _HOUR, 2 * _DAY),
    "put off after the data": Fault(_put_off_after_data, _take_all, _HOUR, 2 * _DAY),
    "the answer to the data lost": Fault(_lose_an_answer, doubtful=True),
    "password changed": Fault(_wrong_password, _right_password, _HOUR, 3 * _DAY),
    "disk full": Fault(
        lambda scene: scene.home.fill_the_disk(full=True),
        lambda scene: scene.home.fill_the_disk(full=False),
        _HOUR,
        _DAY,
        doubtful=True,
    ),
    "SIGHUP": Fault(_reread),
    "SIGHUP, wrong config": Fault(_spoil_the_config, _mend_the_config, _HOUR, _HOUR),
    "SIGTERM": Fault(lambda scene: scene.home.signal(signal.SIGTERM), restart=True),
    "SIGKILL": Fault(lambda scene: scene.home.signal(signal.SIGKILL), restart=True),
    "SIGKILL at work": Fault(lambda _scene: None, restart=True),
}
"""By name; "SIGKILL at work" is struck by whoever tells the story, some milliseconds after the program was woken."""
