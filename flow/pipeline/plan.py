"""Which periods of which datasets are due, and why: the difference between what could be published and what is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, left_over, whole_periods
from flow.engines.lag import IN_FLIGHT, AskEvidence, no_evidence
from flow.errors import FlowError, SchemaError
from flow.pipeline.scope import definition, grace_of, is_made
from flow.pipeline.snapshots import due_snapshot
from flow.pipeline.standing import FirstDay, Standing
from flow.settings import Settings, Wiki
from flow.shelf.entry import Entry, Key

#: At these ages a published period is looked at once more: revisions get imported, pages deleted.
AGES = (timedelta(days=7), timedelta(days=30))

MISSING = "missing"
UNSETTLED = "not settled"
LATE = "looked at again for late data"
CHANGED = "the definition changed"
AGAIN = "asked for again"
HELD = "held back before"
INPUT = "made from periods that are due"


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
    """All that is due, inputs before what is made from them; what could not be planned; and what was left out.

    ``looked_at``: every CSV that the selection names, due or not. ``waits``: why some periods that are over are not due.
    """

    due: list[Due] = field(default_factory=list)
    failures: list[tuple[Key, FlowError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    looked_at: list[Key] = field(default_factory=list)
    waits: dict[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans for one instant ``now``.

    ``first_day`` asks a wiki's source for the first day of what a dataset with SQL counts, ``evidence`` for what it tells
    of its lag; both may raise FlowError.
    """

    catalog: Catalog
    settings: Settings
    held: Mapping[Key, Entry]
    now: datetime
    first_day: FirstDay
    evidence: AskEvidence = no_evidence

    @property
    def standing(self) -> Standing:
        """How datasets stand on each wiki."""
        return Standing(self.catalog, self.first_day)

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
            dataset, key = self.catalog.datasets[id], Key(id, wiki.id, grain)
            if not is_made(dataset, key, self.catalog, self.settings) or self._is_absent(dataset, wiki, key):
                continue
            plan.looked_at.append(key)
            try:
                due = self._due(dataset, wiki, grain, selection, known)
                known[id] = self._there(due, key, plan) if due else due
            except FlowError as error:
                plan.failures.append((key, error))
                continue
            for input in (replace(key, dataset=id) for id in dataset.inputs):
                if input in plan.waits:
                    plan.waits.setdefault(key, plan.waits[input])
            if known[id] or (key not in self.held and key not in plan.waits):
                plan.due.append(Due(key, known[id]))

    def _is_absent(self, dataset: Dataset, wiki: Wiki, key: Key) -> bool:
        """Whether the tables of a dataset that has never been made are not there, and the wiki can do without."""
        return key not in self.held and self.standing.absence(dataset, wiki) is not None

    def _there(self, due: dict[Period, str], key: Key, plan: Plan) -> dict[Period, str]:
        """Those of ``due`` whose data are in the database already; what waits is told.

        Raises DatasetError if there is nothing in it any more.
        """
        wiki, dataset = self.settings.wiki(key.wiki), self.catalog.datasets[key.dataset]
        evidence_of = {kind: self.evidence(key.wiki, kind) for kind in self.standing.sources(dataset, wiki)}
        for kind, evidence in evidence_of.items():
            if evidence.is_empty and self._is_published(key.wiki, kind):
                raise SchemaError(f"wiki '{key.wiki}': its {kind} tables are empty now, though numbers of them are published")
        until = {kind: evidence.complete_until(self.now) for kind, evidence in evidence_of.items()}
        behind = {kind: instant for kind, instant in until.items() if instant is not None}
        there = {period: why for period, why in due.items() if all(period.ends <= instant for instant in behind.values())}
        if len(there) < len(due):
            kind, instant = min(behind.items(), key=lambda item: item[1])
            first = min(due.keys() - there.keys())
            plan.waits[key] = f"the database of its {kind} tables is complete only until {instant:%Y-%m-%d %H:%M}"
            plan.notes.append(f"{key}: waits from {first} on, {plan.waits[key]}")
        return there

    def _is_published(self, wiki: str, kind: str) -> bool:
        """Whether there are numbers from a wiki's tables of that kind."""
        entries = (entry for key, entry in self.held.items() if key.wiki == wiki and key.dataset in self.catalog.datasets)
        return any(entry.computed and kind in self.catalog.sources(entry.key.dataset) for entry in entries)

    def _due(
        self, dataset: Dataset, wiki: Wiki, grain: Grain, selection: Selection, known: Mapping[str, dict[Period, str]]
    ) -> dict[Period, str]:
        entry = self.held.get(Key(dataset.id, wiki.id, grain))
        periods = self._that_inputs_have(dataset, wiki, grain, self.closed(dataset, wiki, grain), known)
        changed = entry is not None and entry.definition != definition(self.catalog, self.settings.privacy, dataset, entry.key)
        times = entry.times if entry else {}
        asked = set(whole_periods(self._selected(periods, selection), grain)) if periods else set()
        if dataset.snapshot:
            return due_snapshot(periods, times, asked, selection.again or changed)
        if changed:
            return dict.fromkeys(periods, CHANGED)
        again = dict.fromkeys(sorted(asked & set(periods)), AGAIN) if selection.again else {}
        grace = grace_of(dataset, wiki, self.catalog)
        stale = {period: why for period in periods if (why := self._why(dataset, grace, period, times.get(period)))}
        below = {period: INPUT for id in dataset.inputs for period in self._newer(id, wiki, grain, known, times)}
        found = stale | {period: why for period, why in below.items() if period in periods} | again
        due = {period: why for period, why in found.items() if period in asked or why is INPUT}
        return self._between(periods, {*times, *due}) | due

    def _between(self, periods: Sequence[Period], there: set[Period]) -> dict[Period, str]:
        """The periods that would be a gap in a CSV with those that are ``there``."""
        first, last = min(there, default=None), max(there, default=None)
        if first is None or last is None:
            return {}
        return {period: MISSING for period in periods if first < period < last and period not in there}

    def _that_inputs_have(
        self, dataset: Dataset, wiki: Wiki, grain: Grain, periods: list[Period], known: Mapping[str, dict[Period, str]]
    ) -> list[Period]:
        """Those of ``periods`` that all that ``dataset`` is made from has, or will have in this run."""
        for id in dataset.inputs:
            input, entry = self.catalog.datasets[id], self.held.get(Key(id, wiki.id, grain))
            there = {*known.get(id, {}), *(entry.times if entry else ())}
            if id not in dataset.optional:
                periods = [period for period in periods if period in there]
            elif not self.standing.absence(input, wiki):
                late = self._late(input, wiki, grain, there)
                periods = [period for period in periods if period not in late]
        return periods

    def _late(self, input: Dataset, wiki: Wiki, grain: Grain, there: set[Period]) -> set[Period]:
        """The periods that an optional input will have, and has not yet; what it will never have is a gap."""
        first = min(there, default=None) if input.snapshot else None
        closed = self.closed(input, wiki, grain)
        return {period for period in closed if period not in there and (first is None or period > first)}

    def _newer(
        self, id: str, wiki: Wiki, grain: Grain, known: Mapping[str, dict[Period, str]], times: Mapping[Period, datetime]
    ) -> list[Period]:
        """The periods of ``times`` that the input ``id`` has since been, or will now be, computed for again."""
        entry = self.held.get(Key(id, wiki.id, grain))
        newer = [period for period, at in (entry.times if entry else {}).items() if period in times and at > times[period]]
        return [*newer, *(period for period in known.get(id, {}) if period in times)]

    def _selected(self, periods: Sequence[Period], selection: Selection) -> Range:
        return Range(selection.since or periods[0].start, selection.until or periods[-1].end)

    def _why(self, dataset: Dataset, grace: timedelta, period: Period, computed: datetime | None) -> str | None:
        """Why a closed period is due; None if it is not.

        One that can still change is due once each closed day, and once more after it has settled; any is due again
        when it reaches certain ages.
        """
        if computed is None or computed > self.now:
            return MISSING
        complete = period.ends + grace
        settled = complete + timedelta(seconds=dataset.settle_seconds)
        if computed >= settled:
            return LATE if any(computed < complete + age <= self.now for age in AGES) else None
        return UNSETTLED if self.now >= settled or _day(self.now - grace) > _day(computed - grace) else None

    def closed(self, dataset: Dataset, wiki: Wiki, grain: Grain) -> list[Period]:
        """Every period that can have numbers and is over: its grace is past, or newer rows prove that it is complete."""
        begin = self.standing.begin(dataset, wiki, grain)
        if begin is None:
            return []
        closed = whole_periods(Range(begin, self._closed_day(dataset, wiki)), grain)
        over = whole_periods(Range(begin, _day(self.now)), grain)[len(closed) :]
        return closed + [period for period in over if self._is_proved(dataset, wiki, period)]

    def _closed_day(self, dataset: Dataset, wiki: Wiki) -> date:
        """The day before which all days are over, with their grace."""
        return _day(self.now - grace_of(dataset, wiki, self.catalog))

    def _is_proved(self, dataset: Dataset, wiki: Wiki, period: Period) -> bool:
        newest = [self.evidence(wiki.id, kind).newest for kind in self.standing.sources(dataset, wiki)]
        return all(instant is not None and instant >= period.ends + IN_FLIGHT for instant in newest)

    def _notes(self, selection: Selection) -> list[str]:
        left = [note for grain in selection.grains or self.settings.output.grains for note in self._left_out(selection, grain)]
        return left + list(self._absences(selection))

    def _absences(self, selection: Selection) -> Iterable[str]:
        """What is asked for by name, and left out for a wiki."""
        for wiki in (self.settings.wiki(id) for id in selection.wikis or self.settings.wikis):
            for dataset in (self.catalog.datasets[id] for id in selection.datasets if id in self.catalog.datasets):
                why = self.standing.absence(dataset, wiki)
                if why:
                    yield f"{dataset.id}, {wiki.id}: left out, {why}"

    def _left_out(self, selection: Selection, grain: Grain) -> Iterable[str]:
        if selection.since is None and selection.until is None:
            return
        closed = max(_day(self.now - timedelta(seconds=wiki.grace("core"))) for wiki in self.settings.wikis.values())
        last = selection.until or closed
        first = selection.since or last
        yield from (f"{grain}: {days} is no whole {grain}, and left out" for days in left_over(Range(first, last), grain))
        if last > closed:
            yield f"{grain}: periods that end after {closed} are not over yet, or have their grace, and are left out"


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
