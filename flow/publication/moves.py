"""Settled numbers that were computed again and differ by more than late rows make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.publication.checks import Allowed, Change

#: By less than this late rows may change any number.
LATE_NUMBER = 5

#: For each column, the old and the new number of each date.
Pairs = Mapping[str, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Moves:
    """The ``dates`` of which some number moved, and a phrase that tells it."""

    dates: Sequence[str]
    said: str


def find_moves(change: Change, allowed: Allowed, dates: Collection[str]) -> Moves | None:
    """What of ``dates`` moved, if anything that a person has not let through.

    A dataset made from others moves with them, and is not looked at.
    """
    if change.old is None or change.dataset.compute or change.dataset.id in allowed.jumps:
        return None
    pairs = {column.id: _pairs(change, column.id, sorted(dates)) for column in change.dataset.columns if column.unit in _COUNTED}
    moved = {id: some for id, each in pairs.items() if (some := _moved(each, change.dataset.late, allowed))}
    if not moved:
        return None
    found = sorted({date for each in moved.values() for date in each})
    return Moves(found, _describe(moved, change))


_COUNTED = (COUNT, PEOPLE, BYTES)


def is_moved(old: int, new: int, late: float) -> bool:
    """Whether a number differs by more than late rows make: by the share ``late``, and five."""
    return abs(new - old) >= LATE_NUMBER and abs(new - old) > late * old


def _pairs(change: Change, column: str, dates: Sequence[str]) -> dict[str, tuple[int, int]]:
    assert change.old is not None
    both = [date for date in dates if date in change.old.rows and date in change.new.rows]
    few = change.few.get(column, ())
    found: dict[str, tuple[int, int]] = {}
    for date, old, new in zip(both, change.old.numbers(column, both), change.new.numbers(column, both), strict=True):
        if old is not None and (new is not None or date in few):
            found[date] = (old, _nearest_few(old, change.threshold) if new is None else new)
    return found


def _nearest_few(old: int, threshold: int) -> int:
    """Of the numbers that a threshold withholds the one that is nearest to ``old``."""
    return min(max(old, 1), threshold - 1)


def _moved(pairs: Mapping[str, tuple[int, int]], late: float, allowed: Allowed) -> dict[str, tuple[int, int]]:
    moved = {date: (old, new) for date, (old, new) in pairs.items() if is_moved(old, new, late)}
    return {date: (old, new) for date, (old, new) in moved.items() if new > old or not allowed.shrink}


def _describe(moved: Pairs, change: Change) -> str:
    phrases, grain = [], change.grain
    for column, pairs in moved.items():
        old, new = (sum(pair[place] for pair in pairs.values()) for place in (0, 1))
        verb = "falls" if new < old else "rises" if new > old else "changes"
        many = f"{len(pairs)} published {grain}{'' if len(pairs) == 1 else 's'}"
        fewer = " or fewer" if {*pairs} & {*change.few.get(column, ())} else ""
        phrases.append(f"{column} of {many} {verb} from {old} to {new}{fewer}")
    return ", ".join(phrases[:3]) + (f", and {len(phrases) - 3} more" if len(phrases) > 3 else "")
