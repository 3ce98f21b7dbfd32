"""Where numbers begin is asked once a day: rows from before are counted, and no published period goes."""

from __future__ import annotations

import pytest

from tests.commands.test_publication import MONTHLY, change
from tests.support.project import Project

#: An edit of an article's talk page.
TALK_EDIT = """
SELECT MIN(rev_id) FROM revision JOIN page ON page_id = rev_page
 WHERE page_namespace = 1 AND rev_timestamp >= '20240310000000'
   AND rev_actor IN (SELECT actor_id FROM actor WHERE actor_user NOT IN (SELECT ug_user FROM user_groups))
"""


@pytest.mark.parametrize("when", ["2023-11-15", "2023-12-15"])
def test_rows_that_are_imported_from_before_the_first_day_are_counted_on_the_next_day(few: Project, when: str):
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    path = f"{MONTHLY}talk_edits.csv"
    assert min(few.published()[path].decode().splitlines()[1:]).startswith("2024-01-01")
    change(few, f"UPDATE revision SET rev_timestamp = '{when.replace('-', '')}120000' WHERE rev_id = ({TALK_EDIT})")
    few.settings(grains='["month"]', now="2024-04-02T13:00:00Z")
    assert few.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."
    few.settings(grains='["month"]', now="2024-04-03T12:00:00Z")
    assert few.generate("run").code == 0
    assert min(few.published()[path].decode().splitlines()[1:]).startswith(f"{when[:7]}-01,1,")


def test_rows_that_go_from_the_first_days_take_no_published_period_with_them(few: Project):
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    before = few.published()[f"{MONTHLY}talk_edits.csv"]
    change(few, "DELETE FROM revision WHERE rev_timestamp < '20240115000000'")
    few.settings(grains='["month"]', now="2024-04-03T12:00:00Z")
    assert few.generate("run").code == 0
    assert few.published()[f"{MONTHLY}talk_edits.csv"] == before
