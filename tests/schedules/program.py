"""The user's program that is asked before each letter, pretended: what it says, and to which letters it said it."""

import json
from base64 import b64decode
from collections.abc import Callable, Sequence

from followupd.programs import Ended
from tests.schedules.provider import World


class Program:
    """Says yes until it is told otherwise; to say no, to hang or to be missing holds a letter."""

    def __init__(self, world: World) -> None:
        self.says = "yes"
        self.allowed: set[bytes] = set()
        self.refused: set[str] = set()
        self._world = world

    def run(self, command: Sequence[str], given: bytes, seconds: float, alive: Callable[[], None]) -> Ended:
        """Stand for `followupd.programs.run`."""
        effects, connection = self._world.effects, self._world.connection
        effects.burn(may_turn=not connection.in_transaction)
        asked = json.loads(given)
        if self.says != "yes":
            self.refused.add(asked["message_id"])
        if self.says == "is missing":
            raise FileNotFoundError(2, "No such file or directory")
        if self.says != "yes":
            return Ended(None) if self.says == "hangs" else Ended(1, b"not in this week")
        self.allowed.add(b64decode(asked["raw"]))
        effects.burn(may_turn=not connection.in_transaction)
        return Ended(0)
