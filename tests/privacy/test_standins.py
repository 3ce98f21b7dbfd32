"""What depends on a withheld number is found by trying others in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count, People, Share
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period
from flow.engines.sources import Sources
from flow.pipeline.reading import Reader

TALK = Dataset(title="T", id="talk", columns=[Count("edits", "E"), People("editors", "P"), People("new", "N")])
RUN = [Period(date(2024, 1, 1), Grain.MONTH), Period(date(2024, 2, 1), Grain.MONTH)]
TABLES = {"talk": (["edits", "editors", "new"], {"2024-01-01": ["9", "", ""], "2024-02-01": ["50", "20", "6"]})}
BLANKS = {"talk": {"editors": {"2024-01-01"}, "new": {"2024-01-01"}}}
COLUMNS = [Count("edits", "E"), Count("others", "O"), Share("share", "S"), Count("all", "A")]


def made(function: Callable[..., pd.DataFrame]) -> Dataset:
    return Dataset(title="M", id="mine", columns=COLUMNS, compute=function)


def outcome(function: Callable[..., pd.DataFrame]):
    mine = made(function)
    catalog = Catalog(None, {"talk": TALK, "mine": mine}, {}, {})  # type: ignore[arg-type]
    return Reader(catalog, Sources(None)).compute(mine, TABLES, RUN, BLANKS, 5)  # type: ignore[arg-type]


def test_only_what_depends_on_a_withheld_number_is_empty_however_it_is_added_up():
    def mine(talk):
        share = talk["new"].astype(float) / talk["editors"].astype(float)
        both = talk[["editors", "new"]].sum(axis=1)
        return talk[["date", "edits"]].assign(others=talk["edits"] - talk["new"], share=share, all=both)

    rows, marks = outcome(mine)
    assert rows == {"2024-01-01": ["9", "", "", ""], "2024-02-01": ["50", "44", "0.3000", "26"]}
    assert marks == {id: {"2024-01-01"} for id in ("others", "share", "all")}


def test_a_gap_of_its_own_is_no_withheld_number():
    def mine(talk):
        return talk[["date", "edits"]].assign(others=0, share=None, all=1)

    assert outcome(mine) == ({"2024-01-01": ["9", "0", "", "1"], "2024-02-01": ["50", "0", "", "1"]}, {})


def test_the_function_meets_the_withheld_numbers_as_missing_too():
    def mine(talk):
        return talk[["date", "edits"]].assign(others=talk["editors"].isna().astype(int), share=None, all=1)

    assert outcome(mine)[1] == {"others": {"2024-01-01"}}


def test_what_is_alike_for_all_numbers_but_none_is_made_up():
    def mine(talk):
        return talk[["date", "edits"]].assign(others=(talk["editors"] >= 1).astype("Int64"), share=0 / talk["new"].astype(float), all=1)

    rows, _ = outcome(mine)
    assert rows["2024-01-01"] == ["9", "", "", "1"]


@pytest.mark.parametrize("few", [(1, 1), (1, 4), (2, 3), (4, 4)])
def test_whether_a_withheld_number_is_one_of_the_small_ones_is_never_told(few):
    def mine(talk):
        found = talk["editors"].between(*few).fillna(False).astype("Int64")
        return talk[["date", "edits"]].assign(others=found, share=None, all=1)

    rows, marks = outcome(mine)
    assert rows["2024-01-01"][1] == ""
    assert marks == {"others": {"2024-01-01"}}


@pytest.mark.parametrize("value", [-1, 0.5, "x"])
def test_a_number_that_cannot_be_is_still_found_where_nothing_is_guessed(value):
    from flow.errors import ResultError

    def mine(talk):
        return talk[["date", "edits"]].assign(others=value, share=None, all=1)

    mine_made = made(mine)
    catalog = Catalog(None, {"talk": TALK, "mine": mine_made}, {}, {})  # type: ignore[arg-type]
    with pytest.raises(ResultError, match="column 'others'"):
        Reader(catalog, Sources(None)).compute(mine_made, TABLES, RUN, BLANKS, 5)  # type: ignore[arg-type]
