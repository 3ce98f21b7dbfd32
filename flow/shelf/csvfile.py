"""A dataset's CSV as text: ``date`` and the columns' ids, then one row a period, ascending, nothing quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import lt

Rows = dict[str, list[str]]

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
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
    lines = split(columns, text)
    days = [line[:10] for line in lines[1:-1]]
    if not _plain(len(columns)).fullmatch(text, len(lines[0]) + 1) or not _are_dates(days):
        raise Damaged(_first_fault(columns, lines))
    return {line[:10]: line[11:].split(",") for line in lines[1:-1]}


def _first_fault(columns: Sequence[str], lines: Sequence[str]) -> str:
    last = ""
    for number, line in enumerate(lines[1:-1], 2):
        day, *cells = line.split(",")
        if not _are_dates([day]) or day <= last:
            return f"line {number}: '{day[:10]}' is not a date after the one before"
        if len(cells) != len(columns) or not all(NUMBER.fullmatch(cell) for cell in cells):
            break
        last = day
    return f"line {number}: not {len(columns)} numbers"


def split(columns: Sequence[str], text: str) -> list[str]:
    """The lines of a CSV with the header of ``columns``; an empty one behind the last. Raises Damaged for other text."""
    lines = text.split("\n")
    if lines[0] != ",".join(["date", *columns]):
        raise Damaged("its first line is not the header")
    if lines[-1] != "":
        raise Damaged("its last line is cut short")
    return lines


@lru_cache(maxsize=256)
def _plain(columns: int) -> re.Pattern[str]:
    """Lines of a date and so many numbers: one look at a whole file."""
    return re.compile(rf"({DATE}(,{NUMBER.pattern}){{{columns}}}\n)*+")


def _are_dates(days: Sequence[str]) -> bool:
    """Whether all of ``days`` are that there are, each after the one before."""
    try:
        written = [day.isoformat() for day in map(date.fromisoformat, days)]
    except ValueError:
        return False
    return written == days and all(map(lt, days, days[1:]))
