"""Which withheld cells can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.attacker.copies import Cell, Told
from tests.support.attacker.model import EDITORS, FIRST, POSTERS, SAME, SUMS, Model, model
from tests.support.attacker.whole import Whole


@dataclass(slots=True)
class Findings:
    """For each withheld cell the least and greatest number; those that are ``won``; and those that the counts tell alone."""

    ranges: dict[Cell, tuple[float, float]] = field(default_factory=dict)
    won: dict[Cell, int] = field(default_factory=dict)
    excused: dict[Cell, int] = field(default_factory=dict)


def usual(_: str) -> int:
    return 5


def attack(told: Told, threshold: Callable[[str], int] = usual, counts: bool = False) -> Findings:
    """Attacks every withheld number of people, and of actions if ``counts``: by fractions, then by whole numbers and the rule."""
    targets = {POSTERS, FIRST, EDITORS} | (SUMS if counts else set())
    cells = {cell: Cell(SAME.get(cell.column, cell.column), cell.start, cell.end) for cell in sorted(told.withheld)}
    cells = {cell: same for cell, same in cells.items() if same.column in targets}
    made, found = _agreed(told), Findings()
    found.ranges = {cell: made.range(same) for cell, same in cells.items()}
    won = _told(made, told, threshold, cells)
    bare = _without(told, targets)
    excused = _told(_agreed(bare), bare, threshold, {cell: cells[cell] for cell in won}) if won else {}
    found.won = {cell: number for cell, number in won.items() if cell not in excused}
    found.excused = excused
    return found


def _told(made: Model, told: Told, threshold: Callable[[str], int], cells: dict[Cell, Cell]) -> dict[Cell, int]:
    """Those of ``cells``, with their names in the model, that can hold one number only."""
    few = {}
    for cell in told.withheld:
        place = made.places.get(Cell(SAME.get(cell.column, cell.column), cell.start, cell.end))
        if place is not None:
            few[place] = threshold(cell.column.partition(".")[0]) - 1
    whole = Whole(made, few).told([made.places[same] for same in cells.values()])
    return {cell: whole[made.places[same]] for cell, same in cells.items() if made.places[same] in whole}


def _agreed(told: Told) -> Model:
    made = model(told)
    made.reconcile()
    return made


def _without(told: Told, targets: set[str]) -> Told:
    """What would be told if every number of ``targets`` had been withheld: counts of actions tell some, whatever one does."""
    gone = {cell for cell in told.numbers if SAME.get(cell.column, cell.column) in targets}
    numbers = {cell: number for cell, number in told.numbers.items() if cell not in gone}
    return Told(numbers, gone | told.withheld, told.begins)
