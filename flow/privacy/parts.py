"""The connected parts of what is not known: cells that stand in one row together, or in rows with what is not known either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flow.privacy.row import Row


class Parts:
    """The parts of ``many`` variables that ``rows`` connect, but for those that are ``known``."""

    def __init__(self, many: int, rows: Sequence[Row], known: set[int]) -> None:
        self._known = set(known)
        self._above = list(range(many))
        self._rows: dict[int, list[list[int]]] = defaultdict(list)
        for row in rows:
            places = [place for place, _ in row.terms]
            for place in places:
                self._rows[place].append(places)
            self._join(places)

    def free(self, place: int) -> None:
        """Takes a variable as not known from now on."""
        self._known.discard(place)
        for places in self._rows[place]:
            self._join(places)

    def of(self, places: Iterable[int]) -> list[list[int]]:
        """``places``, by the part in which each is."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in places:
            found[self._root(place)].append(place)
        return list(found.values())

    def with_free(self, places: Iterable[int]) -> Parts:
        """The parts if some more variables were not known."""
        other = Parts(0, [], self._known)
        other._above, other._rows = list(self._above), self._rows
        for place in places:
            other.free(place)
        return other

    def _join(self, places: list[int]) -> None:
        unknown = [place for place in places if place not in self._known]
        for place in unknown[1:]:
            self._above[self._root(place)] = self._root(unknown[0])

    def _root(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = place = self._above[self._above[place]]
        return place
