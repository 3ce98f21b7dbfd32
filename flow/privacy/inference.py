"""What a reader can infer of withheld cells from all that is published: the bounds that linear programming gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flow.privacy.facts import NO_BOUND, Bounds, Cell, Facts
from flow.privacy.relations import Relations

if TYPE_CHECKING:
    import highspy

#: How far a solver's number may be from the exact one.
TOLERANCE = 1e-6


class Inference:
    """All sums and inequalities between the cells of ``facts``.

    Numbers of different nights may contradict each other, for the wiki has changed. Then the rows are widened by as
    little as makes them agree, as a reader would who takes all but the last late row for granted.
    """

    def __init__(self, facts: Facts) -> None:
        self._relations = Relations(facts)
        self._solver = self._load()
        self.contradicts = self._reconcile()

    def bounds(self, cell: Cell) -> Bounds:
        """The whole numbers that ``cell`` can hold, given everything else."""
        low, high = (self._extreme(self._relations.place(cell), sign) for sign in (1, -1))
        return Bounds(math.ceil(low - TOLERANCE), math.floor(high + TOLERANCE) if high < NO_BOUND else NO_BOUND)

    def is_disclosed(self, cell: Cell) -> bool:
        """Whether only one number can stand in a withheld cell."""
        bounds = self.bounds(cell)
        return bounds.low >= bounds.high

    def allow(self, cell: Cell, bounds: Bounds) -> None:
        """Takes other bounds for ``cell``, as if less or more of it were known."""
        self._solver.changeColBounds(self._relations.place(cell), bounds.low, bounds.high)

    def _extreme(self, place: int, sign: int) -> float:
        """The least (``sign`` 1) or the greatest (-1) value of a variable; infinite for one without bound."""
        import highspy

        self._solver.changeColCost(place, sign)
        self._solver.run()
        status, value = self._solver.getModelStatus(), self._solver.getInfo().objective_function_value
        self._solver.changeColCost(place, 0.0)
        return float(sign * value) if status == highspy.HighsModelStatus.kOptimal else -sign * NO_BOUND

    def _load(self) -> highspy.Highs:
        import highspy

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        for bounds in self._relations.variables.values():
            solver.addVar(bounds.low, bounds.high)
        for row in self._relations.rows:
            places, factors = zip(*row.terms, strict=True)
            solver.addRow(row.low, row.high, len(places), list(places), list(factors))
        return solver

    def _reconcile(self) -> bool:
        """Makes the facts agree, and tells whether they did not."""
        import highspy

        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return False
        self._solver.feasibilityRelaxation(-1, -1, 1)
        values = self._solver.getSolution().row_value
        for number, (row, value) in enumerate(zip(self._relations.rows, values, strict=True)):
            if not row.low - TOLERANCE <= value <= row.high + TOLERANCE:
                self._solver.changeRowBounds(number, min(row.low, value - TOLERANCE), max(row.high, value + TOLERANCE))
        return True
