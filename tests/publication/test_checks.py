"""What must not be published is held back, and nothing else is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from flow.datasets.column import Count, Share
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.publication.checks import Allowed, Change, Table, complaints
from flow.publication.losses import find_losses

MADE = Dataset(
    id="mine", title="M", source="flow", sql="x", about="-",
    columns=[Count("all", "A"), Count("some", "S"), Count("others", "O"), Share("share", "H")],
    adds_up={"all": ["some", "others"]},
)  # fmt: skip
COLUMNS = ["all", "some", "others", "share"]


def table(*numbers: int, first: int = 1, step: int = 1) -> Table:
    """A row a day, or a week, from Monday, January 1st on, or from a later day."""
    days = [date(2024, 1, first) + timedelta(days=step * number) for number in range(len(numbers))]
    return Table(COLUMNS, {str(day): [str(n), str(n), "0", "0.5000"] for day, n in zip(days, numbers, strict=True)})


def told(
    old: Table | None, new: Table, fresh: list[str] | None = None, allowed: Allowed | None = None, grain: Grain = Grain.DAY, **facts: object
) -> list[str]:
    made = replace(MADE, **{k: v for k, v in facts.items() if k != "redefined"})  # type: ignore[arg-type]
    change = Change(made, grain, old, new, [*new.rows] if fresh is None else fresh, bool(facts.get("redefined")))
    allowed = allowed or Allowed()
    losses = [loss.said for loss in find_losses(change, allowed)]
    return losses + [each.said for each in complaints(change, allowed, lambda table: table)]  # type: ignore[arg-type, return-value]


def test_a_first_table_and_a_day_more_are_fine():
    assert told(None, table(0, 500, 3)) == []
    assert told(table(30, 31, 29, 30, 32, 30, 28), table(30, 31, 29, 30, 32, 30, 28, 33), ["2024-01-08"]) == []


def test_a_gap_is_told():
    rows = {day: row for day, row in table(1, 2, 3).rows.items() if day != "2024-01-02"}
    assert told(None, Table(COLUMNS, rows)) == ["the day after 2024-01-01 is missing; run it without --since and --until"]


def test_a_total_that_is_not_the_sum_of_its_parts_is_told_unless_a_part_is_withheld():
    row = Table(COLUMNS, {"2024-01-01": ["3", "1", "1", ""]})
    assert told(None, row) == ["2024-01-01: all is not the sum of some, others"]
    assert told(None, Table(COLUMNS, {"2024-01-01": ["3", "", "1", ""]})) == []
    assert told(None, row, fresh=[]) == [], "what is published already was looked at when it was"


def test_lost_days_are_told_and_let_go_when_a_person_says_so():
    lost = told(table(1, 2, 3), table(2, 3, first=2))
    assert lost == ["1 published days would be lost, from 2024-01-01 on"]
    assert told(table(1, 2, 3), table(2, 3, first=2), allowed=Allowed(shrink=True)) == []


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [((40, 40), (0, 0), True), ((2, 2), (0, 0), True), ((1, 1), (0, 0), False), ((100, 100), (100, 79), True),
     ((100, 100), (100, 81), False), ((30, 10), (10, 30), False), ((12, 9), (2, 9), False), ((12, 9), (1, 8), True)],
)  # fmt: skip
def test_history_that_is_emptied_or_much_smaller_is_told(old, new, held):
    found = told(table(*old), table(*new))
    assert bool(found) == held, found
    assert all(" falls " in line for line in found)


def test_a_new_definition_may_mean_less_but_not_nothing():
    assert told(table(100, 100), table(10, 10), redefined=True) == []
    assert told(table(100, 100), table(0, 0), redefined=True)


USUAL = (30, 31, 29, 30, 32, 30, 28, 30)


@pytest.mark.parametrize(("number", "held"), [(0, True), (1, False), (599, False), (601, True)])
def test_a_jump_beyond_what_is_plausible_is_told(number, held):
    found = told(table(*USUAL, step=7), table(*USUAL, number, step=7), ["2024-02-26"], grain=Grain.WEEK)
    assert bool(found) == held
    assert all(line == f"2024-02-26: all is {number}, usually 28 to 32" for line in found)


def test_a_day_may_be_quiet_but_not_overfull():
    assert told(table(*USUAL), table(*USUAL, 0), ["2024-01-09"]) == []
    assert told(table(*USUAL), table(*USUAL, 601), ["2024-01-09"])


def test_a_jump_passes_when_a_person_accepts_it_or_the_dataset_does_not_mind():
    new = table(*USUAL, 6000)
    assert told(table(*USUAL), new, ["2024-01-09"], Allowed(jumps=("other",)))
    assert told(table(*USUAL), new, ["2024-01-09"], Allowed(jumps=("mine",))) == []
    assert told(table(*USUAL), new, ["2024-01-09"], jump=0) == []
    assert told(table(*USUAL), new, ["2024-01-09"], jump=300) == []


def test_too_short_a_history_tells_nothing_and_small_numbers_are_usual_anywhere():
    assert told(table(1, 1, 1, 1, 1), table(1, 1, 1, 1, 1, 9000), ["2024-01-06"]) == []
    assert told(table(0, 0, 0, 0, 0, 0), table(0, 0, 0, 0, 0, 0, 100), ["2024-01-07"]) == []
    assert told(table(3, 3, 3, 3, 3, 3), table(3, 3, 3, 3, 3, 3, 0), ["2024-01-07"]) == []


def test_the_datasets_own_check_is_asked_and_what_it_raises_is_told_without_its_words():
    def mind(table: Table) -> list[str]:
        return [f"{len(table.rows)} days are too many"]

    def fail(table: Table) -> list[str]:
        raise ValueError("a secret")

    assert told(None, table(1, 2), check=mind) == ["2 days are too many"]
    (complaint,) = told(None, table(1, 2), check=fail)
    assert re.fullmatch(r"tests/publication/test_checks.py:\d+: its check fails: ValueError", complaint)
