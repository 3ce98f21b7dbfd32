"""Which cells of datasets made from others depend on cells that were withheld after these were computed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from flow.datasets.dataset import Dataset
from flow.errors import FlowError
from flow.pipeline.reading import Reader
from flow.pipeline.scope import definition
from flow.privacy.policy import Policy
from flow.privacy.primary import Marks, joined
from flow.privacy.standins import Table
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key

log = logging.getLogger("flow")


def blanks(policy: Policy, dataset: Dataset, entry: Entry, dates: list[str]) -> Marks:
    """The withheld cells of an input, and all of a column that is not published by its grain."""
    rules = policy.rules(entry.key.wiki, entry.key.dataset)
    shown = {column.id for column in rules.columns(dataset, entry.key.grain)}
    return joined(entry.withheld, {id: set(dates) for id in dataset.column_ids if id not in shown})


@dataclass(frozen=True, slots=True)
class Dependents:
    """Finds what must go; the numbers themselves stay as they were computed."""

    reader: Reader
    policy: Policy

    def select_computed(self, keys: Iterable[Key]) -> list[Key]:
        """Those that are made from others, inputs first."""
        catalog = self.reader.catalog
        made = [key for key in keys if key.dataset in catalog.datasets and catalog.datasets[key.dataset].inputs]
        return sorted(made, key=lambda key: (len(catalog.with_inputs([key.dataset])), key))

    def select_inputs(self, key: Key) -> list[Key]:
        """A CSV, and all that it is made from."""
        return [replace(key, dataset=id) for id in self.reader.catalog.with_inputs([key.dataset])]

    def find_dependent_cells(self, entries: Mapping[Key, Entry], rows: Callable[[Key], Rows], key: Key) -> Marks:
        """The cells of a CSV that come out differently for other numbers in the withheld cells of its inputs."""
        dataset, datasets = self.reader.catalog.datasets[key.dataset], self.reader.catalog.datasets
        inputs = {id: entries[replace(key, dataset=id)] for id in dataset.inputs if replace(key, dataset=id) in entries}
        own = rows(key)
        held = {id: rows(input.key) for id, input in inputs.items()}
        dates = [date for date in own if all(date in held[id] for id in held.keys() - {*dataset.optional})]
        found = {id: blanks(self.policy, datasets[id], input, dates) for id, input in inputs.items()}
        if not any(marks for each in found.values() for marks in each.values()):
            return {}
        periods = [period for period in sorted(entries[key].times) if str(period) in set(dates)]
        tables: dict[str, Table] = {
            id: (inputs[id].column_ids, {date: held[id][date] for date in dates if date in held[id]}) for id in inputs
        }
        threshold = self.policy.largest_threshold(key.wiki, dataset.inputs)
        try:
            if {*dataset.inputs} - inputs.keys() - {*dataset.optional} or not self._is_todays(entries[key], dataset):
                raise FlowError("it was computed otherwise than it would be today")
            return self.reader.compute(dataset, tables, periods, found, threshold)[1]
        except FlowError as error:
            log.warning("%s: all is withheld, for what of it is made from withheld numbers cannot be told: %s", key, error)
            return {id: set(own) for id in entries[key].column_ids}

    def _is_todays(self, entry: Entry, dataset: Dataset) -> bool:
        return entry.definition == definition(self.reader.catalog, self.policy, dataset, entry.key)
