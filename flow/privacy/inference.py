"""What a reader can infer of withheld cells from all that is published: which whole numbers can stand in them.

A reader knows the sums and inequalities between the cells, and the rule by which they are withheld: a small number is, and
any other only for the sake of a small one, which then is in the same connected part of what is not known. A *world* is a
number for each cell that agrees with all this. A withheld cell is told unless two worlds differ in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from flow.privacy.allowance import Allowance
from flow.privacy.facts import UNKNOWN, Cell, Facts
from flow.privacy.parts import Parts
from flow.privacy.program import Prices, Program
from flow.privacy.row import Bound
from flow.privacy.solver import Values

#: How many cells of a part are tried as its small one.
MOST_TRIED = 12
#: How often many cells are pulled at once before each is looked at by itself.
PULLS = 6


class Inference:
    """The worlds of ``facts``, of which more and more may be withheld. Everything raises Unsolved."""

    def __init__(self, facts: Facts, allowance: Allowance | None = None) -> None:
        self._facts = facts
        self._program = Program(facts, allowance or Allowance())
        self.contradicts = self._program.contradicts
        self._few = {self._program.places[cell]: self._most_few(cell) for cell in facts.withheld()}
        known = self._program.known - self._few.keys()
        self._parts = Parts(len(self._program.bounds), self._program.rows, known)
        self._seen: dict[int, set[int]] = {place: set() for place in self._few}
        self._ruled = set(self._few)
        self._look_around()

    def open(self) -> list[Cell]:
        """The withheld cells of which no two worlds are known to differ, oldest first."""
        return [cell for cell in self._facts.withheld() if len(self._seen[self._program.places[cell]]) < 2]

    def is_disclosed(self, cell: Cell) -> bool:
        """Whether no two worlds differ in a withheld cell."""
        place = self._program.places[cell]
        return len(self._seen[place]) < 2 and not any(self._record_world(world) for world in self._others(place, {}))

    def protect(self, cell: Cell, prices: Prices) -> set[Cell]:
        """Withholds the published cells of the least price by which two worlds differ in ``cell``; none if none do."""
        worlds = list(self._others(self._program.places[cell], prices))
        if not worlds:
            return set()
        world = min(worlds, key=lambda each: sum(prices[moved] for moved in self._program.moved(each)))
        chosen = set(self._program.moved(world))
        for other in chosen:
            self._withhold(other)
        self._record_world(world)
        return chosen

    def _withhold(self, cell: Cell) -> None:
        place = self._program.places[cell]
        self._seen[place] = {int(self._facts.cells[cell].low)}
        self._facts.cells[cell] = UNKNOWN
        self._few[place] = self._most_few(cell)
        self._ruled.add(place)
        self._program.withhold(cell)
        self._parts.free(place)

    def _most_few(self, cell: Cell) -> int:
        return self._facts.dependences[cell.column].threshold - 1

    # Worlds

    def _look_around(self) -> None:
        """Finds a first world, and others that differ from it in many cells at once."""
        if not self._record_world(self._world({}, {}, {})):
            self._drop_broken_rule()
        chance = np.random.default_rng(0)
        for number in range(PULLS):
            open = [place for place, values in self._seen.items() if len(values) < 2]
            signs = np.full(len(open), 1.0 - 2 * number) if number < 2 else chance.choice((-1.0, 1.0), len(open))
            if open:
                self._record_world(self._world(dict(zip(open, signs, strict=True)), {}, {}))

    def _drop_broken_rule(self) -> None:
        """Stops applying the rule to a part that cannot satisfy it: data changed, and no solution has a small number there."""
        world = self._program.solve({}, {}, {})
        if world is not None:
            self._ruled -= {place for part in self._lacking(world) for place in part}
            self._record_world(world)

    def _record_world(self, world: Values | None) -> bool:
        for place, values in self._seen.items() if world is not None else ():
            values.add(int(world[place]))  # type: ignore[index]
        return world is not None

    def _others(self, place: int, prices: Prices) -> Iterator[Values]:
        """Worlds that differ in a variable from the known one: with more, and with less."""
        value, (low, high) = min(self._seen[place], default=-1), self._program.bounds[place]
        for end in ((max(low, value + 1.0), high), (low, min(high, value - 1.0))):
            if end[0] <= end[1]:
                world = self._world({}, {place: end}, prices)
                if world is not None:
                    yield world

    def _world(self, costs: Mapping[int, float], within: Mapping[int, Bound], prices: Prices) -> Values | None:
        """The world of least costs within other bounds; None if there is none. With ``prices``, published cells may move."""
        found = self._program.solve(costs, within, prices)
        lacking = [] if found is None else self._lacking(found)
        if not lacking:
            return found
        near = [self._program.places[cell] for cell in sorted(prices, key=lambda cell: prices[cell])]
        for number in range(MOST_TRIED):
            small = {part[number] for each in lacking if number < len(part := [*each, *near])}
            bounds = {place: self._small(place, within.get(place, self._program.bounds[place])) for place in small}
            if small and all(low <= high for low, high in bounds.values()):
                found = self._program.solve(costs, {**within, **bounds}, prices)
                if found is not None and not self._lacking(found):
                    return found
        return None

    def _small(self, place: int, bound: Bound) -> Bound:
        few = self._few.get(place, max(self._few.values(), default=4))
        return max(1.0, bound[0]), min(float(few), bound[1])

    def _lacking(self, world: Values) -> list[list[int]]:
        """The parts in which no withheld cell is small in ``world``, though the rule says that one is."""
        moved = {self._program.places[cell]: self._most_few(cell) for cell in self._program.moved(world)}
        few = self._few | moved
        parts = (self._parts.with_free(moved) if moved else self._parts).of([*self._ruled, *moved])
        return [part for part in parts if not any(1 <= world[place] <= few[place] for place in part)]
