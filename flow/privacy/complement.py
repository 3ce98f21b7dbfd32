"""Withholds one more cell wherever the others would tell a withheld one."""

from __future__ import annotations

from dataclasses import replace

from flow.period import Grain
from flow.privacy.facts import NO_BOUND, Bounds, Cell, Facts
from flow.privacy.inference import Inference

UNKNOWN = Bounds(0, NO_BOUND)
LENGTH = {Grain.DAY: 0, Grain.WEEK: 1, Grain.MONTH: 2}


def complement(facts: Facts, changed: set[Cell]) -> set[Cell]:
    """The published cells to withhold as well, so that no withheld cell can be told from what remains.

    Only where one of the ``changed`` cells is involved; what was there before has been seen to.
    """
    found: set[Cell] = set()
    for part in facts.apart():
        if part.withheld() and not changed.isdisjoint(part.cells):
            found |= _complement(part)
    return found


def _complement(facts: Facts) -> set[Cell]:
    facts = replace(facts, cells=dict(facts.cells))
    found: set[Cell] = set()
    inference = Inference(facts)
    waiting = [cell for cell in facts.withheld() if not _is_forced(facts, cell)]
    while waiting:
        cell = waiting[0]
        choice = _choice(facts, inference, cell) if is_told(inference, cell) else None
        if choice is None:
            waiting.pop(0)
            continue
        found.add(choice)
        facts.cells[choice] = UNKNOWN
        inference.allow(choice, UNKNOWN)
        waiting.append(choice)
    return found


def is_told(inference: Inference, cell: Cell) -> bool:
    """Whether only one number can stand in a withheld cell."""
    bounds = inference.bounds(cell)
    return bounds is not None and bounds.low >= bounds.high


def _is_forced(facts: Facts, cell: Cell) -> bool:
    """Whether the number of acts alone tells it: a period with one act has one person, whatever is withheld."""
    return facts.cap(cell) <= max(1, facts.cells[cell].low)


def _choice(facts: Facts, inference: Inference, cell: Cell) -> Cell | None:
    """The published cell to withhold for ``cell``: one that helps, if there is one; else the nearest; None if none is left."""
    candidates = sorted(
        (other for other, bounds in facts.cells.items() if bounds.published and other.overlaps(cell)),
        key=lambda other: (facts.cells[other].high == 0, -LENGTH[other.period.grain], other),
    )
    for other in candidates:
        inference.allow(other, UNKNOWN)
        helps = not is_told(inference, cell)
        inference.allow(other, facts.cells[other])
        if helps:
            return other
    return candidates[0] if candidates else None
