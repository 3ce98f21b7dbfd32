"""Sums across datasets and grains are missed only where nothing explains it, and what is new is to blame."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.publication.checks import Table
from flow.publication.totals import Sheet, Totals
from flow.shelf.entry import Key

TOPICS = Dataset(id="topics", title="T", columns=[Count("topics", "T"), Count("boards", "B", additive=False)], adds_up={"topics": ["edits.topics"]})
EDITS = Dataset(id="edits", title="E", columns=[Count("topics", "T")])
DATASETS = {"topics": TOPICS, "edits": EDITS}
A, B = (Key(id, "w", Grain.MONTH) for id in ("topics", "edits"))
MONTHS = ["2024-01-01", "2024-02-01"]


def test_a_stock_has_no_days_that_add_up():
    daily = Key("topics", "w", Grain.DAY)
    days = [str(date(2024, 1, 1) + timedelta(days=n)) for n in range(31)]
    sheets = {daily: sheet(daily, [2] * 31, days=days), A: sheet(A, [3], days=days[:1])}
    stock = {"topics": replace(TOPICS, snapshot=True)}
    assert Totals(stock, sheets, sheets.__getitem__).blame() == {}
    assert Totals({"topics": TOPICS}, sheets, sheets.__getitem__).blame().keys() == {A, daily}


def sheet(key: Key, numbers: list[int], old: list[int] | None = None, fresh: bool = True, settled: bool = True, days: list[str] = MONTHS) -> Sheet:
    width = len(DATASETS[key.dataset].columns)

    def table(values: list[int]) -> Table:
        return Table(DATASETS[key.dataset].column_ids, {day: [str(n)] * width for day, n in zip(days, values, strict=True)})

    return Sheet(table(numbers), table(old) if old else None, days if fresh else [], days if settled else [])


def blame(sheets: dict[Key, Sheet], accepted: tuple[str, ...] = ()) -> dict[Key, tuple[list[str], str]]:
    return dict(Totals(DATASETS, sheets, sheets.__getitem__, accepted).blame())


def test_numbers_that_add_up_are_fine():
    assert blame({A: sheet(A, [10, 20]), B: sheet(B, [10, 20])}) == {}


def test_both_are_to_blame_where_both_are_new():
    found = blame({A: sheet(A, [116, 20]), B: sheet(B, [58, 20])})
    why = "2024-01-01: topics of topics is 116, and edits.topics is 58"
    assert found == {A: (["2024-01-01"], why), B: (["2024-01-01"], why)}


def test_what_differs_from_what_is_published_is_to_blame():
    assert blame({A: sheet(A, [116, 20]), B: sheet(B, [58, 20], old=[58, 20])}).keys() == {A}
    assert blame({A: sheet(A, [58, 20], old=[58, 20]), B: sheet(B, [57, 20], old=[58, 20])}).keys() == {B}


def test_what_is_published_and_was_not_computed_again_is_never_to_blame():
    assert blame({A: sheet(A, [116, 20]), B: sheet(B, [58, 20], old=[58, 20], fresh=False)}).keys() == {A}
    assert blame({A: sheet(A, [116, 20], fresh=False), B: sheet(B, [58, 20], fresh=False)}) == {}


def test_two_that_are_wrong_as_they_were_published_are_both_to_blame():
    assert blame({A: sheet(A, [116, 20], old=[116, 20]), B: sheet(B, [58, 20], old=[58, 20])}).keys() == {A, B}


@pytest.mark.parametrize(("number", "wrong"), [(104, False), (119, False), (121, True), (79, True)])
def test_late_rows_explain_a_difference_between_runs_up_to_a_fifth(number: int, wrong: bool):
    found = blame({A: sheet(A, [number, 20], old=[number - 1, 20]), B: sheet(B, [100, 20], fresh=False)})
    assert bool(found) is wrong
    assert all("compute all of them with --again" in why for _, why in found.values())


def test_late_rows_explain_nothing_where_the_total_is_new():
    found = blame({A: sheet(A, [101, 20]), B: sheet(B, [100, 20], fresh=False)})
    assert found.keys() == {A}
    assert blame({A: sheet(A, [101, 20]), B: sheet(B, [100, 20], fresh=False)}, accepted=("topics",)) == {}
    assert blame({A: sheet(A, [101, 20], settled=False), B: sheet(B, [100, 20], fresh=False)}) == {}


def test_a_script_that_is_new_or_another_is_to_blame_and_not_its_published_parts():
    parts = sheet(B, [58, 21], old=[58, 20])
    assert blame({A: sheet(A, [58, 99]), B: parts}).keys() == {A}
    assert blame({A: replace(sheet(A, [58, 99], old=[58, 20]), redefined=True), B: parts}).keys() == {A}
    assert blame({A: sheet(A, [58, 99], old=[58, 20]), B: parts}).keys() == {A, B}


def test_many_small_differences_between_runs_are_one_great_one():
    days = [str(date(2024, 1, 1) + timedelta(days=n)) for n in range(10)]
    a, b = (Key(id, "w", Grain.DAY) for id in ("topics", "edits"))
    assert blame({a: sheet(a, [4] * 10, days=days), b: sheet(b, [2] * 10, fresh=False, days=days)}).keys() == {a}


def test_what_can_still_change_is_not_compared_between_runs():
    assert blame({A: sheet(A, [116, 20], old=[110, 20]), B: sheet(B, [58, 20], fresh=False, settled=False)}) == {}
    assert blame({A: sheet(A, [104, 20], settled=False), B: sheet(B, [100, 20], settled=False)}) == {}


def test_a_script_that_is_new_or_another_is_compared_with_what_can_still_change():
    parts = sheet(B, [58, 20], old=[58, 20], fresh=False, settled=False)
    assert blame({A: sheet(A, [116, 20]), B: parts}).keys() == {A}
    assert blame({A: replace(sheet(A, [116, 20], old=[58, 20]), redefined=True), B: parts}).keys() == {A}
    assert blame({A: sheet(A, [116, 20], fresh=False), B: replace(sheet(B, [58, 20], old=[116, 20]), redefined=True)}).keys() == {B}


def test_what_was_computed_from_the_same_newest_row_is_compared():
    a, b = sheet(A, [116, 20], old=[110, 20], settled=False), sheet(B, [58, 20], fresh=False, settled=False)
    newest = dict.fromkeys(MONTHS, "2024-02-28")
    assert blame({A: replace(a, newest=newest), B: replace(b, newest=newest)}).keys() == {A}
    assert blame({A: replace(a, newest=newest), B: replace(b, newest=dict.fromkeys(MONTHS, "2024-02-27"))}) == {}


def test_what_one_run_computed_must_add_up_exactly_where_newer_rows_change_nothing_though_none_proves_it():
    a, b = (sheet(key, numbers, old=[100, 20], settled=False) for key, numbers in ((A, [101, 20]), (B, [100, 20])))
    assert blame({A: a, B: b}) == {}
    assert blame({A: replace(a, closed=MONTHS, now=MONTHS), B: replace(b, closed=MONTHS, now=MONTHS)}).keys() == {A}
    assert blame({A: replace(a, closed=MONTHS, now=MONTHS), B: replace(b, closed=MONTHS)}) == {}


def test_a_difference_between_runs_may_be_accepted_and_one_within_a_run_may_not():
    assert blame({A: sheet(A, [116, 20]), B: sheet(B, [58, 20], fresh=False)}, accepted=("topics",)) == {}
    assert blame({A: sheet(A, [116, 20]), B: sheet(B, [58, 20])}, accepted=("topics",)).keys() == {A, B}


def test_a_withheld_or_missing_number_tells_nothing():
    a = sheet(A, [116, 20])
    withheld = Table(["topics"], {"2024-01-01": [""], "2024-02-01": ["20"]})
    assert blame({A: a, B: Sheet(withheld, None, MONTHS, MONTHS)}) == {}
    assert blame({A: a, B: Sheet(Table(["topics"], {"2024-02-01": ["20"]}), None, MONTHS, MONTHS)}) == {}


def test_days_add_up_to_months_and_weeks_where_a_column_says_so():
    days = [str(date(2024, 1, 1) + timedelta(days=n)) for n in range(31)]
    daily, weekly = (Key("topics", "w", grain) for grain in (Grain.DAY, Grain.WEEK))
    right = {daily: sheet(daily, [2] * 31, days=days), A: sheet(A, [62], days=days[:1]), weekly: sheet(weekly, [14], days=days[:1])}
    assert blame(right) == {}, "boards are not added up"
    found = blame(right | {A: sheet(A, [61], days=days[:1])})
    assert found[A] == (["2024-01-01"], "2024-01-01: topics of topics is 61, and the sum of its days is 62")
    assert found[daily][0] == days
    assert blame(right | {daily: sheet(daily, [3] * 30, days=days[:30])}).keys() == {daily, weekly}, "a month whose days are not all there tells nothing"
