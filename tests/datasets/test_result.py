"""Rows of texts and frames of numbers are the same numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from flow.datasets.column import Count, Ratio
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period
from flow.datasets.result import frame_of, parse_result
from flow.errors import ResultError

JANUARY = Period(pd.Timestamp("2024-01-01").date(), Grain.MONTH)
LARGE = [2**53 + 1, 2**63 - 1, 2**63, 2**64 + 1]


def counts(unit=Count):
    return Dataset(id="d", title="D", columns=[unit("a", "A")])


@pytest.mark.parametrize("number", LARGE)
def test_a_large_whole_number_is_the_same_in_a_frame(number: int):
    frame = frame_of(counts(), ["a"], {"2024-01-01": [str(number)], "2024-02-01": [""]})
    assert frame["a"][0] == number
    assert pd.isna(frame["a"][1])


@pytest.mark.parametrize("number", LARGE)
def test_sums_of_large_whole_numbers_are_exact(number: int):
    frame = frame_of(counts(), ["a"], {"2024-01-01": [str(number)], "2024-02-01": [""]})
    frame["a"] = frame["a"] + frame["a"] + 1
    assert parse_result(counts(), frame[:1], [JANUARY]) == {"2024-01-01": [str(2 * number + 1)]}


def test_usual_whole_numbers_are_pandas_own():
    assert str(frame_of(counts(), ["a"], {"2024-01-01": ["5"]})["a"].dtype) == "Int64"


def test_nothing_below_zero_is_written_of_what_rounds_to_zero():
    frame = pd.DataFrame({"date": ["2024-01-01"], "a": [-0.00001]})
    assert parse_result(counts(Ratio), frame, [JANUARY]) == {"2024-01-01": ["0.0000"]}


class Odd:
    """What cannot even be shown."""

    def __str__(self) -> str:
        raise RuntimeError("Alice")


@pytest.mark.parametrize("value", [Odd(), [1], {"a": 1}, complex(1), b"5", pd.NaT, object()])
def test_a_value_of_any_kind_is_that_results_own_failure(value: object):
    frame = pd.DataFrame({"date": ["2024-01-01"], "a": pd.Series([value], dtype=object)})
    with pytest.raises(ResultError) as refused:
        parse_result(counts(), frame, [JANUARY])
    assert "Alice" not in str(refused.value)


@pytest.mark.parametrize("date", [Odd(), ["2024-01-01"], 20240101, None, pd.NaT, 2**70])
def test_a_date_of_any_kind_is_that_results_own_failure(date: object):
    frame = pd.DataFrame({"date": pd.Series([date], dtype=object), "a": [1]})
    with pytest.raises(ResultError):
        parse_result(counts(), frame, [JANUARY])
