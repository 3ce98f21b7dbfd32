"""The cells that are withheld to protect others: small cases by hand, and a law over random wikis."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.errors import Stopped
from flow.privacy.allowance import Allowance
from flow.privacy.complementary import complement
from flow.privacy.facts import UNKNOWN, Bounds, Cell, Dependence, Facts
from flow.privacy.inference import Inference
from tests.support.attacker import copies
from tests.support.attacker.attack import attack

FIRST, POSTERS, TOPICS, REPLIES = "flow_people.first_timers", "flow_people.posters", "flow_edits.topics", "flow_edits.replies"
ACTS = (TOPICS, REPLIES)
DEPENDENCES = {POSTERS: Dependence(acts=ACTS), FIRST: Dependence(additive=True, among=POSTERS, acts=ACTS)}
NOTHING = Facts({}, {}, {})
FEBRUARY = Range(date(2021, 2, 1), date(2021, 3, 1))
#: A cell that is withheld: nobody is told that it is small.
FEW = UNKNOWN


def number(value: int) -> Bounds:
    return Bounds(value, value)


def cells(column: str, grain: Grain, values: list[Bounds]) -> dict[Cell, Bounds]:
    return {Cell(column, period): value for period, value in zip(whole_periods(FEBRUARY, grain), values, strict=False)}


def additive(*found: dict[Cell, Bounds], counts: dict[Cell, int] | None = None) -> Facts:
    whole = {cell: value for each in found for cell, value in each.items()}
    return Facts(whole, {FIRST: Dependence(additive=True, acts=ACTS if counts else ())}, counts or {})


def month(value: int) -> dict[Cell, Bounds]:
    return cells(FIRST, Grain.MONTH, [number(value)])


def test_a_month_of_four_weeks_is_withheld_where_it_would_tell_one_of_them():
    facts = additive(cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)]), month(27))
    assert complement(facts, NOTHING) == set(month(27))


def test_a_month_that_was_published_before_stays_and_a_new_week_is_withheld():
    weeks = cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)])
    before = Facts({**month(27), **dict(list(weeks.items())[:3])}, {}, {})
    assert complement(additive(weeks, month(27)), before) == {list(weeks)[3]}


def test_two_weeks_protect_each_other():
    facts = additive(cells(FIRST, Grain.WEEK, [FEW, FEW, number(8), number(7)]), month(20))
    assert complement(facts, NOTHING) == set()


def test_two_weeks_do_not_protect_each_other_where_both_are_known_to_be_small():
    facts = additive(cells(FIRST, Grain.WEEK, [Bounds(1, 4), Bounds(1, 4), number(8), number(7)]), month(17))
    assert complement(facts, NOTHING) == set(month(17))


def test_a_week_that_is_a_gap_is_unknown_and_neither_tells_another_nor_is_withheld_for_it():
    weeks = cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)])
    gap = list(weeks)[2]
    facts = additive({cell: value for cell, value in weeks.items() if cell != gap}, month(27))
    assert not Inference(facts).is_disclosed(next(iter(weeks)))
    assert complement(facts, NOTHING) == set()


def test_two_weeks_protect_each_other_where_one_of_them_may_be_none():
    facts = additive(cells(FIRST, Grain.WEEK, [FEW, FEW, number(8), number(7)]), month(17))
    assert complement(facts, NOTHING) == set()


def test_the_rule_that_one_must_be_small_tells_nothing_either():
    weeks = cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)])
    counts = {Cell(TOPICS, next(iter(weeks)).period): 1, Cell(REPLIES, next(iter(weeks)).period): 0}
    facts = additive(weeks, month(25), counts=counts)
    hidden = {cell: FEW if cell in month(25) else bounds for cell, bounds in facts.cells.items()}
    assert Inference(Facts(hidden, facts.dependences, counts)).is_disclosed(next(iter(weeks)))
    more = complement(facts, NOTHING)
    assert not Inference(Facts({**facts.cells, **dict.fromkeys(more, FEW)}, facts.dependences, counts)).is_disclosed(next(iter(weeks)))


def test_who_knows_that_a_lone_cell_is_small_knows_no_more():
    week = cells(FIRST, Grain.WEEK, [FEW])
    assert complement(additive(week), NOTHING) == set()
    assert not Inference(additive(week)).is_disclosed(next(iter(week)))


def test_where_nobody_was_nothing_was_done_and_an_act_cannot_protect_another_there():
    days = [Period(date(2021, 2, 1) + timedelta(days=n), Grain.DAY) for n in range(7)]
    week = Period(date(2021, 2, 1), Grain.WEEK)
    acts = {Cell(TOPICS, day): bounds for day, bounds in zip(days, [FEW, FEW, *[number(6)] * 5], strict=True)}
    people = {Cell(POSTERS, day): bounds for day, bounds in zip(days, [number(9), number(0), *[number(6)] * 5], strict=True)}
    dependences = {TOPICS: Dependence(additive=True, people=False), POSTERS: Dependence(acts=(TOPICS,))}
    facts = Facts({**acts, **people, Cell(TOPICS, week): number(40)}, dependences, {})
    assert Inference(facts).is_disclosed(Cell(TOPICS, days[1]))
    assert Inference(facts).is_disclosed(Cell(TOPICS, days[0]))


ALL, NEW, OLD = "people.all", "people.new", "people.old"
GROUPS = {ALL: Dependence(groups=(NEW, OLD)), NEW: Dependence(), OLD: Dependence()}


def grouped(everybody: Bounds, new: Bounds, old: Bounds) -> Facts:
    week = Period(date(2021, 2, 1), Grain.WEEK)
    return Facts({Cell(ALL, week): everybody, Cell(NEW, week): new, Cell(OLD, week): old}, GROUPS, {})


def test_a_group_is_not_told_by_all_and_the_others_who_leave_no_other_number():
    facts = grouped(number(20), FEW, number(16))
    assert Inference(facts).is_disclosed(facts.withheld()[0])
    assert len(complement(facts, NOTHING)) == 1


def test_groups_may_overlap_so_that_all_and_the_others_tell_only_the_least():
    assert complement(grouped(number(20), FEW, number(17)), NOTHING) == set()
    assert complement(grouped(number(20), FEW, number(20)), NOTHING) == set()


def test_all_are_not_fewer_than_any_group():
    facts = Facts(dict(zip(grouped(FEW, number(0), FEW).cells, (FEW, number(0), Bounds(4, 4)), strict=True)), GROUPS, {})
    assert Inference(facts).is_disclosed(facts.withheld()[0])


def test_what_is_not_solved_in_time_is_withheld_as_a_whole():
    facts = additive(cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)]), month(27))
    assert complement(facts, NOTHING, Allowance(0)) == {cell for cell, bounds in facts.cells.items() if bounds.published}


def test_four_years_by_day_of_a_wiki_with_few_people_are_solved():
    days = Range(date(2020, 1, 1), date(2024, 1, 1))
    values = cycle([number(0), FEW, number(0), number(6), FEW, number(0), number(0)])
    whole = {Cell(FIRST, period): value for period, value in zip(whole_periods(days, Grain.DAY), values, strict=False)}
    months = {Cell(FIRST, period): number(40) for period in whole_periods(days, Grain.MONTH)}
    facts = additive(whole, months)
    more = complement(facts, NOTHING)
    assert 0 <= len(more) < len(months)


def test_a_signal_ends_the_search_at_once():
    def stop() -> None:
        raise Stopped(15)

    facts = additive(cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)]), month(27))
    with pytest.raises(Stopped):
        complement(facts, NOTHING, Allowance(check=stop))


def test_six_of_seven_days_and_their_week_would_tell_the_seventh():
    days = cells(FIRST, Grain.DAY, [FEW, *[number(6)] * 6])
    week = cells(FIRST, Grain.WEEK, [number(39)])
    assert complement(additive(days, week), NOTHING) == set(week)


def test_days_without_an_act_close_the_gap_between_weeks_and_their_month():
    march = Cell(FIRST, Period(date(2024, 3, 1), Grain.MONTH))
    weeks = [Cell(FIRST, Period(day, Grain.WEEK)) for day in (date(2024, 3, 4), date(2024, 3, 11), date(2024, 3, 18))]
    edge = [Period(date(2024, 3, 1) + timedelta(days=n), Grain.DAY) for n in (0, 1, 2, *range(24, 31))]
    counts = {Cell(act, day): 0 for act in ACTS for day in edge}
    facts = additive({march: number(20), weeks[0]: FEW, weeks[1]: number(9), weeks[2]: number(8)}, counts=counts)
    assert Inference(facts).is_disclosed(weeks[0])
    assert complement(facts, NOTHING) == {march}


def test_a_contradiction_elsewhere_does_not_switch_protection_off():
    weeks = [Cell(FIRST, Period(date(2024, 4, 1) + timedelta(days=7 * n), Grain.WEEK)) for n in range(9)]
    april, may = (Cell(FIRST, Period(date(2024, each, 1), Grain.MONTH)) for each in (4, 5))
    values = [number(9), number(9), number(9), number(9), FEW, *[number(9)] * 4]
    days = {Cell(act, Period(date(2024, 4, 29) + timedelta(days=n), Grain.DAY)): 0 for act in ACTS for n in (2, 3, 4, 5, 6)}
    facts = additive(dict(zip(weeks, values, strict=True)), {april: number(39), may: number(20)}, counts=days)
    assert Inference(facts).is_disclosed(weeks[4])
    assert complement(facts, NOTHING)


def test_one_act_is_one_persons_and_nothing_is_withheld_for_it():
    week = Cell(POSTERS, Period(date(2021, 2, 1), Grain.WEEK))
    other = Cell(POSTERS, Period(date(2021, 2, 1), Grain.MONTH))
    counts = {Cell(TOPICS, week.period): 1, Cell(REPLIES, week.period): 0}
    facts = Facts({week: FEW, other: number(9)}, {POSTERS: Dependence(acts=ACTS)}, counts)
    assert complement(facts, NOTHING) == set()


def test_on_a_new_wiki_those_who_post_do_not_tell_how_many_came():
    first, posters = cells(FIRST, Grain.WEEK, [FEW, number(5)]), cells(POSTERS, Grain.WEEK, [FEW, number(9)])
    facts = Facts({**first, **posters}, DEPENDENCES, {})
    assert Inference(facts).is_disclosed(next(iter(first)))
    assert complement(facts, NOTHING)


def test_what_is_published_already_is_not_looked_at_again():
    facts = additive(cells(FIRST, Grain.WEEK, [FEW, number(9), number(8), number(7)]), month(27))
    assert complement(facts, facts) == set()


@st.composite
def wikis(draw: st.DrawFn) -> list[list[int]]:
    """Who acts on each day of nine weeks."""
    return draw(st.lists(st.lists(st.integers(0, 14), max_size=5), min_size=63, max_size=63))


def known(acts: list[list[int]], start: date, grains: list[Grain]) -> tuple[Facts, dict[Cell, int]]:
    debut: dict[int, int] = {}
    for number_of_day, people in enumerate(acts):
        for person in people:
            debut.setdefault(person, number_of_day)
    truth, counts = {}, {}
    for grain in Grain:
        for period in whole_periods(Range(start, start + timedelta(days=len(acts))), grain):
            first, last = (period.start - start).days, (period.end - start).days
            people = {person for day in acts[first:last] for person in day}
            counts |= {Cell(TOPICS, period): sum(map(len, acts[first:last])), Cell(REPLIES, period): 0}
            if grain in grains:
                truth[Cell(POSTERS, period)] = len(people)
                truth[Cell(FIRST, period)] = sum(first <= debut[person] < last for person in people)
    shown = {cell: FEW if 0 < value < 5 else number(value) for cell, value in truth.items()}
    return Facts(shown, DEPENDENCES, counts), truth


def published(facts: Facts, more: set[Cell], start: date) -> copies.Told:
    def copy(cell: Cell) -> copies.Cell:
        return copies.Cell(cell.column, cell.period.start, cell.period.end)

    numbers = {copy(c): int(b.low) for c, b in facts.cells.items() if b.published and c not in more}
    withheld = {copy(cell) for cell, bounds in facts.cells.items() if not bounds.published or cell in more}
    return copies.Told(numbers | {copy(cell): value for cell, value in facts.counts.items()}, withheld, start)


@settings(max_examples=12)
@given(wikis(), st.integers(0, 6), st.booleans())
def test_nothing_that_is_withheld_is_told(acts: list[list[int]], shift: int, by_day: bool):
    start = date(2024, 1, 1) + timedelta(days=shift)
    facts, truth = known(acts, start, list(Grain) if by_day else [Grain.WEEK, Grain.MONTH])
    more = complement(facts, NOTHING)
    told = published(facts, more, start)
    assert not attack(told).won
    assert all(facts.cells[cell].published for cell in more)
    assert all(bounds.low == truth[cell] for cell, bounds in facts.cells.items() if bounds.published)
    assert not [cell for cell, value in truth.items() if value == 0 and not facts.cells[cell].published]
