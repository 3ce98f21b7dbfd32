"""Running totals and shares are CSVs of their own, made from what is published and nothing else."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.support.project import Project

SCRIPT = '''
"""Numbers that the test sets."""
from flow import Count, Cumulative, Dataset, People, ShareOf

mine = Dataset(
    title="Mine", source="core", jump=0, late=0,
    columns=[Count("edits", "Edits"), Count("bold", "Bold", gaps=True), People("new", "New people", additive=True, acts=["edits"])],
    derived=[Cumulative("edits", "bold", "new"), ShareOf("bold", "new", total="edits")],
    sql="SELECT {{ period('day_timestamp') }} AS date, SUM(edits) AS edits, SUM(bold) AS bold, SUM(new) AS new"
        " FROM numbers WHERE {{ within('day_timestamp') }} GROUP BY 1",
)
'''
FOLDER = "datafiles/testwiki/month/"
MONTHS = ["2024-01-01", "2024-02-01", "2024-03-01"]


def put(project: Project, *numbers: str) -> None:
    with sqlite3.connect(project.folder / "testwiki.sqlite") as connection:
        connection.execute("DROP TABLE IF EXISTS numbers")
        connection.execute("CREATE TABLE numbers (day_timestamp, edits, bold, new)")
        for month, values in zip(MONTHS, numbers, strict=True):
            connection.execute(f"INSERT INTO numbers VALUES ('{month.replace('-', '')}000000', {values})")
    connection.close()


@pytest.fixture
def mine(project: Project) -> Project:
    put(project, "10, 2, 5", "20, 5, 7", "40, 10, 8")
    project.script("talk/mine.py", SCRIPT)
    project.settings(grains='["month"]')
    return project


def rows(project: Project, dataset: str) -> list[str]:
    return project.published()[f"{FOLDER}{dataset}.csv"].decode().splitlines()


def entry(project: Project, dataset: str) -> dict[str, object]:
    return next(each for each in json.loads(project.published()["manifest.json"])["datasets"] if each["dataset"] == dataset)


def test_running_totals_and_shares_are_published_with_their_graphs(mine: Project):
    assert mine.generate("run").code == 0
    assert rows(mine, "mine_cum") == ["date,edits,bold,new", "2024-01-01,10,2,5", "2024-02-01,30,7,12", "2024-03-01,70,17,20"]
    assert rows(mine, "mine_share") == ["date,bold,new", "2024-01-01,0.2000,0.5000", "2024-02-01,0.2500,0.3500", "2024-03-01,0.2500,0.2000"]
    source = json.loads(mine.published()["datasources/mine_share-testwiki-month.json"])
    assert (source["columns"]["labels"], source["columns"]["types"]) == (["Date", "Bold", "New people"], ["date", "float", "float"])
    assert json.loads(mine.published()["graphs/mine_cum-testwiki-month.json"])["shortName"] == "Mine (cumulative)"
    assert mine.generate("check").code == 0
    before = mine.published()
    assert mine.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."
    assert mine.published() == before
    assert {key[0] for key in mine.status()["datasets"]}.isdisjoint({"mine_cum", "mine_share"}), "they are as fresh as what they are made of"
    assert "mine_cum, cumulative of edits, bold, new" in mine.generate("list", "mine").out


def test_from_the_first_empty_cell_on_there_is_no_running_total(mine: Project):
    put(mine, "10, 2, 5", "20, NULL, 3", "40, 10, 8")
    assert mine.generate("run").code == 0
    assert rows(mine, "mine_cum")[1:] == ["2024-01-01,10,2,5", "2024-02-01,30,,", "2024-03-01,70,,"]
    assert rows(mine, "mine_share")[1:] == ["2024-01-01,0.2000,0.5000", "2024-02-01,,", "2024-03-01,0.2500,0.2000"]
    assert entry(mine, "mine_cum")["gaps"] == {"bold": MONTHS[1:]}
    assert entry(mine, "mine_share")["gaps"] == {"bold": MONTHS[1:2]}
    withheld = [line.split(",") for line in mine.published()["suppressed.csv"].decode().splitlines() if line.startswith("mine_")]
    found = {(line[0], line[3], line[4]) for line in withheld}
    assert found == {("mine_cum", "2024-02-01", "new"), ("mine_cum", "2024-03-01", "new"), ("mine_share", "2024-02-01", "new")}


def test_what_is_withheld_later_is_not_told_by_the_running_totals_of_old_releases(mine: Project):
    mine.generate("run")
    put(mine, "10, 2, 5", "20, 5, 3", "40, 10, 8")
    mine.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    assert mine.generate("run", "mine", "--again").code == 0
    old = next((mine.folder / "output/releases").glob("20240401T120000Z*"))
    assert old.name != "20240401T120000Z"
    assert (old / FOLDER / "mine_cum.csv").read_text().splitlines()[1:] == ["2024-01-01,10,2,5", "2024-02-01,30,7,", "2024-03-01,70,17,"]
    assert mine.generate("rollback").code == 0
    assert mine.generate("check").code == 0
    assert rows(mine, "mine_share")[2] == "2024-02-01,0.2500,"


def test_a_number_that_changes_is_restated_once_and_its_totals_follow(mine: Project):
    mine.generate("run")
    put(mine, "11, 2, 5", "20, 5, 7", "40, 10, 8")
    mine.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    assert mine.generate("run", "mine", "--again").code == 0
    assert rows(mine, "mine_cum")[3].startswith("2024-03-01,71,")
    restated = [line.split(",")[1:8] for line in mine.published()["restatements.csv"].decode().splitlines()[1:]]
    assert restated == [["mine", "testwiki", "month", "2024-01-01", "edits", "10", "11"]]


def test_a_dashboard_can_show_what_is_derived(mine: Project):
    page = json.loads((mine.folder / "reportcard.json").read_text())
    page["tabs"].append({"name": "Totals", "graph_ids": ["mine_cum", "mine_share"]})
    (mine.folder / "reportcard.json").write_text(json.dumps(page))
    assert mine.generate("run").code == 0
    tabs = json.loads(mine.published()["dashboards/reportcard.json"])["tabs"]
    assert tabs[-1]["graph_ids"] == ["mine_cum-testwiki-month", "mine_share-testwiki-month"]


def test_a_broken_script_keeps_no_other_from_being_published_though_a_tab_names_what_it_derives(mine: Project):
    test_a_dashboard_can_show_what_is_derived(mine)
    good = rows(mine, "mine_cum")
    mine.script("talk/mine.py", SCRIPT + "\n1 / 0\n")
    mine.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    said = mine.generate("run", "--again")
    assert (said.code, "held back" in said.err) == (1, False), said.err
    assert rows(mine, "mine_cum") == good
    assert mine.status()["at"] == "2024-04-02T12:00:00Z"


def test_what_is_no_longer_derived_stays_until_a_person_lets_it_go(mine: Project):
    mine.generate("run")
    mine.script("talk/mine.py", SCRIPT.replace(', ShareOf("bold", "new", total="edits")', ""))
    said = mine.generate("run")
    assert said.code == 4
    assert "held back: mine_share, testwiki, month: its script no longer derives it; it stays, until 'run --allow-shrink' lets it go" in said.err
    assert f"{FOLDER}mine_share.csv" in mine.published()
    assert mine.generate("run", "--allow-shrink").code == 0
    assert f"{FOLDER}mine_share.csv" not in mine.published()
    assert f"{FOLDER}mine_cum.csv" in mine.published()


def test_a_column_that_is_derived_later_comes_last(mine: Project):
    mine.script("talk/mine.py", SCRIPT.replace('Cumulative("edits", "bold", "new")', 'Cumulative("bold")'))
    mine.generate("run")
    mine.script("talk/mine.py", SCRIPT)
    assert mine.generate("run").code == 0
    assert rows(mine, "mine_cum")[0] == "date,bold,edits,new"
    assert mine.generate("check").code == 0


def test_a_part_that_is_more_than_its_total_is_held(mine: Project):
    put(mine, "10, 12, 5", "20, 5, 7", "40, 10, 8")
    said = mine.generate("run")
    assert said.code == 4
    assert "held back: mine_share, testwiki, month: a part is more than the total" in said.err
    assert f"{FOLDER}mine_cum.csv" in mine.published()


def test_what_is_not_published_by_day_has_no_running_total_by_day(mine: Project):
    mine.settings(grains='["day", "month"]')
    assert mine.generate("run").code == 0
    for dataset, header in (("mine_cum", b"date,edits,bold\n"), ("mine_share", b"date,bold\n")):
        assert mine.published()[f"datafiles/testwiki/day/{dataset}.csv"].startswith(header)


def test_a_name_that_is_taken_is_told(mine: Project):
    mine.script("talk/mine_cum.py", SCRIPT.replace("mine = ", "mine_cum = "))
    assert "mine: what is derived from it would be called 'mine_cum', which is a dataset" in mine.generate("check").out


def test_a_damaged_running_total_is_made_anew(mine: Project):
    mine.generate("run")
    good = rows(mine, "mine_cum")
    path = mine.public.resolve() / FOLDER / "mine_cum.csv"
    path.unlink()
    path.write_text("date\n")
    assert mine.generate("run").code == 0
    assert rows(mine, "mine_cum") == good


def test_a_running_total_whose_first_periods_are_not_there_is_a_gap_until_they_are(mine: Project):
    with sqlite3.connect(mine.folder / "testwiki.sqlite") as connection:
        connection.execute("UPDATE numbers SET bold = 1")
    connection.close()
    assert mine.generate("run", "--since", "2024-02-01").code == 0
    assert rows(mine, "mine")[1][:10] == "2024-02-01"
    assert rows(mine, "mine_cum")[1:] == ["2024-02-01,,,", "2024-03-01,,,"]
    assert entry(mine, "mine_cum")["gaps"] == {column: ["2024-02-01", "2024-03-01"] for column in ("bold", "edits", "new")}
    assert rows(mine, "mine_share")[1] == "2024-02-01,0.0500,0.3500"
    assert mine.generate("check").code == 0
    assert mine.generate("run").code == 0
    assert rows(mine, "mine_cum")[1:] == ["2024-01-01,10,1,5", "2024-02-01,30,2,12", "2024-03-01,70,3,20"]


def test_a_running_total_begins_where_the_settings_let_the_wiki_begin(mine: Project):
    mine.settings(grains='["month"]', text="since = 2024-02-01\n")
    assert mine.generate("run").code == 0
    assert [line[:13] for line in rows(mine, "mine_cum")[1:]] == ["2024-02-01,20", "2024-03-01,60"]
