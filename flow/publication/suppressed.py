"""Which cells are withheld: ``suppressed.csv``, so that a withheld number and a gap can be told apart."""

from __future__ import annotations

from collections.abc import Iterable

from flow.shelf.entry import Entry

FILE = "suppressed.csv"
HEADER = "dataset,wiki,grain,date,column,why"
#: The same for all: a small number and one that protects it must look alike.
WHY = "withheld"


def render(entries: Iterable[Entry]) -> str:
    """The CSV: a line for each withheld cell of ``entries``."""
    lines = [line for entry in entries for line in sorted(_lines(entry))]
    return "\n".join([HEADER, *lines]) + "\n"


def _lines(entry: Entry) -> Iterable[str]:
    key = entry.key
    for column, dates in entry.withheld.items():
        yield from (f"{key.dataset},{key.wiki},{key.grain},{date},{column},{WHY}" for date in dates)
