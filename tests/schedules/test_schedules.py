"""Whatever happens, in whatever order: no letter twice, none after an answer or the user's word, nothing lost.

A bounded share of the schedules; `python benchmarks/schedules.py --schedules 100000` plays as many as one likes.
"""

from hypothesis import HealthCheck, settings

from tests.schedules.machine import Schedule

TestSchedules = Schedule.TestCase
TestSchedules.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
