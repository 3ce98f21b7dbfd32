"""What a graph can show of a published column: how many values there are, how high they go, whether a line joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flow.datasets.period import Grain
from flow.shelf.csvfile import Rows

#: A graph by day shows as many of the last; years of them are solid colour. Source: limn-contract, What draws well.
SHOWN_DAYS = 180
#: Limn compares a month with the one before it and the one a year before.
YEAR = 12


@dataclass(frozen=True, slots=True)
class Extent:
    """Of the periods that a graph shows of a column. ``values``: how many are not empty; ``lowest`` and ``highest`` of them, as
    the CSV writes them. ``isolated``: whether one has empty neighbours, so that no line leads to it. ``grows``: whether the last
    value, and those of one and twelve periods before, are there, and the older two above 0.
    """

    values: int = 0
    lowest: str = ""
    highest: str = ""
    isolated: bool = False
    grows: bool = False


#: By column; one without any value is left out.
Extents = Mapping[str, Extent]


def measure(column_ids: Sequence[str], rows: Rows, grain: Grain) -> Extents:
    """The extents of the columns of ``rows``, texts keyed by date."""
    dates = shown(sorted(rows), grain)
    found = {id: _measure([rows[date][place] for date in dates]) for place, id in enumerate(column_ids)}
    return {id: extent for id, extent in found.items() if extent.values}


def shown(dates: Sequence[str], grain: Grain) -> Sequence[str]:
    """Those of ``dates``, in order, that a graph shows."""
    return dates[-SHOWN_DAYS:] if grain is Grain.DAY else dates


def _measure(cells: Sequence[str]) -> Extent:
    there = [cell for cell in cells if cell]
    if not there:
        return Extent()
    around = ["", *cells, ""]
    isolated = any(cell and not around[place] and not around[place + 2] for place, cell in enumerate(cells))
    return Extent(len(there), min(there, key=Decimal), max(there, key=Decimal), isolated, _grows(cells))


def _grows(cells: Sequence[str]) -> bool:
    if len(cells) <= YEAR or not cells[-1]:
        return False
    return all(cells[-1 - back] and Decimal(cells[-1 - back]) > 0 for back in (1, YEAR))
