"""Plans a run: which periods of which CSVs are due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, walk_periods, whole_periods
from flow.engines.lag import AskEvidence, Evidence, no_evidence
from flow.errors import FlowError, SchemaError
from flow.pipeline.ageing import Ageing
from flow.pipeline.calendar import Calendar, day_of
from flow.pipeline.origins import AskOrigins, UnknownOrigins
from flow.pipeline.plan import AGAIN, CHANGED, INPUT, MISSING, REPLACED, UNPROVED, Due, Plan, Selection
from flow.pipeline.scope import definition, grace_of, is_made
from flow.pipeline.selecting import find_left_out
from flow.pipeline.snapshots import due_snapshot
from flow.pipeline.standing import FirstDay, Standing
from flow.settings import Settings, Wiki
from flow.shelf.entry import Entry, Key
from flow.shelf.fingerprint import is_other


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans for one instant ``now``.

    ``first_day`` asks a wiki's source for the first day of what a dataset with SQL counts, ``evidence`` for what it tells
    of its lag, ``origins`` for which database it is; all may raise FlowError.
    """

    catalog: Catalog
    settings: Settings
    held: Mapping[Key, Entry]
    now: datetime
    first_day: FirstDay
    evidence: AskEvidence = no_evidence
    origins: AskOrigins = field(default_factory=UnknownOrigins)

    @property
    def standing(self) -> Standing:
        """How datasets stand on each wiki."""
        return Standing(self.catalog, self.first_day)

    @property
    def calendar(self) -> Calendar:
        """Which periods CSVs can have."""
        return Calendar(self.catalog, self.now, self.standing, self.evidence)

    def plan(self, selection: Selection) -> Plan:
        """What is due of ``selection``. A dataset made from others brings these along."""
        plan = Plan()
        ids = self.catalog.with_inputs(list(selection.datasets) or self.catalog.ids)
        wikis = [self.settings.wiki(id) for id in selection.wikis or self.settings.wikis]
        for wiki in wikis:
            plan.add(self._plan_wiki(ids, wiki, selection))
        plan.absences |= self._absences(selection)
        plan.notes += self._notes(selection)
        return plan

    def _plan_wiki(self, ids: Sequence[str], wiki: Wiki, selection: Selection) -> Plan:
        """The plan for one wiki; made once more if one of its sources turned out to be another database on the way."""
        was_other = self.origins.found_other(wiki.id)
        plan = Plan()
        for grain in selection.grains or self.settings.output.grains:
            self._add(plan, [id for id in ids if id in self.catalog.datasets], wiki, grain, selection)
        return plan if was_other == self.origins.found_other(wiki.id) else self._plan_wiki(ids, wiki, selection)

    def _add(self, plan: Plan, ids: Sequence[str], wiki: Wiki, grain: Grain, selection: Selection) -> None:
        known: dict[str, dict[Period, str]] = {}
        for id in ids:
            dataset, key = self.catalog.datasets[id], Key(id, wiki.id, grain)
            if not is_made(dataset, key, self.catalog, self.settings) or self._is_absent(dataset, wiki, key):
                continue
            plan.looked_at.append(key)
            try:
                due = self._due_of_origin(dataset, wiki, grain, selection, known)
                known[id] = self._select_available(due, key, plan) if due else due
            except FlowError as error:
                plan.failures.append((key, error))
                continue
            for input in (replace(key, dataset=id) for id in dataset.inputs):
                if input in plan.waits:
                    plan.waits.setdefault(key, plan.waits[input])
            if known[id] or (key not in self.held and key not in plan.waits):
                plan.due.append(self._due_with_facts(key, known[id]))

    def _is_absent(self, dataset: Dataset, wiki: Wiki, key: Key) -> bool:
        """Whether the tables of a dataset that has never been made are not there, and the wiki can do without."""
        return key not in self.held and self.standing.absence(dataset, wiki) is not None

    def _due_of_origin(
        self, dataset: Dataset, wiki: Wiki, grain: Grain, selection: Selection, known: Mapping[str, dict[Period, str]]
    ) -> dict[Period, str]:
        """What is due; all, if what is held was computed from another database. The database is asked only if it must be."""
        entry = self.held.get(Key(dataset.id, wiki.id, grain))
        kinds = self.standing.sources(dataset, wiki)
        if entry and self.origins.is_doubtful(wiki.id, kinds, entry.origin) and self._is_replaced(entry, kinds):
            return self._all(dataset, wiki, grain, known)
        due = self._due(dataset, wiki, grain, selection, known)
        return self._all(dataset, wiki, grain, known) if due and entry and self._is_replaced(entry, kinds) else due

    def _is_replaced(self, entry: Entry, kinds: Sequence[str]) -> bool:
        return entry.origin != "" and is_other(entry.origin, self.origins.name(entry.key.wiki, kinds))

    def _all(self, dataset: Dataset, wiki: Wiki, grain: Grain, known: Mapping[str, dict[Period, str]]) -> dict[Period, str]:
        periods = self._limit_to_inputs(dataset, wiki, grain, self.calendar.ended_periods(dataset, wiki, grain), known)
        return dict.fromkeys(periods[-1:] if dataset.snapshot else periods, REPLACED)

    def _due_with_facts(self, key: Key, why: dict[Period, str]) -> Due:
        if not why:
            return Due(key, why)
        kinds = self.standing.sources(self.catalog.datasets[key.dataset], self.settings.wiki(key.wiki))
        until = [self.evidence(key.wiki, kind).proved_until(self.now) for kind in kinds]
        proved_until = min(filter(None, until), default=None) if None not in until else None
        return Due(key, why, proved_until, self.origins.name(key.wiki, kinds))

    def _select_available(self, due: dict[Period, str], key: Key, plan: Plan) -> dict[Period, str]:
        """Those of ``due`` whose data are in the database already; what waits is reported.

        Raises DatasetError if there is nothing in it any more.
        """
        wiki, dataset = self.settings.wiki(key.wiki), self.catalog.datasets[key.dataset]
        evidence_of = {kind: self.evidence(key.wiki, kind) for kind in self.standing.sources(dataset, wiki)}
        for kind, evidence in evidence_of.items():
            if evidence.is_empty and self._is_published(key.wiki, kind):
                raise SchemaError(f"wiki '{key.wiki}': its {kind} tables are empty now, though numbers of them are published")
        evidence_of = {kind: each for kind, each in evidence_of.items() if not self.calendar.is_source_closed(wiki, kind)}
        until = {kind: evidence.complete_until(self.now) for kind, evidence in evidence_of.items()}
        behind = {kind: instant for kind, instant in until.items() if instant is not None}
        there = {period: why for period, why in due.items() if all(period.ends <= instant for instant in behind.values())}
        if len(there) < len(due):
            kind, instant = min(behind.items(), key=lambda item: item[1])
            first = min(due.keys() - there.keys())
            plan.waits[key] = f"the database of its {kind} tables is complete only until {instant:%Y-%m-%d %H:%M}"
            plan.notes.append(f"{key}: waits from {first} on, {plan.waits[key]}")
            self._report_still(key.wiki, evidence_of, plan)
        return there

    def _report_still(self, wiki: str, evidence_of: Mapping[str, Evidence], plan: Plan) -> None:
        for kind, evidence in evidence_of.items():
            if evidence.stands_still(self.now):
                plan.still[f"{wiki} {kind}"] = (
                    f"wiki '{wiki}': its {kind} tables stand still: {evidence.describe_silence()}. What is newer waits. Mend the"
                    " replica; or let the account read its status (GRANT REPLICA MONITOR) or a heartbeat table; or, if it is"
                    f" closed, set {'until' if kind == 'core' else f'{kind}_until'} in [wikis.{wiki}]"
                )

    def _is_published(self, wiki: str, kind: str) -> bool:
        """Whether there are numbers from a wiki's tables of that kind; what can do without them tells nothing."""
        entries = (entry for key, entry in self.held.items() if key.wiki == wiki and key.dataset in self.catalog.datasets)
        return any(entry.computed and kind in self.catalog.sources(entry.key.dataset, optional=False) for entry in entries)

    def _due(
        self, dataset: Dataset, wiki: Wiki, grain: Grain, selection: Selection, known: Mapping[str, dict[Period, str]]
    ) -> dict[Period, str]:
        entry = self.held.get(Key(dataset.id, wiki.id, grain))
        periods = self._limit_to_inputs(dataset, wiki, grain, self.calendar.ended_periods(dataset, wiki, grain), known)
        changed = entry is not None and entry.definition != definition(self.catalog, self.settings.privacy, dataset, entry.key)
        ageing = Ageing(self.now, grace_of(dataset, wiki, self.catalog), timedelta(seconds=dataset.settle_seconds))
        if not (changed or selection.again or dataset.inputs or dataset.snapshot) and _rests(entry, periods, ageing):
            return {}
        times = entry.times if entry else {}
        asked = self._selected(periods, selection) if periods else Range(day_of(self.now), day_of(self.now))
        if dataset.snapshot:
            return due_snapshot(periods, times, whole_periods(asked, grain), selection.again or changed)
        if changed:
            return dict.fromkeys(periods, CHANGED)
        again = dict.fromkeys((period for period in periods if period.is_within(asked)), AGAIN) if selection.again else {}
        stale = ageing.find_stale(periods, times)
        stale |= dict.fromkeys(self._newly_proved(entry, periods), UNPROVED)
        below = {period for id in dataset.inputs for period in self._newer(id, wiki, grain, known, times)}
        found = stale | {period: INPUT for period in periods if period in below} | again
        due = {period: why for period, why in found.items() if period.is_within(asked) or why is INPUT}
        return self._between(periods, times, due) | due

    def _newly_proved(self, entry: Entry | None, periods: Sequence[Period]) -> list[Period]:
        """Those of ``periods`` that were computed from rows which all were older than their end, where newer ones have come."""
        unproved = entry.unproved if entry else {}
        open_ = {period: unproved[period].proved_until for period in periods if period in unproved} if unproved else {}
        if not entry or not open_:
            return []
        now_until = self._due_with_facts(entry.key, dict.fromkeys(open_, UNPROVED)).proved_until
        return [period for period, until in open_.items() if until and now_until and now_until > until]

    def _between(self, periods: Sequence[Period], times: Collection[Period], due: Collection[Period]) -> dict[Period, str]:
        """The periods that would be a gap in a CSV with those that are there and those that are ``due``."""
        starts = [period.start for there in (times, due) for period in there]
        if not starts or not periods:
            return {}
        first, last, grain = min(starts), max(starts), periods[0].grain
        if not due and len(walk_periods(first, grain.next(last), grain)) == len(times):
            return {}
        there = {*times, *due}
        return {period: MISSING for period in periods if first < period.start < last and period not in there}

    def _limit_to_inputs(
        self, dataset: Dataset, wiki: Wiki, grain: Grain, periods: list[Period], known: Mapping[str, dict[Period, str]]
    ) -> list[Period]:
        """Those of ``periods`` that all that ``dataset`` is made from has, or will have in this run."""
        for id in dataset.inputs:
            input, entry = self.catalog.datasets[id], self.held.get(Key(id, wiki.id, grain))
            there = {*known.get(id, {}), *(entry.times if entry else ())}
            if id not in dataset.optional:
                periods = [period for period in periods if period in there]
            elif not self.standing.absence(input, wiki):
                late = self._find_pending(input, wiki, grain, there)
                periods = [period for period in periods if period not in late]
        return periods

    def _find_pending(self, input: Dataset, wiki: Wiki, grain: Grain, there: set[Period]) -> set[Period]:
        """The periods that an optional input will have, and has not yet; what it will never have is a gap."""
        first = min(there, default=None) if input.snapshot else None
        closed = self.calendar.ended_periods(input, wiki, grain)
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

    def _notes(self, selection: Selection) -> list[str]:
        closed = max(day_of(self.now - timedelta(seconds=wiki.grace("core"))) for wiki in self.settings.wikis.values())
        grains = selection.grains or self.settings.output.grains
        left = [note for grain in grains for note in find_left_out(selection, grain, closed)]
        return left + [f"{id}: left out, {why}" for id, why in self._absences(selection).items()]

    def _absences(self, selection: Selection) -> dict[str, str]:
        """What is asked for by name, and left out for a wiki, as ``<dataset>, <wiki>``; and why."""
        datasets = [self.catalog.datasets[id] for id in selection.datasets if id in self.catalog.datasets]
        wikis = [self.settings.wiki(id) for id in selection.wikis or self.settings.wikis]
        found = {f"{dataset.id}, {wiki.id}": self.standing.absence(dataset, wiki) for wiki in wikis for dataset in datasets}
        return {name: why for name, why in found.items() if why}


def _rests(entry: Entry | None, periods: Sequence[Period], ageing: Ageing) -> bool:
    """Whether a CSV has all ``periods``, and none is due for its age."""
    return entry is not None and entry.is_of(periods) and ageing.is_resting(entry.computed, entry.key.grain)
