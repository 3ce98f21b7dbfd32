"""An empty cell that is neither 0 nor withheld is a gap, where its column may have gaps."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from flow.datasets.column import Bytes, Count, People, Share
from flow.datasets.dataset import Dataset
from flow.datasets.gaps import find_gaps, merge_gaps
from flow.datasets.period import Grain, Period
from flow.datasets.result import frame_of, parse_result
from flow.errors import ResultError

MADE = Dataset(
    title="T", source="core", sql="x", id="mine", about="-",
    columns=[Count("a", "A", gaps=True), Count("b", "B"), Share("s", "S", of=["a", "b"]), Share("t", "T", of=["b"]), People("p", "P", gaps=True)],
)  # fmt: skip
DATES = ["2024-01-01", "2024-02-01", "2024-03-01"]
RUN = [Period(date.fromisoformat(day), Grain.MONTH) for day in DATES]


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["date", *MADE.column_ids], dtype=object)


def test_nothing_is_a_gap_where_the_column_says_so_and_so_is_a_period_without_a_row():
    rows = parse_result(MADE, frame(("2024-01-01", None, 0, None, None, 7), ("2024-02-01", 0, 5, 0, 0, None)), RUN)
    assert rows == {"2024-01-01": ["", "0", "", "", "7"], "2024-02-01": ["0", "5", "0.0000", "0.0000", ""], "2024-03-01": ["", "0", "", "", ""]}


@pytest.mark.parametrize("column", [Count("a", "A"), People("a", "A"), Bytes("a", "A")])
def test_nothing_is_an_error_where_the_column_does_not_say_so(column):
    with pytest.raises(ResultError, match="column 'a': NULL is empty, and no gap unless it says gaps=True"):
        column.text(None)


def test_a_share_is_a_gap_where_what_it_is_made_of_is_one_else_it_had_nothing_to_divide():
    rows = {"2024-01-01": ["", "0", "", "", "7"], "2024-02-01": ["0", "0", "", "", ""]}
    assert find_gaps(MADE, rows, {}) == {"a": ("2024-01-01",), "s": ("2024-01-01",), "p": ("2024-02-01",)}


def test_what_is_withheld_is_no_gap():
    rows = {"2024-01-01": ["", "0", "", "", ""], "2024-02-01": ["1", "0", "", "", ""]}
    assert find_gaps(MADE, rows, {"p": {"2024-01-01": "few"}}) == {"a": ("2024-01-01",), "s": ("2024-01-01",), "p": ("2024-02-01",)}


def test_a_function_meets_a_gap_as_a_missing_value():
    table = frame_of(MADE, MADE.column_ids, {"2024-01-01": ["", "0", "", "", "7"]})
    assert [value is pd.NA for value in table.loc[0, ["a", "b", "p"]]] == [True, False, False]


def test_dates_that_are_computed_again_have_the_gaps_that_they_have_now():
    before = {"a": ("2024-01-01", "2024-02-01"), "gone": ("2024-01-01",)}
    assert merge_gaps(before, ["2024-02-01", "2024-03-01"], {"a": ("2024-03-01",), "p": ("2024-02-01",)}, ["a", "p"]) == {
        "a": ("2024-01-01", "2024-03-01"),
        "p": ("2024-02-01",),
    }
