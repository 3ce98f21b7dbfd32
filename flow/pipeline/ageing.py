"""When published periods are due again by their age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from flow.datasets.period import Grain, Period
from flow.pipeline.calendar import day_of
from flow.pipeline.plan import AGES, LATE, MISSING, UNSETTLED
from flow.shelf.history import Computation, Computed, computation, periods_of


@dataclass(frozen=True, slots=True)
class Ageing:
    """At the instant ``now``; periods are complete after ``grace``, and settled when ``settles`` is over, too."""

    now: datetime
    grace: timedelta
    settles: timedelta

    def find_stale(self, periods: Iterable[Period], times: Mapping[Period, datetime]) -> dict[Period, str]:
        """Why each of the closed ``periods`` is due that is; ``times``: when each was computed."""
        found: dict[Period, str] = {}
        rest: dict[datetime, date] = {}
        for period in periods:
            at = times.get(period)
            if at is not None and period.end <= (rest.get(at) or rest.setdefault(at, self._resting_until(at))):
                continue
            why = self._why(period, at)
            if why:
                found[period] = why
        return found

    def is_resting(self, runs: Iterable[Computed], grain: Grain) -> bool:
        """Whether none of the periods of ``runs`` is due, and none can become it by newer rows alone."""
        return all(self._rests(periods_of(run, grain), computation(run)) for run in runs)

    def _rests(self, periods: Sequence[Period], how: Computation) -> bool:
        until = self._resting_until(how.at)
        young = takewhile(lambda period: period.end > until, reversed(periods))
        return how.proves(periods[-1]) and not any(self._why(period, how.at) for period in young)

    def _resting_until(self, computed: datetime) -> date:
        """Periods that ended by this day, and were ``computed`` then, are due no more: most of them, which need no look."""
        return date.min if computed > self.now else day_of(computed - self.grace - max(self.settles, *AGES))

    def _why(self, period: Period, computed: datetime | None) -> str | None:
        """Why a closed period is due; None if it is not.

        One that can still change is due once each closed day, and once more after it has settled; any is due again
        when it reaches certain ages.
        """
        if computed is None or computed > self.now:
            return MISSING
        complete = period.ends + self.grace
        settled = complete + self.settles
        if computed >= settled:
            return LATE if any(computed < complete + age <= self.now for age in AGES) else None
        return UNSETTLED if self.now >= settled or day_of(self.now - self.grace) > day_of(computed - self.grace) else None
