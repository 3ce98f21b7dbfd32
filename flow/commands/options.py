"""What options of the command line are read as."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import click

from flow.datasets.period import FIRST_DAY, LAST_DAY, Grain
from flow.datasets.span import seconds_of
from flow.errors import UsageError


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


def check_once(given: Iterable[tuple[str, str]]) -> None:
    """Passes over names that are each given once. Raises UsageError."""
    names = [name for name, _ in given]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"--set {name} is given twice, and only one of both could hold")


GRAIN = click.Choice([grain.value for grain in Grain])


def request_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say what to compute."""
    for option in (
        click.option("--set", "settings", type=Setting(), multiple=True, help="bots=in, window=30d, window=none …"),
        click.option("--grain", type=GRAIN, help="day, week or month; else the settings' default."),
        click.option("--until", type=Day(), required=True, help="The day after the last."),
        click.option("--since", type=Day(), required=True, help="The first day."),
        click.option("--wiki", required=True, help="The wiki, as the settings call it."),
        click.argument("dataset"),
    ):
        command = option(command)
    return command
