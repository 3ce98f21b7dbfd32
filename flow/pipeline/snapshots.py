"""Snapshots: what a wiki holds right now can be counted for the newest closed period only, and never afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from flow.datasets.dataset import Dataset
from flow.datasets.gaps import merge_gaps
from flow.datasets.period import Period
from flow.privacy.policy import Rules
from flow.privacy.primary import Marks, Rows, withhold
from flow.shelf.entry import Entry, describe_entry

NEWEST = "the newest"
MISSED = "missed and a gap for good"


def due_snapshot(
    periods: Sequence[Period], there: Collection[Period], asked: Collection[Period], again: bool
) -> dict[Period, str]:
    """Why each period is due: the last of the closed ``periods``, if it is ``asked`` for and not ``there``, and the gaps before.

    ``again``: whether the newest is due though it is there.
    """
    if not periods or periods[-1] not in asked or (periods[-1] in there and not again):
        return {}
    first = min(there, default=periods[-1])
    missed = [period for period in periods[:-1] if period > first and period not in there]
    return dict.fromkeys(missed, MISSED) | {periods[-1]: NEWEST}


def missed_rows(dataset: Dataset, why: Mapping[Period, str], run: Sequence[Period]) -> Rows:
    """An empty row for each period of ``run`` that was missed."""
    return {str(period): [""] * len(dataset.columns) for period in run if why[period] == MISSED}


def carry_on(dataset: Dataset, rules: Rules, held: Entry, rows: Rows, definition: str) -> tuple[Entry, Rows]:
    """A snapshot's entry and rows from before its definition changed, as they go on: what was seen then stays.

    Its columns are those of today, and so are the rules of what is withheld; a new column is a gap until now.
    """
    columns = rules.columns(dataset, held.key.grain)
    entry = describe_entry(replace(held, definition=definition), dataset, columns)
    mine = {date: arrange(dataset.column_ids, held.column_ids, texts) for date, texts in rows.items()}
    marks: Marks = {id: dates for id, dates in held.withheld.items() if id in dataset.column_ids}
    kept, found = withhold(dataset, rules, mine, marks)
    shown = {column.id for column in columns}
    new = {id: tuple(rows) for id in dataset.column_ids if id not in held.column_ids}
    gaps = merge_gaps(held.gaps, (), new, entry.column_ids)
    withheld = {id: frozenset(dates) for id, dates in found.items() if id in shown}
    ids = [id if id in shown else "" for id in dataset.column_ids]
    placed = {date: arrange(entry.column_ids, ids, texts) for date, texts in kept.items()}
    return replace(entry, withheld=withheld, gaps=gaps), placed


def arrange(column_ids: Sequence[str], made_ids: Sequence[str], texts: Sequence[str]) -> list[str]:
    """A row's texts in the places of the CSV; empty where the dataset has no such column any more."""
    found = dict(zip(made_ids, texts, strict=True))
    return [found.get(id, "") for id in column_ids]
