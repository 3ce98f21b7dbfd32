"""What a reader can infer of withheld cells from all that is published: the bounds that linear programming gives."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from flow.period import Grain
from flow.privacy.facts import NO_BOUND, Bounds, Cell, Facts

if TYPE_CHECKING:
    import highspy

#: How far a solver's number may be from the exact one.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of variables, each times its factor, from ``low`` to ``high``."""

    terms: Sequence[tuple[int, float]]
    low: float
    high: float


class Inference:
    """All sums and inequalities between the cells of ``facts``."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._places = {cell: place for place, cell in enumerate(facts.cells)}
        self._solver = self._solved()

    def bounds(self, cell: Cell) -> Bounds | None:
        """The whole numbers that ``cell`` can hold, given everything else; None if the facts contradict each other."""
        low, high = (self._extreme(self._places[cell], sign) for sign in (1, -1))
        if low is None or high is None:
            return None
        return Bounds(math.ceil(low - TOLERANCE), math.floor(high + TOLERANCE) if high < NO_BOUND else NO_BOUND)

    def allow(self, cell: Cell, bounds: Bounds) -> None:
        """Takes other bounds for ``cell``, as if less or more of it were known."""
        self._solver.changeColBounds(self._places[cell], bounds.low, bounds.high)

    def _extreme(self, place: int, sign: int) -> float | None:
        """The least (``sign`` 1) or the greatest (-1) value of a variable; infinite for one without bound."""
        import highspy

        self._solver.changeColCost(place, sign)
        self._solver.run()
        status, value = self._solver.getModelStatus(), self._solver.getInfo().objective_function_value
        self._solver.changeColCost(place, 0.0)
        if status == highspy.HighsModelStatus.kOptimal:
            return sign * value
        unbounded = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        return -sign * NO_BOUND if status in unbounded else None

    def _solved(self) -> highspy.Highs:
        import highspy

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        for cell, bounds in self._facts.cells.items():
            solver.addVar(max(0.0, bounds.low), min(bounds.high, self._facts.cap(cell)))
        segments = self._segments()
        for _ in range(sum(map(len, segments.values()))):
            solver.addVar(0.0, NO_BOUND)
        for row in [*self._additive(segments), *self._distinct(), *self._dependent()]:
            places, factors = zip(*row.terms, strict=True)
            solver.addRow(row.low, row.high, len(places), list(places), list(factors))
        return solver

    def _segments(self) -> dict[str, dict[tuple[int, int], int]]:
        """For each additive column, the variables of the stretches of days between any two neighbouring ends of periods."""
        found: dict[str, dict[tuple[int, int], int]] = {}
        place = len(self._places)
        for column in dict.fromkeys(cell.column for cell in self._places):
            if self._facts.dependences[column].additive:
                edges = sorted({day.toordinal() for cell in self._of(column) for day in (cell.period.start, cell.period.end)})
                found[column] = {}
                for stretch in pairwise(edges):
                    found[column][stretch] = place
                    place += 1
        return found

    def _of(self, column: str) -> list[Cell]:
        return [cell for cell in self._places if cell.column == column]

    def _additive(self, segments: dict[str, dict[tuple[int, int], int]]) -> Iterator[Row]:
        """A cell is the sum of its stretches."""
        for column, stretches in segments.items():
            for cell in self._of(column):
                start, end = cell.period.start.toordinal(), cell.period.end.toordinal()
                inside = [place for (first, last), place in stretches.items() if start <= first and last <= end]
                yield Row([(self._places[cell], -1.0), *((place, 1.0) for place in inside)], 0.0, 0.0)

    def _distinct(self) -> Iterator[Row]:
        """Of distinct persons, a period has no fewer than any within it, and no more than those that cover it together."""
        for column in dict.fromkeys(cell.column for cell in self._places):
            dependence = self._facts.dependences[column]
            if dependence.additive or not dependence.people:
                continue
            cells = self._of(column)
            for cell in cells:
                place = self._places[cell]
                others = [other for other in cells if other.period.grain is not cell.period.grain]
                yield from (Row([(place, 1.0), (self._places[o], -1.0)], 0.0, NO_BOUND) for o in others if o.within(cell))
                for grain in Grain:
                    cover = [other for other in others if other.period.grain is grain and other.overlaps(cell)]
                    if _covers(cover, cell):
                        yield Row([(place, -1.0), *((self._places[other], 1.0) for other in cover)], 0.0, NO_BOUND)

    def _dependent(self) -> Iterator[Row]:
        """A part is no more than what it is among, people no more than their acts, a total the sum of its parts."""
        for cell, place in self._places.items():
            dependence = self._facts.dependences[cell.column]
            for names, exact in ((filter(None, [dependence.among]), False), (dependence.acts, False), (dependence.parts, True)):
                row = self._sum(place, [Cell(name, cell.period) for name in names], exact)
                if row:
                    yield row

    def _sum(self, place: int, parts: list[Cell], exact: bool) -> Row | None:
        """That the parts together are the variable, or at least as much; None unless something is known of each."""
        variables = [part for part in parts if part in self._places]
        known = [self._facts.counts[part] for part in parts if part not in self._places and part in self._facts.counts]
        if not variables or len(variables) + len(known) < len(parts):
            return None
        terms = [(self._places[part], 1.0) for part in variables]
        return Row([(place, -1.0), *terms], -sum(known), -sum(known) if exact else NO_BOUND)


def _covers(cover: list[Cell], cell: Cell) -> bool:
    """Whether no day of ``cell`` is left out by ``cover``, which is in order and does not overlap itself."""
    days = sum((min(c.period.end, cell.period.end) - max(c.period.start, cell.period.start)).days for c in cover)
    return days == (cell.period.end - cell.period.start).days
