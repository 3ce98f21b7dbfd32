"""Whole numbers that agree with rows; silently, and never later than the clock allows."""

from __future__ import annotations

import os

import pytest

from flow.privacy import solver
from flow.privacy.allowance import Allowance, Unsolved
from flow.privacy.row import Row
from flow.privacy.solver import Solver


def test_the_numbers_are_whole_where_fractions_would_cost_less():
    found = Solver([(0, 10), (0, 10)], [Row([(0, 2.0), (1, 2.0)], 3, 20)], Allowance()).solve({0: 1.0, 1: 1.5})
    assert found is not None
    assert list(found) == [2, 0]


def test_there_is_nothing_where_rows_contradict():
    assert Solver([(0, 1)], [Row([(0, 1.0)], 2, 3)], Allowance()).solve({}) is None


def test_a_clock_that_has_run_out_is_said():
    with pytest.raises(Unsolved):
        Solver([(0, 1)], [], Allowance(0)).solve({})


def test_what_a_library_prints_by_itself_goes_nowhere(capfd: pytest.CaptureFixture[str]):
    with solver._silence():
        os.write(1, b"a banner\n")
        os.write(2, b"a licence\n")
    os.write(1, b"a result\n")
    assert capfd.readouterr() == ("a result\n", "")


def test_a_solution_prints_nothing(capfd: pytest.CaptureFixture[str]):
    Solver([(0, 10), (0, 10)], [Row([(0, 2.0), (1, 2.0)], 3, 20)], Allowance()).solve({0: 1.0, 1: 1.5})
    assert capfd.readouterr() == ("", "")
