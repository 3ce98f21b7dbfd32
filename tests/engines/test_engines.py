"""An engine reads, and can do nothing else; its SQL can be pasted into its own client."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Range, whole_periods
from flow.engines import Engine, connect
from flow.engines.sources import Sources
from flow.errors import QueryError, Unreachable
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from flow.sql.request import choices
from flow.wiki.stamps import epoch_seconds, flow_id, timestamp
from tests.support.mariadb import Server

LIFE = Life(5, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=4, people=4)
MONTHS = whole_periods(Range(date(2024, 1, 1), date(2024, 4, 1)), Grain.MONTH)


@pytest.fixture(scope="module")
def urls(tmp_path_factory, mariadb: Server) -> dict[str, str]:
    path, database = tmp_path_factory.mktemp("engines") / "enginewiki.sqlite", mariadb.database()
    with into_sqlite(path) as emit:
        live(Scribe("enginewiki", emit), LIFE)
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("enginewiki", emit), LIFE)
    return {"sqlite": f"sqlite:///{path}", "mariadb": mariadb.url(database), "writer": f"mysql+pymysql://root@/{database}?unix_socket={mariadb.socket}"}


@pytest.fixture(params=["sqlite", "mariadb", "writer"])
def engine(request, urls):
    found: Engine = connect(urls[request.param], None, 60)
    yield found
    found.close()


def test_an_engine_cannot_write_even_with_an_account_that_may(engine):
    for statement in ("DELETE FROM revision", "CREATE TABLE mine (a INTEGER)", "UPDATE page SET page_title = 'x'"):
        with pytest.raises(QueryError, match=r"read.?only|READ ONLY|denied"):
            engine.read(statement, {})


def test_values_are_bound_and_never_text(engine):
    nasty = "Robert'); DROP TABLE user;-- % :name \\ \"'"
    assert engine.read("SELECT :value AS value", {"value": nasty})["value"][0] == nasty


@pytest.mark.parametrize("instant", ["2023-01-01T00:00:00", "2020-12-31T23:59:59", "2024-02-29T12:34:56", "2021-01-03T00:00:00", "1999-12-31T00:00:01"])
@pytest.mark.parametrize("grain", Grain)
def test_a_time_is_labelled_by_its_period(engine, instant, grain):
    seconds = epoch_seconds(datetime.fromisoformat(instant).replace(tzinfo=UTC))
    dialect = engine.dialect
    sql = (
        f"SELECT {dialect.seconds_label(dialect.id_seconds(':id'), grain)} AS of_id,"
        f" {dialect.digits_label(':digits', grain)} AS of_digits, {dialect.id_seconds(':id')} AS id_seconds,"
        f" {dialect.digits_seconds(':digits')} AS digits_seconds"
    )
    row = engine.read(sql, {"id": flow_id(seconds), "digits": timestamp(seconds)}).iloc[0]
    label = grain.floor(datetime.fromisoformat(instant).date()).isoformat()
    assert list(row) == [label, label, seconds, seconds]


@pytest.mark.parametrize("digits", ["20231301000000", "19990000000000", "20230532000000", "20230230000000", "00000000000000", "infinity", ""])
@pytest.mark.parametrize("grain", Grain)
def test_digits_that_tell_no_time_are_labelled_by_no_date_that_there_is_not(engine, digits, grain):
    label = engine.read(f"SELECT {engine.dialect.digits_label(':digits', grain)} AS label", {"digits": digits})["label"][0]
    assert label is None or grain.floor(date.fromisoformat(label)).isoformat() == label


def test_a_statement_has_a_time_limit(urls):
    endless = {
        "sqlite": "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n",
        "mariadb": "SELECT SLEEP(30)",
    }
    for name, sql in endless.items():
        limited = connect(urls[name], None, 1)
        with pytest.raises(QueryError, match=r"interrupted|max_statement_time"):
            limited.read(sql, {})
        limited.close()


def test_a_session_is_in_utc(urls):
    engine = connect(urls["mariadb"], None, 60)
    assert engine.read("SELECT @@session.time_zone AS zone", {})["zone"][0] == "+00:00"
    engine.close()


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all", "mysql+pymysql://reader@127.0.0.1:1/wiki"])
def test_a_database_that_is_not_there_is_unreachable(url):
    with pytest.raises(Unreachable):
        connect(url, None, 60)


def test_a_wrong_password_is_unreachable_and_a_credentials_file_right(mariadb: Server, urls, tmp_path):
    bare = urls["mariadb"].replace("reader:reads@", "")
    path = tmp_path / "replica.my.cnf"
    path.write_text("[client]\nuser = reader\npassword = wrong\n")
    with pytest.raises(Unreachable, match="Access denied"):
        connect(bare, path, 60)
    path.write_text("[client]\nuser = reader\npassword = reads\n")
    engine = connect(bare, path, 60)
    assert engine.read("SELECT 1 AS one", {})["one"][0] == 1
    engine.close()


def test_a_file_that_is_no_database_is_unreachable(tmp_path):
    path = tmp_path / "not.sqlite"
    path.write_text("This is a text. " * 100)
    with pytest.raises(Unreachable, match="not a database"):
        connect(f"sqlite:///{path}", None, 60)


@pytest.mark.parametrize("name", ["sqlite", "mariadb"])
def test_pasted_sql_gives_the_same_numbers_in_the_engines_own_client(queries: Catalog, urls, mariadb: Server, name):
    url = urls[name]
    with Sources(Settings({"enginewiki": Wiki("enginewiki", {"core": url, "flow": url})})) as sources:
        reader = Reader(queries, sources)
        for made in [made for made in queries.datasets.values() if made.sql]:
            chosen = Choices(*choices(made.spans, {}))
            source, query = reader.query(made, "enginewiki", MONTHS, chosen)
            pasted = source.engine.paste(query)
            if name == "mariadb":
                command = ["mariadb", "--no-defaults", f"--socket={mariadb.socket}", "-uroot", "-N", "-B", url.rpartition("/")[2]]
                assert "SET @start" in pasted
            else:
                command = ["sqlite3", "-separator", "\t", url.removeprefix("sqlite:///")]
            printed = subprocess.run(command, input=pasted, capture_output=True, text=True, check=True)
            assert printed.stderr == ""
            expected = source.engine.read(query.sql, query.values)
            lines = sorted(line.split("\t")[0] for line in printed.stdout.splitlines())
            assert lines == sorted(expected["date"]), pasted
            first = sum(float(line.split("\t")[1]) for line in printed.stdout.splitlines())
            assert first == sum(float(value) for value in expected.iloc[:, 1])
