"""What is published about the sensitive columns of one wiki: cells, and how they depend on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flow.period import Period

#: No cell holds more; a bound of what is unknown.
NO_BOUND = float("inf")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One number of a column, named ``dataset.column``, and a period."""

    column: str
    period: Period

    def overlaps(self, other: Cell) -> bool:
        """Whether their periods share a day."""
        return self.period.start < other.period.end and other.period.start < self.period.end

    def within(self, other: Cell) -> bool:
        """Whether its period lies in the other's."""
        return other.period.start <= self.period.start and self.period.end <= other.period.end


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a cell holds, as far as the published cell itself tells; both are the number where it is published."""

    low: float
    high: float

    @property
    def published(self) -> bool:
        """Whether the number stands there."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Dependence:
    """How a sensitive column's numbers depend on others of the same period.

    ``additive``  shorter periods add up to longer ones.
    ``people``    distinct persons: a longer period has no fewer than a shorter one in it, and no more than all together.
    ``among``     the column that it is part of.
    ``acts``      the columns whose sum is at least as large.
    ``parts``     the columns whose sum it is.
    """

    additive: bool = False
    people: bool = True
    among: str = ""
    acts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """All columns that it depends on."""
        return [*filter(None, [self.among]), *self.acts, *self.parts]


@dataclass(slots=True)
class Facts:
    """The sensitive ``cells``, the ``dependences`` of their columns, and all other published ``counts`` they depend on."""

    cells: dict[Cell, Bounds]
    dependences: Mapping[str, Dependence]
    counts: Mapping[Cell, int]

    def withheld(self) -> list[Cell]:
        """The cells whose number is not there, oldest first."""
        found = [cell for cell, bounds in self.cells.items() if not bounds.published]
        return sorted(found, key=lambda cell: (cell.period.end, cell))

    def cap(self, cell: Cell) -> float:
        """The number of acts that a cell's people are counted for, if it is published; no person is counted without."""
        acts = [Cell(name, cell.period) for name in self.dependences[cell.column].acts]
        if not acts or not all(act in self.counts for act in acts):
            return NO_BOUND
        return sum(self.counts[act] for act in acts)

    def apart(self) -> Iterator[Facts]:
        """The facts cut where nothing crosses: columns that do not depend on each other, times that no cell spans."""
        for columns in _families(self.dependences):
            cells = sorted((cell for cell in self.cells if cell.column in columns), key=lambda cell: (cell.period.start, cell))
            for together in _clusters(cells):
                yield Facts({cell: self.cells[cell] for cell in together}, self.dependences, self.counts)


def _families(dependences: Mapping[str, Dependence]) -> Iterable[set[str]]:
    families: list[set[str]] = []
    for column, dependence in dependences.items():
        joined = {column, *(name for name in dependence.names if name in dependences)}
        for family in [family for family in families if family & joined]:
            families.remove(family)
            joined |= family
        families.append(joined)
    return families


def _clusters(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Cells, in the order of their start, cut where one begins after all before it have ended."""
    cluster: list[Cell] = []
    for cell in cells:
        if cluster and cell.period.start >= max(each.period.end for each in cluster):
            yield cluster
            cluster = []
        cluster.append(cell)
    if cluster:
        yield cluster
