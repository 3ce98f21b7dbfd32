"""What a MariaDB or MySQL server says of itself, of the account that asks, and of the tables of its URL's database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pandas as pd

from flow.engines.examination import Examination, Whereabouts, grouped
from flow.engines.grants import writes
from flow.sql.dialect import Value

FACTS_SQL = """
SELECT VERSION() AS version, DATABASE() AS wiki, @@session.time_zone AS zone, UTC_TIMESTAMP(6) AS clock
"""
COLUMNS_SQL = """
SELECT table_name AS t, column_name AS c
  FROM information_schema.columns
 WHERE table_schema = DATABASE() AND table_name IN ({tables})
"""
INDEXES_SQL = """
SELECT table_name AS t, index_name AS i, column_name AS c
  FROM information_schema.statistics
 WHERE table_schema = DATABASE() AND table_name IN ({tables})
 ORDER BY table_name, index_name, seq_in_index
"""
VIEWS_SQL = """
SELECT table_name AS t
  FROM information_schema.tables
 WHERE table_schema = DATABASE() AND table_type = 'VIEW' AND table_name IN ({tables})
"""

TABLES_SQL = """
SELECT table_name AS t
  FROM information_schema.tables
 WHERE table_schema = DATABASE()
"""
OTHERS_SQL = """
SELECT table_schema AS s
  FROM information_schema.tables
 WHERE table_name = :name AND NOT table_schema <=> DATABASE()
 ORDER BY table_schema
"""

Ask = Callable[[str, Mapping[str, Value]], pd.DataFrame]


def clock(ask: Ask) -> datetime:
    """What the server's clock says."""
    return _instant(ask("SELECT UTC_TIMESTAMP(6) AS clock", {})["clock"][0])


def _instant(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def columns(ask: Ask, tables: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The columns of those of ``tables`` that exist."""
    found = _of_tables(ask, COLUMNS_SQL, tables)
    return {str(table): frozenset(map(str, group["c"])) for table, group in found.groupby("t")}


def whereabouts(ask: Ask, table: str) -> Whereabouts:
    """Where tables are; see ``Engine.whereabouts``."""
    database = ask("SELECT DATABASE() AS s", {})["s"][0]
    tables = ask(TABLES_SQL, {})["t"]
    others = ask(OTHERS_SQL, {"name": table})["s"] if table else ()
    return Whereabouts(None if database is None else str(database), frozenset(map(str, tables)), tuple(map(str, others)))


def examination(ask: Ask, where: str, tables: tuple[str, ...]) -> Examination:
    """Everything; see ``Engine.examine``."""
    facts = ask(FACTS_SQL, {}).iloc[0]
    ahead = _instant(facts["clock"]) - datetime.now(UTC)
    grants = ask("SHOW GRANTS FOR CURRENT_USER", {}).iloc[:, 0]
    indexes = _of_tables(ask, INDEXES_SQL, tables).itertuples(index=False)
    return Examination(
        product=f"{_product(str(facts['version']))}, {where}",
        writes=writes(map(str, grants), str(facts["wiki"] or "")),
        indexes=grouped([(str(table), str(index), str(column)) for table, index, column in indexes]),
        views=frozenset(map(str, _of_tables(ask, VIEWS_SQL, tables)["t"])),
        zone=str(facts["zone"]),
        seconds_ahead=ahead.total_seconds(),
    )


def _of_tables(ask: Ask, sql: str, tables: tuple[str, ...]) -> pd.DataFrame:
    names = {f"table_{number}": name for number, name in enumerate(tables)}
    return ask(sql.format(tables=", ".join(f":{name}" for name in names)), names)


def _product(version: str) -> str:
    return f"{'MariaDB' if 'MariaDB' in version else 'MySQL'} {version.partition('-')[0]}"
