"""``check`` finds what is wrong with a query script before it runs, and says where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import generate
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from tests.conftest import CHECKOUT
from tests.support.mariadb import Server
from tests.support.project import SINCE, UNTIL, Project

SCRIPT = '''"""Mine."""

from flow import Count, Dataset

mine = Dataset(
    title="Mine",
    source="{source}",
    snapshot={snapshot},
    columns=[Count("topics", "Topics")],
    sql="""
{sql}
    """,
)
'''
FLOW = """SELECT {{ period('topic_id') }} AS date,
       SUM(counts) AS topics
  FROM {{ topics() }} AS topic
 GROUP BY 1"""
CORE = """SELECT {{ period('rev_timestamp') }} AS date,
       COUNT(*) AS topics
  FROM revision
 WHERE {{ within('rev_timestamp') }}
 GROUP BY 1"""
#: The line of the script that its SQL begins in.
FIRST = 11


def write(project: Project, sql: str, source: str = "flow", snapshot: bool = False) -> None:
    project.script("flow/mine.py", SCRIPT.format(sql=sql, source=source, snapshot=snapshot))


def lines(project: Project, *arguments: str) -> list[str]:
    """What ``check`` says of the script: its lines, without those that show a script's."""
    return [line for line in project.generate("check", *arguments).out.splitlines() if not line.startswith("    ")]


LINTED = [
    ("flow", FLOW.replace("SUM(counts) AS topics", "SUM(counts)"), 1, "a column of the outer SELECT has no name of its own; write AS "),
    ("flow", FLOW.replace("SUM(counts) AS topics", "topic.topics").replace("{{ topics() }}", "(SELECT 1 AS topics, topic_id FROM {{ topics() }} AS t)"), 1, "has no name of its own; write AS topics"),
    ("flow", "SELECT *\n  FROM {{ topics() }} AS topic", 0, "a * in the outer SELECT names no columns"),
    ("flow", FLOW.replace(" AS topic\n", "\n"), 2, "MariaDB wants a name for a table in parentheses; write AS"),
    ("flow", FLOW.replace("{{ topics() }} AS topic", "{{ topics() }} AS topic, (SELECT 1 AS one)"), 2, "MariaDB wants a name"),
    ("flow", FLOW + "\n UNION\n" + FLOW, 4, "UNION sorts all rows to drop those that are alike; write UNION ALL"),
    ("flow", FLOW.replace(" GROUP", " WHERE topic_id BETWEEN :start AND :start\n GROUP"), 3, "BETWEEN takes the end in, too; write >= and <, or {{ within('topic_id') }}"),
    ("core", CORE.replace("GROUP", "AND rev_timestamp BETWEEN '2024' AND '2025'\n GROUP"), 4, "BETWEEN takes the end in"),
    ("core", CORE.replace("GROUP", "AND {{ seconds('rev_timestamp') }} BETWEEN 1 AND 2\n GROUP"), 4, "BETWEEN takes the end in"),
    ("core", CORE.replace(" WHERE {{ within('rev_timestamp') }}\n", ""), 2, "table 'revision' is read from end to end, for no range binds it; write {{ within('rev_timestamp') }}"),
    ("core", CORE.replace("{{ within('rev_timestamp') }}", "rev_timestamp > '20240101000000'"), 2, "table 'revision' is read from end to end"),
    ("core", CORE.replace("{{ within('rev_timestamp') }}", "{{ is_time('rev_timestamp') }}"), 2, "table 'revision' is read from end to end"),
    ("core", CORE.replace("FROM revision", "FROM revision, page"), 2, "table 'page' is read from end to end"),
    ("core", CORE.replace("GROUP", "AND 0 < (SELECT COUNT(*) FROM logging WHERE log_type = 'move')\n GROUP"), 4, "table 'logging' is read from end to end, for no range binds it; write {{ within('log_timestamp') }}"),
    ("flow", FLOW.replace("{{ topics() }}", "flow_workflow").replace("topic_id", "workflow_id").replace("counts", "1"), 2, "write {{ within('workflow_id') }}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "sql", "line", "said"), LINTED)
@pytest.mark.parametrize("arguments", [["--offline"], []])
def test_what_a_reader_objects_to_is_said_with_its_line(project: Project, source: str, sql: str, line: int, said: str, arguments: list[str]):
    write(project, sql, source)
    found = [each for each in lines(project, *arguments) if said in each]
    assert len(found) == 1, lines(project, *arguments)
    assert found[0].startswith(f"queries/flow/mine.py:{FIRST + line}: ")


@pytest.mark.parametrize(
    ("source", "sql"),
    [
        ("flow", FLOW),
        ("core", CORE),
        ("core", CORE.replace("FROM revision", "FROM revision JOIN page ON page_id = rev_page LEFT JOIN actor ON actor_id = rev_actor")),
        ("core", CORE.replace("GROUP", "AND {{ seconds('rev_timestamp') }} - 5 BETWEEN 1 AND 2\n GROUP")),
        ("core", CORE.replace("GROUP", "AND 0 < (SELECT COUNT(*) FROM change_tag WHERE ct_rev_id = revision.rev_id)\n GROUP")),
        ("core", CORE.replace("GROUP", "AND rev_page IN (SELECT rev_page FROM revision AS r WHERE {{ within('r.rev_timestamp') }})\n GROUP")),
        ("core", CORE.replace("COUNT(*)", "COUNT(*) + (SELECT MAX(page_id) FROM page)")),
        ("core", "SELECT p.date AS date, COUNT(rev_id) AS topics FROM {{ periods() }} AS p LEFT JOIN revision\n"
                 "ON {{ seconds('rev_timestamp') }} < 0 AND rev_timestamp >= '2' AND rev_id = p.starts GROUP BY p.date"),
    ],
)  # fmt: skip
def test_what_is_well_is_let_be(project: Project, source: str, sql: str):
    write(project, sql, source)
    said = project.generate("check", "--offline")
    assert (said.out, said.code) == ("", 0)


def test_a_snapshot_may_read_all_there_is(project: Project):
    write(project, "SELECT date, (SELECT COUNT(*) FROM page) AS topics FROM {{ periods() }} AS asked", "core")
    assert "table 'page' is read from end to end" in project.generate("check", "--offline").out
    write(project, "SELECT date, (SELECT COUNT(*) FROM page) AS topics FROM {{ periods() }} AS asked", "core", snapshot=True)
    assert project.generate("check", "--offline").code == 0


def test_what_is_meant_can_be_said_above_the_line(project: Project):
    write(project, FLOW + "\n UNION\n" + FLOW)
    assert project.generate("check", "--offline").code == 4
    write(project, FLOW + "\n -- known: union, both are alike\n -- and that is well\n UNION\n" + FLOW)
    assert project.generate("check", "--offline").code == 0
    write(project, FLOW + "\n -- known: range\n UNION\n" + FLOW)
    assert project.generate("check", "--offline").code == 4


@pytest.mark.parametrize(
    ("sql", "line", "said"),
    [
        (FLOW.replace("AS topics", "AS topcs"), 1, "column 'topcs' is in the result but not declared; did you mean 'topics'?"),
        (FLOW.replace("       SUM(counts) AS topics\n", "").replace("date,", "date"), 0, "the result has no column topics; the SQL must return date, topics"),
        (FLOW.replace("counts", "conts"), 1, "the SQL failed: no such column: conts; did you mean 'counts'?"),
        (FLOW.replace("GROUP", "GRUP"), 3, "syntax error"),
        (FLOW.replace("topics()", "topcs()"), 2, "did you mean 'topics'?"),
        ("DELETE FROM flow_workflow", 0, "the SQL must be one SELECT"),
    ],
)
def test_a_script_that_cannot_run_is_found_without_a_run(project: Project, sql: str, line: int, said: str):
    write(project, sql)
    for arguments in (["--offline"], []):
        found = [each for each in lines(project, *arguments) if said in each]
        assert len(found) == 1, project.generate("check", *arguments).out
        assert found[0].startswith(f"queries/flow/mine.py:{FIRST + line}: ")
        assert project.generate("check", *arguments).code == 1


def test_the_line_at_fault_is_shown_with_a_caret(project: Project):
    write(project, FLOW.replace("counts", "conts"))
    shown = project.generate("check", "--offline").out.splitlines()[1:3]
    assert shown == ["    12 | SUM(conts) AS topics", "             ^^^^^"]


def test_every_wiki_is_asked_and_one_that_cannot_be_reached_is_said(project: Project):
    project.settings('[wikis.lostwiki]\ncore = "sqlite:///lost.sqlite"\n')
    assert project.generate("check").code == 3
    write(project, FLOW.replace("counts", "conts"))
    said = project.generate("check")
    assert said.code == 3
    assert said.out.count("no such column: conts") == 1
    assert "not checked: wiki 'lostwiki'" in said.one_line("not checked: ")


def test_a_script_that_one_wiki_alone_refuses_is_named(project: Project, tmp_path: Path):
    import sqlite3

    project.settings(wikis=("testwiki", "otherwiki"))
    (tmp_path / "otherwiki.sqlite").write_bytes((tmp_path / "testwiki.sqlite").read_bytes())
    with sqlite3.connect(tmp_path / "testwiki.sqlite") as file:
        file.execute("CREATE TABLE extra (extra_id INTEGER)")
    file.close()
    write(project, CORE.replace("GROUP", "AND rev_id IN (SELECT extra_id FROM extra WHERE extra_id = revision.rev_id)\n GROUP"), "core")
    said = project.generate("check")
    assert (said.code, said.out.count("no such table: extra")) == (1, 1)


def test_offline_needs_no_settings(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "settings.toml").unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FLOW_SETTINGS", raising=False)
    result = CliRunner().invoke(generate.cli, ["check", "--offline"])
    assert (result.stdout, result.exit_code) == ("", 0)


def test_a_dataset_s_own_check_sees_what_is_published(project: Project):
    write(project, FLOW)
    assert project.generate("run", "mine", "--grain", "month").code == 0
    assert project.generate("check").code == 0
    text = (project.folder / "queries" / "flow" / "mine.py").read_text("utf-8")
    own = "def doubt(table):\n    return ['too few'] if len(table) else []\n\n\nmine = Dataset(\n    check=doubt,"
    project.script("flow/mine.py", text.replace("mine = Dataset(", own))
    said = project.generate("check")
    assert "mine, testwiki, month: too few" in said.out.splitlines()
    assert said.code == 4


def test_people_are_joined_without_any_complaint(project: Project):
    people = "JOIN {{ people() }} AS person ON person.account_id = topic.account_id"
    write(project, FLOW.replace(" GROUP BY 1", f"  LEFT {people}\n WHERE person.temporary = 0\n GROUP BY 1"))
    assert lines(project) == lines(project, "--offline") == []


def test_a_sum_of_what_is_published_is_looked_at(project: Project):
    write(project, FLOW.replace("SUM(counts)", "SUM(counts) + 50"))
    assert project.generate("run", "mine", "flow_edits", "--grain", "month").code == 0
    text = (project.folder / "queries" / "flow" / "mine.py").read_text("utf-8")
    project.script("flow/mine.py", text.replace("mine = Dataset(", "mine = Dataset(\n    adds_up={'topics': ['flow_edits.topics']},"))
    said = project.generate("check")
    assert "topics of mine is " in said.out
    assert said.code == 4


@pytest.fixture(scope="module")
def busy(mariadb: Server) -> str:
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("testwiki", emit), Life(3, SINCE, UNTIL, topics=2, edits=5, people=5))
    return database


def test_on_mariadb_all_scripts_are_well_and_no_history_is_read(project: Project, mariadb: Server, busy: str):
    url = mariadb.url(busy)
    (project.folder / "settings.toml").write_text(f'[output]\nfolder = "output"\n[wikis.testwiki]\ncore = "{url}"\n', "utf-8")
    before = rows_read(mariadb, busy)
    said = project.generate("check")
    assert (said.out, said.code) == ("", 0)
    assert rows_read(mariadb, busy) - before <= OF_MACROS


#: What macros ask of the wiki while a query is rendered; its tables hold hundreds of rows.
OF_MACROS = 3


def rows_read(mariadb: Server, database: str) -> int:
    """How many rows of the tables that grow with history have been read; the server keeps count for each table."""
    mariadb.execute("SET GLOBAL userstat = 1")
    with mariadb.connect("information_schema") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT table_name, rows_read FROM table_statistics WHERE table_schema = %s", (database,))
        small = ("user", "user_groups", "user_former_groups", "slot_roles", "content_models")
        return sum(int(number) for table, number in cursor.fetchall() if _text(table) not in small)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize(
    ("sql", "line", "said"),
    [
        (FLOW.replace("counts", "conts"), 1, "Unknown column 'conts'"),
        (FLOW.replace(" AS topic\n", "\n"), 3, "there is an error in the SQL syntax near 'GROUP BY 1'"),
        (FLOW.replace("GROUP", "GRUP"), 3, "there is an error in the SQL syntax near 'GRUP BY 1', line"),
        (FLOW + "\n UNION\n" + FLOW, 4, "UNION sorts all rows"),
    ],
)
def test_on_mariadb_a_mistake_is_said_with_its_line(project: Project, mariadb: Server, busy: str, sql: str, line: int, said: str):
    url = mariadb.url(busy)
    (project.folder / "settings.toml").write_text(f'[output]\nfolder = "output"\n[wikis.testwiki]\ncore = "{url}"\n', "utf-8")
    write(project, sql)
    found = [each for each in lines(project) if said in each]
    assert len(found) == 1, lines(project)
    assert found[0].startswith(f"queries/flow/mine.py:{FIRST + line}: ")


def test_a_run_does_not_load_what_only_a_check_needs(project: Project):
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-X", "importtime", str(CHECKOUT / "generate.py"), "--settings", str(project.folder / "settings.toml")]

    def loaded(*arguments: str) -> bool:
        return "sqlglot" in subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False).stderr

    assert not loaded("run", "new_topics", "--grain", "month")
    assert loaded("check", "--offline")
