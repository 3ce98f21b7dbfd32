"""An engine that reads the tables of one wiki among many in a database: those that bear its prefix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from flow.engines.examination import Examination, Whereabouts
from flow.sql.dialect import Dialect, Value
from flow.sql.prefixes import prefix_tables
from flow.sql.request import Query

if TYPE_CHECKING:
    import pandas as pd

    from flow.engines import Engine

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Prefixed:
    """``engine``, but all SQL means the tables whose names begin with ``prefix``; ``tables`` are theirs without it."""

    engine: Engine
    prefix: str
    tables: frozenset[str]

    @property
    def dialect(self) -> Dialect:
        """That of the engine."""
        return self.engine.dialect

    def read(self, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
        """See ``Engine``."""
        return self.engine.read(self._prefix(sql), values)

    def explain(self, sql: str, values: Mapping[str, Value]) -> None:
        """See ``Engine``."""
        self.engine.explain(self._prefix(sql), values)

    def columns(self, tables: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """See ``Engine``; by the names without the prefix."""
        return self._bare(self.engine.columns(self._names(tables)))

    def examine(self, tables: tuple[str, ...]) -> Examination:
        """See ``Engine``; by the names without the prefix."""
        found = self.engine.examine(self._names(tables))
        views = frozenset(self._bare(dict.fromkeys(found.views)))
        return replace(found, indexes=self._bare(found.indexes), views=views)

    def whereabouts(self, table: str) -> Whereabouts:
        """See ``Engine``; of the table with the prefix."""
        return self.engine.whereabouts(self.prefix + table)

    def qualify(self, table: str) -> str:
        """See ``Engine``; of the table with the prefix."""
        return self.engine.qualify(self.prefix + table)

    def open_beside(self, url: str) -> None:
        """See ``Engine``."""
        self.engine.open_beside(url)

    def behind(self) -> float | None:
        """That of the engine."""
        return self.engine.behind()

    def clock(self) -> datetime | None:
        """That of the engine."""
        return self.engine.clock()

    def paste(self, query: Query) -> str:
        """See ``Engine``."""
        return self.engine.paste(replace(query, sql=self._prefix(query.sql)))

    def close(self) -> None:
        """Nothing: the engine is not its own."""

    def _prefix(self, sql: str) -> str:
        return prefix_tables(sql, self.prefix, self.tables, escapes=self.dialect.name != "sqlite")

    def _names(self, tables: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.prefix + table for table in tables)

    def _bare(self, found: Mapping[str, Found]) -> dict[str, Found]:
        return {name.removeprefix(self.prefix): value for name, value in found.items()}


def prefixed(engine: Engine, prefix: str) -> Prefixed:
    """The tables with ``prefix`` behind ``engine``."""
    names = engine.whereabouts("").tables
    return Prefixed(engine, prefix, frozenset(name.removeprefix(prefix) for name in names if name.startswith(prefix)))
