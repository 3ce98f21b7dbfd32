"""Columns that follow from a dataset's published numbers: running totals, and shares of a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from flow.datasets.column import SHARE, Column, Share
from flow.datasets.graph import Graph, graphs_by_unit

Kind = Literal["cum", "share"]


@dataclass(frozen=True, slots=True)
class Transform:
    """What becomes of ``columns`` in a CSV of its own, ``<dataset>_<kind>``; of ``total``, or else of their sum, if shares."""

    kind: Kind
    columns: tuple[str, ...]
    total: str = ""


#: How a title goes on.
SAID: dict[Kind, str] = {"cum": "cumulative", "share": "shares"}


def Cumulative(*columns: str) -> Transform:  # noqa: N802 - reads as a noun in query scripts
    """The running totals of additive columns, from the first period on; nothing from the first empty cell on."""
    return Transform("cum", columns)


def ShareOf(*columns: str, total: str = "") -> Transform:  # noqa: N802
    """The share of each column in ``total``, or in their sum; ``total`` is needed for groups that may overlap, such as people."""
    return Transform("share", columns, total)


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """A cell of a published CSV; one that is empty may be withheld, or a gap."""

    text: str
    is_withheld: bool = False
    is_gap: bool = False


#: The cells of a column by date, in order.
Cells = Mapping[str, PublishedCell]
NOTHING = PublishedCell("")


def cumulate(cells: Cells) -> Iterator[tuple[str, PublishedCell]]:
    """The running total of ``cells``. What comes after a withheld cell would tell it, so nothing does, nor after a gap."""
    total, stop = 0, None
    for date in sorted(cells):
        stop = stop or (None if cells[date].text else cells[date])
        if stop:
            yield date, stop
            continue
        total += int(cells[date].text)
        yield date, PublishedCell(str(total))


def share(part: Cells, whole: Sequence[Cells]) -> Iterator[tuple[str, PublishedCell]]:
    """The share of ``part`` in the sum of ``whole``; nothing where one of these is empty or the sum is 0.

    Raises ResultError where the part is larger.
    """
    for date, cell in part.items():
        needed = [cell, *(cells[date] for cells in whole)]
        empty = [each for each in needed if not each.text]
        yield date, _worst(empty) if empty else _divide(cell, needed[1:])


def _worst(empty: Sequence[PublishedCell]) -> PublishedCell:
    hidden, gap = any(cell.is_withheld for cell in empty), any(cell.is_gap for cell in empty)
    return PublishedCell("", hidden, gap and not hidden)


def _divide(part: PublishedCell, whole: Sequence[PublishedCell]) -> PublishedCell:
    total = sum(int(cell.text) for cell in whole)
    return PublishedCell(Share("share", "Share").text(Decimal(int(part.text)) / total)) if total else NOTHING


def faults(transforms: Sequence[Transform], columns: Sequence[Column]) -> list[str]:
    """What is wrong with the ``derived`` of a dataset with ``columns``, each a phrase for a person."""
    if not all(isinstance(each, Transform) for each in list[object](transforms)):
        return ["derived must be a list of Cumulative and ShareOf"]
    kinds = [each.kind for each in transforms]
    found = [f"derived has two of {SAID[kind]}; name all columns in one" for kind in SAID if kinds.count(kind) > 1]
    known = {column.id: column for column in columns}
    return found + [fault for each in transforms for fault in _faults(each, known)]


def _faults(transform: Transform, known: Mapping[str, Column]) -> Iterator[str]:
    named = [*transform.columns, *filter(None, [transform.total])]
    if not transform.columns:
        yield f"derived: {SAID[transform.kind]} of no column"
    for id in named:
        if id not in known:
            yield f"derived names '{id}', which is no column"
        elif known[id].unit.decimals:
            yield f"derived names '{id}', which is no whole number"
        elif transform.kind == "cum" and not known[id].additive:
            yield f"derived: '{id}' does not add up, so it has no running total"
        elif transform.kind == "share" and not transform.total and known[id].unit.people:
            yield f"derived: people of '{id}' may be in two groups; name the total that their share is of"


def graphs_of(transform: Transform, title: str, units: Mapping[str, str]) -> list[Graph]:
    """What is drawn of ``transform`` of a dataset with ``title``, the names of whose columns' units are ``units``."""
    own = {id: unit_of(transform, units[id], "")[0] for id in transform.columns if id in units}
    return graphs_by_unit(title_of(transform, title), own)


def title_of(transform: Transform, title: str) -> str:
    """The title of what ``transform`` makes of a dataset with ``title``."""
    return f"{title} ({SAID[transform.kind]})"


def unit_of(transform: Transform, unit: str, type: str) -> tuple[str, str]:
    """The unit and the type of a column that was of ``unit`` and ``type``."""
    return (SHARE.name, SHARE.limn_type) if transform.kind == "share" else (unit, type)
