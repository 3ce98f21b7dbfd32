"""Puts a simulated wiki's rows into a database, many at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flow.simulate.scribe import Emit, Row
from flow.simulate.tables import ALL, FLOW, TABLES, statements
from flow.wiki.schema import REQUIRED

AT_ONCE = 5000
Insert = Callable[[str, list[Row]], None]


class Loader:
    """Collects rows and inserts them in bulk; a context manager that inserts the rest in the end."""

    def __init__(self, insert: Insert, done: Callable[[], None]) -> None:
        self._insert = insert
        self._done = done
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)

    def __enter__(self) -> Emit:
        return self.emit

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            for table in list(self._rows):
                self._flush(table)
        self._done()

    def emit(self, table: str, row: Row) -> None:
        """Takes one row of ``table``, in the order of its ``written`` columns."""
        self._rows[table].append(row)
        if len(self._rows[table]) >= AT_ONCE:
            self._flush(table)

    def _flush(self, table: str) -> None:
        self._insert(table, self._rows.pop(table))


def _sql(table: str, mark: str) -> str:
    columns = ALL[table].inserted
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


def into_sqlite(core: Path, flow: Path | None = None) -> Loader:
    """A loader into SQLite files, made if new; ``flow`` is the file of the Flow tables, else ``core`` has them too."""
    files = {"core": _opened(core, "core")}
    files["flow"] = _opened(flow, "flow") if flow else _with_tables(files["core"], "flow")

    def insert(table: str, rows: list[Row]) -> None:
        files["flow" if table in FLOW else "core"].executemany(_sql(table, "?"), rows)

    def done() -> None:
        for file in files.values():
            file.commit()
        for file in files.values():
            file.close()

    return Loader(insert, done)


def empty_sqlite(path: Path) -> None:
    """Makes a SQLite file with the tables of a wiki that has every source, and nothing in them."""
    with into_sqlite(path):
        pass
    with closing(sqlite3.connect(path)) as file:
        for kind in (kind for kind in REQUIRED if kind not in TABLES):
            for table, columns in REQUIRED[kind].items():
                file.execute(f"CREATE TABLE {table} ({', '.join(columns.split())})")


def _opened(path: Path, kind: Any) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    return _with_tables(connection, kind)


def _with_tables(connection: sqlite3.Connection, kind: Any) -> sqlite3.Connection:
    sample = next(iter(FLOW)) if kind == "flow" else "page"
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (sample,)).fetchone():
        for statement in statements(kind, "sqlite"):
            connection.execute(statement)
    return connection


def into_mariadb(connection: Any) -> Loader:
    """A loader into the current database of a PyMySQL connection, which must hold none of the tables."""
    with connection.cursor() as cursor:
        for statement in (*statements("core", "mariadb"), *statements("flow", "mariadb")):
            cursor.execute(statement)
        cursor.execute("SET SESSION unique_checks = 0")

    def insert(table: str, rows: list[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(_sql(table, "%s"), rows)

    return Loader(insert, connection.commit)
