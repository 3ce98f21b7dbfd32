"""Published numbers that fall, or that nothing could tell any more, when they are computed again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.datasets.dataset import Dataset
from flow.publication.checks import Allowed, Change, Table, describe_dates

#: By how much the sum of recomputed periods may fall: a tenth, or ten where that is more; and what is too little to tell.
LOST_SHARE, LOST_NUMBER, TOO_LITTLE = 0.1, 10, 3

#: The old and the new number of each date.
Pairs = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Loss:
    """The ``dates`` of which a number is lost, and a phrase that tells it."""

    dates: Sequence[str]
    said: str


def find_losses(change: Change, allowed: Allowed) -> list[Loss]:
    """What falls by more than late rows make, or becomes a gap, of the numbers that a person has not let go."""
    if change.old is None or change.replaced or allowed.shrink:
        return []
    return [*_turned_to_gaps(change, change.old), *_fallen(change, change.old, allowed)]


def _turned_to_gaps(change: Change, old: Table) -> Iterator[Loss]:
    for column, dates in change.gaps.items() if not change.redefined else ():
        lost = [day for day in dates if day in change.fresh and old.shows(column, day)]
        if lost:
            what = f"{column} of {len(lost)} published {change.grain}s would be a gap"
            yield Loss(lost, f"{describe_dates(lost, change.grain)}: {what}")


def _fallen(change: Change, old: Table, allowed: Allowed) -> Iterator[Loss]:
    is_accepted = not {change.dataset.id, *change.dataset.inputs}.isdisjoint(allowed.jumps)
    for column in [*_added(change.dataset), *_counted(change.dataset)]:
        known = _known_twice(change, old, column, change.settled if is_accepted else ())
        before, now = (sum(pair[place] for pair in known.values()) for place in (0, 1))
        fallen = [day for day, (one, other) in known.items() if other < one]
        dates = describe_dates(fallen, change.grain) if fallen else ""
        what = f"{dates}: {column} of {len(known)} published {change.grain}s falls"
        if _is_emptied(before, now):
            yield Loss(fallen, f"{what} to 0")
        elif column in _added(change.dataset) and not change.redefined and _is_less(before, now):
            yield Loss(fallen, f"{what} from {before} to {now}")


def _known_twice(change: Change, old: Table, column: str, accepted: Collection[str]) -> Pairs:
    """The numbers of each date that was computed again, and not accepted; a withheld one tells nothing."""
    again = [day for day in change.fresh if day in old.rows and day not in accepted]
    pairs = {day: (old.number(column, day), change.new.number(column, day)) for day in again}
    return {day: (one, other) for day, (one, other) in pairs.items() if one is not None and other is not None}


def _added(dataset: Dataset) -> list[str]:
    return [column.id for column in dataset.columns if column.additive and column.unit in (COUNT, BYTES)]


def _counted(dataset: Dataset) -> list[str]:
    """What does not add up, but is 0 only where nothing happened: people, boards."""
    added = _added(dataset)
    return [column.id for column in dataset.columns if column.unit in (COUNT, BYTES, PEOPLE) and column.id not in added]


def _is_emptied(old: int, new: int) -> bool:
    return new == 0 and old >= TOO_LITTLE


def _is_less(old: int, new: int) -> bool:
    return old - new > max(LOST_NUMBER, LOST_SHARE * old)
