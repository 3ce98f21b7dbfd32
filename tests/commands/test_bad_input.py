"""Whatever is wrong gives one clear line and the right exit code, and nothing that was published is lost."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project

SCRIPT = '''"""A dataset to break."""

from flow import Count, Dataset

mine = Dataset(
    title="Mine",
    source="flow",
    columns=[Count("topics", "Topics")],
    sql="""{sql}""",
)
'''
GOOD = "SELECT {{ period('topic_id') }} AS date, SUM(counts) AS topics FROM {{ topics() }} AS topic GROUP BY 1"


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("import nothing_of_that_name\n", "queries/flow/mine.py:1: it does not import: ModuleNotFoundError"),
        ("def broken(:\n", "queries/flow/mine.py:1: it does not import: SyntaxError"),
        ("raise SystemExit(3)\n", "queries/flow/mine.py:1: it does not import: SystemExit"),
        ("other = 1\n", "mine.py: it must define mine = Dataset(…), named like the file"),
        (SCRIPT.format(sql=GOOD).replace('Count("topics"', 'Count("Topics"'), "column id 'Topics' must be lower-case"),
        (SCRIPT.format(sql=GOOD).replace('"Topics")', '"Topics, all")'), "label 'Topics, all' of column 'topics': Limn cannot read"),
        (SCRIPT.format(sql=GOOD).replace('"flow"', '"moon"'), "source 'moon' is none; there is core, flow, echo"),
        (SCRIPT.format(sql=GOOD).replace('    title', '    settles="soon",\n    title'), "settles names 'soon', which is no span"),
        (SCRIPT.format(sql=GOOD).replace('"""A dataset to break."""', ""), "it has no docstring"),
        (SCRIPT.format(sql=""), "it has no sql"),
        ('"""Lost."""\nfrom flow import Count, dataset\n\n@dataset(title="M", columns=[Count("a", "A")])\ndef mine(nowhere):\n    return nowhere\n',
         "mine: is made from 'nowhere', which does not exist"),
    ],
)  # fmt: skip
def test_a_query_script_that_does_not_load(project: Project, script: str, line: str):
    project.script("flow/mine.py", script)
    said = project.generate("run")
    assert said.code == 1
    assert line in said.err
    assert sum("mine" in text for text in said.err.splitlines()) == 1
    assert (project.public / "datafiles/testwiki/month/new_topics.csv").is_file()
    assert project.generate("list").code == project.generate("check").code == 1


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("SELECT rev_date FROM flow_revision", "the SQL failed: no such column: rev_date"),
        ("SELEC 1", 'the SQL failed: near "SELEC": syntax error'),
        (GOOD.replace("AS topics", "AS topcs"), "column 'topics' is missing from the result; the SQL must return date, topics"),
        (GOOD.replace("SUM(counts)", "1 AS more, SUM(counts)"), "column 'more' is in the result but not declared"),
        ("SELECT NULL AS date, 1 AS topics", "the result has a row whose date is NULL"),
        ("SELECT '2024-01-01' AS date, 1 AS topics UNION ALL SELECT '2024-01-01', 2", "the result has date 2024-01-01 more than once"),
        ("SELECT '1999-01-01' AS date, 1 AS topics", "date 1999-01-01 is outside the range"),
        ("SELECT 'Alice' AS date, 1 AS topics", "a value that is no date is outside the range"),
        ("SELECT 'Alice' AS date, 1 AS topics UNION ALL SELECT 'Alice', 2", "the result has a value that is no date more than once"),
        ("SELECT '2024-01-01' AS date, NULL AS topics", "2024-01-01: column 'topics': NULL is empty"),
        ("SELECT '2024-01-01' AS date, 1.5 AS topics", "2024-01-01: column 'topics': 1.5 is not whole"),
        ("SELECT '2024-01-01' AS date, -1 AS topics", "2024-01-01: column 'topics': -1 is out of range"),
        ("SELECT '2024-01-01' AS date, 'many' AS topics", "2024-01-01: column 'topics': a str is no number"),
        ("SELECT {{ nonsense() }}", "the SQL's template: 'nonsense' is undefined; the macros are"),
        ("SELECT {{ period(", "the SQL's template:"),
        ("SELECT {{ 1 / 0 }}", "the SQL's template: ZeroDivisionError"),
        (GOOD.replace("GROUP", "HAVING :limit GROUP"), "A value is required for bind parameter 'limit'"),
        (GOOD.replace("topics()", "topics(plus='window')"), "the SQL uses a span 'window' that the dataset does not declare"),
        (GOOD.replace("'topic_id'", "'topic'"), "'topic' tells no time"),
        ("DELETE FROM flow_revision", "attempt to write a readonly database"),
    ],
)
def test_a_query_that_fails_or_returns_something_else(project: Project, sql: str, line: str):
    project.settings(grains='["month"]')
    project.script("flow/mine.py", SCRIPT.format(sql=sql))
    said = project.generate("run")
    assert said.code == 1
    failed = [text for text in said.err.splitlines() if "failed: mine, testwiki, month: " in text]
    assert len(failed) == 1
    assert line in failed[0]
    assert "Alice" not in said.err
    assert (project.public / "datafiles/testwiki/month/new_topics.csv").is_file()
    assert "mine" not in str(sorted(project.published()))


def test_a_dataset_that_fails_keeps_its_last_good_file(project: Project):
    project.settings(grains='["month"]')
    project.script("flow/mine.py", SCRIPT.format(sql=GOOD))
    project.generate("run")
    good = project.published()["datafiles/testwiki/month/mine.csv"]
    project.script("flow/mine.py", SCRIPT.format(sql="SELECT '2024-01-01' AS date, 1.5 AS topics"))
    assert project.generate("run").code == 1
    assert project.published()["datafiles/testwiki/month/mine.csv"] == good
    project.script("flow/mine.py", "import nothing_of_that_name\n")
    assert project.generate("run").code == 1
    assert project.published()["datafiles/testwiki/month/mine.csv"] == good
    assert project.generate("check").code == 1


def test_two_ids_that_are_equal_but_for_case(project: Project):
    project.script("talk/New_Topics.py", SCRIPT.format(sql=GOOD))
    said = project.generate("run")
    assert said.code == 1
    assert "'New_Topics' and 'new_topics' are the same id to Limn, which ignores case; rename one" in said.err


def test_a_reportcard_that_names_what_is_not_there_holds_publication_back_and_loses_nothing(project: Project):
    path = project.folder / "reportcard.json"
    good = path.read_text()
    path.write_text(good.replace('"replies",', '"replys",').replace('"Answers"', '"Answers & more"'))
    said = project.generate("run")
    assert said.code == 4
    held = [line for line in said.err.splitlines() if "held back: " in line]
    assert len(held) == 1
    assert "tab 'Engagement' names 'replys', which is no dataset" in held[0]
    assert "tab 'Answers & more': Limn can open letters, digits, space, _ and - only" in held[0]
    assert not project.public.exists()
    check = project.generate("check")
    assert check.code == 4
    assert "replys" in check.out
    path.write_text(good)
    said = project.generate("run")
    assert said.code == 0
    assert "brought up to date" not in said.err, "what was computed before was kept"
    assert (project.public / "dashboards" / "reportcard.json").is_file()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace("2024-02-01", "2024-02-30"),
        lambda text: text + "garbage\n",
        lambda text: "\x00" + text,
        lambda text: text.replace(",0", ",9", 1),
    ],
)
def test_a_damaged_csv_is_said_and_computed_again(project: Project, damage):
    project.generate("run")
    whole = project.published()
    path = project.public / "datafiles" / "testwiki" / "month" / "moderation_actions.csv"
    text = path.read_text()
    path.unlink()
    path.write_text(damage(text))
    assert project.generate("check").code == 4
    said = project.generate("run")
    assert said.code == 0
    assert sum("moderation_actions.csv: damaged" in line for line in said.err.splitlines()) == 1
    assert project.published()["datafiles/testwiki/month/moderation_actions.csv"] == whole[str(path.relative_to(project.public))]
    assert project.generate("check").code == 0


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"format": 99}', '{"format": 1, "datasets": [{"dataset": 1}]}', "[" * 100_000])
def test_a_damaged_manifest_is_said_and_everything_computed_again(project: Project, damage: str):
    project.generate("run")
    whole = project.published()
    path = project.public / "manifest.json"
    path.unlink()
    path.write_text(damage)
    assert project.generate("check").code == 4
    said = project.generate("run")
    assert said.code == 0
    assert sum("manifest.json: damaged" in line for line in said.err.splitlines()) == 1
    csvs = {path: content for path, content in project.published().items() if path.endswith(".csv")}
    assert csvs == {path: content for path, content in whole.items() if path.endswith(".csv")}


def test_an_output_folder_that_cannot_be_written(project: Project):
    (project.folder / "output").write_text("a file")
    said = project.generate("run")
    assert said.code == 2
    assert "the output folder cannot be written" in said.one_line()


def test_a_wiki_without_flow_tables(project: Project):
    import sqlite3

    file = sqlite3.connect(project.folder / "testwiki.sqlite")
    for table in ("workflow", "topic_list", "revision", "tree_revision", "tree_node"):
        file.execute(f"DROP TABLE flow_{table}")
    file.close()
    said = project.generate("run")
    assert said.code == 1
    failed = [line for line in said.err.splitlines() if "failed: " in line]
    assert len(failed) == 1
    assert "wiki 'testwiki' has no Flow tables in its database; set flow in [wikis.testwiki]" in failed[0]
    assert (project.public / "datafiles/testwiki/month/talk_edits.csv").is_file()
    project.settings("flow = false\n")
    assert project.generate("run").code == 0
    assert not [path for path in project.published() if "new_topics" in path]
    assert project.generate("check").code == 0


def test_a_database_that_is_down(project: Project, mariadb):
    project.generate("run")
    whole = project.published()
    project.settings(now="2024-05-01T12:00:00Z")
    (project.folder / "testwiki.sqlite").rename(project.folder / "away")
    said = project.generate("run")
    assert said.code == 3
    assert sum("testwiki.sqlite: there is no such file" in line for line in said.err.splitlines()) == 1
    assert project.published() == whole
    dead = 'mysql+pymysql://reader:sesame@127.0.0.1:1/deadwiki'
    project.settings(f'[wikis.deadwiki]\ncore = "{dead}"\n', wikis=())
    said = project.generate("query", "new_topics", "--wiki", "deadwiki", "--since", "2024-01-01", "--until", "2024-02-01")
    assert said.code == 3
    assert "deadwiki on 127.0.0.1" in said.one_line()
    assert "sesame" not in said.err


def test_one_database_down_does_not_stop_the_others(project: Project):
    project.settings('[wikis.deadwiki]\ncore = "mysql+pymysql://reader@127.0.0.1:1/deadwiki"\n')
    said = project.generate("run")
    assert said.code == 1
    assert sum("failed: wiki 'deadwiki': deadwiki on 127.0.0.1: " in line for line in said.err.splitlines()) == 1
    assert (project.public / "datafiles/testwiki/month/new_topics.csv").is_file()
    assert not (project.public / "datafiles/deadwiki").exists()
    assert project.generate("run", "--dry-run", "--wiki", "deadwiki").code == 3


def test_all_complaints_at_once(project: Project):
    project.generate("run")
    (project.public / "graphs" / "replies-testwiki-month.json").unlink()
    (project.public / "datafiles" / "testwiki" / "week" / "replies.csv").unlink()
    path = project.public / "dashboards" / "reportcard.json"
    content = json.loads(path.read_text())
    content["tabs"][0]["name"] = "Talk vs. Flow"
    path.write_text(json.dumps(content))
    project.script("flow/mine.py", "import nothing_of_that_name\n")
    said = project.generate("check")
    assert said.code == 1
    for complaint in (
        "mine.py:1: it does not import",
        "week/replies.csv: damaged, No such file or directory",
        "its CSV datafiles/testwiki/week/replies.csv is missing",
        "dashboards/reportcard.json: tab 'Talk vs. Flow' cannot be opened by Limn",
        "dashboards/reportcard.json: graph 'replies-testwiki-month' is missing",
    ):
        assert complaint in said.out
