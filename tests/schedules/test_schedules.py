"""Whatever happens, in whatever order: no letter twice, none after an answer or the user's word, nothing lost.

A bounded share of the schedules; `python benchmarks/schedules.py --schedules 100000` plays as many as one likes.
"""

import pytest
from hypothesis import HealthCheck, settings

from tests.schedules import lots
from tests.schedules.judge import BrokenError
from tests.schedules.machine import Schedule
from tests.schedules.mutations import without

TestSchedules = Schedule.TestCase
TestSchedules.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("seed", range(101, 111))
def test_schedules_drawn_by_lot_hold(seed: int) -> None:
    lots.play(seed, range(200))


def test_a_schedule_that_fails_is_told_with_the_steps_it_takes() -> None:
    with without("the floor and the wait"), pytest.raises(BrokenError) as told:
        lots.play(2, range(500))

    assert "the floor is" in str(told.value)
    assert len(str(told.value).splitlines()) < 15
