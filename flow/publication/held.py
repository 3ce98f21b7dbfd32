"""What a check has held back and no run has mended since: ``held.json``, beside the releases and never published."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any

from flow.datasets.period import Grain, Period
from flow.shelf.entry import Entry, Key, without_periods

FILE = "held.json"

#: For each sum, the dates on which it is missed.
Missed = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """A CSV of which the numbers of ``dates`` are held back, and why; ``missed``: those that do not add up.

    ``remedies``: what lets them through, besides mending them.
    """

    dataset: str
    wiki: str
    grain: str
    dates: tuple[str, ...]
    why: str
    missed: Missed = field(default_factory=dict)
    remedies: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Which CSV it is."""
        return Key(self.dataset, self.wiki, Grain(self.grain))

    @property
    def periods(self) -> set[Period]:
        """The periods that are held back."""
        return {Period(date.fromisoformat(day), Grain(self.grain)) for day in self.dates}

    def without(self, dates: Collection[str]) -> Held:
        """What is held back but for ``dates``."""
        missed = {sum: tuple(day for day in days if day not in dates) for sum, days in self.missed.items()}
        return replace(self, dates=tuple(day for day in self.dates if day not in dates), missed=missed)

    def joined(self, other: Held) -> Held:
        """What this and ``other`` hold back of the same CSV, for the reason of this."""
        missed = {sum: _together(self.missed.get(sum, ()), other.missed.get(sum, ())) for sum in {**self.missed, **other.missed}}
        dates, remedies = _together(self.dates, other.dates), _together(self.remedies, other.remedies)
        return replace(self, dates=dates, missed=missed, remedies=remedies)

    def joined_with_reason(self, other: Held) -> Held:
        """What this and ``other`` hold back of the same CSV, for both reasons."""
        return replace(self.joined(other), why=self.why if other.why in self.why else f"{self.why}; {other.why}")


def _together(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))


def render(all: Iterable[Held]) -> str:
    """All that is held back, as JSON."""
    return json.dumps([asdict(each) for each in all], ensure_ascii=False, indent=1) + "\n"


def parse(text: str) -> dict[Key, Held]:
    """What ``render`` wrote; nothing of a text that it would not have written."""
    try:
        read = [_read(item) for item in json.loads(text)]
        return {each.key: each for each in read}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return {}


def _read(item: Mapping[str, Any]) -> Held:
    missed = {sum: tuple(days) for sum, days in item.get("missed", {}).items()}
    remedies = tuple(item.get("remedies", ()))
    each = Held(**{**item, "dates": tuple(item["dates"]), "missed": missed, "remedies": remedies})
    "".join([*remedies, each.dataset, each.wiki, each.why, *each.dates, *missed, *chain(*missed.values())]).encode()
    if {str(period) for period in each.periods} != set(each.dates):
        raise ValueError("a day is not written as we write it")
    return each


def as_if_missing(entries: Mapping[Key, Entry], held: Mapping[Key, Held]) -> dict[Key, Entry]:
    """``entries`` without the periods that are held back, so that they are planned again."""
    return {key: without_periods(entry, held[key].periods) if key in held else entry for key, entry in entries.items()}
