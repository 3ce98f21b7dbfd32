"""Which withheld cells can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.attacker.copies import Cell, Told
from tests.support.attacker.model import EDITORS, FIRST, PEOPLE, POSTERS, SAME, SUMS, Model, model

INF = float("inf")


@dataclass(slots=True)
class Findings:
    """For each withheld cell the least and greatest number; those that are ``won``; and those that one act tells."""

    ranges: dict[Cell, tuple[float, float]] = field(default_factory=dict)
    won: dict[Cell, int] = field(default_factory=dict)
    excused: dict[Cell, int] = field(default_factory=dict)


def usual(_: str) -> int:
    return 5


def attack(told: Told, threshold: Callable[[str], int] = usual, counts: bool = False, integral: bool = False) -> Findings:
    """Attacks every withheld number of people, and of actions if ``counts``."""
    made, found = model(told, threshold), Findings()
    made.reconcile()
    targets = {POSTERS, FIRST, EDITORS} | (SUMS if counts else set())
    for cell in sorted(told.withheld):
        same = Cell(SAME.get(cell.column, cell.column), cell.start, cell.end)
        if same.column not in targets:
            continue
        low, high = found.ranges[cell] = made.range(same, integral)
        if low >= high:
            (found.excused if _is_excused(made, same) else found.won)[cell] = int(low)
    return found


def _is_excused(made: Model, cell: Cell) -> bool:
    """Whether at most one action is known to have been in the period."""
    column = POSTERS if cell.column == FIRST else cell.column
    if column not in PEOPLE:
        return False
    acts = [Cell(act, cell.start, cell.end) for act in PEOPLE[column][0]]
    return all(act in made.places for act in acts) and sum(made.range(act)[1] for act in acts) <= 1
