"""Databases that can be asked: one protocol, one file an engine, and nothing imported before it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flow.engines.examination import Examination, Whereabouts
from flow.sql.dialect import Dialect, Value
from flow.sql.request import Query

if TYPE_CHECKING:
    import pandas as pd

SCHEMES = ("mysql+pymysql", "sqlite")


class Engine(Protocol):
    """One database, opened read-only."""

    @property
    def dialect(self) -> Dialect:
        """How it writes what the macros mean."""

    def read(self, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
        """The rows of ``sql`` as a frame, text decoded. Raises QueryError, or Unreachable when the server is gone."""

    def explain(self, sql: str, values: Mapping[str, Value]) -> None:
        """Has the database prepare ``sql``, and read no row for it. Raises QueryError for what it refuses, Unreachable."""

    def columns(self, tables: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """The columns of those of ``tables`` that exist."""

    def whereabouts(self, table: str) -> Whereabouts:
        """All tables of its database, and which others have ``table``."""

    def qualify(self, table: str) -> str:
        """How queries of another database that has this one beside it name a table of this one."""

    def open_beside(self, url: str) -> None:
        """Lets queries read the database ``url``, of the same server or a file, by the names that ``qualify`` gives there."""

    def behind(self) -> float | None:
        """The seconds by which it is known to be behind its primary; infinity if that has stopped, None if nothing tells."""

    def clock(self) -> datetime | None:
        """What its server's clock says; None for a file, which has none."""

    def examine(self, tables: tuple[str, ...]) -> Examination:
        """What it says of itself, of the account, and of those of ``tables`` that exist."""

    def paste(self, query: Query) -> str:
        """``query`` as text that the engine's own command-line client takes."""

    def close(self) -> None:
        """Gives the connection back."""


def connect(url: str, credentials: Path | None, time_limit: int) -> Engine:
    """The engine of a SQLAlchemy URL; each statement may take ``time_limit`` seconds.

    Raises Unreachable when the database does not answer.
    """
    if url.startswith("sqlite"):
        from flow.engines.sqlite import SQLite

        return SQLite(url, time_limit)
    from flow.engines.mariadb import MariaDB

    return MariaDB(url, credentials, time_limit)
