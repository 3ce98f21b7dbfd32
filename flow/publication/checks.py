"""What keeps a CSV from being published: gaps, sums that do not add up, periods lost, jumps, and its dataset's own check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from flow.datasets.column import BYTES, COUNT
from flow.datasets.dataset import Dataset
from flow.datasets.gaps import Gaps
from flow.datasets.isolation import file_of, isolate_script
from flow.datasets.period import Grain, Period
from flow.datasets.place import find_raised
from flow.errors import Stopped
from flow.publication.remedies import ACCEPT, MEND, SHRINK

if TYPE_CHECKING:
    import pandas as pd

#: How many published periods tell what is usual, and how few are too few to tell.
USUAL, TOO_FEW = 12, 6
#: A number as small as this is usual anywhere.
SMALL = 5

#: For each column, the dates of the cells that a rule has withheld.
Few = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV's rows: the texts of ``columns`` keyed by date."""

    columns: Sequence[str]
    rows: Mapping[str, Sequence[str]]

    def numbers(self, column: str, dates: Sequence[str]) -> list[int | None]:
        """The numbers of a column on ``dates``; None where there is none."""
        if column not in self.columns:
            return [None] * len(dates)
        place = list(self.columns).index(column)
        return [int(self.rows[date][place]) if self.rows[date][place] else None for date in dates]

    def number(self, column: str, date: str) -> int | None:
        """The number of a column on ``date``; None where there is none."""
        return self.numbers(column, [date])[0] if date in self.rows else None

    def shows(self, column: str, date: str) -> bool:
        """Whether a number stands in a column on ``date``."""
        return column in self.columns and date in self.rows and self.rows[date][list(self.columns).index(column)] != ""


@dataclass(frozen=True, slots=True)
class Change:
    """One CSV as it is published, if it is, and as it is to be: ``fresh`` are the dates that were computed since.

    ``redefined``: whether its definition has changed, so that other numbers are meant; ``replaced``: whether it is computed
    from another database than before.
    ``settled``: those of ``fresh`` whose published number was settled, and proved complete, when it was computed.
    ``gaps``: those of the new table. ``few``: its cells that are empty because their number is below the ``threshold``.
    """

    dataset: Dataset
    grain: Grain
    old: Table | None
    new: Table
    fresh: Sequence[str]
    redefined: bool = False
    gaps: Gaps = field(default_factory=dict)
    settled: Collection[str] = ()
    replaced: bool = False
    few: Few = field(default_factory=dict)
    threshold: int = 1


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person lets through: history that shrinks; jumps, and settled numbers that changed, of the datasets named."""

    shrink: bool = False
    jumps: tuple[str, ...] = ()


class Complaint(NamedTuple):
    """A phrase for a person, and what lets it through."""

    said: str
    remedy: str = MEND


def complaints(change: Change, allowed: Allowed, frame: Callable[[Table], pd.DataFrame]) -> list[Complaint]:
    """Why ``change`` must not be published. ``frame`` makes the table of the own check."""
    found = [Complaint(said) for said in (*_gaps(change), *_sums(change))]
    if not allowed.shrink:
        found += [Complaint(said, SHRINK) for said in _lost(change)]
    if change.dataset.id not in allowed.jumps:
        found += [Complaint(said, ACCEPT) for said in _jumps(change)]
    return found + [Complaint(said) for said in _own(change, frame)]


def _gaps(change: Change) -> Iterator[str]:
    days = [date.fromisoformat(day) for day in change.new.rows]
    for day, following in pairwise(days):
        if Period(day, change.grain).end != following:
            yield f"the {change.grain} after {day} is missing; run it without --since and --until"


def _sums(change: Change) -> Iterator[str]:
    """Totals that are not the sum of their parts; parts of other datasets are not looked at, nor withheld ones.

    A total is none where a part is a gap.
    """
    for total, names in change.dataset.adds_up.items():
        parts = [name.removeprefix(f"{change.dataset.id}.") for name in names]
        if any("." in part for part in parts):
            continue
        dates = list(change.fresh)
        columns = [change.new.numbers(column, dates) for column in (total, *parts)]
        for day, whole, *each in zip(dates, *columns, strict=True):
            if whole is not None and None not in each and whole != sum(filter(None, each)):
                yield f"{day}: {total} is not the sum of {', '.join(parts)}"
            gaps = [part for part in parts if day in change.gaps.get(part, ())]
            if whole is not None and gaps:
                yield f"{day}: {total} is a number, though its part {gaps[0]} is a gap; it must be one, too"


def _lost(change: Change) -> Iterator[str]:
    """Published periods that would be gone."""
    gone = sorted(change.old.rows.keys() - change.new.rows.keys()) if change.old and not change.replaced else []
    if gone:
        yield f"{len(gone)} published {change.grain}s would be lost, from {gone[0]} on"


def _jumps(change: Change) -> Iterator[str]:
    """New periods whose first column is far from what it was in those published before them."""
    first, jump = change.dataset.columns[0], change.dataset.jump
    if not jump or first.unit not in (COUNT, BYTES) or change.dataset.compute:  # what that is made from has been looked at
        return
    if change.old is None or not change.old.rows or change.redefined or change.replaced:
        return
    latest = sorted(change.old.rows)[-USUAL:]
    known = [number for number in change.old.numbers(first.id, latest) if number is not None]
    new = [day for day in change.fresh if day > latest[-1]]
    if len(known) < TOO_FEW:
        return
    usual = median(known)
    may_be_quiet = change.grain is Grain.DAY  # a holiday, or a day on which nobody could save
    far = {
        day: number
        for day, number in zip(new, change.new.numbers(first.id, new), strict=True)
        if number is not None and (number > jump * max(usual, SMALL) or (not may_be_quiet and (number + 1) * jump < usual))
    }
    if far:
        numbers = f"{first.id} is {_range([*far.values()])}, usually {_range(known)}"
        yield f"{describe_dates([*far], change.grain)}: {numbers}"


def describe_dates(dates: Sequence[str], grain: Grain) -> str:
    """``dates``, in order, as a range."""
    if len(dates) == 1:
        return dates[0]
    return f"{dates[0]} to {dates[-1]} ({len(dates)} {grain}s)"


def _range(numbers: Sequence[int]) -> str:
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least} to {most}"


def _own(change: Change, frame: Callable[[Table], pd.DataFrame]) -> Iterator[str]:
    if change.dataset.check is None:
        return
    try:
        with isolate_script(change.dataset.id):
            found = [str(complaint) for complaint in change.dataset.check(frame(change.new))]
    except Stopped:
        raise
    except BaseException as error:  # the function is anybody's code: whatever it raises is its own failure
        path = file_of(change.dataset.check)
        place = find_raised(error, path) if path else None
        found = [f"{f'{place}: ' if place else ''}its check fails: {type(error).__name__}"]
    yield from (complaint.encode("utf-8", "backslashreplace").decode() for complaint in found)
