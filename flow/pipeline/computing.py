"""Computes what is due: reads, withholds small numbers, and stages each CSV, a year at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.gaps import find_gaps, merge_gaps
from flow.datasets.period import Period, runs
from flow.errors import FlowError
from flow.pipeline.dependents import blanks
from flow.pipeline.outcome import COMMON, Outcome
from flow.pipeline.plan import Due, Plan
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.pipeline.scope import definition
from flow.pipeline.snapshots import arrange, carry_on, missed_rows
from flow.pipeline.stocks import Stocks
from flow.privacy.policy import Policy
from flow.privacy.primary import Marks, Rows, blanked, joined, withhold
from flow.privacy.standins import Table
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key, describe_entry, new_entry
from flow.shelf.fingerprint import is_other
from flow.shelf.history import Computation, computed_runs
from flow.sql.request import choices
from flow.stopping import Stop
from flow.terminal.progress import Progress

log = logging.getLogger("flow")


@dataclass(frozen=True, slots=True)
class Computing:
    """Brings the ``shelf`` up to date at the instant ``now``, and tells the ``outcome``."""

    catalog: Catalog
    policy: Policy
    shelf: Shelf
    reader: Reader
    now: datetime
    stop: Stop
    outcome: Outcome
    stocks: Stocks = field(default_factory=Stocks)
    progress: Progress = field(default_factory=Progress)

    def compute(self, plan: Plan) -> None:
        """Computes and stages what is due. One failing dataset or wiki never stops another."""
        unfinished = self.outcome.unfinished
        unfinished |= dict(plan.failures)
        self.stocks.expect(plan.due)
        told_before = {id(error) for error in unfinished.values()}
        self.progress.expect(due.key.wiki for due in plan.due)
        for number, due in enumerate(plan.due, 1):
            if self.stop.is_over():
                self.outcome.left |= {each.key for each in plan.due[number - 1 :]}
                break
            self._try(due)
        self.progress.stop()
        if self.outcome.left:
            log.warning("the budget is used up: %d CSVs are left to the next run", len(self.outcome.left))
        rest = [(key, error) for key, error in unfinished.items() if isinstance(error, COMMON) and id(error) not in told_before]
        self.outcome.fail_together(rest)

    def _try(self, due: Due) -> None:
        key, began, reasons = due.key, time.monotonic(), None
        self.progress.begin(key.wiki, f"{key.dataset}, {key.grain}")
        try:
            if self._bring_up_to_date(due):
                self.outcome.computed.append(due)
                reasons = due.why.values()
                fields = {"seconds": round(time.monotonic() - began, 3), "rows": len(reasons)}
                log.debug(describe(due), extra={**key.fields, **fields})
        except FlowError as error:
            self.outcome.unfinished[key] = error
            if not isinstance(error, COMMON):
                what = str(error).removeprefix(f"{key.dataset}: ")
                self.outcome.fail(f"{key}: {what}", [key], getattr(error, "excerpt", ""))
        except OSError:  # of the disk, which all that follows needs
            raise
        except Exception as error:
            self.outcome.unfinished[key] = self.outcome.crash(key, error)
        self.progress.end(key.wiki, reasons)

    def _bring_up_to_date(self, due: Due) -> bool:
        """Brings one CSV up to date, a query at a time; False if the budget was used up before the last."""
        dataset, key = self.catalog.datasets[due.key.dataset], due.key
        self._check_inputs(dataset, key)
        entry, rows = self._begin(dataset, due)
        queries = runs(due.why, MOST_PERIODS[key.grain]) or [[]]
        for number, run in enumerate(queries, 1):
            missed = missed_rows(dataset, due.why, run)
            found, marks = self._compute_and_withhold(dataset, key, [period for period in run if str(period) not in missed])
            found |= missed
            how = {period: Computation(self.now, due.why[period], due.proved_until) for period in run}
            history = dict(entry.history) | how
            rows = rows | {date: arrange(entry.column_ids, dataset.column_ids, texts) for date, texts in found.items()}
            gaps = merge_gaps(entry.gaps, map(str, run), find_gaps(dataset, found, marks, missed), entry.column_ids)
            entry = replace(entry, computed=computed_runs(history), withheld=_merge(entry, run, marks), gaps=gaps)
            entry = self.shelf.stage(entry, rows)
            self.outcome.fresh.setdefault(key, set()).update(run)
            self.stop.check()
            if number < len(queries) and self.stop.is_over():
                self.outcome.left.add(key)
                return False
        return True

    def _begin(self, dataset: Dataset, due: Due) -> tuple[Entry, Rows]:
        """What there is of a CSV to go on from; nothing, if its numbers mean something else now, or are of another database."""
        key, wanted = due.key, definition(self.catalog, self.policy, dataset, due.key)
        held = self.shelf.current().get(key)
        replaced = held is not None and is_other(held.origin, due.origin)
        if dataset.snapshot and held and held.definition != wanted and not replaced:
            return carry_on(dataset, self.policy.rules(key.wiki, dataset.id), held, self.shelf.rows(key), wanted)
        if held is None or held.definition != wanted or replaced:
            self.shelf.unstage(key)
            entry, rows = new_entry(key, wanted, held), {}
        else:
            entry, rows = held, self.shelf.rows(key)
        entry = replace(entry, origin=due.origin or entry.origin)
        return describe_entry(entry, dataset, self.policy.rules(key.wiki, dataset.id).columns(dataset, key.grain)), rows

    def _check_inputs(self, dataset: Dataset, key: Key) -> None:
        for id in dataset.inputs:
            error = self.outcome.unfinished.get(replace(key, dataset=id))
            if error:
                raise error if isinstance(error, COMMON) else FlowError(f"it is made from {id}, which failed")

    def _rows(self, dataset: Dataset, key: Key, run: list[Period]) -> tuple[Rows, Marks]:
        """The texts of each period, and the cells that are made from something that is withheld."""
        if not dataset.compute:
            with self.stop.waiting():
                return self._read(dataset, key.wiki, run), {}
        tables: dict[str, Table] = {}
        withheld: dict[str, Marks] = {}
        there = self.shelf.current()
        for id in (id for id in dataset.inputs if id not in dataset.optional or replace(key, dataset=id) in there):
            input = replace(key, dataset=id)
            entry, held = there[input], self.shelf.rows(input)
            tables[id] = (entry.column_ids, {str(period): held[str(period)] for period in run if str(period) in held})
            withheld[id] = blanks(self.policy, self.catalog.datasets[id], entry, [str(period) for period in run])
        threshold = self.policy.largest_threshold(key.wiki, dataset.inputs)
        with self.stop.waiting():
            return self.reader.compute(dataset, tables, run, withheld, threshold)

    def _read(self, dataset: Dataset, wiki: str, run: list[Period]) -> Rows:
        if dataset.stock:
            return self.stocks.rows(self.reader, dataset, wiki, run)
        return self.reader.rows(dataset, wiki, run, Choices(*choices(dataset.spans, {})))

    def _compute_and_withhold(self, dataset: Dataset, key: Key, run: list[Period]) -> tuple[Rows, Marks]:
        """The texts of each period with what is withheld empty, columns that are not published by its grain among it."""
        if not run:
            return {}, {}
        rules = self.policy.rules(key.wiki, dataset.id)
        rows, marks = withhold(dataset, rules, *self._rows(dataset, key, run))
        shown = {column.id for column in rules.columns(dataset, key.grain)}
        hidden = {id: set(rows) for id in dataset.column_ids if id not in shown}
        return blanked(dataset.column_ids, rows, hidden), joined(marks, hidden)


def _merge(entry: Entry, run: list[Period], marks: Marks) -> Mapping[str, frozenset[str]]:
    """The marks of an entry whose periods of ``run`` are computed again."""
    again = {str(period) for period in run}
    kept = joined({column: dates - again for column, dates in entry.withheld.items()}, marks)
    return {column: frozenset(dates) for column, dates in sorted(kept.items()) if dates and column in entry.column_ids}


def describe(due: Due) -> str:
    """What is due of one CSV and why, in a line."""
    periods = due.periods
    if not periods:
        return f"{due.key}: none is over yet that can have numbers"
    reasons = ", ".join(dict.fromkeys(due.why.values()))
    many = f"{len(periods)} {due.key.grain}{'s' if len(periods) > 1 else ''}"
    return f"{due.key}: {many}, {periods[0]} to {periods[-1].end} ({reasons})"
