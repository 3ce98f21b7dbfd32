"""Finds what is made from withheld numbers: with other guesses in their place, it comes out differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from flow.privacy.primary import Marks, Rows

#: The columns of a CSV after ``date``, and its rows.
Table = tuple[Sequence[str], Rows]
Tables = Mapping[str, Table]
#: For each table, the withheld cells.
Blanks = Mapping[str, Marks]

#: What withheld cells are filled with: all 0; small and different; large and different. A result that is the same under all of
#: these, and with empty cells, depends on none of them.
STEPS = ((0, 0), (2, 1), (1009, 13))


def stand_ins(tables: Tables, blanks: Blanks) -> list[dict[str, Table]]:
    """``tables`` as they are, with nothing in a withheld cell; and, if there is any, with a number in each, for each guess."""
    if not any(dates for marks in blanks.values() for dates in marks.values()):
        return [dict(tables)]
    return [dict(tables), *(_fill(tables, blanks, count(first, step)) for first, step in STEPS)]


def _fill(tables: Tables, blanks: Blanks, numbers: count[int]) -> dict[str, Table]:
    return {id: _fill_table(table, blanks.get(id, {}), numbers) for id, table in sorted(tables.items())}


def _fill_table(table: Table, marks: Marks, numbers: count[int]) -> Table:
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
