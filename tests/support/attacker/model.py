"""All sums and inequalities between the cells of one wiki, day by day, as a linear program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from tests.support.attacker.copies import Cell, Told

INF = float("inf")
TOPICS, REPLIES, EDITS = "flow_edits.topics", "flow_edits.replies", "talk_edits.edits"
POSTERS, FIRST, EDITORS = "flow_people.posters", "flow_people.first_timers", "talk_edits.editors"
KINDS = [TOPICS, REPLIES, *(f"flow_edits.{kind}" for kind in ("post_edits", "title_edits", "header_edits", "summary_edits"))]
PLACES = [f"talk_edits.{place}" for place in ("article", "user", "project", "other")]
#: Columns that are the same number.
SAME = {
    "new_topics.topics": TOPICS, "first_response.topics": TOPICS, "replies_per_topic.topics": TOPICS,
    "replies.replies": REPLIES, "talk_versus_flow.talk_edits": EDITS,
}
TOTALS = {"talk_versus_flow.flow_edits": KINDS, EDITS: PLACES}
#: Distinct people, the columns of what they do, and those among them who are new.
PEOPLE = {POSTERS: ([TOPICS, REPLIES], FIRST), EDITORS: ([EDITS], "")}
SUMS = {*KINDS, *PLACES, EDITS, FIRST, "talk_versus_flow.flow_edits"}


@dataclass(slots=True)
class Model:
    """Variables with bounds, and rows ``low <= sum <= high`` over them."""

    places: dict[Cell, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, cell: Cell) -> int:
        if cell not in self.places:
            self.places[cell] = len(self.low)
            self.low.append(0.0)
            self.high.append(INF)
        return self.places[cell]

    def at_most(self, cell: Cell, others: Iterable[Cell]) -> None:
        """That a cell is no more than others together."""
        self._row(cell, others, INF)

    def equal(self, cell: Cell, others: Iterable[Cell]) -> None:
        self._row(cell, others, 0.0)

    def _row(self, cell: Cell, others: Iterable[Cell], high: float) -> None:
        terms = {self.variable(other): 1.0 for other in others}
        terms[self.variable(cell)] = -1.0
        self.rows.append((terms, 0.0, high))

    def range(self, cell: Cell) -> tuple[float, float]:
        """The least and the greatest whole number that a cell can hold, as far as fractions tell."""
        matrix, low, high = self.matrix()
        ends = [self._real(self.places[cell], sign, matrix, low, high) for sign in (1.0, -1.0)]
        return np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)

    def reconcile(self) -> None:
        """Widens as few rows as little as possible, so that numbers of different nights do not contradict each other."""
        if not self.low:
            return
        matrix, low, high = self.matrix()
        many, rows = len(self.low), len(self.rows)
        if self._solved(np.zeros(many), matrix, low, high, list(zip(self.low, self.high, strict=True))).status == 0:
            return
        import scipy.sparse as sparse

        wide = sparse.hstack([matrix, sparse.identity(rows), -sparse.identity(rows)]).tocsr()
        bounds = [*zip(self.low, self.high, strict=True), *[(0.0, INF)] * (2 * rows)]
        found = self._solved(np.concatenate([np.zeros(many), np.ones(2 * rows)]), wide, low, high, bounds)
        assert found.status == 0, found.message
        less, more = found.x[many : many + rows], found.x[many + rows :]
        self.rows = [(t, a - x - 1e-7 * (x > 1e-9), b + y + 1e-7 * (y > 1e-9)) for (t, a, b), x, y in zip(self.rows, less, more, strict=True)]

    def matrix(self) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """The rows, with what each is at least and at most."""
        ends = np.cumsum([0] + [len(terms) for terms, _, _ in self.rows])
        columns = np.array([place for terms, _, _ in self.rows for place in terms], dtype=int)
        factors = np.array([factor for terms, _, _ in self.rows for factor in terms.values()])
        matrix = csr_matrix((factors, columns, ends), shape=(len(self.rows), len(self.low)))
        return matrix, np.array([low for _, low, _ in self.rows]), np.array([high for _, _, high in self.rows])

    def _real(self, place: int, sign: float, matrix: csr_matrix, low: np.ndarray, high: np.ndarray) -> float:
        cost = np.zeros(len(self.low))
        cost[place] = sign
        found = self._solved(cost, matrix, low, high, list(zip(self.low, self.high, strict=True)))
        assert found.status in (0, 3, 4), found.message
        return sign * found.fun if found.status == 0 else -sign * INF

    def _solved(self, cost: np.ndarray, matrix: csr_matrix, low: np.ndarray, high: np.ndarray, bounds: Sequence[tuple[float, float]]) -> object:
        exact, above, below = low == high, (low > -INF) & (low < high), (high < INF) & (low < high)
        import scipy.sparse as sparse

        upper = sparse.vstack([matrix[below], -matrix[above]])
        return linprog(cost, upper, np.concatenate([high[below], -low[above]]), matrix[exact], low[exact], bounds, method="highs")


def model(told: Told) -> Model:
    """All that follows from what is told, but for the rule by which cells are withheld."""
    made = Model()
    cells = [cell for cell in {*told.numbers, *told.withheld} if SAME.get(cell.column, cell.column) in {*SUMS, *PEOPLE}]
    days = sorted({day for cell in cells for day in cell.days})
    for cell in cells:
        place = made.variable(Cell(SAME.get(cell.column, cell.column), cell.start, cell.end))
        if cell in told.numbers:
            made.low[place] = made.high[place] = told.numbers[cell]
    for same in {Cell(SAME.get(cell.column, cell.column), cell.start, cell.end) for cell in cells}:
        if same.column in SUMS and len(same.days) > 1:
            made.equal(same, (_day(same.column, day) for day in same.days))
    spans = {(cell.start, cell.end) for cell in cells} | {(day, day + timedelta(days=1)) for day in days}
    for start, end in spans:
        for total, parts in TOTALS.items():
            made.equal(Cell(total, start, end), (Cell(part, start, end) for part in parts))
    for column, (acts, new) in PEOPLE.items():
        _people(made, column, acts, new, sorted(spans))
    _newcomers(made, cells, days, told.begins)
    return made


def _day(column: str, day: date) -> Cell:
    return Cell(column, day, day + timedelta(days=1))


def _people(made: Model, column: str, acts: list[str], new: str, spans: list[tuple[date, date]]) -> None:
    """Distinct people of a span: no fewer than in any span within it, no more than in all that cover it, or than acts."""
    for start, end in spans:
        cell = Cell(column, start, end)
        made.at_most(cell, (Cell(act, start, end) for act in acts))
        for act in acts:
            if len(cell.days) > 1:
                made.equal(Cell(act, start, end), (_day(act, day) for day in cell.days))
            place = made.variable(Cell(act, start, end))
            if made.high[made.variable(cell)] == 0:
                made.high[place] = max(0.0, made.low[place])
            if made.low[place] >= 1:
                made.low[made.variable(cell)] = max(1.0, made.low[made.variable(cell)])
        if new:
            made.at_most(Cell(new, start, end), [cell])
            if len(cell.days) > 1:
                made.equal(Cell(new, start, end), (_day(new, day) for day in cell.days))
        within = [(a, b) for a, b in spans if start <= a and b <= end and (a, b) != (start, end)]
        for a, b in within:
            made.at_most(Cell(column, a, b), [cell])
        if within:
            made.at_most(cell, (Cell(column, a, b) for a, b in _largest(within)))
            made.at_most(cell, (_day(column, day) for day in cell.days))


def _largest(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= a or b <= start for a, b in found):
            found.append((start, end))
    return found


def _newcomers(made: Model, cells: Iterable[Cell], days: list[date], begins: date | None) -> None:
    """Whoever posts has posted for the first time by then, if the numbers reach back to the wiki's first day."""
    first = min((cell.start for cell in cells if cell.column == FIRST), default=None)
    if first is None or begins is None or first > begins:
        return
    for cell in [cell for cell in made.places if cell.column == POSTERS and cell.start >= first]:
        made.at_most(cell, (_day(FIRST, day) for day in days if first <= day < cell.end))
