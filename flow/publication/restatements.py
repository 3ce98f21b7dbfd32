"""Every published number that was changed afterwards: ``restatements.csv``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime

from flow.datasets.period import Grain
from flow.shelf.csvfile import NUMBER, Rows
from flow.shelf.entry import Entry

FILE = "restatements.csv"


@dataclass(frozen=True, slots=True)
class Restatement:
    """One cell that a release changed: when, and from what to what; empty where it was, or is, no number."""

    when: str
    dataset: str
    wiki: str
    grain: str
    date: str
    column: str
    old: str
    new: str
    why: str


HEADER = [field.name for field in fields(Restatement)]
#: What ``restated`` makes of each field.
DATE = r"\d{4}-\d\d-\d\d"
GRAINS = "|".join(Grain)
LINE = re.compile(rf"{DATE}T\d\d:\d\d:\d\dZ,\w+,[\w-]+,({GRAINS}),{DATE},\w+,{NUMBER.pattern},{NUMBER.pattern},[a-z ]*", re.ASCII)


def find_restatements(old: Entry, old_rows: Rows, new: Entry, new_rows: Rows, now: datetime) -> Iterator[Restatement]:
    """The cells of ``old`` that are another number in ``new``; a column that is new restates nothing."""
    when, history = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), new.history
    why = {str(period): how.why for period, how in history.items()}
    places = {column: place for place, column in enumerate(new.column_ids)}
    both = [(column, place, places[column]) for place, column in enumerate(old.column_ids) if column in places]
    for date in old_rows.keys() & new_rows.keys() if old_rows != new_rows else ():
        for column, before, after in both:
            pair = old_rows[date][before], new_rows[date][after]
            if pair[0] != pair[1]:
                key = new.key
                yield Restatement(when, key.dataset, key.wiki, key.grain, date, column, *pair, why.get(date, ""))


def render(lines: Iterable[Restatement]) -> str:
    """``lines`` as CSV, under a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(astuple(line) for line in lines)
    return text.getvalue()


def parse(text: str) -> list[Restatement]:
    """The lines of a CSV that ``render`` made; one that it would not have made is left out."""
    return [Restatement(*line.split(",")) for line in text.split("\n") if LINE.fullmatch(line)]


def redact(lines: Iterable[Restatement], is_withheld: Callable[[Restatement], bool]) -> list[Restatement]:
    """``lines`` without the numbers of cells that are withheld now; what then tells nothing is left out."""
    kept = (replace(line, old="", new="") if is_withheld(line) else line for line in lines)
    return [line for line in kept if line.old != line.new]
