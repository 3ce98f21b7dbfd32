"""What published files tell: numbers, and withheld cells."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A column, as ``dataset.column``, and the days from ``start`` up to, and without, ``end``."""

    column: str
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days)]


@dataclass(slots=True)
class Told:
    """One wiki's published ``numbers``, and its ``withheld`` cells; ``begins``: its first day on Flow."""

    numbers: dict[Cell, int] = field(default_factory=dict)
    withheld: set[Cell] = field(default_factory=set)
    begins: date | None = None


def end_of(grain: str, start: date) -> date:
    if grain == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if grain == "week" else 1)


def read(folder: Path, wiki: str) -> Told:
    """What one release tells of a wiki."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    first = manifest["first_days"].get(f"{wiki} flow")
    found = Told(begins=date.fromisoformat(first) if first else None)
    for path in sorted((folder / "datafiles" / wiki).glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                start = date.fromisoformat(row.pop("date"))
                for column, text in row.items():
                    if text.isdecimal():
                        found.numbers[Cell(f"{path.stem}.{column}", start, end_of(path.parent.name, start))] = int(text)
    with (folder / "suppressed.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            start = date.fromisoformat(line["date"])
            if line["wiki"] == wiki:
                found.withheld.add(Cell(f"{line['dataset']}.{line['column']}", start, end_of(line["grain"], start)))
    return found


def together(copies: Iterable[Told]) -> Told:
    """All copies as one: of two numbers of a cell the later, and withheld only what no copy shows."""
    whole = Told()
    for copy in copies:
        whole.numbers |= copy.numbers
        whole.withheld |= copy.withheld
        whole.begins = whole.begins or copy.begins
    whole.withheld -= whole.numbers.keys()
    return whole
