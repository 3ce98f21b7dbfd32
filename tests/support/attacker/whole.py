"""What whole numbers tell, and the rule by which cells are withheld: integer programming over a ``Model``."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.support.attacker.model import Model

#: How often a random direction may show nothing new before each cell is looked at by itself.
PATIENCE = 3


@dataclass(slots=True)
class Whole:
    """The rule: a small number (1 to below its threshold) is withheld; so is any other, but only where one small number is
    in the same connected part of what is not known. ``few``: the withheld variables, and the most that is small.
    """

    model: Model
    few: Mapping[int, int]
    parts: list[list[int]] = field(default_factory=list)
    bounds: Bounds = field(default_factory=Bounds)
    rows: list[LinearConstraint] = field(default_factory=list)

    def told(self, places: Iterable[int]) -> dict[int, int]:
        """The one number that each of ``places`` can hold, of those that can hold one only; none if nothing is possible."""
        if not self.few:
            return {}
        self._set_up(self._parts())
        first = self._solve({})
        if first is None:
            self._set_up([])  # the numbers contradict the rule: it is known not to hold
            first = self._solve({})
        if first is None:
            return {}
        found = {place: {int(first[place])} for place in places}
        for world in self._worlds(found):
            for place, values in found.items():
                values.add(int(world[place]))
        return {place: values.pop() for place, values in found.items() if len(values) == 1}

    def _worlds(self, found: Mapping[int, set[int]]) -> Iterator[np.ndarray]:
        """Other possible numbers: at first in random directions, then for each place that has shown one number."""
        chance, patience = random.Random(0), PATIENCE
        while patience:
            open = [place for place, values in found.items() if len(values) == 1]
            for sign in (1.0, -1.0):
                world = self._solve({place: sign * chance.choice((1.0, 1.0, -1.0)) for place in open})
                if world is not None:
                    yield world
            patience -= len(open) == len([place for place in open if len(found[place]) == 1])
        for place, values in found.items():
            for sign in (1.0, -1.0):
                if len(values) == 1 and (world := self._solve({place: sign})) is not None:
                    yield world

    def _solve(self, costs: Mapping[int, float]) -> np.ndarray | None:
        many = len(self.model.low)
        cost = np.zeros(many + sum(map(len, self.parts)))
        for place, factor in costs.items():
            cost[place] = factor
        options = {"time_limit": 20.0}
        found = milp(cost, integrality=np.ones(len(cost)), bounds=self.bounds, constraints=self.rows, options=options)
        return None if found.x is None else np.round(found.x[:many])

    def _set_up(self, parts: list[list[int]]) -> None:
        self.parts, places = parts, [place for part in parts for place in part]
        most = 2.0 * max([1000.0, *(high for high in self.model.high if high < np.inf)])
        high = [*np.minimum(self.model.high, most), *[1.0] * len(places)]
        self.bounds = Bounds([*self.model.low, *[0.0] * len(places)], high)
        self.rows = [self._rows(len(places)), *self._rule(places, most)]

    def _rows(self, more: int) -> LinearConstraint:
        matrix, low, high = self.model.matrix()
        wide = sparse.hstack([matrix, sparse.csr_matrix((matrix.shape[0], more))]).tocsr()
        return LinearConstraint(wide, np.floor(low + 1e-6), np.ceil(high - 1e-6))

    def _rule(self, places: list[int], most: float) -> Iterator[LinearConstraint]:
        """That a cell which is taken to be small is so, and that one is in each part."""
        many, width = len(self.model.low), len(self.model.low) + len(places)
        if places:
            ones, shape = np.ones(len(places)), (len(places), width)
            mark = sparse.csr_matrix((ones, (range(len(places)), range(many, width))), shape=shape)
            cell = sparse.csr_matrix((ones, (range(len(places)), places)), shape=shape)
            limits = np.array([self.few[place] for place in places], dtype=float)
            yield LinearConstraint((cell - mark).tocsr(), 0.0, np.inf)
            yield LinearConstraint((cell + most * mark).tocsr(), -np.inf, limits + most)
            of_part = [number for number, part in enumerate(self.parts) for _ in part]
            marks = sparse.csr_matrix((ones, (of_part, range(many, width))), shape=(len(self.parts), width))
            yield LinearConstraint(marks, 1.0, np.inf)

    def _parts(self) -> list[list[int]]:
        """The withheld cells, by what connects them: rows in which both stand, or what is not known either."""
        root = list(range(len(self.model.low)))

        def find(place: int) -> int:
            while root[place] != place:
                root[place] = place = root[root[place]]
            return place

        for terms, _, _ in self.model.rows:
            unknown = [place for place in terms if self.model.low[place] < self.model.high[place]]
            for place in unknown[1:]:
                root[find(place)] = find(unknown[0])
        parts: dict[int, list[int]] = defaultdict(list)
        for place in self.few:
            parts[find(place)].append(place)
        return list(parts.values())
