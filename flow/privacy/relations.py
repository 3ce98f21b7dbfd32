"""All sums and inequalities between the cells of one part of the facts, and between the stretches of days that they share."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flow.datasets.period import Grain
from flow.privacy.facts import NO_BOUND, UNKNOWN, Bounds, Cell, Facts
from flow.privacy.row import Row

#: Days from one up to another, as ordinals. A cell has one; so has each stretch between two neighbouring ends of cells.
Span = tuple[int, int]
#: As many acts a person may do in a span, where nothing is known of them.
MANY = 1000.0
#: Before a column's name: all of it up to the end of a stretch.
SO_FAR = "so far: "
Variable = tuple[str, Span]


def span(cell: Cell) -> Span:
    """The days of a cell."""
    return cell.period.start.toordinal(), cell.period.end.toordinal()


@dataclass(slots=True)
class Relations:
    """``variables`` with their bounds, in order, and ``rows`` over their places."""

    facts: Facts
    variables: dict[Variable, Bounds] = field(default_factory=dict)
    places: dict[Variable, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    _spans: dict[str, list[Span]] = field(default_factory=dict)
    _stretches: list[Span] = field(default_factory=list)
    _counts: dict[Variable, int] = field(default_factory=dict)
    _least: dict[Variable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._counts = {(cell.column, span(cell)): number for cell, number in self.facts.counts.items()}
        self._place()
        for column, spans in self._spans.items():
            dependence = self.facts.dependences.get(column)
            for each in spans:
                if dependence is None or dependence.additive:
                    self._add(column, each, self._inside(each), 0.0)
                elif dependence.people:
                    self._distinct(column, each)
            for each in {*spans, *self._stretches}:
                self._depend(column, each)
        self._debuts()

    def place(self, cell: Cell) -> int:
        """The place of a cell's variable."""
        return self.places[cell.column, span(cell)]

    def least(self, cell: Cell) -> int:
        """The least that a cell can hold if nothing is known of it but what was done."""
        return self._least.get((cell.column, span(cell)), 0)

    # Variables

    def _place(self) -> None:
        """A variable for each cell, and for each stretch of each column; acts that are published are cells, too."""
        cells = self.facts.cells
        self._stretches = list(pairwise(sorted({day for cell in cells for day in span(cell)})))
        for cell, bounds in cells.items():
            self._variable(cell.column, span(cell), bounds)
        for column, known in self._acts().items():
            for each, number in known.items():
                self._variable(column, each, Bounds(number, number))
        for column in [*self._spans]:
            for stretch in self._stretches:
                if (column, stretch) not in self.variables:
                    self.variables[column, stretch] = UNKNOWN
        self._somebody()
        self.variables |= {(SO_FAR + column, each): UNKNOWN for column, _ in self._debut_columns() for each in self._stretches}
        self.places = {variable: place for place, variable in enumerate(self.variables)}

    def _variable(self, column: str, each: Span, bounds: Bounds) -> None:
        old = self.variables.get((column, each))
        if old is None or not old.published:
            self.variables[column, each] = bounds
        self._spans.setdefault(column, []).append(each)

    def _acts(self) -> dict[str, dict[Span, int]]:
        """What is published of acts: of cells' periods, and of the stretches of which each day is."""
        names = {act for cell in self.facts.cells for act in self.facts.dependences[cell.column].acts}
        edges = {day for stretch in self._stretches for day in stretch}
        found: dict[str, dict[Span, int]] = defaultdict(dict)
        days: dict[str, dict[int, int]] = defaultdict(dict)
        for cell, number in self.facts.counts.items():
            if cell.column in names and {*span(cell)} <= edges:
                found[cell.column][span(cell)] = number
            if cell.column in names and cell.period.grain is Grain.DAY:
                days[cell.column][span(cell)[0]] = number
        for column, by_day in days.items():
            for first, last in self._stretches:
                if all(day in by_day for day in range(first, last)):
                    found[column].setdefault((first, last), sum(by_day[day] for day in range(first, last)))
        return found

    def _somebody(self) -> None:
        """Where something was done, somebody did it."""
        for (column, each), bounds in list(self.variables.items()):
            dependence = self.facts.dependences.get(column)
            if dependence and dependence.people and not dependence.additive:
                acts = (self.variables.get((act, each), UNKNOWN) for act in dependence.acts)
                if any(act.low >= 1 for act in acts):
                    self._least[column, each] = 1
                    self.variables[column, each] = bounds if bounds.published else Bounds(max(1, bounds.low), bounds.high)

    # Rows

    def _add(self, column: str, whole: Span, parts: Iterable[Span], high: float) -> None:
        """That parts, in time, are together the whole (``high`` 0), or at least as much."""
        parts = [part for part in parts if part != whole]
        if parts:
            self._row((column, whole), [(column, part) for part in parts], high=high)

    def _row(self, whole: Variable, parts: Sequence[Variable], plus: float = 0.0, high: float = NO_BOUND) -> None:
        """That the parts and ``plus`` are at least ``whole``, and at most ``high`` more."""
        terms = [(self.places[whole], -1.0), *((self.places[part], 1.0) for part in parts)]
        self.rows.append(Row(terms, -plus, high - plus))

    def _inside(self, each: Span) -> list[Span]:
        first = bisect_left(self._stretches, (each[0], 0))
        return self._stretches[first : bisect_left(self._stretches, (each[1], 0), first)]

    def _distinct(self, column: str, whole: Span) -> None:
        """Of distinct persons, a period has no fewer than any within it, and no more than those that cover it together."""
        cover = list(self._largest(column, whole))
        self._add(column, whole, cover, NO_BOUND)
        for part in cover:
            if part != whole:
                self._row((column, part), [(column, whole)])

    def _largest(self, column: str, whole: Span) -> Iterator[Span]:
        """The longest cells within a span, and the stretches that they leave."""
        rest = whole[0]
        within = [each for each in self._spans[column] if whole[0] <= each[0] and each[1] <= whole[1] and each != whole]
        for each in sorted({*within, *self._inside(whole)} - {whole}, key=lambda each: (each[0], -each[1])):
            if each[0] >= rest:
                yield each
                rest = each[1]

    def _depend(self, column: str, each: Span) -> None:
        """A part is no more than what it is among, people no more than their acts, a total the sum of its parts.

        Of groups that hold all of a total, each is no more than it, and together they are no less.
        """
        dependence = self.facts.dependences.get(column)
        if dependence:
            among = [dependence.among] if dependence.among else []
            for names in (among, dependence.acts, dependence.groups):
                self._sum(column, each, names, NO_BOUND)
            self._sum(column, each, dependence.parts, 0.0)
            if dependence.people and not dependence.additive:
                self._nothing(column, each, dependence.acts)
            for group in dependence.groups:
                self._sum(group, each, [column], NO_BOUND)

    def _nothing(self, column: str, each: Span, acts: Sequence[str]) -> None:
        """Where nobody was, nothing was done; and nothing is taken for known of what was done where somebody may have been."""
        if self.variables[column, each].high == 0:
            for act in (act for act in acts if not self.variables.get((act, each), Bounds(0, 0)).published):
                self.rows.append(Row([(self.places[act, each], -1.0), (self.places[column, each], MANY)], 0.0, NO_BOUND))

    def _sum(self, column: str, each: Span, names: Sequence[str], high: float) -> None:
        parts = [(name, each) for name in names if (name, each) in self.places]
        known = [self._counts[name, each] for name in names if (name, each) in self._counts and (name, each) not in parts]
        if (column, each) not in self.places:
            return
        if names and len(parts) + len(known) == len(names):
            self._row((column, each), parts, sum(known), high)

    def _debuts(self) -> None:
        """Whoever is there has come for the first time by then: as many as had come before, and those who come."""
        for column, among in self._debut_columns():
            before: list[Variable] = []
            until = {}
            for stretch in self._stretches:
                so_far = (SO_FAR + column, stretch)
                self._row(so_far, [(column, stretch), *before], high=0.0)
                before, until[stretch[1]] = [so_far], so_far
            for each in self._spans[among]:
                self._row((among, each), [until[each[1]]])

    def _debut_columns(self) -> Iterator[tuple[str, str]]:
        """The columns in which each of another is counted on coming first, and these."""
        for column in self._spans if self.facts.from_start else ():
            dependence = self.facts.dependences.get(column)
            if dependence and dependence.is_debut and dependence.among in self._spans:
                yield column, dependence.among
