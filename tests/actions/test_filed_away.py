"""What lies in a folder that no round reads stops a letter, whatever the clock, the letter before or the thread was."""

from datetime import timedelta

import pytest

from tests.actions.pretend import ADA
from tests.schedules.filters import FILED
from tests.schedules.life import Life
from tests.schedules.mail import Kind
from tests.schedules.words import say


@pytest.fixture
def life() -> Life:
    """A life at a provider that files no copy in Sent, before its first round."""
    return Life(files=False)


def went_to_ada(life: Life, *, days: int = 60) -> int:
    """Give how many letters went to her in rounds of some days; the life's own judge looks at each."""
    before = len(life.world.taken)
    for _ in range(days // 5):
        life.world.now += timedelta(days=5)
        life.round()
    return sum(draft.rcpt_to == ADA for _, _, draft in life.world.taken[before:])


def test_an_answer_is_found_although_the_clock_ran_ahead_when_its_letter_left(life: Life) -> None:
    life.world.skew = timedelta(days=3)
    life.round()
    life.world.skew = timedelta()
    life.arrives("Ada", Kind.ASSISTANT, FILED)
    assert went_to_ada(life) == 0


def test_an_answer_to_a_letter_that_nobody_was_sure_of_is_found_before_it_is_tried_again(life: Life) -> None:
    life.trouble("lost after")
    life.round()
    life.arrives("Ada", Kind.ANSWER, FILED)
    assert say(life, "Ada", "outbox retry")
    assert went_to_ada(life) == 0


def test_so_is_one_to_a_letter_that_the_witness_alone_put_in_doubt(life: Life) -> None:
    life.back_up()
    life.trouble("killed")
    life.round()
    life.restore()
    life.round()
    life.arrives("Ada", Kind.ASSISTANT, FILED)
    assert say(life, "Ada", "outbox retry")
    assert went_to_ada(life) == 0


def test_an_answer_to_an_older_thread_is_found_before_a_new_one_begins(life: Life) -> None:
    life.round()
    life.arrives("Ada", Kind.ANSWER, FILED)
    say(life, "Ada", "stop")
    assert say(life, "Ada", "reopen with another cadence", 1)
    assert went_to_ada(life) == 0


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.AWAY])
def test_what_is_filed_there_while_it_is_read_is_judged_whole(life: Life, kind: Kind) -> None:
    life.round()
    # the copies in Sent are read before it comes
    life.round()
    life.arrives("Ada", kind)
    life.world.now += timedelta(days=22)
    life.round(word="whole", turn=1, meanwhile=lambda: life.moves(0, FILED))
    (verdict,) = life.quiet.rows("SELECT verdict, return_date FROM messages")
    assert (verdict["verdict"], bool(verdict["return_date"])) == (
        "opt_out" if kind is Kind.OPT_OUT else "auto_reply",
        kind is Kind.AWAY,
    )
