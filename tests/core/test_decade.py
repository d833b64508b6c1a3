"""Ten years go by in the decision core: no letter out of its window, before the floor, on a holiday or above a limit.

A bounded share; `python benchmarks/decade.py` lives through it with a thousand people. Tried: with absences left out of
`cadence.reckon`, or holidays of the window, the judge of the decade raises. The floor it does not miss: no wait of the
cadence is shorter; tests/schedules does.
"""

from datetime import timedelta

from benchmarks.decade import BEGINS, Decade


def test_a_decade_of_letters_leaves_at_its_proper_moments() -> None:
    decade = Decade(people=25, seed=7)
    decade.live(BEGINS + timedelta(days=3653))
    assert decade.seen["letters"] > 500
    assert decade.seen["reply"] > 20
    assert max(decade.per_day.values()) <= 50
