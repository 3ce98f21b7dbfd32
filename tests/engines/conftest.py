"""A wiki on each engine, whose sources can be asked and changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from flow.engines.source import Source
from flow.engines.sources import Sources
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from tests.support.mariadb import Server

LIFE = Life(5, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=4, people=4)
Parts = tuple[Callable[[str], Source], Callable[..., None]]


@pytest.fixture(params=["sqlite", "mariadb"])
def wiki(request, tmp_path, mariadb: Server) -> Iterator[Parts]:
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
