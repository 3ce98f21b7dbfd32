"""What query, sql and list print."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.support.project import Project

ASKED = ["--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-04-01", "--grain", "month"]


def test_csv_and_json_and_the_table_say_the_same(project: Project):
    printed = {format: project.generate("query", "first_response", *ASKED, "--format", format) for format in ("csv", "json", "table")}
    assert {said.code for said in printed.values()} == {0}
    assert {said.err for said in printed.values()} == {""}
    rows = list(csv.DictReader(io.StringIO(printed["csv"].out)))
    for row, item in zip(rows, json.loads(printed["json"].out), strict=True):
        assert item["date"] == row["date"]
        assert all(float(row[name]) == item[name] for name in row if name != "date")
    lines = [line.split() for line in printed["table"].out.splitlines()]
    assert lines == [list(rows[0]), *(list(row.values()) for row in rows)]


def test_nothing_is_published_by_a_query(project: Project):
    assert project.generate("query", "talk_versus_flow", *ASKED).code == 0
    assert not (project.folder / "output").exists()


def test_a_query_says_the_same_as_a_run(project: Project):
    project.generate("run")
    for path, content in project.published().items():
        if path.startswith("datafiles/testwiki/month/"):
            dataset = path.rpartition("/")[2].removesuffix(".csv")
            assert project.generate("query", dataset, *ASKED, "--format", "csv").out == content.decode()


def test_a_longer_window_never_finds_fewer_replies(project: Project):
    def topics_answered(window: str) -> list[int]:
        said = project.generate("query", "first_response", *ASKED, "--set", f"window={window}", "--format", "json")
        return [row["answered"] for row in json.loads(said.out)]

    hour, week, ever = (topics_answered(window) for window in ("1h", "7d", "none"))
    assert hour < week <= ever


def test_what_is_no_whole_period_and_what_is_not_over_is_said(project: Project):
    said = project.generate(
        "query", "new_topics", "--wiki", "testwiki", "--since", "2024-01-20", "--until", "2024-05-01", "--grain", "month"
    )
    assert said.code == 0
    assert said.err.splitlines() == [
        "2024-01-20 to 2024-02-01 is no whole month, and left out",
        "2024-04-01 to 2024-05-01 is not over yet, and left out",
    ]


def test_the_default_grain_is_that_of_the_settings(project: Project):
    asked = [text for text in ASKED if text not in ("--grain", "month")]
    assert len(project.generate("query", "new_topics", *asked, "--format", "csv").out.splitlines()) == 1 + 3


def test_sql_of_a_dataset_made_from_others_is_that_of_those(project: Project):
    said = project.generate("sql", "talk_versus_flow", *ASKED)
    assert said.code == 0
    assert [line for line in said.out.splitlines() if line.startswith("-- ")] == [
        "-- talk_edits, testwiki, 2024-01-01 to 2024-04-01 by month",
        "-- flow_edits, testwiki, 2024-01-01 to 2024-04-01 by month",
    ]


@pytest.mark.parametrize("dataset", ["new_topics", "first_response", "talk_versus_flow"])
def test_list_says_what_counts(project: Project, queries, dataset):
    said = project.generate("list", dataset)
    made = queries.get(dataset)
    assert said.code == 0
    assert made.about in said.out
    rows = {line.split()[0]: line for line in said.out.splitlines() if line.strip()}
    for column in made.columns:
        assert f"{column.unit.name}:" in rows[column.id]
        assert column.label[:24] in rows[column.id]
    assert "groups bot or flow-bot" in said.out


def test_the_definitions_of_relations_are_shown(project: Project):
    out = " ".join(project.generate("list", "replies").out.split())
    assert "the first post right below the topic that the opener wrote within 2 seconds of opening it" in out


def test_list_shows_every_dataset(project: Project, queries):
    out = project.generate("list").out
    assert all(id in out for id in queries.ids)


@pytest.mark.parametrize("command", ["run", "query", "sql", "list", "new", "check", "demo", "init"])
def test_every_command_has_help_with_an_example(project: Project, command):
    said = project.generate(command, "--help")
    assert said.code == 0
    assert "Example:\n    generate.py " in said.out


def test_a_query_says_from_when_on_nothing_proves_its_zeros(project: Project):
    project.settings(now="2024-06-01T12:00:00Z")
    options = ("talk_edits", "--wiki", "testwiki", "--since", "2024-02-01", "--until")
    assert "nothing proves" not in project.generate("query", *options, "2024-03-01").err
    said = project.generate("query", *options, "2024-06-01")
    assert said.code == 0
    assert "the newest row is of 2024-03-31" in said.err
    assert "nothing proves that the months from 2024-04-01 on are complete" in said.err
