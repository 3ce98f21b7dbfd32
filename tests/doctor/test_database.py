"""What a database says of itself is judged."""

from __future__ import annotations

import math

import pytest

from flow.doctor.database import of_server, of_tables
from flow.engines.examination import Examination
from flow.wiki.indexes import NEEDED
from flow.wiki.schema import REQUIRED, Profile

GOOD = Examination("MariaDB 10.11.19", (), {}, frozenset(), "+00:00", 0.5)
CORE = Profile({table: frozenset(columns.split()) for table, columns in REQUIRED["core"].items()})
INDEXED = {table: tuple(tuple(columns.split()) for columns in each) for table, each in NEEDED["core"].items()}


def told(found: Examination, behind: float | None = None) -> dict[str, tuple[str, str]]:
    return {each.where.partition(": ")[2]: (each.level, str(each)) for each in of_server("w core", found, behind)}


def test_a_good_server_has_nothing_to_mend():
    assert {level for level, _ in told(GOOD).values()} == {"ok"}


@pytest.mark.parametrize(
    ("found", "what", "level", "text"),
    [
        ({"writes": ("INSERT", "DROP")}, "account", "warn", "can write: INSERT, DROP; everything is opened read-only all the same"),
        ({"seconds_ahead": 59.0}, "clock", "ok", "59 s ahead of this machine's"),
        ({"seconds_ahead": -61.0}, "clock", "warn", "61 s behind this machine's; set both by NTP"),
        ({"zone": "SYSTEM"}, "time zone", "fail", "the session is in SYSTEM, not UTC"),
    ],
)
def test_what_is_wrong_is_said(found: dict, what: str, level: str, text: str):
    facts = {name: getattr(GOOD, name) for name in GOOD.__slots__} | found
    assert told(Examination(**facts))[what][0] == level
    assert text in told(Examination(**facts))[what][1]


@pytest.mark.parametrize(
    ("behind", "level", "text"),
    [(None, "ok", "nothing that this account may read tells"), (5.0, "ok", "5 s behind"), (4000.0, "warn", "4000 s behind"), (math.inf, "fail", "it has stopped")],
)
def test_lag_is_judged_by_its_length(behind: float | None, level: str, text: str):
    found = told(GOOD, behind)["replication"]
    assert found[0] == level
    assert text in found[1]


def tables(indexes: dict, views: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(each.level, str(each)) for each in of_tables("w core", "core", CORE, Examination("", (), indexes, views))]


def test_all_indexes_are_there():
    assert tables(INDEXED)[-1] == ("ok", "w core: indexes: all that queries need are there")


def test_a_missing_index_is_named_by_its_columns():
    level, text = tables(INDEXED | {"revision": (("rev_id",), ("rev_page", "rev_timestamp"))})[-1]
    assert level == "warn"
    assert "none that begins with revision(rev_timestamp); " in text


def test_a_longer_index_will_do():
    assert tables(INDEXED | {"page": (("page_id", "page_title"),)})[-1][0] == "ok"


def test_indexes_behind_views_are_not_guessed_at():
    found = tables({}, frozenset(CORE.tables))
    assert [level for level, _ in found] == ["ok", "ok"]
    assert "12 of 12 tables are views, whose indexes cannot be seen" in found[1][1]
