"""Which published periods may not stay: those that are not over, and those outside of what the settings name."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from flow.datasets.catalog import Catalog
from flow.datasets.period import Period
from flow.pipeline.outcome import Outcome
from flow.settings import Settings
from flow.shelf import Shelf
from flow.shelf.entry import Entry, without_periods

log = logging.getLogger("flow")


@dataclass(frozen=True, slots=True)
class Bounds:
    """At the instant ``now``. ``may_shrink``: whether a person lets history go that is older than a wiki's ``since``."""

    catalog: Catalog
    settings: Settings
    now: datetime
    may_shrink: bool = False

    def beyond(self, entry: Entry) -> set[Period]:
        """The periods of ``entry`` that may go without a check's consent."""
        early = self._early(entry) if self.may_shrink else set()
        return self.unfinished(entry) | self._late(entry) | early

    def unfinished(self, entry: Entry) -> set[Period]:
        """Those that are not over: a clock that was ahead computed them."""
        return {period for period in entry.times if period.ends > self.now}

    def apply(self, shelf: Shelf, outcome: Outcome) -> None:
        """Takes from what is held what is outside of the settings' ``since`` and ``until``; what needs consent is reported."""
        dropped: dict[str, int] = defaultdict(int)
        for entry in list(shelf.current().values()):
            gone = self._late(entry) | (self._early(entry) if self.may_shrink else set())
            if gone:
                drop(shelf, entry, gone)
                dropped[entry.key.wiki] += len(gone)
        for wiki, many in dropped.items():
            log.warning("wiki '%s': %d periods are outside of its since and until, and no longer published", wiki, many)
        self._tell_early(shelf, outcome)

    def _tell_early(self, shelf: Shelf, outcome: Outcome) -> None:
        many: dict[str, int] = defaultdict(int)
        for entry in shelf.current().values():
            many[entry.key.wiki] += bool(self._early(entry))
        for wiki, csvs in many.items():
            if csvs:
                since = self.settings.wiki(wiki).since
                what = f"wiki '{wiki}': {csvs} CSVs have periods from before its since, {since}; they stay as they are"
                outcome.hold(f"{what}, until 'run --allow-shrink' lets them go")

    def _early(self, entry: Entry) -> set[Period]:
        wiki = self.settings.wikis.get(entry.key.wiki)
        since = wiki.since if wiki else None
        return {period for period in entry.times if period.start < since} if since else set()

    def _late(self, entry: Entry) -> set[Period]:
        last = self._last_day(entry)
        return {period for period in entry.times if period.start > last} if last else set()

    def _last_day(self, entry: Entry) -> date | None:
        wiki = self.settings.wikis.get(entry.key.wiki)
        if wiki is None or entry.key.dataset not in self.catalog.datasets:
            return None
        days = (wiki.last_day(source) for source in self.catalog.sources(entry.key.dataset, optional=False))
        return min((day for day in days if day), default=None)


def drop(shelf: Shelf, entry: Entry, periods: set[Period]) -> None:
    """Stages a held CSV without ``periods``."""
    days = {str(period) for period in periods}
    rows = {day: row for day, row in shelf.rows(entry.key).items() if day not in days}
    shelf.stage(without_periods(entry, periods), rows)
