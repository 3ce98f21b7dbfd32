"""The macros that read a time, for columns whose names do not tell its kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Range
from flow.engines.sources import Sources
from flow.errors import QueryError
from flow.settings import Settings, Wiki
from flow.simulate.load import into_mariadb, into_sqlite
from flow.sql.request import Request
from flow.wiki.stamps import flow_id, timestamp, timestamp_seconds
from tests.support.mariadb import Server

TIMES = [timestamp_seconds(digits) for digits in ("20240131235959", "20240201000000", "20240229235959", "20240301000000")]
FEBRUARY = Request("w", Grain.MONTH, Range(date(2024, 2, 1), date(2024, 3, 1)))
MAKE = "CREATE TABLE moments (id_of_it VARBINARY(11), stamp VARBINARY(14), moment BIGINT)"


def rows() -> list[str]:
    values = (f"(X'{flow_id(each).hex()}', '{timestamp(each)}', {each})" for each in TIMES)
    return [MAKE, f"INSERT INTO moments VALUES {', '.join(values)}"]


@pytest.fixture(params=["sqlite", "mariadb"])
def read(request, tmp_path: Path, mariadb: Server):
    """Reads a SQL text, with its macros, for February 2024."""
    if request.param == "sqlite":
        with into_sqlite(tmp_path / "w.sqlite"):
            pass
        with sqlite3.connect(tmp_path / "w.sqlite") as connection:
            connection.executescript("; ".join(rows()))
        connection.close()
        url = f"sqlite:///{tmp_path / 'w.sqlite'}"
    else:
        database = mariadb.database()
        with mariadb.connect(database) as connection:
            into_mariadb(connection)
        mariadb.execute(*rows(), database=database)
        url = mariadb.url(database)
    with Sources(Settings({"w": Wiki("w", {"core": url})})) as sources:

        def rows_of(sql: str) -> list[tuple[object, ...]]:
            dataset = Dataset(title="T", source="core", columns=[Count("a", "A")], sql=sql)
            return list(sources.get("w", "core").read(dataset, FEBRUARY, {}).itertuples(index=False, name=None))

        yield rows_of


Read = Callable[[str], list[tuple[object, ...]]]


@pytest.mark.parametrize(("column", "kind"), [("id_of_it", "id"), ("stamp", "timestamp"), ("moment", "seconds")])
def test_a_column_whose_name_tells_nothing_is_read_by_its_kind(read: Read, column: str, kind: str):
    sql = (
        f"SELECT {{{{ period('{column}', kind='{kind}') }}}} AS date, {{{{ seconds('{column}', kind='{kind}') }}}} AS at"
        f" FROM moments WHERE {{{{ within('{column}', kind='{kind}') }}}} ORDER BY 2"
    )
    assert read(sql) == [("2024-02-01", TIMES[1]), ("2024-02-01", TIMES[2])]


def test_a_kind_that_there_is_not_is_named(read: Read):
    with pytest.raises(QueryError, match=r"'stamp' tells no time: .* kind='timestamp'"):
        read("SELECT {{ period('stamp') }} AS date FROM moments")
    with pytest.raises(QueryError, match="'stamp' tells no time"):
        read("SELECT {{ period('stamp', kind='day') }} AS date FROM moments")
