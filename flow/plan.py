"""Which periods of which datasets are due, and why: the difference between what could be published and what is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import cast

from flow.catalog import Catalog
from flow.dataset import Dataset
from flow.errors import FlowError
from flow.period import Grain, Period, Range, left_over, whole_periods
from flow.settings import Settings, Wiki
from flow.shelf.manifest import Entry, Key
from flow.wiki.schema import Kind

#: How long after its end a period is taken to be complete in the database.
GRACE = timedelta(hours=6)

MISSING = "missing"
UNSETTLED = "not settled"
CHANGED = "the definition changed"
ASKED = "asked for again"
INPUT = "made from periods that are due"

FirstDay = Callable[[str, Kind], date | None]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is asked to bring up to date: all, unless something is named; ``days`` None for whatever is due."""

    datasets: tuple[str, ...] = ()
    wikis: tuple[str, ...] = ()
    grains: tuple[Grain, ...] = ()
    since: date | None = None
    until: date | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One CSV's periods to compute, in order, and why each is due."""

    key: Key
    why: dict[Period, str]

    @property
    def periods(self) -> list[Period]:
        """The periods, in order."""
        return sorted(self.why)


@dataclass(slots=True)
class Plan:
    """All that is due, inputs before what is made from them; what could not be planned; and what was left out."""

    due: list[Due] = field(default_factory=list)
    failures: list[tuple[Key, FlowError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans for one instant ``now``; ``first_day`` asks a wiki's source for its first row, and may raise FlowError."""

    catalog: Catalog
    settings: Settings
    held: Mapping[Key, Entry]
    now: datetime
    first_day: FirstDay

    def plan(self, selection: Selection) -> Plan:
        """What is due of ``selection``. A dataset made from others brings these along."""
        plan = Plan()
        ids = self.catalog.with_inputs(list(selection.datasets) or self.catalog.ids)
        wikis = [self.settings.wiki(id) for id in selection.wikis or self.settings.wikis]
        for wiki in wikis:
            for grain in selection.grains or self.settings.output.grains:
                self._add(plan, [id for id in ids if id in self.catalog.datasets], wiki, grain, selection)
        plan.notes += self._notes(selection)
        return plan

    def _add(self, plan: Plan, ids: Sequence[str], wiki: Wiki, grain: Grain, selection: Selection) -> None:
        known: dict[str, dict[Period, str]] = {}
        for id in ids:
            made = self.catalog.datasets[id]
            if not wiki.flow and "flow" in self.catalog.sources(id):
                continue
            try:
                known[id] = self._due(made, wiki, grain, selection, known)
            except FlowError as error:
                plan.failures.append((Key(id, wiki.id, grain), error))
                continue
            if known[id] or Key(id, wiki.id, grain) not in self.held:
                plan.due.append(Due(Key(id, wiki.id, grain), known[id]))

    def _due(
        self, made: Dataset, wiki: Wiki, grain: Grain, selection: Selection, known: Mapping[str, dict[Period, str]]
    ) -> dict[Period, str]:
        entry = self.held.get(Key(made.id, wiki.id, grain))
        periods = self._that_inputs_have(made, wiki, self.closed(made, wiki, grain), known)
        if entry and entry.definition != self.catalog.definition(made.id):
            return dict.fromkeys(periods, CHANGED)
        times = entry.times() if entry else {}
        asked = set(whole_periods(self._asked(periods, selection), grain)) if periods else set()
        again = dict.fromkeys(sorted(asked & set(periods)), ASKED) if selection.again else {}
        stale = {period: why for period in periods if (why := self._why(made, period, times.get(period)))}
        below = {period: INPUT for id in made.inputs for period in self._newer(id, wiki, grain, known, times)}
        found = stale | {period: why for period, why in below.items() if period in periods} | again
        return {period: why for period, why in found.items() if period in asked or why is INPUT}

    def _that_inputs_have(
        self, made: Dataset, wiki: Wiki, periods: list[Period], known: Mapping[str, dict[Period, str]]
    ) -> list[Period]:
        """Those of ``periods`` that all that ``made`` is made from has, or will have in this run."""
        for id in made.inputs:
            entry = self.held.get(Key(id, wiki.id, periods[0].grain)) if periods else None
            there = {*known.get(id, {}), *(entry.times() if entry else ())}
            periods = [period for period in periods if period in there]
        return periods

    def _newer(
        self, id: str, wiki: Wiki, grain: Grain, known: Mapping[str, dict[Period, str]], times: Mapping[Period, datetime]
    ) -> list[Period]:
        """The periods of ``times`` that the input ``id`` has since been, or will now be, computed for again."""
        entry = self.held.get(Key(id, wiki.id, grain))
        newer = [period for period, at in (entry.times() if entry else {}).items() if period in times and at > times[period]]
        return [*newer, *(period for period in known.get(id, {}) if period in times)]

    def _asked(self, periods: Sequence[Period], selection: Selection) -> Range:
        return Range(selection.since or periods[0].start, selection.until or periods[-1].end)

    def _why(self, made: Dataset, period: Period, computed: datetime | None) -> str | None:
        """Why a closed period is due; None if it is not.

        One that can still change is due once each closed day, and once more after it has settled.
        """
        if computed is None or computed > self.now:
            return MISSING
        settled = period.ends + timedelta(seconds=made.settle_seconds) + GRACE
        if computed >= settled:
            return None
        return UNSETTLED if self.now >= settled or _closed_day(self.now) > _closed_day(computed) else None

    def closed(self, made: Dataset, wiki: Wiki, grain: Grain) -> list[Period]:
        """Every period that can have numbers and is over, with its grace."""
        begin = self._begin(made, wiki, grain)
        return whole_periods(Range(begin, _closed_day(self.now)), grain) if begin else []

    def _begin(self, made: Dataset, wiki: Wiki, grain: Grain) -> date | None:
        """The first day of the first period: none begins before the dataset, the wiki's ``since`` or the first rows."""
        first_days = [self.first_day(wiki.id, cast(Kind, kind)) for kind in self.catalog.sources(made.id)]
        starts = [grain.floor(day) for day in first_days if day is not None]
        if len(starts) < len(first_days):
            return None
        sinces = [each.first_day for each in self._all_inputs(made)] + [wiki.since]
        return max([*starts, *(grain.ceil(day) for day in sinces if day is not None)])

    def _all_inputs(self, made: Dataset) -> list[Dataset]:
        return [self.catalog.datasets[id] for id in self.catalog.with_inputs([made.id])]

    def _notes(self, selection: Selection) -> list[str]:
        return [note for grain in selection.grains or self.settings.output.grains for note in self._left_out(selection, grain)]

    def _left_out(self, selection: Selection, grain: Grain) -> Iterable[str]:
        if selection.since is None and selection.until is None:
            return
        last = selection.until or _closed_day(self.now)
        first = selection.since or last
        yield from (f"{grain}: {days} is no whole {grain}, and left out" for days in left_over(Range(first, last), grain))
        if last > _closed_day(self.now):
            yield f"{grain}: periods that end after {_closed_day(self.now)} are not over yet, and left out"


def _closed_day(now: datetime) -> date:
    """The day before which all days are over, with their grace."""
    return (now.astimezone(UTC) - GRACE).date()


def gone(held: Iterable[Key], catalog: Catalog, settings: Settings) -> dict[Key, str]:
    """The keys of CSVs that nothing makes any more, and why."""
    found = {}
    for key in held:
        wiki = settings.wikis.get(key.wiki)
        if key.dataset not in catalog.ids:
            found[key] = "its query script is gone"
        elif wiki is None:
            found[key] = "its wiki is no longer in the settings"
        elif key.grain not in settings.output.grains:
            found[key] = "its grain is no longer in the settings"
        elif not wiki.flow and "flow" in catalog.sources(key.dataset):
            found[key] = "its wiki has no Flow, say the settings"
    return found
