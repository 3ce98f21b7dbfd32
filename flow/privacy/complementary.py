"""Withholds one more cell wherever the others would tell a withheld one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from flow.datasets.period import Grain
from flow.privacy.facts import UNKNOWN, Cell, Facts
from flow.privacy.inference import Inference

LENGTH = {Grain.DAY: 0, Grain.WEEK: 1, Grain.MONTH: 2}


def complement(facts: Facts, before: Facts) -> set[Cell]:
    """The published cells to withhold as well, so that no withheld cell can be told from what remains.

    ``before``: what was published before. It has been seen to; and readers may have kept it, so new cells are withheld
    rather than old ones.
    """
    parts = [part for part in facts.apart() if part.withheld() and not part.is_in(before)]
    return {cell for part in parts for cell in _Part(part, before).protected()}


class _Part:
    """A part of the facts, of which more and more is withheld."""

    def __init__(self, facts: Facts, before: Facts) -> None:
        self._facts = replace(facts, cells=dict(facts.cells))
        self._before = before
        self._inference = Inference(facts)

    def protected(self) -> Iterator[Cell]:
        """The cells to withhold, so that none is told but by the counts alone: one act is one person's, whatever one does."""
        waiting = self._facts.withheld()
        while waiting:
            choice = self._choice(waiting[0]) if self._inference.is_disclosed(waiting[0]) else None
            if choice is None:
                waiting.pop(0)
                continue
            self._facts.cells[choice] = UNKNOWN
            waiting = self._without(choice, waiting)
            yield choice

    def _without(self, choice: Cell, waiting: list[Cell]) -> list[Cell]:
        """What is to be looked at once ``choice`` is withheld, too: all, if the facts may contradict each other less now."""
        if self._inference.contradicts:
            self._inference = Inference(self._facts)
            return self._facts.withheld()
        self._inference.allow(choice, UNKNOWN)
        return [*waiting, choice]

    def _choice(self, cell: Cell) -> Cell | None:
        """The published cell to withhold for ``cell``: one that helps, or else the nearest; None if even all together do not."""
        published = sorted((other for other, bounds in self._facts.cells.items() if bounds.published), key=self._order(cell))
        new = [other for other in published if self._before.cells.get(other) != self._facts.cells[other]]
        for candidates in (new, published):
            if candidates and self._helps(candidates, cell):
                return next((other for other in candidates if self._helps([other], cell)), candidates[0])
        return None

    def _order(self, cell: Cell) -> Callable[[Cell], tuple[object, ...]]:
        """First what shares a day with ``cell``; of that what is no zero, and long."""

        def order(other: Cell) -> tuple[object, ...]:
            far = 0 if other.overlaps(cell) else abs((other.period.start - cell.period.start).days)
            return far > 0, self._facts.cells[other].high == 0, far, -LENGTH[other.period.grain], other

        return order

    def _helps(self, others: Sequence[Cell], cell: Cell) -> bool:
        for other in others:
            self._inference.allow(other, UNKNOWN)
        helps = not self._inference.is_disclosed(cell)
        for other in others:
            self._inference.allow(other, self._facts.cells[other])
        return helps
