"""A gap is empty in the CSV, listed in the manifest and the data package, and never 0; and all that looks at numbers knows it."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.support.project import Project

SCRIPT = '''
"""Edits, and those of a kind that was not recorded before March."""
from flow import Count, Dataset, People, Share

mine = Dataset(
    title="Mine", source="core",
    columns=[
        Count("edits", "Edits"), Count("bold", "Bold ones", gaps=True), Share("share", "Share", of=["bold", "edits"]),
        People("people", "Bold people", acts=["bold"], gaps=True),
    ],
    sql="""
        SELECT {{ period('saved_timestamp') }} AS date,
               COUNT(*) AS edits,
               CASE WHEN {{ period('saved_timestamp') }} >= '2024-02-26' THEN COUNT(*) END AS bold,
               CASE WHEN {{ period('saved_timestamp') }} >= '2024-02-26' THEN 1.0 END AS share,
               CASE WHEN {{ period('saved_timestamp') }} >= '2024-02-26' THEN 2 END AS people
          FROM {{ talk_edits() }} AS edit
         GROUP BY 1
    """,
)
'''
ID = "mine-testwiki-month"
PATH = "datafiles/testwiki/month/mine.csv"
OLD = ["2024-01-01", "2024-02-01"]


@pytest.fixture
def gaps(project: Project) -> Project:
    project.script("talk/mine.py", SCRIPT)
    project.settings(grains='["month"]')
    return project


def rows(project: Project, path: str = PATH) -> dict[str, list[str]]:
    lines = project.published()[path].decode().splitlines()[1:]
    return {line.split(",")[0]: line.split(",")[1:] for line in lines}


def entry(project: Project, dataset: str = "mine") -> dict[str, object]:
    manifest = json.loads(project.published()["manifest.json"])
    return next(each for each in manifest["datasets"] if each["dataset"] == dataset)


def fields(project: Project) -> dict[str, dict[str, object]]:
    package = json.loads(project.published()["datapackage.json"])
    resource = next(each for each in package["resources"] if each["name"] == ID)
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_a_gap_is_empty_and_listed_and_what_is_withheld_is_listed_elsewhere(gaps: Project):
    assert gaps.generate("run").code == 0
    found = rows(gaps)
    assert [found[day][1:] for day in OLD] == [["", "", ""]] * 2
    assert (found["2024-03-01"][1], found["2024-03-01"][3]) == (found["2024-03-01"][0], "")
    assert all(int(found[day][0]) > 0 for day in OLD)
    assert entry(gaps)["gaps"] == {"bold": OLD, "share": OLD, "people": OLD}
    assert {name: field.get("gaps") for name, field in fields(gaps).items()} == {
        "date": None, "edits": None, "bold": OLD, "share": OLD, "people": OLD,
    }  # fmt: skip
    suppressed = [line.split(",")[:5] for line in gaps.published()["suppressed.csv"].decode().splitlines() if line.startswith("mine")]
    assert suppressed == [["mine", "testwiki", "month", "2024-03-01", "people"]]
    assert gaps.generate("check").code == 0
    assert gaps.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."


def test_no_gap_is_withheld_nor_taken_for_a_withheld_number(gaps: Project):
    gaps.settings(grains='["week", "month"]')
    assert gaps.generate("run").code == 0
    lines = [line.split(",") for line in gaps.published()["suppressed.csv"].decode().splitlines() if line.startswith("mine")]
    weeks = {day: row for day, row in rows(gaps, PATH.replace("month", "week")).items() if day >= "2024-02-26"}
    assert {(line[2], line[3]) for line in lines} == {("month", "2024-03-01"), *(("week", day) for day in weeks)}


def test_query_prints_nothing_and_says_that_it_is_a_gap(gaps: Project):
    arguments = ["query", "mine", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-03-01"]
    said = gaps.generate(*arguments, "--format", "json")
    assert [row["bold"] for row in json.loads(said.out)] == [None, None]
    assert "6 empty cells are gaps: nothing could tell their numbers" in said.err
    assert "NaN" not in gaps.generate(*arguments).out
    assert "empty where nothing could tell it" in " ".join(gaps.generate("list", "mine").out.split())


def test_a_published_number_that_becomes_a_gap_is_held_until_a_person_lets_it(gaps: Project):
    with sqlite3.connect(gaps.folder / "testwiki.sqlite") as file:
        file.execute("CREATE TABLE told (bold)")
        file.execute("INSERT INTO told VALUES (4)")
    told = SCRIPT.replace("CASE WHEN {{ period('saved_timestamp') }} >= '2024-02-26' THEN COUNT(*) END", "(SELECT MAX(bold) FROM told)")
    gaps.script("talk/mine.py", told)
    assert gaps.generate("run").code == 0
    good = rows(gaps)
    assert [row[1] for row in good.values()] == ["4", "4", "4"]
    with sqlite3.connect(gaps.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM told")
    gaps.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    said = gaps.generate("run", "mine", "--again")
    assert said.code == 4
    assert "held back: mine, testwiki, month: 2024-01-01 to 2024-03-01 (3 months): bold of 3 published months would be a gap; look with: generate.py diff mine; accept with: generate.py run mine --allow-shrink" in said.err
    assert rows(gaps) == good
    assert gaps.generate("run", "mine", "--again", "--allow-shrink").code == 0
    assert [row[1] for row in rows(gaps).values()] == ["", "", ""]
    restated = [line for line in gaps.published()["restatements.csv"].decode().splitlines() if ",bold," in line]
    assert [line.split(",")[6:8] for line in restated] == [["4", ""]] * 3
    with sqlite3.connect(gaps.folder / "testwiki.sqlite") as file:
        file.execute("INSERT INTO told VALUES (5)")
    assert gaps.generate("run", "mine", "--again").code == 0
    assert [row[1] for row in rows(gaps).values()] == ["5", "5", "5"]
    assert entry(gaps)["gaps"] == {"people": OLD}


def test_a_total_is_no_number_where_a_part_is_a_gap(gaps: Project):
    gaps.script("talk/mine.py", SCRIPT.replace("    sql=", '    adds_up={"edits": ["bold"]},\n    sql='))
    said = gaps.generate("run", "mine")
    assert said.code == 4
    assert "2024-01-01: edits is a number, though its part bold is a gap; it must be one, too" in said.err


FUNCTION = '''
"""What is made from a table with gaps."""
from flow import Count, Dataset, dataset

@dataset(title="Yours", columns=[Count("edits", "Edits"), Count("twice", "Twice as bold"{gaps})])
def yours(mine):
    """``date,edits,twice``: one row a period."""
    return mine[["date", "edits"]].assign(twice=2 * mine["bold"])
'''


def test_a_function_passes_a_gap_on_where_its_column_says_so(gaps: Project):
    gaps.script("talk/yours.py", FUNCTION.replace("{gaps}", ", gaps=True"))
    assert gaps.generate("run").code == 0
    found = rows(gaps, "datafiles/testwiki/month/yours.csv")
    assert [found[day][1] for day in OLD] == ["", ""]
    assert found["2024-03-01"][1] == str(2 * int(rows(gaps)["2024-03-01"][1]))
    assert entry(gaps, "yours")["gaps"] == {"twice": OLD}
    gaps.script("talk/yours.py", FUNCTION.replace("{gaps}", ""))
    said = gaps.generate("run")
    assert said.code == 1
    assert "yours, testwiki, month: 2024-01-01: column 'twice': NULL is empty, and no gap unless it says gaps=True" in said.err


def test_a_quiet_period_without_a_row_is_a_gap_in_a_column_that_has_gaps(gaps: Project):
    gaps.script("talk/mine.py", SCRIPT.replace("         GROUP BY 1", "         WHERE {{ period('saved_timestamp') }} <> '2024-03-01' GROUP BY 1"))
    assert gaps.generate("run").code == 0
    assert rows(gaps)["2024-03-01"] == ["0", "", "", ""]


def test_a_column_that_a_wikis_version_lacks_is_a_gap(gaps: Project):
    sql = SCRIPT.replace("CASE WHEN {{ period('saved_timestamp') }} >= '2024-02-26' THEN COUNT(*) END",
                         "{{ 'COUNT(*)' if has('revision', 'rev_moon') else 'NULL' }}")  # fmt: skip
    gaps.script("talk/mine.py", sql)
    assert gaps.generate("run").code == 0
    assert [row[1] for row in rows(gaps).values()] == ["", "", ""]
    gaps.script("talk/mine.py", sql.replace("rev_moon", "rev_timestamp"))
    assert gaps.generate("run").code == 0
    assert all(row[0] == row[1] for row in rows(gaps).values())
