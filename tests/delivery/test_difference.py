"""What changes for readers is told from two manifests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow.delivery import refuse_loss
from flow.delivery.difference import Difference, changes
from flow.errors import HeldBack
from flow.shelf.entry import ColumnFact, Entry
from flow.shelf.history import Computed
from tests.shelf.test_manifest import KEY
from tests.support.release import months

OTHER = "1" * 64


def said(before: Entry | None, after: Entry | None) -> list[Difference]:
    return changes({KEY: before} if before else {}, {KEY: after} if after else {})


def test_a_new_csv():
    assert said(None, months(3)) == [Difference(KEY, "new", "3 months, 2024-01-01 to 2024-04-01")]
    assert said(None, replace(months(3), computed=())) == [Difference(KEY, "new", "no rows")]


def test_a_csv_that_is_gone_is_a_loss():
    assert said(months(1), None) == [Difference(KEY, "gone", "1 month, 2024-01-01 to 2024-02-01", loses=True)]


def test_the_same_bytes_are_no_change():
    assert said(months(3), replace(months(3), title="Other")) == []


def test_periods_that_came_and_went():
    assert said(months(2), replace(months(3), sha256=OTHER)) == [Difference(KEY, "changed", "+1 month, through 2024-03-31")]
    assert said(months(3), replace(months(1), sha256=OTHER)) == [Difference(KEY, "changed", "-2 months, from 2024-02-01 on", loses=True)]


def test_as_many_periods_but_others_are_a_loss():
    moved = replace(months(3), computed=(Computed("2024-02-01", "2024-04-01", "2024-12-02T00:00:00Z"),), sha256=OTHER)
    assert said(months(3), moved) == [Difference(KEY, "changed", "+1 month, through 2024-04-30; -1 month, from 2024-01-01 on", loses=True)]


def test_periods_computed_again_and_other_columns():
    again = replace(months(2), computed=(Computed("2024-01-01", "2024-02-01", "2025-01-01T00:00:00Z"),), sha256=OTHER)
    assert said(months(2), again) == [Difference(KEY, "changed", "2 months computed again")]
    wider = replace(months(2), columns=(*months(2).columns, ColumnFact("more", "More", "count", "int")), sha256=OTHER)
    assert said(months(2), wider) == [Difference(KEY, "changed", "other columns")]
    assert said(months(2), replace(months(2), sha256=OTHER)) == [Difference(KEY, "changed", "other numbers")]


def test_a_loss_is_refused_by_name():
    refuse_loss(said(None, months(3)))
    with pytest.raises(HeldBack, match=r"new_topics, testwiki, month \(gone: 3 months.*\); if that is meant: --allow-shrink"):
        refuse_loss(said(months(3), None))
    with pytest.raises(HeldBack, match="and 2 more;"):
        refuse_loss([Difference(KEY, "gone", "no rows", loses=True)] * 7)
