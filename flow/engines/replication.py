"""How far a MariaDB or MySQL server is behind its primary, as far as anything that the account may read tells."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pandas as pd

from flow.errors import QueryError

#: The first that the server understands counts. MariaDB's ALL has every primary of a replica that has several.
STATUS = ("SHOW ALL REPLICAS STATUS", "SHOW ALL SLAVES STATUS", "SHOW REPLICA STATUS", "SHOW SLAVE STATUS")
SECONDS_BEHIND = ("Seconds_Behind_Master", "Seconds_Behind_Source")

#: The age of a row that the primary writes each second. Source: pt-heartbeat; and the view of it for Wikimedia's replicas.
HEARTBEATS = (
    "SELECT TIMESTAMPDIFF(SECOND, MAX(ts), UTC_TIMESTAMP()) AS age FROM heartbeat.heartbeat",
    "SELECT TIMESTAMPDIFF(SECOND, MAX(last_updated), UTC_TIMESTAMP()) AS age FROM heartbeat_p.heartbeat",
)

Ask = Callable[[str], pd.DataFrame]


def seconds_behind(ask: Ask) -> float | None:
    """The most that is known: infinity where replication stands still, None where nothing tells. Raises Unreachable."""
    return max([*_replication(ask), *_heartbeats(ask)], default=None)


def _replication(ask: Ask) -> Iterator[float]:
    for statement in STATUS:
        try:
            rows = ask(statement)
        except QueryError:  # another server's dialect, or not for this account
            continue
        column = next((name for name in SECONDS_BEHIND if name in rows.columns), None)
        if column:
            yield from (math.inf if seconds is None else float(seconds) for seconds in rows[column])
        return


def _heartbeats(ask: Ask) -> Iterator[float]:
    for sql in HEARTBEATS:
        try:
            age = ask(sql)["age"][0]
        except QueryError:  # most servers have no such table, or not for this account
            continue
        if age is not None:
            yield max(0.0, float(age))
