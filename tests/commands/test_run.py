"""A run brings datasets up to date, publishes whole releases, and takes up what was interrupted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from flow.pipeline.reading import Reader
from tests.conftest import CHECKOUT
from tests.support.project import Project

MONTHS = ["2024-01-01", "2024-02-01", "2024-03-01"]


def dates(project: Project, dataset: str, grain: str = "month") -> list[str]:
    text = (project.public / "datafiles" / "testwiki" / grain / f"{dataset}.csv").read_text()
    return [line.split(",")[0] for line in text.splitlines()[1:]]


def test_a_first_run_publishes_every_dataset_and_every_closed_period(project: Project):
    said = project.generate("run")
    assert said.code == 0, said.err
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("20 CSVs brought up to date")
    assert dates(project, "new_topics") == MONTHS
    assert dates(project, "talk_versus_flow") == MONTHS
    assert dates(project, "replies", "week")[:2] == ["2024-01-01", "2024-01-08"]
    assert project.public.is_symlink()
    assert project.generate("check").code == 0


def test_a_second_run_changes_no_byte(project: Project):
    project.generate("run")
    before, releases = project.published(), project.releases()
    said = project.generate("run")
    assert (said.code, said.err.splitlines()[-1]) == (0, "Nothing to do: everything is up to date.")
    assert project.published() == before
    assert project.releases() == releases


def test_a_later_run_computes_only_what_is_new_or_not_settled(project: Project):
    project.settings(now="2024-03-01T12:00:00Z", grains='["month"]')
    project.generate("run")
    first = project.published()["datafiles/testwiki/month/new_topics.csv"]
    project.settings(now="2024-04-01T12:00:00Z", grains='["month"]')
    said = project.generate("run", "--dry-run")
    lines = {tuple(line.split()[:1] + line.split()[3:5]) + (line.split(maxsplit=6)[6].strip(),) for line in said.out.splitlines()[1:]}
    assert ("new_topics", "1", "2024-03-01", "missing") in lines
    assert ("first_response", "1", "2024-02-01", "not settled") in lines
    project.generate("run")
    assert project.published()["datafiles/testwiki/month/new_topics.csv"].startswith(first)
    assert dates(project, "new_topics") == MONTHS


def test_a_settled_period_is_computed_once_more_when_its_window_has_passed_and_then_never(project: Project):
    project.settings(now="2024-04-01T12:00:00Z", grains='["month"]')
    project.seem_alive("2024-04-01T11:00:00Z")
    project.generate("run")
    for now, due in (
        ("2024-04-01T20:00:00Z", False),
        ("2024-04-02T05:00:00Z", False),
        ("2024-04-02T07:00:00Z", True),
        ("2024-04-08T07:00:00Z", True),
        ("2024-04-09T07:00:00Z", False),
    ):
        project.settings(now=now, grains='["month"]')
        project.seem_alive(now)
        assert ("first_response" in project.generate("run", "--dry-run").out) == due, now
        project.generate("run")


def test_a_gap_is_filled(project: Project):
    project.generate("run", "new_topics", "--since", "2024-03-01", "--until", "2024-04-01", "--grain", "month")
    assert dates(project, "new_topics") == ["2024-03-01"]
    project.generate("run", "new_topics", "--until", "2024-02-01", "--grain", "month")
    assert dates(project, "new_topics") == MONTHS, "no gap is left between what was published and what is asked for"


def test_again_computes_what_is_settled(project: Project):
    project.generate("run")
    said = project.generate("run", "new_topics", "--grain", "month", "--again", "--dry-run")
    assert said.out.splitlines()[1].split()[:6] == ["new_topics", "testwiki", "month", "3", "2024-01-01", "2024-04-01"]
    assert project.generate("run", "new_topics", "--again").code == 0


def test_what_a_range_leaves_out_is_said(project: Project):
    said = project.generate("run", "new_topics", "--since", "2024-01-10", "--until", "2024-05-01", "--grain", "month")
    assert "month: 2024-01-10 to 2024-02-01 is no whole month, and left out" in said.err
    assert "month: periods that end after 2024-04-01 are not over yet, or have their grace, and are left out" in said.err
    assert dates(project, "new_topics") == ["2024-02-01", "2024-03-01"]


def test_an_interrupted_run_continues(project: Project, monkeypatch: pytest.MonkeyPatch):
    whole = dict(project.published()) if project.generate("run").code == 0 else {}
    for path in (project.folder / "output").rglob("*.csv"):
        path.unlink()
    (project.folder / "output" / "public").unlink()
    read, calls = Reader.rows, []

    def interrupted(self, made, *arguments):
        calls.append(made.id)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return read(self, made, *arguments)

    monkeypatch.setattr(Reader, "rows", interrupted)
    said = project.generate("run")
    assert said.code == 130
    assert not project.public.exists()
    monkeypatch.setattr(Reader, "rows", lambda self, made, *arguments: calls.append(made.id) or read(self, made, *arguments))
    assert project.generate("run").code == 0
    assert len(calls) == 8 + 17 - 7, "seven were kept, unanswered_topics is read once, and talk_versus_flow reads no database"
    kept = {path: content for path, content in project.published().items() if path != "manifest.json"}
    assert kept == {path: content for path, content in whole.items() if path != "manifest.json"}


def test_a_changed_definition_makes_the_whole_dataset_due_and_says_so(project: Project):
    project.generate("run")
    path = project.folder / "queries" / "flow" / "new_topics.py"
    text = path.read_text()
    path.write_text(text.replace('"Topics opened"', '"Topics people opened"').replace("SUM(counts) AS topics", "SUM(counts)  AS topics"))
    assert "new_topics" not in project.generate("run", "--dry-run").out, "a label is no definition"
    assert project.generate("run").code == 0
    assert b"Topics people opened" in project.published()["datasources/new_topics-testwiki-month.json"]
    path.write_text(text.replace("SUM(counts) AS topics", "SUM(counts) + 1 AS topics"))
    said = project.generate("run", "-v")
    assert "new_topics, testwiki, month: 3 months, 2024-01-01 to 2024-04-01 (the definition changed)" in said.err


def test_a_changed_relation_changes_what_selects_from_it(project: Project):
    project.generate("run")
    path = project.folder / "queries" / "relations" / "topics.sql"
    path.write_text(path.read_text().replace("workflow_type = 'topic'", "workflow_type IN ('topic')"))
    due = {line.split()[0] for line in project.generate("run", "--dry-run").out.splitlines()[1:]}
    assert {"new_topics", "flow_edits", "talk_versus_flow", "first_response"} <= due
    assert not {"talk_edits", "replies", "moderation_actions"} & due


def test_a_dataset_that_is_gone_may_go_and_says_so(project: Project):
    project.generate("run")
    (project.folder / "queries" / "flow" / "moderation_actions.py").unlink()
    board = json.loads((project.folder / "reportcard.json").read_text())
    (project.folder / "reportcard.json").write_text(json.dumps(board | {"tabs": [tab for tab in board["tabs"] if tab["name"] != "Moderation"]}))
    said = project.generate("run", "--allow-shrink")
    assert said.code == 0
    assert "moderation_actions, testwiki, month: its query script is gone; it is no longer published" in said.err
    assert not [path for path in project.published() if "moderation" in path]


def test_a_dataset_made_from_others_follows_them(project: Project):
    project.generate("run", "talk_versus_flow", "--grain", "month")
    assert dates(project, "talk_edits") == dates(project, "flow_edits") == dates(project, "talk_versus_flow") == MONTHS
    said = project.generate("run", "talk_edits", "--grain", "month", "--since", "2024-02-01", "--until", "2024-03-01", "--again")
    assert said.code == 0
    assert "talk_versus_flow" not in said.err, "it was not asked for"


def test_a_wiki_without_rows_gets_headers_only(project: Project):
    from flow.simulate.load import into_sqlite

    with into_sqlite(project.folder / "emptywiki.sqlite"):
        pass
    project.settings(wikis=("testwiki", "emptywiki"))
    said = project.generate("run")
    assert said.code == 0, said.err
    path = project.public / "datafiles" / "emptywiki" / "month" / "new_topics.csv"
    assert path.read_text() == "date,topics,boards,by_bots\n"
    assert project.generate("check").code == 0


def test_help_and_a_run_with_nothing_to_do_import_neither_pandas_nor_sqlalchemy(project: Project):
    project.seem_alive("2024-04-01T11:00:00Z")
    project.generate("run")
    settings = str(project.folder / "settings.toml")
    for arguments in (["--help"], ["run", "--help"], ["--settings", settings, "run"], ["--settings", settings, "run", "--dry-run"]):
        code = (
            f"import sys; sys.argv = ['generate.py', *{arguments!r}]\n"
            "import generate, pathlib\n"
            f"generate.QUERIES = pathlib.Path({str(project.folder / 'queries')!r})\n"
            "try: generate.cli()\n"
            "except SystemExit as done: assert done.code == 0, done.code\n"
            "print(sorted({'pandas', 'sqlalchemy', 'pymysql', 'numpy'} & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
        assert done.stderr.splitlines()[-1] == "[]", arguments


def test_a_dataset_made_from_others_waits_for_periods_that_they_lack(project: Project):
    project.generate("run", "talk_edits", "--grain", "month")
    project.generate("run", "flow_edits", "--grain", "month", "--since", "2024-02-01", "--until", "2024-03-01")
    project.generate("run", "talk_versus_flow", "--grain", "month", "--since", "2024-02-01", "--until", "2024-04-01")
    assert dates(project, "talk_versus_flow") == MONTHS[1:]
    assert project.generate("run").code == 0
    assert dates(project, "talk_versus_flow") == MONTHS


def test_a_wiki_and_a_grain_that_left_the_settings_may_go(project: Project):
    project.settings(wikis=("testwiki", "otherwiki"))
    (project.folder / "otherwiki.sqlite").write_bytes((project.folder / "testwiki.sqlite").read_bytes())
    project.generate("run", "talk_edits")
    assert "datafiles/otherwiki/week/talk_edits.csv" in project.published()
    project.settings(grains='["month"]')
    said = project.generate("run", "talk_edits", "--allow-shrink")
    assert "talk_edits, otherwiki, month: its wiki is no longer in the settings; it is no longer published" in said.err
    assert "talk_edits, testwiki, week: its grain is no longer in the settings; it is no longer published" in said.err
    assert project.datafiles() == ["datafiles/testwiki/month/talk_edits.csv"]


def test_a_dataset_made_from_others_follows_an_input_that_was_computed_alone(project: Project):
    import sqlite3

    project.generate("run")
    file = sqlite3.connect(project.folder / "testwiki.sqlite")
    file.execute("DELETE FROM revision WHERE rev_timestamp >= '20240201000000' AND rev_timestamp < '20240215000000'")
    file.commit()
    file.close()
    project.settings(now="2024-04-01T13:00:00Z")
    project.generate("run", "talk_edits", "--again", "--since", "2024-02-01", "--until", "2024-03-01", "--grain", "month", "--allow-shrink")
    assert "talk_versus_flow, testwiki, month: 1 month, 2024-02-01 to 2024-03-01" in project.generate("run", "-v", "--allow-shrink").err
    edits, versus = (project.public / f"datafiles/testwiki/month/{id}.csv" for id in ("talk_edits", "talk_versus_flow"))
    assert [line.split(",")[:2] for line in edits.read_text().splitlines()[1:]] == [
        line.split(",")[:2] for line in versus.read_text().splitlines()[1:]
    ]


def test_the_flow_datasets_of_a_wiki_that_gave_up_flow_may_go(project: Project):
    project.generate("run")
    project.settings("flow = false\n")
    said = project.generate("run", "--allow-shrink")
    assert said.code == 0
    assert "new_topics, testwiki, month: its wiki has no Flow, say the settings; it is no longer published" in said.err
    assert {path.rpartition("/")[2] for path in project.datafiles()} == {"talk_edits.csv"}
    assert project.generate("check").code == 0
