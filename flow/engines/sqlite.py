"""SQLite: MediaWiki's own installations on it, and the demo; opened read-only, with a limit on each statement."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from flow.datasets.period import Grain
from flow.engines.examination import Examination, Whereabouts, grouped
from flow.engines.reading import Session
from flow.errors import Unreachable
from flow.sql.dialect import Value
from flow.sql.request import Query

STEPS_BETWEEN_LOOKS = 100_000

#: SQLITE_READONLY and SQLITE_CANTOPEN.
CANNOT_WRITE = {8, 14}
#: What an attached file is called in SQL.
BESIDE = "beside"
#: How the header of a file in WAL mode says so. Source: SQLite, Database File Format, 1.3.
WAL = b"\x02\x02"

COLUMNS_SQL = """
SELECT list.name AS t, info.name AS c
  FROM sqlite_master AS list, pragma_table_info(list.name) AS info
 WHERE list.type IN ('table', 'view')
"""
INDEXES_SQL = """
SELECT i, c
  FROM (SELECT list.name AS i, info.name AS c, info.seqno AS place
          FROM pragma_index_list(:name) AS list, pragma_index_info(list.name) AS info
         UNION ALL
        SELECT 'primary key', name, pk FROM pragma_table_info(:name) WHERE pk > 0) AS entry
 ORDER BY i, place
"""


class Dialect:
    """SQLite's way to write what the macros mean, in plain SQL, so that it can be pasted into its shell."""

    name = "sqlite"

    def id_seconds(self, flow_id: str) -> str:
        """Twelve hexadecimal digits, one by one: SQLite has no number from hexadecimal text.

        Source: Flow, UUID.php. The cast is for ids that MediaWiki on SQLite stored as text.
        """
        digits = f"hex(substr(CAST({flow_id} AS BLOB), 1, 6))"
        places = (f"(instr('123456789ABCDEF', substr({digits}, {place}, 1)) << {48 - 4 * place})" for place in range(1, 13))
        return f"((({' + '.join(places)}) >> 2) / 1000)"

    def digits_seconds(self, digits: str) -> str:
        """A timestamp's second."""
        parts = (f"substr({digits}, {place}, {length})" for place, length in ((1, 4), (5, 2), (7, 2), (9, 2), (11, 2), (13, 2)))
        year, month, day, hour, minute, second = parts
        written = f"{year} || '-' || {month} || '-' || {day} || ' ' || {hour} || ':' || {minute} || ':' || {second}"
        return f"CAST(strftime('%s', {written}) AS INTEGER)"

    def seconds_digits(self, seconds: str) -> str:
        """A second's timestamp."""
        return f"strftime('%Y%m%d%H%M%S', {seconds}, 'unixepoch')"

    def told_digits(self, digits: str) -> str:
        """The 14 digits of the second that is read from some."""
        return self.seconds_digits(self.digits_seconds(digits))

    def seconds_label(self, seconds: str, grain: Grain) -> str:
        """The period of a second."""
        return _label(f"{seconds}, 'unixepoch'", grain)

    def digits_label(self, digits: str, grain: Grain) -> str:
        """The period of a timestamp."""
        day = f"substr({digits}, 1, 4) || '-' || substr({digits}, 5, 2) || '-' || substr({digits}, 7, 2)"
        return _label(f"{day}, '+0 days'", grain)  # else the 30th of February stays what it is

    def same(self, left: str, right: str) -> str:
        """Null-safe equality."""
        return f"{left} IS {right}"

    def ordered_join(self) -> str:
        """A join in the order written."""
        return "CROSS JOIN"

    def unindexed(self, column: str) -> str:
        """A sign keeps an index away. Without statistics SQLite prefers any equality, and NULL in a unique index, to a range."""
        return f"+{column}"


def _label(instant: str, grain: Grain) -> str:
    # 'weekday 0' goes forward to Sunday unless it is Sunday; six days before that Sunday is the week's Monday.
    first = {Grain.DAY: "", Grain.WEEK: ", 'weekday 0', '-6 days'", Grain.MONTH: ", 'start of month'"}[grain]
    return f"date({instant}{first})"


class SQLite:
    """A SQLite file. Raises Unreachable when it is not there or is no database."""

    dialect = Dialect()

    def __init__(self, url: str, time_limit: int) -> None:
        self._path = Path(sa.make_url(url).database or "")
        if not self._path.is_file():
            raise Unreachable(f"{self._path}: there is no such file")
        self._time_limit = time_limit
        self._deadline = 0.0
        self._signalled: BaseException | None = None
        self._beside: Path | None = None
        self._session = Session(
            str(self._path), lambda: sa.create_engine("sqlite://", creator=self._open, poolclass=sa.pool.NullPool).connect()
        )

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT COUNT(*) FROM sqlite_master")
            self._attach(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            raise self._unwritable(error) from error
        connection.set_progress_handler(self._looks().__next__, STEPS_BETWEEN_LOOKS)
        return connection

    def _attach(self, connection: sqlite3.Connection) -> None:
        """Attaches the file beside, if there is one, read-only."""
        if self._beside:
            connection.execute(f"ATTACH ? AS {BESIDE}", (f"{self._beside.absolute().as_uri()}?mode=ro",))
            connection.execute(f"SELECT COUNT(*) FROM {BESIDE}.sqlite_master")

    def _unwritable(self, error: sqlite3.OperationalError) -> Exception:
        """What to do where SQLite may not write its log beside the file; any other error as it is.

        Read without that log, the file would lack what was written last, or change while it is read.
        """
        if error.sqlite_errorcode & 0xFF not in CANNOT_WRITE or not self._is_in_wal_mode():
            return error
        what = "it is in WAL mode, and SQLite cannot write its log beside it"
        return Unreachable(f"{what}; let this user write in its folder, or read a copy that sqlite3 made with VACUUM INTO")

    def _is_in_wal_mode(self) -> bool:
        with self._path.open("rb") as file:
            return file.read(20)[18:] == WAL

    def _looks(self) -> Iterator[bool]:
        """Whether a statement is to be stopped, each time SQLite asks.

        A signal's handler runs as Python code begins to run, which is here while SQLite works. What it raises would be
        lost to SQLite, which only knows that it was stopped; a function would miss it, being called, not taken up again.
        """
        while True:
            try:
                while True:
                    yield time.monotonic() > self._deadline
            except GeneratorExit:
                return
            except BaseException as signalled:
                self._signalled = signalled
                self._deadline = 0.0

    def read(self, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
        """The rows of ``sql``; see ``Engine``."""
        self._deadline = time.monotonic() + self._time_limit
        try:
            return self._session.read(sql, values)
        finally:
            self._raise_signalled()

    def _raise_signalled(self) -> None:
        """Raises what a signal's handler raised while SQLite was at work."""
        signalled, self._signalled = self._signalled, None
        if signalled:
            raise signalled from None

    def explain(self, sql: str, values: Mapping[str, Value]) -> None:
        """Prepares ``sql``; see ``Engine``."""
        self.read(f"EXPLAIN QUERY PLAN {sql}", values)

    def columns(self, tables: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """The columns of those of ``tables`` that exist."""
        found = self.read(COLUMNS_SQL, {})
        there: dict[str, set[str]] = {}
        for table, column in zip(found["t"], found["c"], strict=True):
            there.setdefault(str(table), set()).add(str(column))
        return {table: frozenset(there[table]) for table in tables if table in there}

    def examine(self, tables: tuple[str, ...]) -> Examination:
        """What the file and its permissions tell; see ``Engine``."""
        mode = self.read("PRAGMA journal_mode", {})["journal_mode"][0]
        indexes = [index for table in tables for index in self._indexes(table)]
        views = self.read("SELECT name FROM sqlite_master WHERE type = 'view'", {})["name"]
        return Examination(
            product=f"SQLite {sqlite3.sqlite_version}, {self._path}, journal mode {mode}",
            writes=("the file itself",) if os.access(self._path, os.W_OK) else (),
            indexes=grouped(indexes),
            views=frozenset(map(str, views)) & frozenset(tables),
        )

    def whereabouts(self, table: str) -> Whereabouts:
        """The tables of the file; see ``Engine``."""
        names = self.read("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')", {})["name"]
        return Whereabouts(str(self._path), frozenset(map(str, names)))

    def _indexes(self, table: str) -> list[tuple[str, str, str]]:
        """Table, index and column; the primary key among them, which has no index where it is the row's own number."""
        found = self.read(INDEXES_SQL, {"name": table})
        return [(table, str(index), str(column)) for index, column in found.itertuples(index=False)]

    def qualify(self, table: str) -> str:
        """The table in a file that is attached."""
        return f"{BESIDE}.`{table}`"

    def open_beside(self, url: str) -> None:
        """Attaches another file, to this connection and to those that take its place."""
        path = Path(sa.make_url(url).database or "")
        if path != self._beside:
            self._beside = path
            self._session.close()

    def behind(self) -> None:
        """A file follows nobody."""

    def clock(self) -> None:
        """A file has no clock but this machine's."""

    def paste(self, query: Query) -> str:
        """``.parameter set`` lines and the SQL, for the ``sqlite3`` shell."""
        beside = f"'{str(self._beside).replace(chr(39), chr(39) * 2)}'"
        lines = [f"ATTACH {beside} AS {BESIDE};"] if self._beside and f"{BESIDE}." in query.sql else []
        lines += [".parameter init"]
        lines += [f".parameter set :{name} {_literal(value)}" for name, value in query.values.items()]
        return "\n".join([*lines, query.sql.rstrip().rstrip(";") + ";"])

    def close(self) -> None:
        """Closes the file."""
        self._session.close()


def _literal(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    return f"\"X'{value.hex().upper()}'\"" if isinstance(value, bytes) else f"\"'{value}'\""
