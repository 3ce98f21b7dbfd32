"""Linear programs over whole numbers, solved by HiGHS: silently, and within a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from flow.privacy.allowance import Allowance, Unsolved
from flow.privacy.row import Bound, Row

if TYPE_CHECKING:
    import highspy

#: How far a solver's number may be from the whole one.
TOLERANCE = 1e-6
Values = np.ndarray


class Solver:
    """Variables with ``bounds`` and the ``rows`` over them."""

    def __init__(self, bounds: Sequence[Bound], rows: Sequence[Row], allowance: Allowance) -> None:
        self._allowance, self._many = allowance, len(bounds)
        self._all = np.arange(self._many, dtype=np.int32)
        with _silence():
            self._highs = _load(bounds, rows)

    def bound(self, bounds: Mapping[int, Bound]) -> None:
        """Takes other bounds for some variables."""
        if bounds:
            low, high = zip(*bounds.values(), strict=True)
            places = np.array([*bounds], dtype=np.int32)
            self._highs.changeColsBounds(len(places), places, np.array(low, dtype=float), np.array(high, dtype=float))

    def solve(self, costs: Mapping[int, float]) -> Values | None:
        """The whole numbers whose costs are least; None if there are none. Raises Unsolved."""
        cost = np.zeros(self._many)
        for place, factor in costs.items():
            cost[place] = factor
        self._highs.changeColsCost(self._many, self._all, cost)
        found = self._run()
        if found is None or np.abs(found - np.round(found)).max(initial=0.0) <= TOLERANCE:
            return None if found is None else np.round(found)
        return self._run_whole()

    def _run_whole(self) -> Values | None:
        import highspy

        kinds = highspy.HighsVarType
        self._highs.changeColsIntegrality(self._many, self._all, np.full(self._many, int(kinds.kInteger), dtype=np.uint8))
        try:
            found = self._run()
        finally:
            self._highs.changeColsIntegrality(self._many, self._all, np.full(self._many, int(kinds.kContinuous), dtype=np.uint8))
        return None if found is None else np.round(found)

    def _run(self) -> Values | None:
        import highspy

        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._allowance.left())
        with _silence():
            self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise Unsolved
        return np.array(self._highs.getSolution().col_value)


def _load(bounds: Sequence[Bound], rows: Sequence[Row]) -> highspy.Highs:
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("log_to_console", False), ("threads", 1)):
        highs.setOptionValue(option, value)
    low, high = (np.array([each[end] for each in bounds], dtype=float) for end in (0, 1))
    highs.addVars(len(bounds), low, high)
    starts = np.cumsum([0, *(len(row.terms) for row in rows)])[:-1].astype(np.int32)
    places = np.array([place for row in rows for place, _ in row.terms], dtype=np.int32)
    factors = np.array([factor for row in rows for _, factor in row.terms], dtype=float)
    ends = (np.array([row.low for row in rows], dtype=float), np.array([row.high for row in rows], dtype=float))
    highs.addRows(len(rows), *ends, len(places), starts, places, factors)
    return highs


@contextmanager
def _silence() -> Iterator[None]:
    """What a library prints by itself, whatever it is asked, goes nowhere: only results are printed."""
    kept = {number: os.dup(number) for number in (1, 2) if _is_open(number)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in kept:
            os.dup2(nowhere, number)
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
