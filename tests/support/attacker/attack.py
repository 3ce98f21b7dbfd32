"""Which withheld cells can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.attacker.copies import Cell, Told
from tests.support.attacker.model import EDITORS, FIRST, POSTERS, SAME, SUMS, Model, model


@dataclass(slots=True)
class Findings:
    """For each withheld cell the least and greatest number; those that are ``won``; and those that the counts tell alone."""

    ranges: dict[Cell, tuple[float, float]] = field(default_factory=dict)
    won: dict[Cell, int] = field(default_factory=dict)
    excused: dict[Cell, int] = field(default_factory=dict)


def usual(_: str) -> int:
    return 5


def attack(told: Told, threshold: Callable[[str], int] = usual, counts: bool = False, integral: bool = False) -> Findings:
    """Attacks every withheld number of people, and of actions if ``counts``."""
    targets = {POSTERS, FIRST, EDITORS} | (SUMS if counts else set())
    made, bare, found = _agreed(told, threshold), _agreed(_without(told, targets), threshold), Findings()
    for cell in sorted(told.withheld):
        same = Cell(SAME.get(cell.column, cell.column), cell.start, cell.end)
        if same.column in targets:
            low, high = found.ranges[cell] = made.range(same, integral)
            if low >= high:
                lowest, highest = bare.range(same)
                (found.excused if lowest >= highest else found.won)[cell] = int(low)
    return found


def _agreed(told: Told, threshold: Callable[[str], int]) -> Model:
    made = model(told, threshold)
    made.reconcile()
    return made


def _without(told: Told, targets: set[str]) -> Told:
    """What would be told if every number of ``targets`` had been withheld: counts of actions tell some, whatever one does."""
    gone = {cell: "protects others" for cell in told.numbers if SAME.get(cell.column, cell.column) in targets}
    numbers = {cell: number for cell, number in told.numbers.items() if cell not in gone}
    return Told(numbers, gone | told.withheld, told.begins)
