"""Kinds of arguments: a day, as people write one to a computer, or as they name one to each other."""

import re
from datetime import date
from typing import Any, Final

import click

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
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


class DayInWords(click.ParamType[str]):
    """A day as YYYY-MM-DD, or as one says it: "next March", "in the autumn", "after Easter", "Q3", "in 3 months"."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Name what is expected."""
        return "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Refuse what cannot be read; which day it is depends on where the person lives, and is told by `meant`."""
        if _ISO.fullmatch(value):
            DAY.convert(value, param, ctx)
            return str(value)
        from followupd.core.someday import someday

        try:
            someday(value, _near(days=0))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def meant(text: str, country: str, today: date) -> tuple[date, str]:
    """Give the day that was said and the rule it was read by ("" for a plain date); seasons are those of `country`."""
    if _ISO.fullmatch(text):
        return date.fromisoformat(text), ""
    from followupd.core.someday import SOUTHERN, someday

    found = someday(text, today, southern=country[:2].upper() in SOUTHERN)
    return found.day, found.rule


DAY = Day()
DAY_IN_WORDS = DayInWords()
