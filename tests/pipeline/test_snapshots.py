"""A snapshot is taken of the newest closed period, once; a missed night is a gap, and no date is missing."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.support.project import Project

SCRIPT = '''
"""What is there right now."""
from flow import Count, Dataset, People, Ratio

stock = Dataset(
    title="Stock", source="core", snapshot=True,
    columns=[Count("things", "Things", additive=False), Ratio("size", "Size"), People("people", "People", acts=["things"])],
    sql="SELECT date, (SELECT COUNT(*) FROM things) AS things, 1.5 AS size, (SELECT COUNT(*) FROM things) AS people"
        " FROM {{ periods() }} AS asked",
)
'''
PATH = "datafiles/testwiki/week/stock.csv"


def put(project: Project, *statements: str) -> None:
    with sqlite3.connect(project.folder / "testwiki.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def at(project: Project, day: str, *arguments: str, text: str = ""):
    """What a run on a day of 2024 says."""
    project.settings(now=f"2024-{day}T12:00:00Z", grains='["week"]', text=text)
    return project.generate("run", "stock", *arguments)


def rows(project: Project) -> dict[str, str]:
    return dict(line.split(",", 1) for line in project.published()[PATH].decode().splitlines()[1:])


def gaps(project: Project) -> dict[str, list[str]]:
    return next(each for each in json.loads(project.published()["manifest.json"])["datasets"] if each["dataset"] == "stock")["gaps"]


@pytest.fixture
def stock(project: Project) -> Project:
    put(project, "CREATE TABLE things (id)", "INSERT INTO things VALUES (1), (2), (3), (4), (5), (6)")
    project.script("talk/stock.py", SCRIPT)
    return project


def test_only_the_newest_closed_period_is_computed_and_missed_ones_are_gaps(stock: Project):
    assert at(stock, "03-05").code == 0
    assert rows(stock) == {"2024-02-26": "6,1.5000,6"}
    put(stock, "INSERT INTO things VALUES (7)")
    assert at(stock, "03-26").code == 0
    assert rows(stock) == {"2024-02-26": "6,1.5000,6", "2024-03-04": ",,", "2024-03-11": ",,", "2024-03-18": "7,1.5000,7"}
    missed = ["2024-03-04", "2024-03-11"]
    assert gaps(stock) == {"things": missed, "size": missed, "people": missed}
    assert stock.generate("check").code == 0
    assert b"2024-03-04" not in stock.published()["suppressed.csv"]


def test_what_is_there_is_never_computed_again_not_even_late_or_by_again(stock: Project):
    at(stock, "03-05")
    put(stock, "INSERT INTO things VALUES (7)")
    for day in ("03-06", "03-08"):
        assert at(stock, day).err.splitlines()[-1] == "Nothing to do: everything is up to date."
    at(stock, "03-26")
    before = rows(stock)
    put(stock, "INSERT INTO things VALUES (8)")
    assert at(stock, "03-27", "--again", "--since", "2024-02-01", "--until", "2024-03-18").code == 0
    assert rows(stock) == before
    assert at(stock, "03-27", "--again").code == 0
    assert rows(stock) == before | {"2024-03-18": "8,1.5000,8"}, "the newest can be mended while it is the newest"
    stock.seem_alive("2024-04-02T11:00:00Z")
    assert at(stock, "04-02").code == 0
    assert rows(stock) == before | {"2024-03-18": "8,1.5000,8", "2024-03-25": "8,1.5000,8"}
    assert stock.status()["datasets"]["stock", "testwiki", "week"]["provisional_from"] is None


def test_a_changed_definition_holds_from_then_on(stock: Project):
    at(stock, "03-05")
    text = SCRIPT.replace('Ratio("size", "Size")', 'Ratio("size", "Size"), Count("more", "More")').replace("1.5 AS size", "2.5 AS size, 9 AS more")
    stock.script("talk/stock.py", text)
    assert at(stock, "03-12").code == 0
    assert stock.published()[PATH].decode() == "date,things,size,people,more\n2024-02-26,6,1.5000,6,\n2024-03-04,6,2.5000,6,9\n"
    assert gaps(stock) == {"more": ["2024-02-26"]}
    stock.script("talk/stock.py", text.replace("2.5", "3.5"))
    assert at(stock, "03-13").code == 0
    assert rows(stock)["2024-03-04"] == "6,3.5000,6,9", "the newest can still be computed as it is meant now"


def test_stricter_rules_hold_for_what_was_seen_before(stock: Project):
    at(stock, "03-05")
    assert at(stock, "03-12", text="[privacy]\nthreshold = 10\n").code == 0
    assert rows(stock) == {"2024-02-26": "6,,", "2024-03-04": "6,,"}
    withheld = [line.split(",")[3:5] for line in stock.published()["suppressed.csv"].decode().splitlines()[1:]]
    assert sorted(withheld) == [[day, column] for day in ("2024-02-26", "2024-03-04") for column in ("people", "size")]


def test_a_snapshot_can_be_asked_for_now_only(stock: Project):
    arguments = ["query", "stock", "--wiki", "testwiki", "--grain", "month"]
    said = stock.generate(*arguments, "--since", "2024-01-01", "--until", "2024-04-01")
    assert said.code == 2
    assert said.one_line().endswith("of the newest month that is over only: --since 2024-03-01 --until 2024-04-01")
    assert stock.generate(*arguments, "--since", "2024-03-01", "--until", "2024-04-01", "--format", "csv").out.splitlines()[1] == "2024-03-01,6,1.5000,6"


def test_a_number_that_is_held_back_never_becomes_a_gap_afterwards(stock: Project):
    for day in ("03-05", "03-12"):
        at(stock, day)
    good = rows(stock)
    put(stock, "DELETE FROM things")
    said = at(stock, "03-12", "--again")
    assert (said.code, "things of 1 published week falls" in said.err) == (4, True), said.err
    put(stock, "INSERT INTO things VALUES (1), (2), (3), (4), (5), (6)")
    said = at(stock, "03-19")
    assert rows(stock) == good | {"2024-03-11": "6,1.5000,6"}, said.err
    assert at(stock, "03-19", "--accept", "stock").code == 0
    assert rows(stock) == good | {"2024-03-11": "6,1.5000,6"}


def test_what_is_made_from_others_is_no_snapshot(stock: Project):
    path = stock.folder / "queries/talk/talk_versus_flow.py"
    path.write_text(path.read_text().replace('    title="Talk', '    snapshot=True,\n    title="Talk'))
    assert "only a dataset with sql can be a snapshot" in stock.generate("check").out
