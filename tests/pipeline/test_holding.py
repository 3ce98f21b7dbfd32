"""Settled numbers that rise or fall are held back until they are mended or accepted; newer ones are published."""

from __future__ import annotations

import csv
import io
import sqlite3

import pytest

from tests.commands.test_publication import JUMPY, change
from tests.support.project import Project, wiki

MONTHLY = "datafiles/testwiki/month/"
JANUARY = "rev_timestamp >= '20240101000000' AND rev_timestamp < '20240201000000'"
HALF = f"DELETE FROM revision WHERE {JANUARY} AND rev_id % 2 = 0"
#: A number that follows the highest id of a page, which a test changes.
MINE = '''
"""A number that the test sets."""
from flow import Count, Dataset

mine = Dataset(
    title="Mine", source="core", jump=0, columns=[Count("n", "N")],
    sql="SELECT {{ period('saved_timestamp') }} AS date, "
        "(SELECT MAX(page_id) FROM page) * CASE WHEN {{ period('saved_timestamp') }} = '2024-01-01' THEN 1 ELSE 0 END + 40 AS n "
        "FROM {{ talk_edits() }} AS edit GROUP BY 1",
)
'''


def rows(project: Project, id: str, grain: str = "month") -> dict[str, dict[str, str]]:
    text = project.published()[f"datafiles/testwiki/{grain}/{id}.csv"].decode()
    return {row["date"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def january(few: Project) -> Project:
    """A project of which January and February are published, and settled."""
    few.script("talk/mine.py", MINE)
    few.settings(now="2024-03-02T12:00:00Z", grains='["month"]')
    assert few.generate("run").code == 0
    few.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    return few


def raise_january(project: Project, by: int) -> None:
    change(project, f"UPDATE page SET page_id = page_id + {by} WHERE page_id = (SELECT MAX(page_id) FROM page)")


def top_page(project: Project) -> int:
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        found: int = file.execute("SELECT MAX(page_id) FROM page").fetchone()[0]
    file.close()
    return found


def test_a_settled_number_that_rises_keeps_its_old_value_and_newer_periods_are_published(january: Project):
    before = rows(january, "mine")
    raise_january(january, 1000)
    said = january.generate("run", "mine", "--again")
    assert said.code == 4
    old = int(before["2024-01-01"]["n"])
    assert (
        f"held back: mine, testwiki, month: n of 1 published month rises from {old} to {old + 1000}, though it was settled: 2024-01-01;"
        " 'run --accept mine' if it is right" in said.err
    )
    after = rows(january, "mine")
    assert after["2024-01-01"] == before["2024-01-01"]
    assert after["2024-03-01"]["n"] == "40"
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"
    assert january.generate("check").code == 0


def test_what_is_held_stays_held_in_later_runs_until_it_is_accepted(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    old = rows(january, "mine")["2024-01-01"]["n"]
    for arguments in ([], ["mine"], ["talk_edits"]):
        said = january.generate("run", *arguments)
        assert (said.code, "held back: mine, testwiki, month: n of 1 published month rises" in said.err) == (4, True), arguments
        assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"
    assert rows(january, "mine")["2024-01-01"]["n"] == old
    assert january.generate("run", "--accept", "mine").code == 0
    assert rows(january, "mine")["2024-01-01"]["n"] == str(int(old) + 1000)
    assert january.generate("run").code == 0
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"] is None


def test_what_is_held_is_forgotten_once_its_source_is_mended(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    raise_january(january, -1000)
    assert "held back before" in january.generate("run", "--dry-run").out
    assert january.generate("run").code == 0
    assert january.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."


def test_a_number_that_is_held_is_not_tried_again_where_the_range_leaves_it_out_but_is_told(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    said = january.generate("run", "mine", "--again", "--since", "2024-02-01")
    assert (said.code, "2024-01-01" in said.err) == (4, True)


def test_a_settled_number_that_falls_is_held_with_what_is_made_from_it(january: Project):
    before, versus = rows(january, "talk_edits"), rows(january, "talk_versus_flow")
    change(january, HALF)
    said = january.generate("run", "--again")
    assert said.code == 4
    assert "talk_edits, testwiki, month: edits of 1 published month falls from" in said.err
    assert "talk_versus_flow, testwiki, month: it is made from what is held back" in said.err
    for id, old in (("talk_edits", before), ("talk_versus_flow", versus)):
        now = rows(january, id)
        assert now["2024-01-01"] == old["2024-01-01"]
        assert "2024-03-01" in now
    assert january.generate("run", "--accept", "talk_edits").code == 0
    assert rows(january, "talk_edits")["2024-01-01"] != before["2024-01-01"]
    assert rows(january, "talk_versus_flow")["2024-01-01"] != versus["2024-01-01"]


def test_small_falls_on_many_settled_days_hold_these_days_and_newer_ones_are_published(few: Project):
    raise_january(few, 1000)
    few.script("talk/mine.py", MINE.replace("MAX(page_id)", f"MAX(page_id) - {top_page(few) - 14}").replace("ELSE 0 END + 40", "ELSE 1 END"))
    few.settings(now="2024-03-02T12:00:00Z", grains='["day"]')
    assert few.generate("run", "mine").code == 0
    before = rows(few, "mine", "day")
    raise_january(few, -4)
    few.settings(now="2024-04-02T12:00:00Z", grains='["day"]')
    for arguments in (["--again"], []):
        said = few.generate("run", "mine", *arguments)
        assert (said.code, "published days falls from 826 to 590; --allow-shrink lets it" in said.err) == (4, True), said.err
        after = rows(few, "mine", "day")
        assert after.items() >= before.items()
        assert after["2024-03-31"]["n"] == "10"
    raise_january(few, 4)
    assert few.generate("run", "mine").code == 0


def test_a_small_change_is_no_move(january: Project):
    before = int(rows(january, "mine")["2024-01-01"]["n"])
    raise_january(january, 4)
    assert january.generate("run", "mine", "--again").code == 0
    assert rows(january, "mine")["2024-01-01"]["n"] == str(before + 4)


def test_a_dataset_says_how_much_late_rows_may_change(january: Project):
    before = int(rows(january, "mine")["2024-01-01"]["n"])
    january.script("talk/mine.py", MINE.replace("jump=0,", "jump=0, late=1000,"))
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 0
    assert rows(january, "mine")["2024-01-01"]["n"] == str(before + 1000)


def test_a_changed_definition_is_no_move_and_is_said(january: Project):
    january.script("talk/mine.py", MINE.replace("+ 40 AS n", "+ 4000 AS n"))
    said = january.generate("run", "mine")
    assert said.code == 0
    assert "2024-01-01 to 2024-02-01, 2 months; not held back, for the definition changed" in said.err


def test_a_number_that_was_not_settled_is_no_move(january: Project):
    january.script("talk/mine.py", MINE.replace("jump=0,", 'jump=0, spans={"window": "90d"}, settles="window",'))
    assert january.generate("run", "mine").code == 0
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 0


DOUBLING = ("FROM {{ topics() }} AS topic", "FROM {{ topics() }} AS topic JOIN (SELECT 1 AS one UNION ALL SELECT 2) AS twice")


def test_a_join_that_doubles_a_total_is_held_though_it_is_new(few: Project):
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text().replace(*DOUBLING))
    few.settings(grains='["month"]')
    for _ in range(2):
        said = few.generate("run")
        assert said.code == 4
        assert "held back: new_topics, testwiki, month: 2024-01-01 to 2024-03-01, 3 months: topics of new_topics is" in said.err
        assert f"{MONTHLY}new_topics.csv" not in few.published()


def test_a_join_that_doubles_a_published_total_is_held_and_the_other_dataset_is_not(few: Project):
    few.settings(grains='["month"]')
    few.generate("run")
    before = rows(few, "new_topics"), rows(few, "flow_edits")
    path = few.folder / "queries/flow/new_topics.py"
    text = path.read_text()
    path.write_text(text.replace(*DOUBLING))
    said = few.generate("run")
    assert (said.code, "held back: flow_edits" in said.err) == (4, False)
    assert "topics of new_topics is 118, and flow_edits.topics is 59 on 2024-03-01" in said.err
    assert "--accept new_topics" not in said.err, "what is computed at once has no late rows"
    assert (rows(few, "new_topics"), rows(few, "flow_edits")) == before
    path.write_text(text)
    assert few.generate("run").code == 0


def test_days_that_do_not_add_up_to_their_month_are_held_with_it(few: Project):
    few.script("talk/mine.py", JUMPY.replace("jump=3", "jump=0"))
    few.settings(grains='["month", "day"]')
    said = few.generate("run", "mine", "new_topics")
    assert said.code == 4
    for grain in ("day", "month"):
        assert f"held back: mine, testwiki, {grain}: 2024-01-01 to 2024-03-01, 3 months: n of mine is" in said.err
    assert {path.rpartition("/")[2] for path in few.datafiles()} == {"new_topics.csv"}


def test_late_rows_of_one_dataset_raise_no_alarm(january: Project):
    change(january, f"DELETE FROM revision WHERE {JANUARY} AND rev_id % 20 = 0")
    assert january.generate("run", "talk_edits", "--again").code == 0
    assert january.generate("run").code == 0
    assert january.generate("run", "--again").code == 0


def test_a_new_dataset_that_is_held_is_held_again_until_it_is_mended(few: Project):
    check = "\n\ndef fine(table):\n    return ['there is an odd number'] if (table['n'] % 2).any() else []\n\n\n"
    text = JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "jump=0, check=fine,")
    few.script("talk/mine.py", text.replace("ELSE 40", "ELSE 41"))
    few.settings(grains='["month"]')
    for arguments in ([], ["talk_edits"], []):
        said = few.generate("run", *arguments)
        assert (said.code, "mine, testwiki, month: there is an odd number" in said.err) == (4, True), arguments
    few.script("talk/mine.py", text)
    assert few.generate("run").code == 0
    assert few.generate("run").code == 0


@pytest.mark.parametrize("text", ["", "nothing", "[]", '[{"dataset": "mine"}]', '{"a": 1}', "[[[[", '[{"dataset": "x", "wiki": 3, "grain": "day", "dates": [1], "why": 0}]'])
def test_a_damaged_list_of_what_is_held_is_as_none(january: Project, text: str):
    (january.folder / "output" / "held.json").write_text(text)
    assert january.generate("run").code == 0


def test_an_accepted_number_that_is_not_computed_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    assert january.generate("run", "--accept", "mine", "--since", "2024-02-01").code == 4
    said = january.generate("run")
    assert (said.code, rows(january, "mine")["2024-01-01"]) == (4, before)
    assert january.generate("run", "--accept", "mine").code == 0


def test_what_is_held_of_a_wiki_that_is_away_for_a_night_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    wiki(january.folder / "otherwiki.sqlite")
    january.settings(now="2024-04-02T13:00:00Z", grains='["month"]', wikis=("otherwiki",))
    assert january.generate("run").code == 4
    january.settings(now="2024-04-02T14:00:00Z", grains='["month"]')
    for _ in range(2):
        said = january.generate("run")
        assert (said.code, "held back: mine, testwiki, month: n of 1 published month rises" in said.err) == (4, True)
    assert rows(january, "mine")["2024-01-01"] == before
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"


def test_what_is_held_of_a_script_that_is_away_for_a_night_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    (january.folder / "queries/talk/mine.py").unlink()
    assert january.generate("run").code == 4
    january.script("talk/mine.py", MINE)
    said = january.generate("run")
    assert (said.code, rows(january, "mine")["2024-01-01"]) == (4, before)


def test_what_is_held_is_forgotten_with_a_csv_that_is_let_go(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    (january.folder / "queries/talk/mine.py").unlink()
    assert january.generate("run", "--allow-shrink").code == 0
    assert january.generate("run").code == 0


RULE = "[privacy]\nwithhold_actions = true\n"


def test_a_changed_privacy_rule_lets_no_settled_number_move(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    january.settings(RULE, now="2024-04-02T12:00:00Z", grains='["month"]')
    said = january.generate("run")
    assert (said.code, "held back: mine, testwiki, month: n of 1 published month rises" in said.err) == (4, True)
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


def test_a_complaint_that_is_no_text_of_utf8_holds_back_its_own_dataset_only(few: Project):
    check = "\n\ndef fine(table):\n    return ['odd: \\ud800']\n\n\n"
    few.script("talk/mine.py", JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "jump=0, check=fine,"))
    few.settings(grains='["month"]')
    for _ in range(2):
        said = few.generate("run")
        assert (said.code, "held back: mine, testwiki, month: odd: \\ud800" in said.err) == (4, True)
    assert f"{MONTHLY}talk_edits.csv" in few.published()
