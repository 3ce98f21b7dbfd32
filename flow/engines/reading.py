"""What every SQL engine does alike: run bound SQL through SQLAlchemy, and turn its errors into ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import sqlalchemy as sa

from flow.errors import QueryError, Unreachable
from flow.question import Value

#: The server is gone, or never was: too many connections, no access, no such database, no socket, no host, lost.
#: Source: MariaDB, Operating System and Server Error Codes.
GONE = {1040, 1044, 1045, 1049, 1130, 1698, 2002, 2003, 2005, 2006, 2013}


def open_engine(make: Callable[[], sa.Engine], where: str) -> sa.Connection:
    """A connection that is known to answer. Raises Unreachable, naming ``where``."""
    try:
        return make().connect()
    except Exception as error:  # a driver raises whatever a URL's options or a credentials file lead it to
        raise Unreachable(f"{where}: {reason(error)}") from error


def run(connection: sa.Connection, sql: str, values: Mapping[str, Value], where: str) -> pd.DataFrame:
    """The rows of ``sql`` as a frame of the result's own columns; bytes decoded as UTF-8.

    Raises QueryError for what the database refuses or stops, Unreachable when it is gone.
    """
    try:
        result = connection.execute(sa.text(sql), dict(values))
        if not result.returns_rows:
            raise QueryError("the SQL returns no rows; it must be a SELECT")
        return pd.DataFrame([[_plain(value) for value in row] for row in result], columns=list(result.keys()), dtype=object)
    except sa.exc.SQLAlchemyError as error:
        if code(error) in GONE:
            raise Unreachable(f"{where}: {reason(error)}") from error
        raise QueryError(f"the SQL failed: {reason(error)}") from error


def _plain(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def code(error: BaseException) -> int | None:
    """The database's own number of an error, where it gives one."""
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def reason(error: BaseException) -> str:
    """What the driver said, in one line, without SQL and values."""
    arguments = getattr(getattr(error, "orig", error), "args", ()) or (type(error).__name__,)
    return " ".join(str(arguments[-1]).split())
