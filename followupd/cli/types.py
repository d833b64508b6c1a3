"""Kinds of arguments: a day, as people write one to a computer."""

from datetime import date
from typing import Any, Final

import click

_FIRST: Final = 1970
_LAST: Final = 2199
"""Days beyond these are slips of the pen; the calendar itself ends in 9999."""


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD, "today" or "tomorrow"."""

    name = "date"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Name what is expected."""
        return "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Read a day; complain in plain words."""
        if isinstance(value, date):
            return value
        if value in {"today", "tomorrow"}:
            return _near(days=1 if value == "tomorrow" else 0)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it like 2027-03-01", param, ctx)
        if not _FIRST <= day.year <= _LAST:
            self.fail(f"{value!r} is a slip: no letter goes in the year {day.year}", param, ctx)
        return day


def _near(*, days: int) -> date:
    from datetime import timedelta

    from followupd.clock import SystemClock

    return (SystemClock().now().astimezone() + timedelta(days=days)).date()


DAY = Day()
