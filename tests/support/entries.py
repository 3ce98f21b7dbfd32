"""Entries of a manifest, as their rows make them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flow.datasets.period import DAY, Grain, Range, whole_periods
from flow.shelf.entry import ColumnFact, Entry, GraphFact, Key
from flow.shelf.history import Computation, computed_runs
from flow.shelf.inspection import seal

UNITS = {"topics": "count", "share": "share", "wait": "duration", "long": "duration"}
START = date(2024, 1, 1)


def entry(grain: Grain = Grain.MONTH, dataset: str = "mine", wiki: str = "a_wiki", **columns: list[str]) -> Entry:
    """An entry with one graph, whose columns hold these cells; a column's id says its unit."""
    many = len(next(iter(columns.values())))
    periods = whole_periods(Range(START, START + DAY * 32 * many), grain)[:many]
    runs = computed_runs(dict.fromkeys(periods, Computation(datetime(2030, 1, 1, tzinfo=UTC))))
    facts = tuple(ColumnFact(id, id.title(), UNITS[id], "float") for id in columns)
    made = Entry(Key(dataset, wiki, grain), "d", dataset.title(), facts, (GraphFact("", dataset.title(), tuple(columns)),), runs, about="About.")
    return seal(made, {str(period): [cells[place] for cells in columns.values()] for place, period in enumerate(periods)})[0]
