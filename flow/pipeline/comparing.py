"""Which numbers must be computed again, so that a total and its parts are compared as their source is at one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from flow.datasets.catalog import Catalog
from flow.datasets.period import Period
from flow.pipeline.outcome import Outcome
from flow.pipeline.plan import Selection
from flow.pipeline.scope import measure_of
from flow.publication.checks import Table
from flow.publication.sums import Sum, Term, find_sums
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key, without_periods


@dataclass(frozen=True, slots=True)
class Comparing:
    """Looks at what a run has computed of scripts that are new or changed: the ``outcome`` tells what.

    ``accepted``: the datasets that may differ.
    """

    catalog: Catalog
    shelf: Shelf
    outcome: Outcome
    accepted: Collection[str]

    def find_periods(self) -> dict[Key, set[Period]]:
        """The published periods beside which a new number does not add up, and those of what these are made from."""
        found: dict[Key, set[Period]] = defaultdict(set)
        current = self.shelf.current()
        changed = {key for key in self.outcome.fresh if self._is_changed(current[key])}
        if not changed:
            return {}
        older = {key for key, entry in current.items() if entry.times.keys() - self.outcome.fresh.get(key, set())}
        table = cache(lambda key: Table(current[key].column_ids, self.shelf.rows(key)))
        for each in find_sums(self.catalog.datasets, current):
            keys, ids = {*each.keys}, {key.dataset for key in each.keys}
            if changed & keys and older & keys and ids.isdisjoint(self.accepted):
                for term in self._find_terms(each, changed, table):
                    for id in self.catalog.with_inputs([term.key.dataset]):
                        found[replace(term.key, dataset=id)].add(Period(date.fromisoformat(term.day), term.key.grain))
        return {key: periods for key, periods in found.items() if self._can_be_computed(key)}

    def _is_changed(self, entry: Entry) -> bool:
        live = self.shelf.live.entries.get(entry.key)
        return live is None or measure_of(live.definition) != measure_of(entry.definition)

    def _can_be_computed(self, key: Key) -> bool:
        dataset = self.catalog.datasets.get(key.dataset)
        return dataset is not None and not dataset.snapshot and key not in {*self.outcome.unfinished, *self.outcome.left}

    def _find_terms(self, each: Sum, changed: set[Key], table: Callable[[Key], Table]) -> Iterator[Term]:
        """The terms of a sum that is missed which are from an earlier run."""
        for day in sorted({day for key in changed & {*each.keys} for day in each.dates(self._fresh(key), key.grain)}):
            total, parts = Term(each.key, each.column, day), each.terms(day)
            whole, *rest = (table(term.key).number(term.column, term.day) for term in (total, *parts))
            if whole is not None and None not in rest and whole != sum(filter(None, rest)):
                yield from (term for term in (total, *parts) if term.day not in self._fresh(term.key))

    def _fresh(self, key: Key) -> set[str]:
        return {str(period) for period in self.outcome.fresh.get(key, ())}


def without(entries: Mapping[Key, Entry], periods: Mapping[Key, Collection[Period]]) -> dict[Key, Entry]:
    """``entries`` as if ``periods`` were missing, so that they are planned again."""
    return {key: without_periods(entry, periods.get(key, ())) for key, entry in entries.items()}


def select(catalog: Catalog, periods: Mapping[Key, Collection[Period]]) -> Selection:
    """The CSVs of ``periods``, and what is made from them."""
    ids = {key.dataset for key in periods}
    made = (id for id in catalog.datasets if not ids.isdisjoint(catalog.with_inputs([id])))
    wikis, grains = ({getattr(key, name) for key in periods} for name in ("wiki", "grain"))
    return Selection(tuple(sorted(made)), tuple(sorted(wikis)), tuple(sorted(grains)))
