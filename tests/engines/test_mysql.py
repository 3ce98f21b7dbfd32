"""MySQL gives the numbers that MariaDB gives; run where FLOW_TEST_MYSQL is the URL of an account that may create all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date

import pymysql
import pytest
import sqlalchemy as sa

from flow.datasets.period import Grain, Range, whole_periods
from flow.engines import connect
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from flow.sql.request import choices
from tests.support.mariadb import Server

VARIABLE = "FLOW_TEST_MYSQL"
LIFE = Life(5, date(2024, 1, 1), date(2024, 4, 1), topics=4, edits=8, people=9)
RANGE = Range(date(2024, 1, 1), date(2024, 4, 1))
NAME, ACCOUNT, PASSWORD = "flow_test_mysql", "flow_test_reader", "Reads-1-wiki"


@pytest.fixture(scope="module")
def url() -> Iterator[sa.URL]:
    """A wiki's database on the server, for an account that may only read; both are gone afterwards."""
    if not os.environ.get(VARIABLE):
        pytest.skip(f"${VARIABLE} names no server; set it to mysql+pymysql://root:password@host to run these")
    admin = sa.make_url(os.environ[VARIABLE])
    where = {"host": admin.host, "port": admin.port or 3306} if admin.host else {"unix_socket": admin.query["unix_socket"]}
    connection = pymysql.connect(user=admin.username, password=admin.password or "", charset="utf8mb4", autocommit=True, **where)
    with connection, connection.cursor() as cursor:
        for statement in (*_removal(), f"CREATE DATABASE {NAME} CHARACTER SET binary", f"CREATE USER {ACCOUNT}@'%' IDENTIFIED BY '{PASSWORD}'", f"GRANT SELECT ON {NAME}.* TO {ACCOUNT}@'%'"):
            cursor.execute(statement)
        connection.select_db(NAME)
        with into_mariadb(connection) as emit:
            live(Scribe("mysqlwiki", emit), LIFE)
        yield admin.set(username=ACCOUNT, password=PASSWORD, database=NAME)
        for statement in _removal():
            cursor.execute(statement)


def _removal() -> list[str]:
    return [f"DROP DATABASE IF EXISTS {NAME}", f"DROP USER IF EXISTS {ACCOUNT}@'%'"]


def numbers(queries, url: str, grain: Grain) -> dict[str, dict[str, list[str]]]:
    with Sources(Settings({"mysqlwiki": Wiki("mysqlwiki", {"core": url, "flow": url})})) as sources:
        reader, run = Reader(queries, sources), whole_periods(RANGE, grain)
        made = [dataset for dataset in queries.datasets.values() if dataset.sql]
        return {each.id: reader.rows(each, "mysqlwiki", run, Choices(*choices(dict(each.spans), {}))) for each in made}


@pytest.mark.parametrize("grain", Grain)
def test_every_dataset_has_the_numbers_that_mariadb_has(queries, url: sa.URL, mariadb: Server, grain: Grain):
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("mysqlwiki", emit), LIFE)
    found = numbers(queries, url.render_as_string(hide_password=False), grain)
    assert found == numbers(queries, mariadb.url(database), grain)


@pytest.mark.parametrize("id", ["first_response", "replies_per_topic", "replies", "flow_people"])
def test_ranks_without_a_sign_as_mysql_has_them_change_no_number(queries, mariadb: Server, id: str):
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("mysqlwiki", emit), LIFE)
    wiki, dataset = Wiki("mysqlwiki", dict.fromkeys(("core", "flow"), mariadb.url(database))), queries.get(id)
    with Sources(Settings({"mysqlwiki": wiki})) as sources:
        chosen = Choices(*choices(dict(dataset.spans), {}))
        source, query = Reader(queries, sources).query(dataset, "mysqlwiki", whole_periods(RANGE, Grain.MONTH), chosen)
        unsigned = re.sub(r"(ROW_NUMBER\(\) OVER \([^()]*\))", r"(CAST(0 AS UNSIGNED) + \1)", query.sql)
        assert unsigned != query.sql
        assert source.engine.read(unsigned, query.values).equals(source.engine.read(query.sql, query.values))


def test_an_account_logs_in_without_tls(url: sa.URL):
    bare = url.update_query_dict({"ssl_disabled": "true"}).render_as_string(hide_password=False)
    engine = connect(bare, None, 60)
    assert engine.read("SELECT 1 AS one", {})["one"][0] == 1
    assert engine.examine(("revision",)).writes == ()
    engine.close()


def test_what_pymysql_needs_for_a_mysql_account_is_there():
    import cryptography

    assert cryptography.__version__
