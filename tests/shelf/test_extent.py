"""What a graph can show of a column follows from the cells that it shows."""

from __future__ import annotations

import pytest

from flow.datasets.period import Grain
from flow.shelf.extent import SHOWN_DAYS, Extent, measure


def extent(cells: list[str], grain: Grain = Grain.MONTH) -> Extent | None:
    return measure(["a"], {f"{place:04}": [cell] for place, cell in enumerate(cells)}, grain).get("a")


def test_a_column_without_values_has_none():
    assert extent(["", ""]) is None


def test_the_lowest_and_the_highest_are_as_the_csv_writes_them():
    assert extent(["3", "0.5000", "", "20.0"]) == Extent(3, "0.5000", "20.0", isolated=True)


@pytest.mark.parametrize(
    ("cells", "is_isolated"), [(["1", "2", ""], False), (["1", "", "2", "3"], True), (["1", "2", "", "3"], True), (["", "1", ""], True)]
)
def test_a_value_with_empty_neighbours_is_isolated(cells, is_isolated):
    found = extent(cells)
    assert found is not None and found.isolated is is_isolated


def test_by_day_only_what_is_shown_is_measured():
    found = extent(["99", *["1"] * SHOWN_DAYS], Grain.DAY)
    assert found == Extent(SHOWN_DAYS, "1", "1", grows=True)


@pytest.mark.parametrize(
    ("changes", "grows"),
    [({}, True), ({12: ""}, False), ({11: ""}, False), ({0: ""}, False), ({11: "0"}, False), ({0: "0"}, False), ({12: "0"}, True), ({5: ""}, True)],
)
def test_a_rise_can_be_told_of_thirteen_values_whose_older_two_are_above_0(changes, grows):
    found = extent([changes.get(place, "7") for place in range(13)])
    assert found is not None and found.grows is grows


def test_a_rise_cannot_be_told_of_twelve_values():
    found = extent(["7"] * 12)
    assert found is not None and not found.grows
