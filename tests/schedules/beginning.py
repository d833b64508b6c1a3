"""How every life begins: a config, a database with everybody in it, and the templates; made once for all lives."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from followupd.actions import contacts
from followupd.app import App
from followupd.config.file import read
from followupd.core.connections import MAIN
from followupd.core.instants import Span
from followupd.core.model import Contact
from followupd.core.settings import Cadence, Settings, Step
from followupd.letters.templates import Templates
from followupd.store import files
from followupd.store.db import Db, copy_to_memory, open_database
from tests.actions.pretend import BEGINS, CONFIG, PretendedDns
from tests.actions.two import WORK
from tests.schedules.effects import Effects
from tests.schedules.judge import PEOPLE
from tests.schedules.post import Post
from tests.schedules.provider import Box, Provider, Watch, World

OTHER: Final = "work"
"""The account that is there besides the first one, where there are two; Bo belongs to it."""


@dataclass(frozen=True)
class Beginning:
    """What a life begins with: the config, the same without the other account, the database, witness, templates."""

    settings: Settings
    alone: Settings
    db: Db
    witness: bytes
    templates: Templates


@cache
def beginning(*, two: bool = False) -> Beginning:
    """Give what a life with one account or with two begins with."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings, alone = _settings(folder, WORK if two else ""), _settings(folder, "")
        on_disk = open_database(folder / "followupd.db", now=BEGINS)
        templates = Templates(folder / "templates")
        world = World(Effects(), on_disk.connection, lambda *_: None)
        provider = Provider(world, MAIN, files=True)
        desk: Any = App(
            settings=settings, db=on_disk, templates=templates, clock=Watch(world), mailbox=Box(provider),
            postman=Post(provider), resolver=PretendedDns(),
        )  # fmt: skip
        for person, address in PEOPLE.items():
            alias = f"{address.partition('@')[0]}.private@elsewhere.example"
            contacts.add(
                desk,
                Contact(
                    addresses=(address, alias),
                    name=person,
                    admire="Your notes on the engine.",
                    ask="How did you choose what to leave out?",
                    offer="I would typeset them.",
                    account=OTHER if two and person == "Bo" else MAIN,
                ),
            )
        # a database in memory cannot have a log beside it
        on_disk.run("PRAGMA journal_mode=DELETE")
        seen = files.witness_of(on_disk.path)
        witness = seen.read_bytes() if seen.exists() else b""
        return Beginning(settings, alone, copy_to_memory(on_disk), witness, templates)


def _settings(folder: Path, more: str) -> Settings:
    config = folder / "config.toml"
    config.write_text(CONFIG.format(save="auto", more=more), encoding="utf-8")
    settings = read(config)
    steps = (Step(template="opening"), Step(template="reminder", after=Span(weeks=3)))
    cadences = {**settings.policy.cadences, "second": Cadence(name="second", steps=steps)}
    return replace(settings, policy=replace(settings.policy, cadences=cadences))
