"""A run from beginning to end: plan, read, check, stage, publish."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from flow import board, datapackage, limn
from flow.catalog import Catalog
from flow.dataset import Dataset
from flow.engines.sources import Sources
from flow.errors import FlowError, HeldBack, SchemaError, Unreachable, UsageError
from flow.limn import contract
from flow.period import Period, runs
from flow.plan import Due, Plan, Planner, Selection, gone
from flow.question import choices
from flow.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings
from flow.shelf import Shelf, digests
from flow.shelf.manifest import Entry, Key, Manifest, computed_runs, described, new_entry
from flow.wiki.schema import Kind

log = logging.getLogger("flow")

#: What is wrong with a database, and so with all that it would have given: said once, not for each CSV.
COMMON = (Unreachable, SchemaError)


@dataclass(slots=True)
class Outcome:
    """What a run did. ``reached``: whether any database answered, of those that were asked."""

    computed: list[Due] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    release: Path | None = None
    reached: bool = True

    @property
    def exit_code(self) -> int:
        """3 if no database could be reached, 1 if some dataset failed, 4 if a check held something back, else 0."""
        if not self.reached:
            return Unreachable.exit_code
        return 1 if self.failures else HeldBack.exit_code if self.held_back else 0


@dataclass(slots=True)
class Run:
    """One run at the instant ``now``; what happens is logged, a line each."""

    settings: Settings
    catalog: Catalog
    reportcard: Path
    now: datetime
    outcome: Outcome = field(default_factory=Outcome)

    def plan(self, selection: Selection) -> Plan:
        """What a run would do; nothing is written but the folder itself."""
        shelf = self._shelf().open().inspect()
        with Sources(self.settings) as sources:
            return self._planned(selection, shelf, sources, {})

    def run(self, selection: Selection) -> Outcome:
        """Brings ``selection`` up to date and publishes. One failing dataset or wiki never stops another."""
        first_days: dict[str, str] = {}
        with self._shelf().locked() as shelf:
            page = self._board()
            with Sources(self.settings) as sources:
                plan = self._planned(selection, shelf, sources, first_days)
                unfinished = self._read(plan, shelf, Reader(self.catalog, sources))
                self._see(sources)
            self._publish(shelf, page, unfinished, {**shelf.live.first_days, **first_days})
        return self.outcome

    def _shelf(self) -> Shelf:
        return Shelf(self.settings.output.folder, log.warning)

    def _planned(self, selection: Selection, shelf: Shelf, sources: Sources, first_days: dict[str, str]) -> Plan:
        self._check(selection)
        if not selection.again:
            first_days.update(shelf.live.first_days)
        plan = self._planner(shelf, sources, first_days).plan(selection)
        for note in plan.notes:
            log.info(note)
        self._report_broken(selection, plan)
        self._see(sources)
        return plan

    def _see(self, sources: Sources) -> None:
        """Remembers whether any database has answered."""
        self.outcome.reached = sources.reached() > 0 or sources.unreached() == 0

    def _check(self, selection: Selection) -> None:
        for id in selection.datasets:
            if id not in self.catalog.ids:
                self.catalog.get(id)
        for wiki in selection.wikis:
            self.settings.wiki(wiki)
        if selection.since and selection.until and selection.since >= selection.until:
            raise UsageError(f"--since {selection.since} must be before --until {selection.until}")

    def _planner(self, shelf: Shelf, sources: Sources, first_days: dict[str, str]) -> Planner:
        def first_day(wiki: str, kind: Kind) -> date | None:
            name = f"{wiki} {kind}"
            if name not in first_days:
                found = sources.get(wiki, kind).first_day()
                if found is None:
                    return None
                first_days[name] = found.isoformat()
            return date.fromisoformat(first_days[name])

        return Planner(self.catalog, self.settings, shelf.held(), self.now, first_day)

    def _board(self) -> board.Board | None:
        try:
            return board.read(self.reportcard, self.catalog.ids)
        except HeldBack as error:
            self._hold(f"{error}; nothing is published until it is mended, what is computed is kept")
            return None

    def _report_broken(self, selection: Selection, plan: Plan) -> None:
        for id in selection.datasets or self.catalog.broken:
            if id in self.catalog.broken:
                self._fail(str(self.catalog.broken[id]))
        self._fail_together(error for _, error in plan.failures)

    # Read

    def _read(self, plan: Plan, shelf: Shelf, reader: Reader) -> dict[Key, FlowError]:
        """Computes and stages what is due; gives what could not be finished, and why."""
        unfinished: dict[Key, FlowError] = dict(plan.failures)
        for number, due in enumerate(plan.due, 1):
            try:
                self._check_inputs(due, unfinished)
                self._compute(due, shelf, reader)
                self.outcome.computed.append(due)
                log.info(f"[{number}/{len(plan.due)}] {told(due)}")
            except FlowError as error:
                unfinished[due.key] = error
                if not isinstance(error, COMMON):
                    self._fail(f"{due.key}: {str(error).removeprefix(f'{due.key.dataset}: ')}")
        told_before = {id(error) for _, error in plan.failures}
        self._fail_together(error for error in unfinished.values() if isinstance(error, COMMON) and id(error) not in told_before)
        return unfinished

    def _check_inputs(self, due: Due, unfinished: Mapping[Key, FlowError]) -> None:
        for id in self.catalog.datasets[due.key.dataset].inputs:
            error = unfinished.get(replace(due.key, dataset=id))
            if error:
                raise error if isinstance(error, COMMON) else FlowError(f"it is made from {id}, which failed")

    def _compute(self, due: Due, shelf: Shelf, reader: Reader) -> None:
        key, made = due.key, self.catalog.datasets[due.key.dataset]
        definition = self.catalog.definition(made.id)
        entry = shelf.held().get(key)
        if entry is None or entry.definition != definition:
            shelf.unstage(key)
            entry, rows = new_entry(key, made, definition), {}
        else:
            rows = shelf.rows(key)
        for run in runs(due.why, MOST_PERIODS[key.grain]) or [[]]:
            rows |= self._rows(made, key, run, shelf, reader) if run else {}
            times = entry.times() | dict.fromkeys(run, self.now)
            entry = shelf.stage(replace(described(entry, made), computed=computed_runs(times)), rows)

    def _rows(self, made: Dataset, key: Key, run: list[Period], shelf: Shelf, reader: Reader) -> dict[str, list[str]]:
        if not made.compute:
            return reader.rows(made, key.wiki, run, Choices(*choices(made.spans, {})))
        tables = {}
        for id in made.inputs:
            held = shelf.rows(replace(key, dataset=id))
            tables[id] = {str(period): held[str(period)] for period in run}
        return reader.computed(made, tables, run)

    # Publish

    def _publish(
        self, shelf: Shelf, page: board.Board | None, unfinished: Mapping[Key, FlowError], first_days: Mapping[str, str]
    ) -> None:
        entries = self._publishable(shelf, unfinished)
        absent = shelf.damaged - entries.keys()
        lost = absent - gone(absent, self.catalog, self.settings).keys()
        if lost:
            self._hold(f"{len(lost)} damaged CSVs were not computed again; what is published stays as it is")
        if page is None or lost or not entries:
            return
        output = self.settings.output
        default = (next(iter(self.settings.wikis)), output.default_grain)
        files = limn.files(entries, page, default, output.limn_name)
        files[datapackage.FILE] = datapackage.text(entries)
        planned = Manifest(entries, dict(first_days))
        if not self._differs(shelf, planned, files):
            return
        id = self.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        try:
            self.outcome.release = shelf.publish(id, planned, files, contract.complaints)
        except HeldBack as error:
            self._hold(str(error))

    def _publishable(self, shelf: Shelf, unfinished: Mapping[Key, FlowError]) -> dict[Key, Entry]:
        """The entries of the next release: never one that lacks a period which the live one has."""
        held = dict(shelf.held())
        for key, why in gone(held, self.catalog, self.settings).items():
            log.warning(f"{key}: {why}; it is no longer published")
            shelf.unstage(key)
            del held[key]
        for key in unfinished.keys() & held.keys():
            live = shelf.live.entries.get(key)
            if live and not set(live.times()) <= set(held[key].times()):
                held[key] = live
        return {key: self._described(held[key]) for key in sorted(held)}

    def _described(self, entry: Entry) -> Entry:
        made = self.catalog.datasets.get(entry.key.dataset)
        if made is None or entry.definition != self.catalog.definition(made.id):
            return entry
        return described(entry, made)

    def _differs(self, shelf: Shelf, planned: Manifest, files: Mapping[str, str]) -> bool:
        live = shelf.live
        return planned.entries != live.entries or digests(files) != live.files

    def _fail_together(self, errors: Iterable[FlowError]) -> None:
        """One line for all that failed for the same reason."""
        for line, many in Counter(map(str, errors)).items():
            self._fail(f"{line} ({many} {'CSV' if many == 1 else 'CSVs'} not made)")

    def _fail(self, line: str) -> None:
        self.outcome.failures.append(line)
        log.error(f"failed: {line}")

    def _hold(self, line: str) -> None:
        self.outcome.held_back.append(line)
        log.error(f"held back: {line}")


def told(due: Due) -> str:
    """What is due of one CSV and why, in a line."""
    periods = due.periods
    if not periods:
        return f"{due.key}: the wiki has no rows yet"
    reasons = ", ".join(dict.fromkeys(due.why.values()))
    many = f"{len(periods)} {due.key.grain}{'s' if len(periods) > 1 else ''}"
    return f"{due.key}: {many}, {periods[0]} to {periods[-1].end} ({reasons})"
