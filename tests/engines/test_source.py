"""What a source tells of how complete it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from flow.engines import times
from flow.engines.source import Source
from flow.engines.sources import Sources
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from flow.wiki.stamps import epoch_seconds, flow_id
from tests.support.mariadb import Server

LIFE = Life(5, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=4, people=4)
NOW = datetime(2024, 6, 1, tzinfo=UTC)
#: What a broken clock wrote, and what another wiki wrote that shares the database of Flow.
BROKEN = datetime(2031, 1, 1, tzinfo=UTC)
OTHERS = datetime(2024, 5, 31, 12, 30, 7, tzinfo=UTC)
EMPTY = ["DELETE FROM revision", "DELETE FROM flow_revision"]


@pytest.fixture(params=["sqlite", "mariadb"])
def wiki(request, tmp_path, mariadb: Server):
    """Its sources by kind, and what runs a statement in its database."""
    if request.param == "sqlite":
        path = tmp_path / "enginewiki.sqlite"
        with into_sqlite(path) as emit:
            live(Scribe("enginewiki", emit), LIFE)
        url = f"sqlite:///{path}"
    else:
        database = mariadb.database()
        with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
            live(Scribe("enginewiki", emit), LIFE)
        url = mariadb.url(database)

    def execute(*statements: str) -> None:
        if request.param == "mariadb":
            return mariadb.execute(*statements, database=database)
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        return connection.close()

    with Sources(Settings({"enginewiki": Wiki("enginewiki", {"core": url, "flow": url})})) as sources:
        yield lambda kind: sources.get("enginewiki", kind), execute


Parts = tuple[Callable[[str], Source], Callable[..., None]]


def added(wiki: str, instant: datetime) -> str:
    id = flow_id(epoch_seconds(instant)).hex()
    columns = "rev_id, rev_type, rev_type_id, rev_user_id, rev_user_wiki"
    return f"INSERT INTO flow_revision ({columns}) VALUES (X'{id}', 'post', X'{id}', 1, '{wiki}')"


def test_the_newest_row_of_core_is_the_last_revision_not_of_the_future(wiki: Parts):
    source, execute = wiki
    last = str(source("core").engine.read("SELECT MAX(rev_timestamp) AS last FROM revision", {})["last"][0])
    execute(f"UPDATE revision SET rev_timestamp = '{BROKEN:%Y%m%d%H%M%S}' WHERE rev_id = 1")
    assert f"{source('core').newest(NOW):%Y%m%d%H%M%S}" == last
    assert source("core").newest(BROKEN) == BROKEN


def test_the_newest_row_of_flow_is_that_of_any_wiki_not_of_the_future(wiki: Parts):
    source, execute = wiki
    own = source("flow").newest(NOW)
    assert own is not None
    assert own < OTHERS
    execute(added("otherwiki", OTHERS), added("enginewiki", BROKEN))
    assert source("flow").newest(NOW) == OTHERS
    assert source("flow").newest(OTHERS) == OTHERS
    assert source("flow").newest(BROKEN) == BROKEN


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_an_empty_wiki_has_no_newest_row(wiki: Parts, kind: str):
    source, execute = wiki
    execute(*EMPTY)
    assert source(kind).newest(NOW) is None


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_the_newest_row_costs_one_look_into_an_index(wiki: Parts, kind: str):
    engine = wiki[0](kind).engine
    sql = times.render(times.NEWEST_SQL[kind], engine.dialect)
    values = times.limits(kind) | {"after": times.written(kind, NOW)}
    if engine.dialect.name == "sqlite":
        assert "INDEX" in engine.read(f"EXPLAIN QUERY PLAN {sql}", values)["detail"][0]
        return
    before = _handled(engine)
    engine.read(sql, values)
    assert _handled(engine) - before <= 2


def _handled(engine) -> int:
    # In two statements of one session, for what the first shows is counted in the second.
    return sum(int(value) for value in engine.read("SHOW SESSION STATUS LIKE 'Handler_read_%'", {})["Value"])


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_without_replication_nothing_tells_of_lag(wiki: Parts, kind: str):
    source = wiki[0](kind)
    assert source.behind() is None
    assert source.seen_behind == [None]
