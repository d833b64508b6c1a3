"""The folder for drafts of an account, and what the user does with what lies there from their mail program."""

from collections.abc import Collection
from dataclasses import dataclass

from followupd.core.instants import Instant
from followupd.core.model import Lying, RawMessage, Shelf
from tests.schedules.provider import Box

_FOLDER = "Drafts"


@dataclass
class Desk(Box):
    """The user's folders with one for drafts."""

    def drafts(self, to: Collection[str], uids: Collection[int]) -> Shelf | None:
        self.provider.reach("drafts")
        lying = tuple(
            RawMessage(folder=_FOLDER, uid=uid, internal_date=self.provider.world.now, raw=raw, size=len(raw))
            for uid, raw in self.provider.shelf.items()
        )
        return Shelf(folder=_FOLDER, uidvalidity=self.provider.validity, messages=lying)

    def put_draft(self, raw: bytes, at: Instant) -> Lying | None:
        self.provider.reach("put_draft")
        uid = self.provider.put(raw)
        self.provider.world.effects.burn(may_turn=True)
        return Lying(_FOLDER, self.provider.validity, uid)

    def take_draft(self, lying: Lying) -> bool:
        self.provider.reach("take_draft")
        if lying.uidvalidity != self.provider.validity:
            return False
        self.provider.shelf.pop(lying.uid, None)
        self.provider.world.effects.burn(may_turn=True)
        return True
