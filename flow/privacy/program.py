"""The facts as a program that can be solved: a variable for each cell, which a published one may leave if it is freed."""

from __future__ import annotations

from collections.abc import Mapping

from flow.privacy.allowance import Allowance, Unsolved
from flow.privacy.facts import NO_BOUND, Cell, Facts
from flow.privacy.relations import Relations
from flow.privacy.row import Bound, Row
from flow.privacy.solver import Solver, Values

#: What it costs to withhold each published cell.
Prices = Mapping[Cell, float]


class Program:
    """The sums and inequalities between the cells of ``facts``.

    Numbers of different nights may contradict each other, for the wiki has changed. Then the rows are widened by as little
    as makes them agree, as a reader would who takes all but the last late row for granted. Raises Unsolved.
    """

    def __init__(self, facts: Facts, allowance: Allowance) -> None:
        relations = Relations(facts)
        published = {cell: int(bounds.low) for cell, bounds in facts.cells.items() if bounds.published}
        self.places = {cell: relations.place(cell) for cell in facts.cells}
        self.rows = relations.rows
        self.most = float(sum(published.values()) + sum(facts.counts.values()) + 100)
        self.bounds: list[Bound] = [(each.low, min(each.high, self.most)) for each in relations.variables.values()]
        self.known = {place for place, (low, high) in enumerate(self.bounds) if low == high}
        self._moves: dict[Cell, tuple[int, int]] = {}
        self._fixed = [self._let_move(cell, number, relations.least(cell)) for cell, number in published.items()]
        self._solver, self.contradicts = self._agreed(allowance)

    def withhold(self, cell: Cell) -> None:
        """Takes a published cell as withheld from now on."""
        moves = self._moves.pop(cell)
        for place in moves:
            self.bounds[place] = (0.0, self.most)
        self._solver.bound({place: self.bounds[place] for place in moves})

    def solve(self, costs: Mapping[int, float], within: Mapping[int, Bound], prices: Prices) -> Values | None:
        """The whole numbers of least costs within other bounds; with ``prices``, published cells may move, which costs."""
        moves = {place: price for cell, price in prices.items() for place in self._moves.get(cell, ())}
        self._solver.bound({**dict.fromkeys(moves, (0.0, self.most)), **within})
        try:
            return self._solver.solve({**costs, **moves})
        finally:
            self._solver.bound({place: self.bounds[place] for place in (*moves, *within)})

    def moved(self, values: Values) -> list[Cell]:
        """The published cells that hold another number."""
        return [cell for cell, (up, down) in self._moves.items() if values[up] != values[down]]

    def _let_move(self, cell: Cell, number: int, least: int) -> Row:
        """That a published cell is its number, and how far it moves up and down from it; not at all, unless it is freed."""
        place, up = self.places[cell], len(self.bounds)
        self.bounds[place] = (float(min(least, number)), self.most)
        self.bounds += [(0.0, 0.0), (0.0, 0.0)]
        self._moves[cell] = (up, up + 1)
        return Row([(place, 1.0), (up, -1.0), (up + 1, 1.0)], number, number)

    def _agreed(self, allowance: Allowance) -> tuple[Solver, bool]:
        """The solver, and whether rows had to be widened."""
        solver = Solver(self.bounds, [*self.rows, *self._fixed], allowance)
        if solver.solve({}) is not None:
            return solver, False
        return Solver(self.bounds, [*self._widened(allowance), *self._fixed], allowance), True

    def _widened(self, allowance: Allowance) -> list[Row]:
        many, slacks = len(self.bounds), range(len(self.bounds), len(self.bounds) + 2 * len(self.rows))
        bounds = [*self.bounds, *[(0.0, NO_BOUND)] * len(slacks)]
        wide = [
            Row([*row.terms, (slack, 1.0), (slack + 1, -1.0)], row.low, row.high)
            for row, slack in zip(self.rows, slacks[::2], strict=True)
        ]
        found = Solver(bounds, [*wide, *self._fixed], allowance).solve(dict.fromkeys(slacks, 1.0))
        if found is None:
            raise Unsolved
        less, more = found[many::2], found[many + 1 :: 2]
        return [Row(row.terms, row.low - a, row.high + b) for row, a, b in zip(self.rows, less, more, strict=True)]
