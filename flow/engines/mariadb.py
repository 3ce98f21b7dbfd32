"""MariaDB, and MySQL as far as it agrees, through PyMySQL: read-only, in UTC, with a limit on each statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from flow.datasets.period import Grain
from flow.engines import optionfile, server
from flow.engines.examination import Examination, Whereabouts
from flow.engines.reading import Session
from flow.engines.replication import seconds_behind
from flow.engines.session import brief, settle
from flow.errors import Unreachable
from flow.sql.dialect import Value
from flow.sql.request import Query

CONNECT_SECONDS = 10
#: How much longer than a statement may take an answer is waited for: the server stops the statement, unless it is frozen.
SECONDS_OVER_LIMIT = 60


class Dialect:
    """MariaDB's way to write what the macros mean; nothing in it depends on the session's time zone."""

    name = "mariadb"

    def id_seconds(self, flow_id: str) -> str:
        """Source: Flow, UUID.php; the CAST keeps MySQL 8 from shifting a binary string."""
        return f"CAST((CAST(CONV(HEX(SUBSTRING({flow_id}, 1, 6)), 16, 10) AS UNSIGNED) >> 2) DIV 1000 AS SIGNED)"

    def digits_seconds(self, digits: str) -> str:
        """A timestamp's second."""
        return f"TIMESTAMPDIFF(SECOND, '1970-01-01', {digits})"

    def seconds_digits(self, seconds: str) -> str:
        """A second's timestamp."""
        return f"DATE_FORMAT('1970-01-01' + INTERVAL {seconds} SECOND, '%Y%m%d%H%i%S')"

    def told_digits(self, digits: str) -> str:
        """The 14 digits of the time that is read from some."""
        return f"DATE_FORMAT({_moment(digits)}, '%Y%m%d%H%i%S')"

    def seconds_label(self, seconds: str, grain: Grain) -> str:
        """The period of a second."""
        return self._label(f"'1970-01-01' + INTERVAL {seconds} SECOND", grain)

    def digits_label(self, digits: str, grain: Grain) -> str:
        """The period of a timestamp; NULL for digits that tell no time."""
        return self._label(_moment(digits), grain)

    def _label(self, instant: str, grain: Grain) -> str:
        if grain is Grain.WEEK:
            return f"DATE_FORMAT({instant} - INTERVAL WEEKDAY({instant}) DAY, '%Y-%m-%d')"
        return f"DATE_FORMAT({instant}, '{'%Y-%m-01' if grain is Grain.MONTH else '%Y-%m-%d'}')"

    def same(self, left: str, right: str) -> str:
        """Null-safe equality."""
        return f"{left} <=> {right}"

    def ordered_join(self) -> str:
        """A join in the order written."""
        return "STRAIGHT_JOIN"

    def unindexed(self, column: str) -> str:
        """It weighs indexes by what they hold, and needs no hint."""
        return column


def _moment(digits: str) -> str:
    """The time that digits name; NULL if none. Nothing is added, for a day 0 is a date to MariaDB until something is."""
    return f"{digits} + INTERVAL 0 SECOND"


class MariaDB:
    """A MariaDB or MySQL server. Raises Unreachable when it does not answer."""

    dialect = Dialect()

    def __init__(self, url: str, credentials: Path | None, time_limit: int) -> None:
        arguments = {"read_timeout": CONNECT_SECONDS, **arguments_of(url, credentials)}
        self._session = Session(_name_of(url), lambda: _open_connection(url, arguments, time_limit))

    def read(self, sql: str, values: Mapping[str, Value]) -> pd.DataFrame:
        """The rows of ``sql``; see ``Engine``."""
        return self._session.read(sql, values)

    def explain(self, sql: str, values: Mapping[str, Value]) -> None:
        """Prepares ``sql``; see ``Engine``."""
        self.read(f"EXPLAIN {sql}", values)

    def columns(self, tables: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """The columns of those of ``tables`` that exist in the URL's database."""
        return server.columns(self.read, tables)

    def examine(self, tables: tuple[str, ...]) -> Examination:
        """What the server and its information_schema tell; see ``Engine``."""
        return server.examination(self.read, self._session.where, tables)

    def whereabouts(self, table: str) -> Whereabouts:
        """What information_schema shows to this account; see ``Engine``."""
        return server.whereabouts(self.read, table)

    def qualify(self, table: str) -> str:
        """The table with its database."""
        return f"{_quote(str(self.read('SELECT DATABASE() AS name', {})['name'][0]))}.{_quote(table)}"

    def open_beside(self, url: str) -> None:
        """A connection reads all databases of its server that its account may read."""

    def behind(self) -> float | None:
        """What the server's replication and heartbeats tell; see ``Engine``."""
        return seconds_behind(lambda sql: self.read(sql, {}))

    def clock(self) -> datetime:
        """What the server's clock says."""
        return server.clock(self.read)

    def paste(self, query: Query) -> str:
        """``SET @name = value;`` lines and the SQL, for the ``mariadb`` or ``mysql`` client."""
        lines = [f"{brief()};"]
        lines += [f"SET @{name} = {_literal(value)};" for name, value in query.values.items()]
        sql = query.sql
        for name in sorted(query.values, key=len, reverse=True):
            sql = sql.replace(f":{name}", f"@{name}")
        return "\n".join([*lines, sql.rstrip().rstrip(";") + ";"])

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()


def _quote(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def arguments_of(url: str, credentials: Path | None) -> dict[str, Any]:
    """What PyMySQL must know besides the URL. Raises Unreachable for credentials that are none."""
    found = {"connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4"}
    return found | (_of_file(url, credentials) if credentials else {})


def _of_file(url: str, credentials: Path) -> dict[str, Any]:
    """What the option file says and the URL does not. Raises Unreachable if neither names a user."""
    try:
        said = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return {}
    found = optionfile.read(credentials)
    if said.username is None and "user" not in found:
        raise Unreachable(f"{_name_of(url)}: the credentials {credentials} name no user in [client]; {optionfile.HOW}")
    given = {"user": said.username, "password": said.password, "host": said.host, "port": said.port, "database": said.database}
    named = {name for name, value in given.items() if value is not None} | set(said.query)
    if any(name.startswith("ssl") for name in said.query):
        named.add("ssl")
    return {name: value for name, value in found.items() if name not in named}


def _open_connection(url: str, arguments: Mapping[str, Any], time_limit: int) -> sa.Connection:
    engine = sa.create_engine(url, connect_args=dict(arguments), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    # First of all, for SQLAlchemy itself asks the server what it is, and is misled by a session's settings, too.
    sa.event.listen(engine, "connect", lambda driver, _: _settle(driver, time_limit), insert=True)
    connection = engine.connect()
    # PyMySQL waits as long for a server's greeting as for an answer, and has no word for waiting longer from here on.
    driver: Any = connection.connection.dbapi_connection
    driver._read_timeout = time_limit + SECONDS_OVER_LIMIT
    return connection


def _settle(driver: Any, time_limit: int) -> None:
    try:
        settle(driver, time_limit)
    except BaseException:
        driver.close()
        raise


def _literal(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    return f"X'{value.hex().upper()}'" if isinstance(value, bytes) else f"'{value}'"


def _name_of(text: str) -> str:
    """What to call a database: never with its user and password."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        return "a URL that cannot be read"
    if "@" in f"{url.host}{url.database}":
        return "a URL with an @ in a place where none can be"
    return f"{url.database or ''} on {url.query.get('unix_socket') or url.host or 'localhost'}"
