"""Running totals and shares follow from published cells, and stop where they would tell an empty one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.column import Count, Duration, People
from flow.datasets.transform import Cumulative, PublishedCell, ShareOf, cumulate, faults, share
from flow.errors import ResultError

WITHHELD, GAP = PublishedCell("", is_withheld=True), PublishedCell("", is_gap=True)


def cells(*found: int | PublishedCell) -> dict[str, PublishedCell]:
    return {f"2024-01-{day:02}": cell if isinstance(cell, PublishedCell) else PublishedCell(str(cell)) for day, cell in enumerate(found, 1)}


def texts(found) -> list[str]:
    return ["withheld" if cell.is_withheld else "gap" if cell.is_gap else cell.text for _, cell in found]


def test_a_running_total_adds_up_and_stops_at_the_first_cell_that_is_empty():
    assert texts(cumulate(cells(3, 0, 4))) == ["3", "3", "7"]
    assert texts(cumulate(cells(3, WITHHELD, 4, GAP))) == ["3", "withheld", "withheld", "withheld"]
    assert texts(cumulate(cells(GAP, 3, WITHHELD))) == ["gap", "gap", "gap"]


@given(st.lists(st.one_of(st.integers(0, 10**20), st.just(WITHHELD), st.just(GAP)), max_size=20))
def test_a_running_total_tells_only_what_is_published(found):
    known = list(cells(*found).values())
    whole = known[: next((place for place, cell in enumerate(known) if not cell.text), len(known))]
    totals = [cell.text for _, cell in cumulate(cells(*found))]
    assert totals[len(whole) :] == [""] * (len(known) - len(whole))
    steps = [int(after) - int(before) for before, after in pairwise(["0", *totals[: len(whole)]])]
    assert steps == [int(cell.text) for cell in whole]


def test_a_share_is_of_the_total_and_empty_where_one_of_both_is():
    assert texts(share(cells(1, 0, 2), [cells(3, 0, 2)])) == ["0.3333", "", "1.0000"]
    assert texts(share(cells(1, WITHHELD, GAP, GAP), [cells(WITHHELD, 3, 3, WITHHELD)])) == ["withheld", "withheld", "gap", "withheld"]
    assert texts(share(cells(1, 2), [cells(1, 2), cells(3, GAP)])) == ["0.2500", "gap"]


def test_a_part_is_no_larger_than_its_total():
    with pytest.raises(ResultError):
        list(share(cells(4), [cells(3)]))


COLUMNS = [Count("a", "A"), Count("b", "B", additive=False), Duration("d", "D"), People("p", "P")]


@pytest.mark.parametrize(
    ("derived", "fault"),
    [
        ([Cumulative("b")], "'b' does not add up, so it has no running total"),
        ([Cumulative()], "cumulative of no column"),
        ([ShareOf("d", total="a")], "'d', which is no whole number"),
        ([ShareOf("a", total="x")], "'x', which is no column"),
        ([ShareOf("p", "a")], "people of 'p' may be in two groups; name the total that their share is of"),
        ([Cumulative("a"), Cumulative("a")], "two of cumulative; name all columns in one"),
        (["a"], "derived must be a list of Cumulative and ShareOf"),
    ],
)
def test_what_cannot_be_derived_is_named(derived, fault):
    assert any(fault in line for line in faults(derived, COLUMNS))


def test_what_can_be_derived_has_no_fault():
    assert faults([Cumulative("a"), ShareOf("p", "b", total="a")], COLUMNS) == []
