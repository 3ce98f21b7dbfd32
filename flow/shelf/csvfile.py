"""A dataset's CSV as text: ``date`` and the columns' ids, then one row a period, ascending, nothing quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

Rows = dict[str, list[str]]

#: No number that we write is longer, and no program stumbles over it.
NUMBER = re.compile(r"([0-9]{1,30}(\.[0-9]{1,9})?)?")


class Damaged(ValueError):
    """A file that is not what was once written; the text says how."""


def render(columns: Iterable[str], rows: Mapping[str, Sequence[str]]) -> str:
    """The CSV of ``rows``, keyed by date, under ``date`` and ``columns``."""
    lines = [",".join(["date", *columns])]
    lines += [",".join([day, *rows[day]]) for day in sorted(rows)]
    return "\n".join(lines) + "\n"


def parse(columns: Sequence[str], text: str) -> Rows:
    """The rows of a CSV that ``render`` made. Raises Damaged for anything that it would not have made."""
    lines = text.split("\n")
    if lines[0] != ",".join(["date", *columns]):
        raise Damaged("its first line is not the header")
    if lines[-1] != "":
        raise Damaged("its last line is cut short")
    rows: Rows = {}
    last = ""
    for number, line in enumerate(lines[1:-1], 2):
        day, *cells = line.split(",")
        if not _is_date(day) or day <= last:
            raise Damaged(f"line {number}: '{day[:10]}' is not a date after the one before")
        if len(cells) != len(columns) or not all(NUMBER.fullmatch(cell) for cell in cells):
            raise Damaged(f"line {number}: not {len(columns)} numbers")
        rows[day] = cells
        last = day
    return rows


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
