"""Which periods a CSV can have: those that are over, from the first rows to the end of its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.engines.lag import IN_FLIGHT, AskEvidence
from flow.pipeline.scope import grace_of
from flow.pipeline.standing import Standing
from flow.settings import Wiki


def day_of(instant: datetime) -> date:
    """The day of an instant, in UTC."""
    return instant.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of all CSVs at the instant ``now``. Everything may raise the FlowError of a source that cannot be asked."""

    catalog: Catalog
    now: datetime
    standing: Standing
    evidence: AskEvidence

    def ended_periods(self, dataset: Dataset, wiki: Wiki, grain: Grain) -> list[Period]:
        """Every period that can have numbers and is over: its grace is past, or newer rows prove that it is complete."""
        begin = self.standing.begin(dataset, wiki, grain)
        if begin is None:
            return []
        closed = whole_periods(Range(begin, self._closed_day(dataset, wiki)), grain)
        over = whole_periods(Range(begin, day_of(self.now)), grain)[len(closed) :]
        found = closed + [period for period in over if self._is_proved(dataset, wiki, period)]
        last = self._last_day(dataset, wiki)
        return found if last is None else [period for period in found if period.start <= last]

    def is_source_closed(self, wiki: Wiki, source: str) -> bool:
        """Whether the settings say that a source gets no more rows, and the day they name is over."""
        last = wiki.last_day(source)
        return last is not None and last < day_of(self.now)

    def _closed_day(self, dataset: Dataset, wiki: Wiki) -> date:
        """The day before which all days are over, with their grace."""
        return day_of(self.now - grace_of(dataset, wiki, self.catalog))

    def _is_proved(self, dataset: Dataset, wiki: Wiki, period: Period) -> bool:
        newest = [self.evidence(wiki.id, source).newest for source in self.standing.sources(dataset, wiki)]
        return all(instant is not None and instant >= period.ends + IN_FLIGHT for instant in newest)

    def _last_day(self, dataset: Dataset, wiki: Wiki) -> date | None:
        """The day whose period is the last, if a source that it is made from is closed."""
        days = [wiki.last_day(source) for source in self.standing.sources(dataset, wiki)]
        return min((day for day in days if day is not None), default=None)
