"""An empty database on a MariaDB or MySQL server, to fill and to empty again; all others are only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from flow.engines import connect
from flow.engines.mariadb import arguments_of
from flow.engines.messages import reason
from flow.errors import UsageError

TIME_LIMIT = 60


@contextmanager
def open_scratch(url: str, credentials: Path | None) -> Iterator[Any]:
    """A connection that may write, to a database that has no table, and none in the end. Raises UsageError for any other."""
    if not url.startswith("mysql+pymysql://"):
        raise UsageError("the URL must be one such as mysql+pymysql://user@host/database")
    _check_empty(url, credentials)
    try:
        pooled = sa.create_engine(url, connect_args=arguments_of(url, credentials), poolclass=sa.pool.NullPool).raw_connection()
    except sa.exc.SQLAlchemyError as error:
        raise UsageError(f"the database cannot be written to: {reason(error)}") from error
    connection: Any = pooled.driver_connection
    try:
        yield connection
    finally:
        _drop_all(connection)
        pooled.close()


def _check_empty(url: str, credentials: Path | None) -> None:
    engine = connect(url, credentials, TIME_LIMIT)
    found = engine.whereabouts("")
    engine.close()
    if found.database is None or found.tables:
        what = "names no database" if found.database is None else f"names a database that has tables, '{found.database}'"
        raise UsageError(f"the URL {what}; cases fill and drop tables: make an empty one for them with CREATE DATABASE")


def _drop_all(connection: Any) -> None:
    """Drops all tables: there was none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE `{name}`")
