"""A user's word that is killed at any effect was taken whole or not at all, and can be said again.

With the transaction around the verbs taken away (`actions/word.whole`, tried by hand) this fails.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.schedules.life import Life
from tests.schedules.mail import Kind
from tests.schedules.words import WORDS, say


def waiting(life: Life) -> None:
    life.round()
    life.world.now += timedelta(days=3)


def before_the_first(life: Life) -> None:
    life.world.now += timedelta(hours=1)


def waiting_for_approval(life: Life) -> None:
    life.restart(approve=True)
    life.round()


def in_doubt(life: Life) -> None:
    life.trouble("lost after")
    life.trouble("lost before")
    life.provider.files = False
    life.round()


def deferred(life: Life) -> None:
    life.trouble("deferred")
    life.round()


def answered(life: Life) -> None:
    waiting(life)
    life.arrives("Ada", Kind.ANSWER)
    life.round()


def paused(life: Life) -> None:
    waiting(life)
    say(life, "Ada", "pause")


COLUMNS = """id, contact_id, cadence, state, reason, step, anchor, due_at, not_before, paused_until, resume_to, next_at,
    revision"""
SITUATIONS = (waiting, before_the_first, waiting_for_approval, in_doubt, deferred, answered, paused)


def standing(life: Life) -> list[tuple[Any, ...]]:
    """Give all that the database says, but for what is random."""
    return [
        tuple(row)
        for sql in (
            f"SELECT {COLUMNS} FROM threads",
            "SELECT id, step, attempt, state, approved, said, tries, retry_at, sent_at FROM letters",
            "SELECT thread_id, at, kind, text FROM events",
            "SELECT name, value FROM facts WHERE name NOT LIKE 'witness%'",
            "SELECT text, spent_by FROM notes",
            "SELECT address, contact_id, position FROM addresses",
            "SELECT message_id, not_answer FROM messages",
            "SELECT ask FROM contacts",
        )
        for row in life.quiet.rows(sql)
    ]


def kept_back(life: Life) -> list[tuple[Any, ...]]:
    """Give what keeps letters back."""
    sql = "SELECT state, not_before, paused_until FROM threads UNION ALL SELECT name, '', '' FROM facts WHERE name = ?"
    return [tuple(row) for row in life.quiet.rows(sql, ("paused_all",))]


def after(situation: Callable[[Life], None]) -> Life:
    life = Life(files=True)
    situation(life)
    return life


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_word_killed_at_any_effect_is_taken_whole_or_not_at_all(word: str, situation: Callable[[Life], None]) -> None:
    unhurt = after(situation)
    old = standing(unhurt)
    say(unhurt, "Ada", word)
    new = standing(unhurt)
    effect = 1
    while True:
        life = after(situation)
        say(life, "Ada", word, kill=effect)
        assert standing(life) in (old, new)
        if not life.story[-1].endswith("  killed"):
            break
        if standing(life) == old:
            say(life, "Ada", word)
            # its line may have been written already, and been taken up before it was said again
            taken_up = life.quiet.row("SELECT 1 FROM events WHERE text LIKE '%says the witness file'") is not None
            assert standing(life) == new or (taken_up and kept_back(life) == kept_back(unhurt))
        if effect % 7 == 1:
            # the judge at the wire sees that no letter goes against the word
            life.world.now += timedelta(days=50)
            life.round()
        effect += 1
    assert effect > 1 or old == new
