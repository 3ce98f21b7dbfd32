"""Stocks, such as topics that wait: a week's or a month's is that of its last day, so that one look back serves all grains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from flow.datasets.dataset import Dataset
from flow.datasets.period import DAY, Grain, Period, Range, whole_periods
from flow.datasets.span import seconds_of
from flow.pipeline.plan import Due
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.privacy.primary import Rows
from flow.sql.request import choices

#: A dataset of a wiki.
Name = tuple[str, str]


@dataclass(slots=True)
class Stocks:
    """What was read of stocks, and which days will be asked for."""

    _wanted: dict[Name, set[Period]] = field(default_factory=lambda: defaultdict(set))
    _found: dict[Name, Rows] = field(default_factory=lambda: defaultdict(dict))

    def expect(self, due: Iterable[Due]) -> None:
        """Takes what a run will compute, in all grains, as asked for together."""
        for each in due:
            self._wanted[each.key.dataset, each.key.wiki] |= {last_day(period) for period in each.why}

    def rows(self, reader: Reader, dataset: Dataset, wiki: str, run: Sequence[Period]) -> Rows:
        """The checked texts of each period of ``run``, keyed by date; what is read for them is kept. Raises FlowError."""
        days = {period: last_day(period) for period in run}
        name, found = (dataset.id, wiki), self._found[dataset.id, wiki]
        for group in group_days({*days.values(), *self._wanted[name]}, longest_span(dataset)):
            if any(day in group and str(day) not in found for day in days.values()):
                found |= reader.rows(dataset, wiki, group, Choices(*choices(dataset.spans, {})))
        return {str(period): found[str(day)] for period, day in days.items()}


def last_day(period: Period) -> Period:
    """The day that ends with ``period``."""
    return Period(period.end - DAY, Grain.DAY)


def longest_span(dataset: Dataset) -> int:
    """The whole days that a dataset may look back."""
    return max((seconds_of(text) for text in dataset.spans.values()), default=0) // 86400


def group_days(days: Collection[Period], look_back: int) -> list[list[Period]]:
    """``days`` with those between, in runs: where these are fewer than what is looked back, it is less to read them, too."""
    found: list[list[Period]] = []
    for day in sorted(days):
        is_near = found and (day.start - found[-1][-1].start).days <= look_back + 1
        if is_near and (day.start - found[-1][0].start).days < MOST_PERIODS[Grain.DAY]:
            found[-1] += whole_periods(Range(found[-1][-1].end, day.end), Grain.DAY)
        else:
            found.append([day])
    return found
