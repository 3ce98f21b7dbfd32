"""What options of the command line are read as."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from flow.errors import UsageError
from flow.period import FIRST_DAY, LAST_DAY
from flow.span import seconds_of


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that ``value`` names."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day; write YYYY-MM-DD", param, ctx)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail(f"{day} is not from {FIRST_DAY} to {LAST_DAY}", param, ctx)
        return day


class Setting(click.ParamType[tuple[str, str]]):
    """NAME=VALUE."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value."""
        name, equals, text = value.partition("=")
        if not equals or not name:
            self.fail(f"'{value}' is not NAME=VALUE", param, ctx)
        return name, text


class Span(click.ParamType[int]):
    """A length of time, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The seconds that ``value`` names."""
        try:
            return value if isinstance(value, int) else seconds_of(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)
