"""Days, ISO weeks and months: whole, half-open, UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

DAY = timedelta(days=1)
#: No wiki has anything to tell from outside these days, and all arithmetic within them is safe.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2999, 12, 31)


def midnight(day: date) -> datetime:
    """The first instant of ``day`` in UTC."""
    return datetime.combine(day, time(), UTC)


class Grain(StrEnum):
    """How long a period is; weeks are ISO weeks and begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    #: Enum's own is many times slower, and every period and key is looked up by it.
    __hash__ = str.__hash__

    def floor(self, day: date) -> date:
        """The first day of the period that holds ``day``."""
        if self is Grain.MONTH:
            return day.replace(day=1)
        return day - DAY * (day.weekday() if self is Grain.WEEK else 0)

    def ceil(self, day: date) -> date:
        """The first day of the first period that begins on ``day`` or later."""
        start = self.floor(day)
        return start if start == day else self.next(start)

    def next(self, start: date) -> date:
        """The first day of the period after the one that begins on ``start``."""
        if self is Grain.MONTH:
            return (start + 31 * DAY).replace(day=1)
        return start + DAY * (7 if self is Grain.WEEK else 1)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Days from ``since`` up to, and without, ``until``."""

    since: date
    until: date

    def __bool__(self) -> bool:
        return self.since < self.until

    def __str__(self) -> str:
        return f"{self.since} to {self.until}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One day, ISO week or month, named by its first day.

    ``end``: the first day after it. ``ends``: the first instant after it.
    """

    start: date
    grain: Grain
    end: date = field(init=False, compare=False, repr=False)
    ends: datetime = field(init=False, compare=False, repr=False)
    _name: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        end = self.grain.next(self.start)
        for name, value in (("end", end), ("ends", midnight(end)), ("_name", self.start.isoformat())):
            object.__setattr__(self, name, value)

    def is_within(self, days: Range) -> bool:
        """Whether it lies wholly in ``days``."""
        return days.since <= self.start and self.end <= days.until

    def __str__(self) -> str:
        return self._name


#: The same day is the same object for all CSVs of all wikis.
period_of = lru_cache(maxsize=None)(Period)


def whole_periods(days: Range, grain: Grain) -> list[Period]:
    """Every period of ``grain`` that lies wholly in ``days``, in order."""
    return list(walk_periods(days.since, days.until, grain))


@lru_cache(maxsize=256)
def walk_periods(since: date, until: date, grain: Grain) -> tuple[Period, ...]:
    """What ``whole_periods`` gives; most CSVs have the same, and walk once."""
    return tuple(_walk(Range(since, until), grain))


def _walk(days: Range, grain: Grain) -> Iterator[Period]:
    period = period_of(grain.ceil(days.since), grain)
    while period.end <= days.until:
        yield period
        period = period_of(period.end, grain)


def left_over(days: Range, grain: Grain) -> list[Range]:
    """What of ``days`` lies in no whole period of ``grain``: the cut-off ends."""
    first, last = grain.ceil(days.since), grain.floor(days.until)
    if first >= last:
        return [days] if days else []
    return [end for end in (Range(days.since, first), Range(last, days.until)) if end]


def runs(periods: Iterable[Period], most: int) -> list[list[Period]]:
    """``periods`` in order, cut into runs of neighbours, each at most ``most`` long."""
    found: list[list[Period]] = []
    for period in sorted(periods):
        joins = found and found[-1][-1].end == period.start and len(found[-1]) < most
        found[-1].append(period) if joins else found.append([period])
    return found


def covered(run: list[Period]) -> Range:
    """The days from the first to the last period of a run of neighbours."""
    return Range(run[0].start, run[-1].end)
