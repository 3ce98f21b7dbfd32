"""Gaps: empty cells that are neither 0 nor withheld, for nothing could tell the number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from flow.datasets.dataset import Dataset

#: For each column, the dates of its gaps, in order.
Gaps = Mapping[str, tuple[str, ...]]


def find_gaps(
    dataset: Dataset, rows: Mapping[str, Sequence[str]], withheld: Mapping[str, Collection[str]], missed: Collection[str] = ()
) -> Gaps:
    """The gaps of ``rows``, texts of all columns of ``dataset`` keyed by date, in which ``withheld`` names what is empty by rule.

    A share or a mean is one where a column is that it is made of; else it had nothing to divide. On the dates ``missed`` each
    column is one.
    """
    found: dict[str, tuple[str, ...]] = {}
    for place, column in enumerate(dataset.columns):
        hidden = withheld.get(column.id, ())
        empty = [date for date in sorted(rows) if not rows[date][place] and date not in hidden]
        made_of = {*missed, *(date for id in column.of for date in found.get(id, ()))}
        found[column.id] = tuple(date for date in empty if column.gaps or date in made_of)
    return {id: dates for id, dates in found.items() if dates}


def merge_gaps(before: Gaps, again: Iterable[str], new: Gaps, column_ids: Collection[str]) -> Gaps:
    """The gaps of a CSV of ``column_ids`` that had those of ``before``, and now ``new`` ones on the dates ``again``."""
    anew = set(again)
    kept = {id: [date for date in dates if date not in anew] for id, dates in before.items()}
    merged = {id: tuple(sorted({*kept.get(id, ()), *new.get(id, ())})) for id in column_ids}
    return {id: dates for id, dates in merged.items() if dates}
