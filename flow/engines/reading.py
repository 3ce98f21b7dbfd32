"""What every SQL engine does alike: run bound SQL through SQLAlchemy, patiently, and turn its errors into ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import sqlalchemy as sa

from flow.engines.faults import GONE, code, passes
from flow.engines.messages import reason
from flow.engines.retrying import persistently
from flow.errors import QueryError, Unreachable
from flow.sql.dialect import Value


class Session:
    """A connection that is made again by ``connect`` when it was lost. Raises Unreachable, naming ``where``."""

    def __init__(self, where: str, connect: Callable[[], sa.Connection]) -> None:
        self.where = where
        self._connect = connect
        self._is_gone = False
        try:
            self._connection = persistently(where, self._open)
        except sa.exc.SQLAlchemyError as error:
            raise Unreachable(f"{where}: {reason(error)}") from error

    def _open(self) -> sa.Connection:
        try:
            return self._connect()
        except Exception as error:  # a driver raises whatever a URL's options or a credentials file lead it to
            if passes(error):
                raise
            raise Unreachable(f"{self.where}: {reason(error)}") from error

    def read(self, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
        """The rows of ``sql`` as a frame of the result's own columns; bytes decoded as UTF-8.

        Raises QueryError for what the database refuses or stops, Unreachable when it is gone for good.
        """
        try:
            rows = self._try(lambda: _rows(self._live_connection(), sql, values))
        except sa.exc.SQLAlchemyError as error:
            if code(error) in GONE:
                self._is_gone = True
                raise Unreachable(f"{self.where}: {reason(error)}") from error
            raise QueryError(f"the SQL failed: {reason(error)}") from error
        self._is_gone = False
        return rows

    def _try(self, act: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What ``act`` gives; a server that was waited for in vain is not waited for again, by each dataset that is due."""
        return act() if self._is_gone else persistently(self.where, act)

    def _live_connection(self) -> sa.Connection:
        """The connection; a new one if it was lost, or given up in the middle of an answer."""
        if self._connection.invalidated or self._connection.closed:
            self._connection.close()
            self._connection = self._open()
        return self._connection

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()


def _rows(connection: sa.Connection, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
    result = connection.execute(sa.text(sql), dict(values))
    if not result.returns_rows:
        raise QueryError("the SQL returns no rows; it must be a SELECT")
    return pd.DataFrame([[_plain(value) for value in row] for row in result], columns=list(result.keys()), dtype=object)


def _plain(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
