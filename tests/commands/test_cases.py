"""``test`` runs the cases beside query scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.cases.case import keys
from flow.cases.difference import tabulate
from flow.cases.stage import VERBS
from tests.support.mariadb import Server
from tests.support.project import Project, Said


def case(project: Project, old: str, new: str) -> Path:
    """The case that ``new`` writes, with something in it changed."""
    path = project.folder / "queries/flow/mine.toml"
    if not path.exists():
        assert project.generate("new", "mine").code == 0
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def fault(said: Said) -> str:
    assert (said.code, said.err) == (1, "")
    [line] = said.out.splitlines()
    return line


def test_a_case_that_comes_to_what_it_expects_is_well(project: Project):
    said = project.generate("test", "new_topics", "talk_edits")
    assert said.code == 0
    assert [line.split()[:2] for line in said.out.splitlines()] == [["ok", "new_topics:"], ["ok", "talk_edits:"]]


def test_one_that_does_not_shows_wanted_and_got_and_marks_what_differs(project: Project):
    path = case(project, "2024-01-01,1,1", "2024-01-01,1,2")
    said = project.generate("test", "mine")
    assert said.code == 1
    assert [line.split() for line in said.out.splitlines()] == [
        ["fail", "mine,", "on", "sqlite:", f"{path}:4:", "a", "topic", "and", "a", "quiet", "month"],
        ["date", "topics", "by_bots"],
        ["wanted", "2024-01-01", "1", "*2"],
        ["got", "2024-01-01", "1", "*1"],
        ["2024-02-01", "0", "0"],
    ]


def test_rows_and_columns_that_are_not_there_are_marked():
    header, rows = tabulate("date,a\n2024-01-01,1\n2024-02-01,1\n", "date,a,b\n2024-01-01,1,2\n")
    assert header == ["", "date", "a", "b"]
    assert rows == [
        ["wanted", "2024-01-01", "1", "*-"], ["got", "2024-01-01", "1", "*2"],
        ["wanted", "2024-02-01", "*1", "-"], ["got", "2024-02-01", "*-", "-"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("| opens   | T1", "| opnes   | T1", 11, "there is no verb 'opnes'; did you mean 'opens'?"),
        ("p1 to T1", "p1 at T1", 12, "write it as in 'replies | p1 to T1'"),
        ("p1 to T1", "p1 to T7", 12, "there is no 'T7' yet"),
        ("bots =", "bot =", 9, "a case does not know 'bot'; did you mean 'bots'?"),
        ('grain = "month"', 'grain = "year"', 6, "there is no grain 'year'; there is day, week, month"),
        ('grain = "month"\n', "", 4, "the case lacks 'grain': day, week or month"),
        ("since = 2024-01-01", 'since = "2024-01-01"', 7, "'since' must be a day: the first day; a day without quotes"),
    ],
)
def test_a_case_that_cannot_be_read_says_where_and_what_would_be_right(project: Project, old: str, new: str, line: int, said: str):
    path = case(project, old, new)
    assert f"{path}:{line}: {said}" in fault(project.generate("test", "mine"))


def test_a_case_that_is_no_toml_says_where(project: Project):
    path = case(project, "[[case]]", "[[case")
    assert f"{path}: it cannot be read: " in fault(project.generate("test", "mine"))


def test_a_dataset_whose_sql_fails_says_so_and_the_others_go_on(project: Project):
    assert project.generate("new", "mine").code == 0
    script = project.folder / "queries/flow/mine.py"
    script.write_text(script.read_text("utf-8").replace("SUM(by_bot)", "SUM(no_such_column)"), "utf-8")
    said = project.generate("test", "mine", "new_topics")
    assert said.code == 1
    assert "no_such_column" in said.out.splitlines()[0]
    assert said.out.splitlines()[1].startswith("ok    new_topics: ")


def test_a_choice_that_the_dataset_does_not_know_is_told(project: Project):
    case(project, "bots =", 'set = { windw = "3d" }\nbots =')
    assert "--set windw: there is no such choice here; there is bots" in fault(project.generate("test", "mine"))


def test_all_are_run_unless_some_are_named_and_what_has_no_case_is_said(project: Project):
    for path in (project.folder / "queries").glob("*/*.toml"):
        if path.stem not in ("new_topics", "talk_edits"):
            path.unlink()
    said = project.generate("test")
    assert said.code == 0
    assert [line.split()[1] for line in said.out.splitlines()] == ["new_topics:", "talk_edits:"]
    assert "without a case: first_response, flow_edits" in said.err
    assert "first_response.toml: it cannot be read: No such file" in fault(project.generate("test", "first_response"))


def test_a_dataset_that_there_is_not_is_bad_usage(project: Project):
    said = project.generate("test", "new_topcs")
    assert (said.code, said.one_line()) == (2, "error: there is no dataset 'new_topcs'; did you mean 'new_topics'?")


def test_it_needs_no_settings(project: Project, monkeypatch: pytest.MonkeyPatch):
    from click.testing import CliRunner

    import generate

    monkeypatch.chdir(project.folder / "queries")
    monkeypatch.delenv("FLOW_SETTINGS", raising=False)
    assert CliRunner().invoke(generate.cli, ["test", "new_topics"]).exit_code == 0


def test_help_lists_all_that_a_case_can_say(project: Project):
    said = project.generate("test", "--help").out
    assert all(f"  {verb.example}\n" in said for verb in VERBS.values())
    assert all(f"  {name} " in said for name in keys())


def test_cases_are_run_on_mariadb_in_an_empty_database_that_is_empty_again(project: Project, mariadb: Server):
    name = mariadb.database()
    url = f"mysql+pymysql://writer:writes@127.0.0.1:{mariadb.port}/{name}"
    mariadb.execute("CREATE OR REPLACE USER writer@'%' IDENTIFIED BY 'writes'", f"GRANT ALL ON {name}.* TO writer@'%'")
    case(project, "2024-01-01,1,1", "2024-01-01,2,1")
    for _ in range(2):
        said = project.generate("test", "mine", "new_topics", "--url", url)
        assert said.code == 1, said.err
        assert [line.partition(",")[2].partition(":")[0] for line in said.out.splitlines() if line.startswith("fail")] == [" on sqlite", " on mariadb"]
        assert "ok    new_topics: 15 cases on sqlite and mariadb" in said.out


def test_a_database_that_holds_anything_is_left_alone(project: Project, mariadb: Server):
    name = mariadb.database()
    mariadb.execute("CREATE TABLE precious (id INT)", database=name)
    said = project.generate("test", "new_topics", "--url", mariadb.url(name))
    assert said.code == 2
    assert f"names a database that has tables, '{name}'; cases fill and drop tables" in said.one_line()
    mariadb.execute("SELECT id FROM precious", database=name)


@pytest.mark.parametrize("url", ["sqlite:///x.sqlite", "nothing"])
def test_a_url_of_anything_else_is_bad_usage(project: Project, url: str):
    assert project.generate("test", "new_topics", "--url", url).code == 2
