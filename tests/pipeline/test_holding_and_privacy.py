"""Rules about people, and numbers below the threshold, let no settled number move unseen."""

from __future__ import annotations

import pytest

from tests.support.project import Project
from tests.support.settled import raise_january, rows, top_page

RULE = "[privacy]\nwithhold_actions = true\n"


def test_a_changed_privacy_rule_lets_no_settled_number_move(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    january.settings(RULE, now="2024-04-02T12:00:00Z", grains='["month"]')
    said = january.generate("run")
    assert (said.code, "held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises" in said.err) == (4, True)
    after = rows(january, "mine")
    assert (after["2024-01-01"], after["2024-03-01"]["n"]) == (before, "40")


def test_a_changed_privacy_rule_mends_nothing_that_is_held_and_holds_for_it_too(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    january.settings(RULE, now="2024-04-02T13:00:00Z", grains='["month"]')
    for _ in range(2):
        assert january.generate("run").code == 4
        assert rows(january, "mine")["2024-01-01"] == before
    january.settings(f"{RULE}threshold = {int(before['n']) + 1}\n", now="2024-04-02T14:00:00Z", grains='["month"]')
    assert january.generate("run").code == 4
    assert rows(january, "mine")["2024-01-01"]["n"] == ""
    assert january.generate("check").code == 0


PEOPLE = '''
"""A number of people that the test sets."""
from flow import Dataset, People

mine = Dataset(
    title="Mine", source="core", jump=0, columns=[People("n", "N")],
    sql="SELECT {{ period('saved_timestamp') }} AS date, "
        "CASE WHEN {{ period('saved_timestamp') }} = '2024-01-01' THEN (SELECT MAX(page_id) - TOP FROM page) ELSE 30 END AS n "
        "FROM {{ talk_edits() }} AS edit GROUP BY 1",
)
'''


@pytest.mark.parametrize(("old", "new", "held"), [(60, 3, True), (9, 3, True), (8, 3, False), (60, 0, True), (7, 0, True), (3, 60, False)])
def test_a_number_of_people_is_held_where_even_the_nearest_withheld_one_is_a_move(few: Project, old: int, new: int, held: bool):
    raise_january(few, 1000)
    few.script("talk/mine.py", PEOPLE.replace("TOP", str(top_page(few) - old)))
    few.settings(now="2024-03-02T12:00:00Z", grains='["month"]')
    assert few.generate("run", "mine").code == 0
    before = rows(few, "mine")["2024-01-01"]["n"]
    raise_january(few, new - old)
    few.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    assert few.generate("run", "mine", "--again").code == (4 if held else 0)
    after = rows(few, "mine")["2024-01-01"]["n"]
    assert after == (before if held else ""), "what was withheld once stays withheld"
