"""Settled numbers that rise or fall are held back; newer ones are published."""

from __future__ import annotations

from tests.commands.test_publication import change
from tests.support.project import Project
from tests.support.settled import MINE, raise_january, rows, top_page

JANUARY = "rev_timestamp >= '20240101000000' AND rev_timestamp < '20240201000000'"
HALF = f"DELETE FROM revision WHERE {JANUARY} AND rev_id % 2 = 0"


def test_a_settled_number_that_rises_keeps_its_old_value_and_newer_periods_are_published(january: Project):
    before = rows(january, "mine")
    raise_january(january, 1000)
    said = january.generate("run", "mine", "--again")
    assert said.code == 4
    old = int(before["2024-01-01"]["n"])
    assert (
        f"held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises from {old} to {old + 1000}, though it was settled;"
        " look with: generate.py diff mine; accept with: generate.py run --accept mine" in said.err
    )
    after = rows(january, "mine")
    assert after["2024-01-01"] == before["2024-01-01"]
    assert after["2024-03-01"]["n"] == "40"
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"
    assert january.generate("check").code == 0


def test_a_settled_number_that_falls_is_held_with_what_is_made_from_it(january: Project):
    before, versus = rows(january, "talk_edits"), rows(january, "talk_versus_flow")
    change(january, HALF)
    said = january.generate("run", "--again")
    assert said.code == 4
    assert "talk_edits, testwiki, month: 2024-01-01: edits of 1 published month falls from" in said.err
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
        assert (said.code, "published days falls from 826 to 590; look with: generate.py diff mine; accept with: generate.py run mine --allow-shrink" in said.err) == (4, True), said.err
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
    assert "2024-01-01 to 2024-02-01 (2 months); not held back, for the definition changed" in said.err


def test_a_number_that_was_not_settled_is_no_move(january: Project):
    january.script("talk/mine.py", MINE.replace("jump=0,", 'jump=0, spans={"window": "90d"}, settles="window",'))
    assert january.generate("run", "mine").code == 0
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 0


def test_late_rows_of_one_dataset_raise_no_alarm(january: Project):
    change(january, f"DELETE FROM revision WHERE {JANUARY} AND rev_id % 20 = 0")
    assert january.generate("run", "talk_edits", "--again").code == 0
    assert january.generate("run").code == 0
    assert january.generate("run", "--again").code == 0
