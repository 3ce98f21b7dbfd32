"""Whatever a server or an account has set, a session gives the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from flow.datasets.period import Grain, Range, whole_periods
from flow.engines import Engine, connect
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from flow.sql.request import choices
from tests.support.mariadb import Server

LIFE = Life(5, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=4, people=4)
MONTHS = whole_periods(Range(date(2024, 1, 1), date(2024, 4, 1)), Grain.MONTH)
MODES = ["EMPTY_STRING_IS_NULL", "ANSI_QUOTES,PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES,NO_UNSIGNED_SUBTRACTION", "ORACLE,ALLOW_INVALID_DATES"]
HOSTILE = [
    *(f"sql_mode = '{mode}'" for mode in MODES),
    "sql_select_limit = 1", "sql_select_limit = 0", "max_join_size = 1", "sql_safe_updates = 1", "sql_auto_is_null = 1",
    "group_concat_max_len = 4", "max_sort_length = 64", "div_precision_increment = 0", "default_week_format = 6",
    "lc_time_names = 'de_DE'", "time_zone = '-11:00'", "collation_connection = 'utf8mb4_unicode_ci'", "old_mode = 'ZERO_DATE_TIME_CAST'",
    "character_set_results = 'latin1'", "max_recursive_iterations = 1", "autocommit = 0", "tx_isolation = 'READ-UNCOMMITTED'",
    "max_statement_time = 0.000001", "sql_quote_show_create = 0",
]  # fmt: skip
#: What a script may write whose result hangs on one of them.
TELLING = {
    "quotes": "SELECT CONCAT(\"a\", '') || 'b' IS NULL AS a, '\\\\' AS b",
    "empty": "SELECT '' IS NULL AS a, COALESCE(NULLIF('', 'x'), 'none') AS b",
    "rows": "SELECT 1 AS a UNION ALL SELECT 2",
    "many": "SELECT COUNT(*) AS a FROM revision AS x, revision AS y",
    "texts": "SELECT GROUP_CONCAT(page_title ORDER BY page_id) AS a, 'ß' = 'ss' AS b, 'a' = 'A' AS c FROM page",
    "numbers": "SELECT 1 / 3 AS a, CAST(1 AS UNSIGNED) - 1 AS b",
    "times": "SELECT WEEK('2024-01-01') AS a, DATE_FORMAT('2024-01-01', '%M') AS b, FROM_UNIXTIME(0) AS c, '2024-02-30' + INTERVAL 0 DAY AS d",
    "recursion": "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT COUNT(*) AS a FROM n",
}


@pytest.fixture(scope="module")
def database(mariadb: Server) -> str:
    name = mariadb.database()
    with mariadb.connect(name) as connection, into_mariadb(connection) as emit:
        live(Scribe("sessionwiki", emit), LIFE)
    return name


@pytest.fixture
def set_globally(mariadb: Server) -> Iterator:
    """Sets a variable of the whole server for one test."""
    before: dict[str, object] = {}

    def set_globally(assignment: str) -> None:
        name = assignment.partition(" ")[0]
        with mariadb.connect(autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT @@GLOBAL.{name}")
            before[name] = cursor.fetchone()[0]
            cursor.execute(f"SET GLOBAL {assignment}")

    yield set_globally
    for name, value in before.items():
        connection = mariadb.connect(autocommit=True, init_command="SET SESSION sql_mode = '', SESSION max_statement_time = 0")
        with connection, connection.cursor() as cursor:
            cursor.execute(f"SET GLOBAL {name} = %s", (value,))


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    return {name: list(engine.read(sql, {}).itertuples(index=False, name=None)) for name, sql in TELLING.items()}


def numbers(queries, url: str) -> dict[str, dict[str, list[str]]]:
    with Sources(Settings({"sessionwiki": Wiki("sessionwiki", {"core": url, "flow": url})})) as sources:
        reader = Reader(queries, sources)
        made = [dataset for dataset in queries.datasets.values() if dataset.sql]
        return {each.id: reader.rows(each, "sessionwiki", MONTHS, Choices(*choices(dict(each.spans), {}))) for each in made}


@pytest.fixture(scope="module")
def usual(queries, mariadb: Server, database: str) -> tuple[object, object]:
    """What is read where nothing is set."""
    engine = connect(mariadb.url(database), None, 60)
    found = rows(engine)
    engine.close()
    return found, numbers(queries, mariadb.url(database))


@pytest.mark.parametrize("assignment", HOSTILE)
def test_no_setting_of_the_server_changes_what_is_read(queries, mariadb: Server, database, usual, set_globally, assignment):
    set_globally(assignment)
    engine = connect(mariadb.url(database), None, 60)
    assert rows(engine) == usual[0]
    engine.close()
    if "sql_mode" in assignment or "limit" in assignment:
        assert numbers(queries, mariadb.url(database)) == usual[1]


def test_nor_does_what_the_server_lets_each_session_begin_with(mariadb: Server, database, usual, set_globally):
    set_globally("init_connect = 'SET sql_select_limit = 1, sql_mode = \"ANSI_QUOTES,EMPTY_STRING_IS_NULL\", max_recursive_iterations = 1'")
    engine = connect(mariadb.url(database), None, 60)
    assert rows(engine) == usual[0]
    engine.close()


def test_an_account_that_may_write_is_seen_under_any_quotes(mariadb: Server, database, set_globally):
    set_globally("sql_mode = 'ANSI_QUOTES'")
    mariadb.execute(f"GRANT INSERT ON `{database}`.* TO writer@'%' IDENTIFIED BY 'writes'")
    engine = connect(mariadb.url(database).replace("reader:reads", "writer:writes"), None, 60)
    assert engine.examine(("revision",)).writes == ("INSERT",)
    engine.close()
