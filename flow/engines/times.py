"""The times of a source's rows: the first, and whether there are rows without one."""

from __future__ import annotations

from datetime import datetime, timedelta

from flow.datasets.period import FIRST_DAY, LAST_DAY, Range, midnight
from flow.sql.dialect import Dialect, Value
from flow.sql.macros import is_timestamp
from flow.wiki.schema import Kind
from flow.wiki.stamps import EPOCH, epoch_seconds, flow_id, flow_id_seconds, timestamp, timestamp_seconds

#: Of each kind, the first row that has a time; ``:least`` and ``:beyond`` are the limits of what a wiki can tell of.
#: Echo's events bear no time, and their notifications have no index on it but by user; ids are given out in its order.
FIRST_SQL: dict[Kind, str] = {
    "core": """
SELECT MIN(first) AS first
  FROM (SELECT MIN(rev_timestamp) AS first
          FROM (SELECT rev_timestamp FROM revision
                 WHERE rev_timestamp >= :least AND rev_timestamp < :beyond AND {is_revision}
                 ORDER BY rev_timestamp LIMIT 1) AS live
         UNION ALL
        SELECT MIN(ar_timestamp) FROM archive
         WHERE ar_timestamp >= :least AND ar_timestamp < :beyond AND {is_archived}) AS both_tables
""",
    "flow": """
SELECT HEX(workflow_id) AS first FROM flow_workflow
 WHERE workflow_wiki = :wiki AND workflow_id >= :least AND workflow_id < :beyond
 ORDER BY workflow_id LIMIT 1
""",
    "echo": """
SELECT MIN(notification_timestamp) AS first
  FROM (SELECT notification_timestamp FROM echo_notification
         WHERE notification_timestamp >= :least AND notification_timestamp < :beyond AND {is_notification}
         ORDER BY notification_event LIMIT 50) AS oldest
""",
}

#: Whether any row has no time: at either end of all revisions, or anywhere in tables without an index on it.
STRAYS_SQL: dict[Kind, str] = {
    "core": """
SELECT CASE WHEN EXISTS (SELECT 1 FROM revision WHERE rev_timestamp < :least OR rev_timestamp >= :beyond)
              OR EXISTS (SELECT 1
                           FROM (SELECT MIN(rev_timestamp) AS rev_timestamp FROM revision
                                  UNION ALL SELECT MAX(rev_timestamp) FROM revision) AS ends
                          WHERE rev_timestamp IS NOT NULL AND NOT ({is_revision}))
              OR EXISTS (SELECT 1 FROM archive WHERE ar_timestamp < :least OR ar_timestamp >= :beyond OR NOT ({is_archived}))
            THEN 1 ELSE 0 END AS strays
""",
    "flow": """
SELECT CASE WHEN EXISTS (SELECT 1 FROM flow_revision WHERE rev_id < :least OR rev_id >= :beyond)
              OR EXISTS (SELECT 1 FROM flow_workflow WHERE workflow_id < :least OR workflow_id >= :beyond)
            THEN 1 ELSE 0 END AS strays
""",
    "echo": """
SELECT CASE WHEN EXISTS (SELECT 1 FROM echo_notification
                          WHERE notification_timestamp < :least OR notification_timestamp >= :beyond OR NOT ({is_notification}))
            THEN 1 ELSE 0 END AS strays
""",
}

#: The same, of the revisions in a range.
STRAYS_WITHIN_SQL: dict[Kind, str] = {
    "core": """
SELECT CASE WHEN EXISTS (SELECT 1 FROM revision WHERE rev_timestamp >= :start AND rev_timestamp < :end AND NOT ({is_revision}))
            THEN 1 ELSE 0 END AS strays
""",
}


def render(sql: str, dialect: Dialect) -> str:
    """One of the above, as an engine gets it."""
    names = {"is_revision": "rev_timestamp", "is_archived": "ar_timestamp", "is_notification": "notification_timestamp"}
    return sql.format_map({name: is_timestamp(dialect, column) for name, column in names.items()})


def limits(kind: Kind) -> dict[str, Value]:
    """``least`` and ``beyond``, as rows of ``kind`` write times."""
    return edges(kind, Range(FIRST_DAY, LAST_DAY), "least", "beyond")


def edges(kind: Kind, days: Range, first: str = "start", last: str = "end") -> dict[str, Value]:
    """The instants at which ``days`` begin and end, as rows of ``kind`` write times."""
    return {first: encode_time(kind, midnight(days.since)), last: encode_time(kind, midnight(days.until))}


def encode_time(kind: Kind, instant: datetime) -> Value:
    """An instant as rows of ``kind`` write times."""
    seconds = epoch_seconds(instant)
    return flow_id(seconds) if kind == "flow" else timestamp(seconds)


def decode_time(kind: Kind, text: str) -> datetime:
    """The instant of a row's time: an id's hexadecimal digits, or a timestamp."""
    seconds = flow_id_seconds(bytes.fromhex(text)) if kind == "flow" else timestamp_seconds(text)
    return EPOCH + timedelta(seconds=seconds)
