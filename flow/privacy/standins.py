"""Finds what is made from withheld numbers: with other guesses in their place, it comes out differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, cycle, repeat

from flow.privacy.primary import Marks, Rows

#: The columns of a CSV after ``date``, and its rows.
Table = tuple[Sequence[str], Rows]
Tables = Mapping[str, Table]
#: For each table, the withheld cells.
Blanks = Mapping[str, Marks]

def stand_ins(tables: Tables, blanks: Blanks, threshold: int) -> list[dict[str, Table]]:
    """``tables`` as they are, with nothing in a withheld cell; and, if there is any, as often as needed with a number in each.

    A result that is the same for all of them depends on no withheld cell: each takes every number from 0 to ``threshold``,
    beside others that differ from it, and one that is large.
    """
    if not any(dates for marks in blanks.values() for dates in marks.values()):
        return [dict(tables)]
    small = (cycle([*range(first, threshold + 1), *range(first)]) for first in range(threshold + 1))
    guesses: list[Iterator[int]] = [repeat(0), *small, count(1009, 13)]
    return [dict(tables), *(_fill(tables, blanks, numbers) for numbers in guesses)]


def _fill(tables: Tables, blanks: Blanks, numbers: Iterator[int]) -> dict[str, Table]:
    return {id: _fill_table(table, blanks.get(id, {}), numbers) for id, table in sorted(tables.items())}


def _fill_table(table: Table, marks: Marks, numbers: Iterator[int]) -> Table:
    columns = [*table[0], *(column for column in marks if column not in table[0])]
    rows = {date: [*texts, *[""] * (len(columns) - len(texts))] for date, texts in table[1].items()}
    for column, dates in sorted(marks.items()):
        for date in sorted(dates & rows.keys()):
            rows[date][columns.index(column)] = str(next(numbers))
    return columns, rows


def keep_common(columns: Sequence[str], outcomes: Sequence[Rows]) -> tuple[Rows, Marks]:
    """The rows in which all ``outcomes`` agree, empty where they do not; and the cells where they do not."""
    kept = {date: list(texts) for date, texts in outcomes[0].items()}
    marks: dict[str, set[str]] = {}
    for date, texts in kept.items():
        for place, column in enumerate(columns):
            if any(other[date][place] != texts[place] for other in outcomes[1:]):
                texts[place] = ""
                marks.setdefault(column, set()).add(date)
    return kept, marks
