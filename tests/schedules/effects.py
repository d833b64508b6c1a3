"""Each word to a server and each statement that writes may be a process's last effect, or let another have its turn.

The database lives in memory and its connection outlives a kill: what was not committed is rolled back, as SQLite does
when a process dies. What "meanwhile" happens is done between two effects at which no transaction is open, which is
where another process could have had its turn.
"""

import sqlite3
from collections.abc import Callable
from functools import cache
from typing import NoReturn
from unittest.mock import patch

from followupd.failpoints import Point
from followupd.store import witness
from followupd.store.db import Db, Params
from tests.actions.pretend import Killed


class Effects:
    """Counts effects; kills at one of them, by raising `end`, lets something else happen at another."""

    def __init__(self) -> None:
        self.end: type[BaseException] = Killed
        self.ended = False
        self.burnt = self.kill_at = self.turn_at = self.break_at = 0
        self.meanwhile: Callable[[], None] | None = None
        self._word = ""
        self._breaks_in = ""
        self._paused = False

    def arm(
        self,
        *,
        kill: int = 0,
        turn: int = 0,
        breaks: int = 0,
        breaks_in: str = "",
        meanwhile: Callable[[], None] | None = None,
        before: str = "",
    ) -> None:
        """Begin to count anew; of the turn only the words to the server of a kind are counted, where one is named.

        What breaks is the mailbox of an account, or all where none is named.
        """
        self.burnt, self.kill_at, self.turn_at, self.break_at, self.meanwhile = 0, kill, turn, breaks, meanwhile
        self._word, self._breaks_in = before, breaks_in

    def broken(self, account: str) -> bool:
        """Tell whether the mailbox of an account is cut off by now."""
        return bool(self.break_at) and self.burnt >= self.break_at and self._breaks_in in {"", account}

    def die(self) -> NoReturn:
        """Let the process end here."""
        self.ended, self.kill_at = True, 0
        raise self.end

    def burn(self, *, may_turn: bool, word: str = "") -> None:
        """Come one effect nearer to the end."""
        if self._paused:
            return
        self.burnt += 1
        if self.burnt == self.kill_at:
            self.die()
        if self._word:
            self.turn_at -= word == self._word
            may_turn = may_turn and self.turn_at <= 0
        elif self.burnt < self.turn_at:
            may_turn = False
        if self.meanwhile is not None and may_turn:
            happens, self.meanwhile = self.meanwhile, None
            self._paused = True
            try:
                happens()
            finally:
                self._paused = False


@cache
def _writes(sql: str) -> bool:
    return sql.lstrip()[:6].upper() in {"COMMIT", "INSERT", "UPDATE", "DELETE"}


class LiveDb(Db):
    """A database of which every statement outside a transaction, and every writing one, is an effect."""

    effects: Effects

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        writes = _writes(sql)
        free = not self.connection.in_transaction
        if writes or free:
            self.effects.burn(may_turn=free)
        done = super().run(sql, params)
        if writes:
            self.effects.burn(may_turn=not self.connection.in_transaction)
        return done

    def _bear_witness(self) -> None:
        if self._told:
            with patch.object(witness, "reach", self._reached):
                super()._bear_witness()

    def _reached(self, point: Point) -> None:
        """Let a process end before the witness has a line, and in the middle of it; at its end it is before COMMIT."""
        if point in {Point.WITNESS_WRITING, Point.WITNESS_TORN}:
            self.effects.burn(may_turn=False)
