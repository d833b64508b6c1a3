"""Kinds of arguments: a day, as people write one to a computer."""

from datetime import date
from typing import Any

import click


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
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it like 2027-03-01", param, ctx)


def _near(*, days: int) -> date:
    from datetime import timedelta

    from followupd.clock import SystemClock

    return (SystemClock().now().astimezone() + timedelta(days=days)).date()


DAY = Day()
