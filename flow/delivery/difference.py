"""How two releases differ, CSV by CSV, as far as their manifests tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flow.datasets.period import Grain, Period
from flow.shelf.entry import Entry, Key


@dataclass(frozen=True, slots=True)
class Difference:
    """A CSV that is new, changed or gone. ``loses``: whether readers would lose periods that they have."""

    key: Key
    what: str
    said: str
    loses: bool = False


def changes(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> list[Difference]:
    """Every CSV of which there is another text ``after`` than ``before``, in order."""
    found = [_change(key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    return [change for change in found if change]


def _change(key: Key, before: Entry | None, after: Entry | None) -> Difference | None:
    if after is None:
        return Difference(key, "gone", _all(before), loses=True)
    if before is None:
        return Difference(key, "new", _all(after))
    lost = before.times.keys() - after.times.keys()
    if before.sha256 == after.sha256 and not lost:
        return None
    return Difference(key, "changed", _describe(before, after, lost), loses=bool(lost))


def _all(entry: Entry | None) -> str:
    periods = sorted(entry.times) if entry else []
    return f"{many(len(periods), periods[0].grain)}, {periods[0]} to {periods[-1].end}" if periods else "no rows"


def _describe(before: Entry, after: Entry, lost: set[Period]) -> str:
    old, new, grain = before.times, after.times, after.key.grain
    added = new.keys() - old.keys()
    again = [period for period in new if period in old and new[period] != old[period]]
    parts = [f"+{many(len(added), grain)}, through {max(added).end - timedelta(days=1)}"] if added else []
    parts += [f"-{many(len(lost), grain)}, from {min(lost)} on"] if lost else []
    parts += [f"{many(len(again), grain)} computed again"] if again else []
    parts += ["other columns"] if before.column_ids != after.column_ids else []
    return "; ".join(parts) or "other numbers"


def many(number: int, grain: Grain) -> str:
    """``number`` periods of a grain, in words."""
    return f"{number} {grain}{'' if number == 1 else 's'}"
