"""Looks at the numbers that are published as a run would before it publishes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from flow.checking.complaint import Complaint
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.publication.checks import Allowed, Change, Table, complaints
from flow.publication.totals import Sheet, Totals
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key

if TYPE_CHECKING:
    import pandas as pd


def complaints_of_published(catalog: Catalog, shelf: Shelf) -> Iterator[Complaint]:
    """What each dataset's own check says of its numbers, and which of them do not add up."""
    entries = {key: entry for key, entry in sorted(shelf.live.measured.items()) if _is_as_declared(catalog, entry)}
    for key, entry in entries.items():
        change = _unchanged(catalog.datasets[key.dataset], entry, shelf)
        yield from (Complaint(f"{key}: {each.said}") for each in complaints(change, Allowed(), _frame(change.dataset)))
    for key, held in _totals(catalog, entries, shelf).find_held().items():
        yield Complaint(f"{key}: {held.why}")


def _is_as_declared(catalog: Catalog, entry: Entry) -> bool:
    """Whether its script still has the same columns; else a run makes it anew."""
    dataset = catalog.datasets.get(entry.key.dataset)
    return dataset is not None and dataset.column_ids == entry.column_ids


def _unchanged(dataset: Dataset, entry: Entry, shelf: Shelf) -> Change:
    table = Table(entry.column_ids, shelf.live_rows(entry.key))
    return Change(dataset, entry.key.grain, None, table, list(table.rows), gaps=entry.gaps)


def _frame(dataset: Dataset) -> Callable[[Table], pd.DataFrame]:
    from flow.datasets.result import frame_of

    return lambda table: frame_of(dataset, table.columns, table.rows)


def _totals(catalog: Catalog, entries: Mapping[Key, Entry], shelf: Shelf) -> Totals:
    def sheet(key: Key) -> Sheet:
        table = Table(entries[key].column_ids, shelf.live_rows(key))
        return Sheet(table, table, set(table.rows), (), entries[key].origin)

    return Totals(catalog.datasets, entries, cache(sheet))
