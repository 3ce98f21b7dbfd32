"""What a run holds back, restates and tells about itself; going back to an earlier release."""

from __future__ import annotations

import csv
import io
import re
import sqlite3

import pytest

from tests.support.project import Project

MONTHLY = "datafiles/testwiki/month/"


def change(project: Project, *statements: str) -> None:
    file = sqlite3.connect(project.folder / "testwiki.sqlite")
    for statement in statements:
        file.execute(statement)
    file.commit()
    file.close()


def lines(project: Project, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(project.published()[name].decode())))


LESS = "DELETE FROM revision WHERE rev_timestamp >= '20240201000000' AND rev_timestamp < '20240204000000'"
NONE = "DELETE FROM revision WHERE rev_timestamp >= '20240101000000' AND rev_timestamp < '20240315000000'"


def test_every_published_number_that_changes_is_listed(project: Project):
    project.settings(grains='["month"]', text="[privacy]\nthreshold = 1\n")
    project.generate("run")
    before = {row["date"]: row for row in lines(project, MONTHLY + "talk_edits.csv")}
    change(project, LESS)
    project.settings(now="2024-04-02T12:00:00Z", grains='["month"]', text="[privacy]\nthreshold = 1\n")
    said = project.generate("run", "--again", "--accept", "talk_edits")
    after = {row["date"]: row for row in lines(project, MONTHLY + "talk_edits.csv")}
    expected = {
        ("talk_edits", date, column, before[date][column], after[date][column], "asked for again")
        for date in before
        for column in before[date]
        if before[date][column] != after[date][column]
    }
    assert expected
    found = {tuple(row[name] for name in ("dataset", "date", "column", "old", "new", "why")) for row in lines(project, "restatements.csv")}
    assert {row for row in found if row[0] == "talk_edits"} == expected
    assert {row["when"] for row in lines(project, "restatements.csv")} == {"2024-04-02T12:00:00Z"}
    assert f"{len(found)} published numbers changed" in said.err.splitlines()[-1]


def test_restatements_are_kept_from_release_to_release(project: Project):
    project.generate("run")
    for now, statement in (("2024-04-02T12:00:00Z", LESS), ("2024-04-03T12:00:00Z", LESS.replace("0204", "0206"))):
        change(project, statement)
        project.settings(now=now)
        project.generate("run", "--again", "--accept", "talk_edits")
    assert [row["when"] for row in lines(project, "restatements.csv")] == sorted(row["when"] for row in lines(project, "restatements.csv"))
    assert len({row["when"] for row in lines(project, "restatements.csv")}) == 2


def test_a_dataset_that_shrinks_keeps_its_last_good_numbers_and_the_others_are_published(project: Project):
    project.settings(now="2024-03-01T12:00:00Z", grains='["month"]')
    project.generate("run")
    good = project.published()[MONTHLY + "talk_edits.csv"]
    change(project, NONE)
    project.settings(grains='["month"]')
    said = project.generate("run", "--again")
    assert said.code == 4
    assert "held back: talk_edits, testwiki, month: 2024-01-01 to 2024-02-01 (2 months): edits of 2 published months falls from" in said.err
    assert "held back: talk_versus_flow, testwiki, month: it is made from what is held back" in said.err
    assert project.published()[MONTHLY + "talk_edits.csv"].startswith(good)
    assert b"2024-03-01" in project.published()[MONTHLY + "new_topics.csv"]
    state = project.status()["datasets"]["talk_edits", "testwiki", "month"]
    assert (state["failed"]["kind"], state["failed"]["since"]) == ("HeldBack", "2024-04-01T12:00:00Z")
    assert (state["last_success"], state["last_attempt"]) == ("2024-03-01T12:00:00Z", "2024-04-01T12:00:00Z")
    assert project.generate("run", "--again", "--allow-shrink").code == 0
    assert b"2024-03-01" in project.published()[MONTHLY + "talk_edits.csv"]
    assert project.status()["datasets"]["talk_edits", "testwiki", "month"]["failed"] is None


JUMPY = '''
"""A number that the test sets."""
from flow import Count, Dataset

mine = Dataset(
    title="Mine", source="core", jump=3, columns=[Count("n", "N")],
    sql="SELECT {{ period('saved_timestamp') }} AS date, CASE WHEN {{ period('saved_timestamp') }} = '2024-03-25' "
        "THEN 4000 ELSE 40 END AS n FROM {{ talk_edits() }} AS edit GROUP BY 1",
)
'''


def test_a_jump_waits_until_a_person_accepts_it(project: Project):
    project.script("talk/mine.py", JUMPY)
    project.settings(now="2024-03-26T12:00:00Z", grains='["week"]')
    assert project.generate("run", "mine").code == 0
    project.settings(grains='["week"]')
    said = project.generate("run", "mine")
    assert said.code == 4
    assert "held back: mine, testwiki, week: 2024-03-25: n is 4000, usually 40; look with: generate.py diff mine; accept with: generate.py run --accept mine" in said.err
    assert b"2024-03-25" not in project.published()["datafiles/testwiki/week/mine.csv"]
    said = project.generate("run", "mine", "--accept", "mine")
    assert said.code == 0
    assert "accepted: jumps of mine are let through by --accept" in said.err
    assert b"2024-03-25,4000" in project.published()["datafiles/testwiki/week/mine.csv"]
    assert project.generate("run", "mine", "--accept", "nothing").code == 2


def test_a_check_beside_the_sql_holds_back(project: Project):
    check = "\n\ndef fine(table):\n    return ['there is an odd number'] if (table['n'] % 2).any() else []\n\n\n"
    text = JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "jump=3, check=fine,")
    project.script("talk/mine.py", text)
    assert project.generate("run", "mine").code == 0
    project.script("talk/mine.py", text.replace("ELSE 40", "ELSE 41"))
    said = project.generate("run", "mine")
    assert (said.code, "mine, testwiki, month: there is an odd number" in said.err) == (4, True)
    assert b",40\n" in project.published()["datafiles/testwiki/week/mine.csv"]


def test_an_emptied_source_publishes_nothing_and_says_so(project: Project):
    project.settings(now="2024-03-01T12:00:00Z")
    project.generate("run")
    before = project.published()
    change(project, *(f"DELETE FROM {table}" for table in ("revision", "archive", "flow_workflow", "flow_revision")))
    project.settings()
    said = project.generate("run")
    assert said.code == 1
    assert "wiki 'testwiki': its core tables are empty now, though numbers of them are published (" in said.err
    assert project.published() == before


def test_columns_keep_their_places_when_others_come_and_go(project: Project):
    project.generate("run", "new_topics", "--grain", "month")
    path = project.folder / "queries/flow/new_topics.py"
    text = path.read_text()
    columns = text.replace('        Count("topics", "Topics opened"),\n', '        Count("early", "Early"),\n        Count("topics", "Topics opened"),\n')
    columns = columns.replace('        Count("boards", "Boards with a new topic", additive=False),\n', "")
    columns = columns.replace('Graph("Boards with a new topic", ["boards"]', 'Graph("Boards with a new topic", ["by_bots"]')
    sql = columns.replace("SUM(counts) AS topics,", "SUM(counts) AS topics, 7 AS early,")
    sql = sql.replace("               COUNT(DISTINCT CASE WHEN counts = 1 THEN board_id END) AS boards,\n", "")
    path.write_text(sql)
    said = project.generate("run", "new_topics", "--grain", "month")
    assert said.code == 0, said.err
    rows = lines(project, MONTHLY + "new_topics.csv")
    assert list(rows[0]) == ["date", "topics", "boards", "by_bots", "early"]
    assert {(row["boards"], row["early"]) for row in rows} == {("", "7")}
    assert project.generate("check").code == 0


def test_going_back_shows_the_release_before_and_the_next_run_goes_on(project: Project):
    project.settings(now="2024-03-01T12:00:00Z")
    project.generate("run")
    before = project.published()
    project.settings()
    project.generate("run")
    after = project.published()
    assert before != after
    said = project.generate("rollback")
    assert (said.code, "shows 20240301T120000Z again, in place of 20240401T120000Z" in said.err) == (0, True)
    assert project.published() == before
    assert project.generate("run").code == 0
    kept = {path: content for path, content in project.published().items() if path != "manifest.json"}
    assert kept == {path: content for path, content in after.items() if path != "manifest.json"}
    assert project.generate("rollback", "20240401T120000Z").code == 0
    assert project.published() == after


@pytest.mark.parametrize(("arguments", "line"), [(["20200101T000000Z"], "there is no release '20200101T000000Z'; there is"), ([], "there is no release before the live one")])
def test_what_cannot_be_gone_back_to(project: Project, arguments, line):
    project.generate("run")
    said = project.generate("rollback", *arguments)
    assert (said.code, line in said.one_line()) == (2, True)


def test_a_damaged_release_is_not_gone_back_to(project: Project):
    project.settings(now="2024-03-01T12:00:00Z")
    project.generate("run")
    project.settings()
    project.generate("run")
    live = project.published()
    old = project.folder / "output/releases/20240301T120000Z/suppressed.csv"
    old.unlink()
    old.write_text("nothing\n")
    said = project.generate("rollback")
    assert (said.code, "release 20240301T120000Z is damaged, and not gone back to" in said.one_line()) == (4, True)
    assert project.published() == live


def test_releases_are_listed_with_what_changed(project: Project):
    assert project.generate("releases").code == 2
    project.settings(now="2024-03-01T12:00:00Z", grains='["month"]')
    project.generate("run")
    project.settings(grains='["month"]')
    project.generate("run")
    table = [" ".join(line.split()) for line in project.generate("releases").out.splitlines()]
    assert table == ["release what changed", "20240401T120000Z live 10 CSVs changed, with 10 new periods", "20240301T120000Z 10 CSVs in all"]


def test_a_release_after_going_back_is_compared_with_what_was_live_and_the_status_tells_of_it(project: Project):
    for now in ("2024-02-01T12:00:00Z", "2024-03-01T12:00:00Z"):
        project.settings(now=now, grains='["month"]')
        project.generate("run")
    project.generate("rollback")
    assert project.status()["datasets"]["new_topics", "testwiki", "month"]["through"] == "2024-01-31"
    assert "months through 2024-01-31" in project.generate("status").out
    assert 'rows{dataset="new_topics",grain="month",wiki="testwiki"} 1.0' in (project.folder / "output/metrics.prom").read_text()
    project.settings(grains='["month"]')
    project.generate("run")
    newest = " ".join(project.generate("releases").out.splitlines()[1].split())
    assert newest == "20240401T120000Z live 10 CSVs changed, with 20 new periods"


@pytest.mark.parametrize("text", ["raise SystemExit(0)", "import sys; sys.exit(0)"])
def test_a_function_that_wants_to_end_the_run_ends_itself_only(project: Project, text: str):
    path = project.folder / "queries/talk/talk_versus_flow.py"
    path.write_text(path.read_text().replace("    both = ", f"    {text}\n    both = ", 1))
    check = "\n\ndef fine(table):\n    raise SystemExit(0)\n\n\n"
    project.script("talk/mine.py", JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "check=fine,"))
    said = project.generate("run")
    assert said.code == 1
    assert re.search(r"failed: talk_versus_flow, testwiki, month: queries/talk/talk_versus_flow.py:\d+: its function failed: SystemExit", said.err)
    assert re.search(r"held back: mine, testwiki, month: queries/talk/mine.py:\d+: its check fails: SystemExit", said.err)
    assert MONTHLY + "new_topics.csv" in project.published()


def test_going_back_without_a_name_goes_to_what_was_live_before_whatever_the_clock_said(project: Project):
    for now in ("2024-03-01T12:00:00Z", "2024-02-01T12:00:00Z"):
        project.settings(now=now, text="[privacy]\nthreshold = 3\n" if now < "2024-02-02" else "")
        project.generate("run")
    assert project.public.resolve().name == "20240201T120000Z"
    assert project.generate("rollback").code == 0
    assert project.public.resolve().name.startswith("20240301T120000Z")
