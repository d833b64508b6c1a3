"""The test letter to oneself tells more than that it came."""

from datetime import UTC, datetime, timedelta

import pytest

from followupd.setup.letter import clocks

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(), ""),
        (timedelta(minutes=4), ""),
        (timedelta(minutes=-4), ""),
        (timedelta(days=-2), "clock is ahead of the mail server's: it shows 2026-11-29T12:00:00Z"),
        (timedelta(hours=1), "clock is behind the mail server's"),
        (timedelta(days=3650), "clock is behind the mail server's"),
    ],
)
def test_a_clock_that_is_far_from_the_servers_is_told(away: timedelta, said: str) -> None:
    told = clocks(NOW + away, NOW)
    assert said in told
    assert bool(said) == bool(told)


def test_a_server_that_gives_no_date_says_nothing_of_the_clock() -> None:
    assert clocks(None, NOW) == ""
