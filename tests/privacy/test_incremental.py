"""What did not change is not solved again, and what one act tells is not solved at all; and still nothing more is told."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flow.datasets.period import Grain
from flow.privacy.allowance import Allowance
from flow.privacy.complementary import complement
from flow.privacy.facts import Cell, Facts
from tests.privacy.test_complementary import FEW, FIRST, NOTHING, additive, cells, known, month, number, published
from tests.support.attacker.attack import attack

START = date(2020, 1, 1)


class Programs:
    """Counts the programs that are solved: one is, each time somebody asks how long it may take."""

    def __init__(self) -> None:
        self.solved = 0

    def allowance(self) -> Allowance:
        return Allowance(check=self._count)

    def _count(self) -> None:
        self.solved += 1


def community(days: int) -> list[list[int]]:
    """Who acts on each day: on most nobody, else mostly one; two people at first, and seldom somebody new."""
    chance = random.Random(1)
    sizes = [sum(chance.random() < 0.06 for _ in range(8)) for _ in range(days)]
    return [[int((2 + day / 300) * chance.random()) for _ in range(size)] for day, size in enumerate(sizes)]


def facts_of(acts: list[list[int]], marks: set[Cell]) -> Facts:
    found, _ = known(acts, START, list(Grain))
    return replace(found, cells={cell: FEW if cell in marks else bounds for cell, bounds in found.cells.items()})


def test_what_one_act_tells_is_not_solved():
    facts = facts_of(community(800), set())
    lone = [cell for cell in facts.withheld() if facts.is_one_act(cell)]
    programs = Programs()
    complement(facts, NOTHING, programs.allowance())
    parts = [part for part in facts.split_independent() if part.withheld()]
    assert len(lone) > 100
    assert programs.solved < 40 + 12 * len(parts) < 2 * len(lone)


def test_a_night_solves_only_the_parts_that_its_day_touches():
    acts, solved, night = community(800), list[Facts](), Programs()
    more = complement(facts_of(acts[:-1], set()), NOTHING)
    live, whole = facts_of(acts[:-1], more), facts_of(acts, more)
    again = complement(whole, live, night.allowance(), solved)
    assert all(part.cells.keys() - live.cells.keys() for part in solved)
    first = Programs()
    complement(whole, NOTHING, first.allowance())
    assert night.solved < first.solved / 3
    assert complement(facts_of(acts, more | again), NOTHING) == set()


def test_what_a_run_has_solved_it_does_not_solve_again():
    weeks = cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)])
    facts, solved, programs = additive(weeks, month(27)), list[Facts](), Programs()
    more = complement(facts, NOTHING, None, solved)
    after = replace(facts, cells=facts.cells | dict.fromkeys(more, FEW))
    assert complement(after, NOTHING, programs.allowance(), solved) == set()
    assert more
    assert programs.solved == 0


@settings(max_examples=3)
@given(st.lists(st.lists(st.integers(0, 14), max_size=5), min_size=36, max_size=36))
def test_night_by_night_nothing_is_told_and_all_solved_anew_finds_no_more_to_withhold(acts: list[list[int]]):
    marks: set[Cell] = set()
    live = NOTHING
    for days in (28, 35, 36):
        facts = facts_of(acts[:days], marks)
        marks |= complement(facts, live)
        live = facts_of(acts[:days], marks)
        assert not attack(published(live, set(), START)).won
        assert complement(live, NOTHING) == set()


def test_a_day_of_two_acts_or_of_acts_that_nobody_is_told_is_solved():
    acts = [[1], [1, 2], *[[]] * 5]
    facts = facts_of(acts, set())
    one, two = (Cell("flow_people.posters", each.period) for each in sorted(facts.cells)[:2])
    assert [facts.is_one_act(cell) for cell in (one, two)] == [True, False]
    assert not replace(facts, counts={}).is_one_act(one)
    assert START + timedelta(days=1) == two.period.start
