"""An error in a query script's SQL or template names the file and the line that it is in, and the near name."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from flow.datasets import catalog
from flow.datasets.period import Grain, Range, whole_periods
from flow.engines.sources import Sources
from flow.errors import QueryError
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.load import into_mariadb, into_sqlite
from tests.conftest import CHECKOUT
from tests.support.mariadb import Server

FEBRUARY = whole_periods(Range(date(2024, 2, 1), date(2024, 3, 1)), Grain.MONTH)
SCRIPT = '''"""Mine."""

from flow import Count, Dataset

mine = Dataset(
    title="Mine",
    source="flow",
    spans={"window": "7d"},
    columns=[Count("topics", "Topics")],
    sql="""
-- A comment of one line.
        SELECT {{ period('topic_id') }} AS date,

               SUM(counts) AS topics
          FROM {{ topics() }} AS topic
         WHERE counts = 1
         GROUP BY 1
    """,
)
'''

Fail = Callable[[str, str], QueryError]


@pytest.fixture(params=["sqlite", "mariadb"])
def url(request, tmp_path: Path, mariadb: Server) -> str:
    if request.param == "sqlite":
        with into_sqlite(tmp_path / "w.sqlite"):
            pass
        return f"sqlite:///{tmp_path / 'w.sqlite'}"
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection):
        pass
    return mariadb.url(database)


@pytest.fixture
def queries_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "queries"
    shutil.copytree(CHECKOUT / "queries" / "relations", folder / "relations")
    (folder / "flow").mkdir()
    return folder


@pytest.fixture
def fail(queries_folder: Path, url: str) -> Iterator[Fail]:
    """What the error says that SCRIPT gives with one text in it replaced by another."""
    with Sources(Settings({"w": Wiki("w", {"core": url, "flow": url})})) as sources:

        def error_of(right: str, wrong: str) -> QueryError:
            assert right in SCRIPT
            (queries_folder / "flow" / "mine.py").write_text(SCRIPT.replace(right, wrong, 1), "utf-8")
            queries = catalog.load(queries_folder)
            with pytest.raises(QueryError) as caught:
                Reader(queries, sources).rows(queries.get("mine"), "w", FEBRUARY, Choices({"window": 7}))
            return caught.value

        yield error_of


@pytest.mark.parametrize(
    ("right", "wrong", "line", "marked", "hint"),
    [
        ("SUM(counts)", "SUM(conts)", 14, "conts", "did you mean 'counts'?"),
        ("counts = 1", "topic.conts = 1", 16, "topic.conts", "did you mean 'counts'?"),
        ("period('topic_id')", "period('topc_id')", 12, "topc_id", "did you mean 'topic_id'?"),
        ("WHERE counts = 1", "WHERE {{ within('topc_id') }}", 16, "topc_id", "did you mean 'topic_id'?"),
        ("GROUP BY", "GRUP BY", 17, "GRUP", ""),
        ("SUM(counts)", "SUM(counts))", 14, ")", ""),
        ("topics() }}", "topcs() }}", 15, "topcs", "did you mean 'topics'?"),
        ("{{ topics() }}", "topics", 15, "topics", "a relation is written {{ topics() }}"),
        ("{{ topics() }}", "flow_workflw", 15, "flow_workflw", "did you mean 'flow_workflow'?"),
        ("topics()", "topics(plus='windw')", 15, "windw", "did you mean 'window'?"),
        ("SUM(counts)", "NOSUCH(counts)", 14, "NOSUCH", ""),
        ("counts = 1", "counts = :limit", 16, "limit", ""),
        ("counts = 1", "{{ within('topic') }}", 16, "topic", ""),
        ("{{ topics() }}", "{{ topics(", 15, "", ""),
        ("SUM(counts)", "{{ 1 / 0 }}", 14, "", ""),
    ],
)
def test_the_place_is_named_and_shown(fail: Fail, right: str, wrong: str, line: int, marked: str, hint: str):
    error = fail(right, wrong)
    assert str(error).startswith(f"queries/flow/mine.py:{line}: "), error
    assert hint in str(error)
    assert "\n" not in str(error)
    shown, _, caret = error.excerpt.partition("\n")
    text = SCRIPT.replace(right, wrong, 1).split("\n")[line - 1].strip()
    assert shown == f"{line} | {text}"
    assert shown[len(caret) - caret.count("^") : len(caret)] == marked


def test_of_two_places_with_a_name_that_is_known_in_one_the_other_is_named(fail: Fail):
    inner = "AND 1 = (SELECT MAX(counts) FROM (SELECT 1 AS counts) AS one)"
    error = fail("WHERE counts = 1", f"WHERE 1 = 1 {inner}\n           AND 1 = (SELECT MAX(one.counts) FROM (SELECT 1 AS other) AS one)\n    AND 2 = (SELECT MAX(one.counts) FROM (SELECT 2 AS counts) AS one)")
    assert str(error).startswith("queries/flow/mine.py:17: ")


def test_of_two_places_with_the_same_word_the_one_that_cannot_be_is_named(fail: Fail):
    error = fail("WHERE counts = 1", "WHERE 'WHERE' <> ''\n           AND counts IN (SELECT 1 FROM flow_workflow WHERE 1 = 1)\n          WHERE counts = 1")
    assert str(error).startswith("queries/flow/mine.py:18: ")


def test_a_mistake_in_a_relation_is_named_by_its_file(fail: Fail, queries_folder: Path):
    path = queries_folder / "relations" / "topics.sql"
    text = path.read_text("utf-8")
    line = text[: text.index("FROM flow_workflow AS topic")].count("\n") + 1
    path.write_text(text.replace("FROM flow_workflow AS topic", "FROM flow_workflw AS topic"), "utf-8")
    assert str(fail("Mine", "Mine")).startswith(f"queries/relations/topics.sql:{line}: ")
    path.write_text(text.replace("{{ within('topic.workflow_id'", "{{ withn('topic.workflow_id'"), "utf-8")
    error = fail("Mine", "Mine")
    assert str(error).startswith(f"queries/relations/topics.sql:{line + 3}: the SQL's template: 'withn' is undefined; did you mean 'within'?")


def test_a_mistake_behind_a_relation_is_not_taken_for_the_relation_s(fail: Fail):
    assert str(fail("}} AS topic\n", "}} AS topic JOIN\n")).startswith("queries/flow/mine.py:16: ")


def test_an_sql_of_one_line_is_pointed_into(fail: Fail):
    start, _, rest = SCRIPT.partition('sql="""')
    error = fail(SCRIPT, start + 'sql="SELECT nothing AS date FROM flow_workflow",\n)\n' + rest[:0])
    assert str(error).startswith("queries/flow/mine.py:10: ")
    assert error.excerpt == '10 | sql="SELECT nothing AS date FROM flow_workflow",\n' + " " * len('10 | sql="SELECT ') + "^^^^^^^"


def test_an_sql_that_the_script_puts_together_is_not_pointed_into(fail: Fail):
    error = fail('sql="""', 'sql="SELECT nothing AS date" + """')
    assert str(error).startswith("mine: ")
    assert error.excerpt == ""


def test_what_such_a_script_says_behind_a_relation_is_not_taken_for_the_relation_s(fail: Fail):
    error = fail("         GROUP BY 1\n    \"\"\"", "         GROUP BY 1\n    \"\"\" + \", nothing\"")
    assert str(error).startswith("mine: ")


def test_a_broken_relation_that_is_not_asked_hides_no_place(fail: Fail, queries_folder: Path):
    (queries_folder / "relations" / "talk_edits.sql").write_text("SELECT {{ broken(", "utf-8")
    assert str(fail("SUM(counts)", "SUM(conts)")).startswith("queries/flow/mine.py:14: ")
