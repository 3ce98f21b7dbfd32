"""Withholds one more cell wherever the others would tell a withheld one."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flow.datasets.period import Grain
from flow.privacy.allowance import Allowance, Unsolved
from flow.privacy.facts import UNKNOWN, Cell, Facts

if TYPE_CHECKING:
    from flow.privacy.inference import Inference

log = logging.getLogger("flow")

LENGTH = {Grain.DAY: 0, Grain.WEEK: 1, Grain.MONTH: 2}
#: What it costs to withhold a cell for another: that was published before, that is a zero, and that shares no day with it.
OLD, ZERO, FAR = 10_000.0, 100.0, 10.0
NEAR = timedelta(days=40)


def complement(
    facts: Facts, before: Facts, allowance: Allowance | None = None, solved: list[Facts] | None = None
) -> set[Cell]:
    """The published cells to withhold as well, so that no withheld cell can be told from what remains.

    ``before``: what was published before. It has been seen to; and readers may have kept it, so new cells are withheld
    rather than old ones. A part that cannot be solved in time is withheld as a whole: then nothing of it is left to tell.
    ``solved``: the parts that are known to tell nothing, which are not solved again; those that are solved are added.
    """
    allowance, found, solved = allowance or Allowance(), set[Cell](), [] if solved is None else solved
    # Small parts first: a large one must not use up the time of the others.
    for part in sorted(facts.split_independent(), key=lambda part: len(part.cells)):
        if part.withheld() and not part.is_in(before) and part not in solved:
            more = _protect_in_time(part, before, allowance)
            solved.append(replace(part, cells=part.cells | dict.fromkeys(more, UNKNOWN)))
            found |= more
    return found


def _protect_in_time(part: Facts, before: Facts, allowance: Allowance) -> set[Cell]:
    try:
        return _protect_part(part, before, allowance)
    except Unsolved:
        return _everything(part)


def _everything(part: Facts) -> set[Cell]:
    first, found = min(cell.period.start for cell in part.cells), part.published()
    log.warning("from %s on: what protects withheld numbers is not found in time; %d more are withheld", first, len(found))
    return found


def _protect_part(part: Facts, before: Facts, allowance: Allowance) -> set[Cell]:
    """The cells to withhold so that no withheld cell can be inferred, except from counts of acts alone: one act, one person."""
    from flow.privacy.inference import Inference  # it loads what solves, which most runs do without

    facts = replace(part, cells=dict(part.cells))
    found: set[Cell] = set()
    inference, excused = Inference(facts, allowance), {cell for cell in facts.withheld() if facts.is_one_act(cell)}
    while cells := [cell for cell in inference.open() if cell not in excused]:
        if not inference.is_disclosed(cells[0]):
            continue
        chosen = _protect_cell(inference, cells[0], _prices(facts, before, cells[0]))
        found |= chosen
        if not chosen:
            excused.add(cells[0])
        elif inference.contradicts:
            inference = Inference(facts, allowance)  # of what is left, less may contradict
    return found


def _protect_cell(inference: Inference, cell: Cell, prices: dict[Cell, float]) -> set[Cell]:
    """What protects a cell: rather something near, for what is far takes long to find."""
    near = {other: price for other, price in prices.items() if abs(other.period.start - cell.period.start) <= NEAR}
    return inference.protect(cell, near) or inference.protect(cell, prices)


def _prices(facts: Facts, before: Facts, cell: Cell) -> dict[Cell, float]:
    """What it costs to withhold each published cell for ``cell``: little where it is new, no zero, near, and long."""
    prices = {}
    for other in facts.published():
        far = 0.0 if other.overlaps(cell) else FAR + abs((other.period.start - cell.period.start).days) / 100
        old = OLD if before.cells.get(other) == facts.cells[other] else 0.0
        prices[other] = 1.0 + old + ZERO * (facts.cells[other].high == 0) + far + 2 - LENGTH[other.period.grain]
    return prices
