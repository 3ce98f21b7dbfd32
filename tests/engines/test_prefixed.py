"""Many wikis in one database, each with its prefix: each has its own numbers, and what is wrong is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from flow.datasets.period import Grain, Range, whole_periods
from flow.engines.rhythm import newest_row
from flow.engines.sources import Sources
from flow.errors import SchemaError
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from flow.simulate.tables import ALL
from flow.sql.request import choices
from flow.wiki.indexes import lacking
from flow.wiki.schema import PROBED
from tests.support.mariadb import Server

RANGE = Range(date(2024, 1, 1), date(2024, 4, 1))
NOW = datetime(2024, 6, 1, tzinfo=UTC)
SEEDS = {"": 5, "mw_": 6, "a-b_": 7}

Make = Callable[..., str]


def life(seed: int) -> Life:
    return Life(seed, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=4, people=4)


@pytest.fixture(params=["sqlite", "mariadb"])
def make(request: pytest.FixtureRequest, tmp_path, mariadb: Server) -> Make:
    """Puts wikis with prefixes into one database, each called ``wiki-`` and its prefix; gives its URL."""

    def rename(prefix: str) -> list[str]:
        return [f"ALTER TABLE `{name}` RENAME TO `{prefix}{name}`" for name in ALL if prefix]

    def in_sqlite(*prefixes: str) -> str:
        path = tmp_path / f"{len([*tmp_path.iterdir()])}.sqlite"
        for prefix in prefixes:
            with into_sqlite(path) as emit:
                live(Scribe(f"wiki-{prefix}", emit), life(SEEDS[prefix]))
            with sqlite3.connect(path) as file:
                for (index,) in [*file.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")]:
                    sql = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()[0]
                    if prefix and not index.startswith(tuple(filter(None, SEEDS))):
                        file.execute(f"DROP INDEX {index}")
                        file.execute(sql.replace(f"INDEX {index}", f"INDEX `{prefix}{index}`"))
                for statement in rename(prefix):
                    file.execute(statement)
            file.close()
        return f"sqlite:///{path}"

    def in_mariadb(*prefixes: str) -> str:
        database = mariadb.database()
        for prefix in prefixes:
            with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
                live(Scribe(f"wiki-{prefix}", emit), life(SEEDS[prefix]))
            mariadb.execute(*rename(prefix), database=database)
        return mariadb.url(database)

    return in_sqlite if request.param == "sqlite" else in_mariadb


def sources(url: str, prefix: str, **urls: str) -> Sources:
    id = f"wiki-{prefix}"
    return Sources(Settings({id: Wiki(id, {"core": url, "flow": url, **urls}, prefix=prefix)}))


def numbers(queries, url: str, prefix: str, **urls: str) -> dict[str, dict[str, list[str]]]:
    with sources(url, prefix, **urls) as found:
        reader, run = Reader(queries, found), whole_periods(RANGE, Grain.MONTH)
        made = [dataset for dataset in queries.datasets.values() if dataset.sql and dataset.source in ("core", "flow")]
        return {each.id: reader.rows(each, f"wiki-{prefix}", run, Choices(*choices(dict(each.spans), {}))) for each in made}


def test_each_wiki_of_a_database_has_its_own_numbers(queries, make: Make):
    together = make("mw_", "a-b_", "")
    alone = {prefix: numbers(queries, make(prefix), prefix) for prefix in SEEDS}
    assert {prefix: numbers(queries, together, prefix) for prefix in SEEDS} == alone
    assert alone[""] != alone["mw_"] != alone["a-b_"]


def test_what_is_asked_of_a_wiki_besides_is_asked_of_its_own_tables(make: Make):
    url = make("mw_", "")
    with sources(url, "mw_") as prefixed, sources(url, "") as bare, sources(make("mw_"), "mw_") as alone:
        for kind in ("core", "flow"):
            own, expected = (each.get("wiki-mw_", kind) for each in (prefixed, alone))
            assert own.profile.tables == expected.profile.tables == bare.get("wiki-", kind).profile.tables
            assert (own.first_day(), newest_row([own], NOW)) == (expected.first_day(), newest_row([expected], NOW))
            examined = own.engine.examine(PROBED[kind])
            assert lacking(kind, frozenset(own.profile.tables), examined.indexes) == []
        assert prefixed.get("wiki-mw_", "flow").flow_wikis() == ["wiki-mw_"]
        assert prefixed.bots("wiki-mw_") == alone.bots("wiki-mw_")


def test_pasted_sql_names_the_tables_with_their_prefix(queries, make: Make):
    with sources(make("mw_"), "mw_") as found:
        run = whole_periods(RANGE, Grain.MONTH)
        source, query = Reader(queries, found).query(queries.get("talk_edits"), "wiki-mw_", run, Choices({}))
        assert "FROM `mw_revision` AS revision" in source.engine.paste(query)


@pytest.mark.parametrize("prefix", ["", "mw_"])
def test_flow_in_a_database_of_its_own_has_the_prefix_or_not(queries, make: Make, mariadb: Server, prefix: str):
    url = make("mw_")
    whole = numbers(queries, url, "mw_")
    names = [name for name in ALL if name.startswith("flow_")]
    if url.startswith("sqlite"):
        elsewhere = url.replace(".sqlite", ".flow.sqlite")
        with sqlite3.connect(elsewhere.removeprefix("sqlite:///")) as file:
            file.execute("ATTACH ? AS wiki", (url.removeprefix("sqlite:///"),))
            for name in names:
                file.execute(f"CREATE TABLE `{prefix}{name}` AS SELECT * FROM wiki.`mw_{name}`")
        file.close()
    else:
        database, own = mariadb.database(), url.rpartition("/")[2]
        mariadb.execute(*(f"RENAME TABLE {own}.`mw_{name}` TO {database}.`{prefix}{name}`" for name in names))
        elsewhere = mariadb.url(database)
    assert numbers(queries, url, "mw_", flow=elsewhere) == whole


def refusal(url: str, prefix: str, kind: str = "core") -> str:
    with sources(url, prefix) as found, pytest.raises(SchemaError) as caught:
        found.get(f"wiki-{prefix}", kind)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_tables_with_a_prefix_are_found_by_who_named_none(make: Make, kind: str):
    named = "there are such tables with the prefix 'a-b_', 'mw_': set prefix in [wikis.wiki-] to that of this wiki"
    assert named in refusal(make("mw_", "a-b_"), "", kind)
    assert "without a prefix: remove prefix from [wikis.wiki-xy_]" in refusal(make(""), "xy_", kind)


def test_what_an_account_does_not_see_is_not_said_to_be_missing(mariadb: Server):
    empty, held = mariadb.database(), mariadb.database()
    with mariadb.connect(held) as connection, into_mariadb(connection) as emit:
        live(Scribe("wiki-", emit), life(5))
    mariadb.execute("CREATE OR REPLACE USER few@'%' IDENTIFIED BY 'few'", f"GRANT SELECT ON {empty}.* TO few@'%'")
    few = mariadb.url(empty).replace("reader:reads", "few:few")
    for kind in ("core", "flow"):
        assert f"the account sees no table at all there: grant it SELECT, or set {kind} in [wikis.wiki-]" in refusal(few, "", kind)
        assert "its URL names no database: set" in refusal(mariadb.url(""), "", kind)
    mariadb.execute(f"GRANT SELECT ON {held}.* TO few@'%'", f"CREATE TABLE {empty}.other (id INT)")
    for kind in ("core", "flow"):
        assert f"database '{held}' has them: set {kind} in [wikis.wiki-] to its URL" in refusal(few, "", kind)
        assert "false" not in refusal(few, "", kind)
    mariadb.execute(f"REVOKE SELECT ON {held}.* FROM few@'%'", f"GRANT SELECT ON {held}.revision TO few@'%'")
    assert "or the account does not see all: grant it SELECT" in refusal(mariadb.url(held).replace("reader:reads", "few:few"), "")
