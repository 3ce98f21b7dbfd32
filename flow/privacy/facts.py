"""What is published about the sensitive columns of one wiki: cells, and how they depend on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flow.datasets.period import Grain, Period

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


UNKNOWN = Bounds(0, NO_BOUND)


@dataclass(frozen=True, slots=True)
class Dependence:
    """How a sensitive column's numbers depend on others of the same period.

    ``additive``  shorter periods add up to longer ones.
    ``people``    distinct persons: a longer period has no fewer than a shorter one in it, and no more than all together.
    ``among``     the column that it is part of; if additive, each of these is counted once, on coming first.
    ``acts``      the columns whose sum is at least as large.
    ``parts``     the columns whose sum it is.
    ``groups``    the columns that hold all of it between them; one may be in several.
    ``threshold`` numbers from 1 to below it are withheld.
    """

    additive: bool = False
    people: bool = True
    among: str = ""
    acts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    threshold: int = 5

    @property
    def is_debut(self) -> bool:
        """Whether each of those whom it is among is counted once, on coming first."""
        return self.additive and self.among != ""

    @property
    def names(self) -> list[str]:
        """All columns that it depends on."""
        return [*filter(None, [self.among]), *self.acts, *self.parts, *self.groups]


@dataclass(slots=True)
class Facts:
    """The sensitive ``cells``, the ``dependences`` of their columns, and all other published ``counts`` they depend on.

    ``from_start``: whether nobody came before the first of them.
    """

    cells: dict[Cell, Bounds]
    dependences: Mapping[str, Dependence]
    counts: Mapping[Cell, int]
    from_start: bool = True

    def withheld(self) -> list[Cell]:
        """The cells whose number is not there, oldest first."""
        found = [cell for cell, bounds in self.cells.items() if not bounds.published]
        return sorted(found, key=lambda cell: (cell.period.end, cell))

    def published(self) -> set[Cell]:
        """The cells whose number is there."""
        return {cell for cell, bounds in self.cells.items() if bounds.published}

    def is_one_act(self, cell: Cell) -> bool:
        """Whether a cell is of people who did one act together, as counts tell that are always published: it is one person."""
        dependence = self.dependences[cell.column]
        acts = [self.counts.get(Cell(act, cell.period)) for act in dependence.acts]
        return dependence.people and not dependence.additive and None not in acts and sum(filter(None, acts)) == 1

    def is_in(self, other: Facts) -> bool:
        """Whether all of it is in the other, too."""
        return self.cells.items() <= other.cells.items() and self.counts.items() <= other.counts.items()

    def split_independent(self) -> Iterator[Facts]:
        """The facts cut where nothing crosses: columns that do not depend on each other, times that no cell spans."""
        for columns in _families(self.dependences):
            cells = sorted((cell for cell in self.cells if cell.column in columns), key=lambda cell: (cell.period.start, cell))
            clusters = list(_clusters(cells))
            young = self._count_early_clusters(clusters)
            for number, together in enumerate([[cell for cluster in clusters[:young] for cell in cluster], *clusters[young:]]):
                if together:
                    yield self._part(together, self.from_start and number == 0)

    def _part(self, together: list[Cell], from_start: bool) -> Facts:
        start, end = together[0].period.start, max(cell.period.end for cell in together)
        acts = {act for cell in together for act in self.dependences[cell.column].acts}
        within = {c: n for c, n in self.counts.items() if start <= c.period.start and c.period.end <= end}
        names = acts | {part for cell in together for part in self.dependences[cell.column].parts}
        counts = {cell: number for cell, number in within.items() if cell.column in names}
        return Facts({cell: self.cells[cell] for cell in together}, self.dependences, counts, from_start)

    def _count_early_clusters(self, clusters: list[list[Cell]]) -> int:
        """How many of the first clusters go together: while newcomers may be fewer than those active, they limit these."""
        debut = next((column for column, dependence in self.dependences.items() if dependence.is_debut), "")
        if not debut:
            return 1
        come, found = 0.0, 1
        for number, cluster in enumerate(clusters, 1):
            if come < max((self.cells[cell].low for cell in cluster if cell.column == self.dependences[debut].among), default=0):
                found = number
            come += max(self._least(debut, cluster, grain) for grain in Grain)
        return found

    def _least(self, column: str, cluster: list[Cell], grain: Grain) -> float:
        return sum(self.cells[cell].low for cell in cluster if cell.column == column and cell.period.grain is grain)


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
    end = date.min
    for cell in cells:
        if cluster and cell.period.start >= end:
            yield cluster
            cluster = []
        cluster.append(cell)
        end = max(end, cell.period.end)
    if cluster:
        yield cluster
