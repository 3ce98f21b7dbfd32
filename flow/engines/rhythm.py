"""How often a source gets new rows: its newest one, and the silence after which it has probably stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flow.datasets.period import FIRST_DAY, Grain, midnight
from flow.engines.times import decode_time, encode_time
from flow.sql.macros import is_timestamp
from flow.wiki.schema import Kind

if TYPE_CHECKING:
    import pandas as pd

    from flow.engines.source import Source

#: Where new rows show, and the indexed column that tells their time.
TABLES: dict[Kind, tuple[tuple[str, str], ...]] = {
    "core": (("revision", "rev_timestamp"), ("logging", "log_timestamp"), ("recentchanges", "rc_timestamp")),
    "flow": (("flow_revision", "rev_id"),),
    "echo": (),
}
#: Echo's notifications have no index on their time but by user; the ids of events are given out in its order.
NEWEST_ECHO_SQL = """
SELECT MAX(notification_timestamp) AS newest
  FROM (SELECT notification_timestamp FROM echo_notification ORDER BY notification_event DESC LIMIT 50) AS latest
 WHERE notification_timestamp >= :since AND notification_timestamp < :after AND {is_time}
"""
FIRST, SECOND = midnight(FIRST_DAY), timedelta(seconds=1)

#: The gaps between rows that tell what is usual: those that end in so many days before the newest row. A year and a
#: month, so that each wiki's holidays are among them.
WINDOW = timedelta(days=400)
#: Fewer gaps tell nothing.
TOO_FEW = 20
#: A silence of twice the longest gap is a stop. Tried on two real wikis, a school's and an annual one: tests/engines.
TIMES = 2
SHORTEST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a source, read by the time of its rows; rows whose time cannot be are no rows."""

    source: Source
    name: str
    column: str

    def newest(self, until: datetime) -> datetime | None:
        """The newest row not after ``until``: clocks that were ever wrong leave later ones."""
        sql = f"SELECT {self._plain} AS at FROM {self.name} WHERE {self._within} ORDER BY {self.column} DESC LIMIT 1"
        rows = self._read(sql, FIRST, until)
        return decode_time(self.source.kind, str(rows["at"][0])) if len(rows) else None

    def days(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, int]]:
        """The first row, the last row and the number of rows of each day."""
        sql = f"""
            SELECT {self._day} AS day, MIN({self._plain}) AS first, MAX({self._plain}) AS last, COUNT(*) AS many
              FROM {self.name}
             WHERE {self._within}
             GROUP BY 1
        """
        rows = self._read(sql, since, until)
        for first, last, many in zip(rows["first"], rows["last"], rows["many"], strict=True):
            yield decode_time(self.source.kind, str(first)), decode_time(self.source.kind, str(last)), int(many)

    @property
    def _plain(self) -> str:
        return f"HEX({self.column})" if self._is_flow else self.column

    @property
    def _day(self) -> str:
        dialect = self.source.engine.dialect
        seconds = dialect.id_seconds(self.column)
        return dialect.seconds_label(seconds, Grain.DAY) if self._is_flow else f"SUBSTR({self.column}, 1, 8)"

    @property
    def _within(self) -> str:
        is_time = "1 = 1" if self._is_flow else is_timestamp(self.source.engine.dialect, self.column)
        return f"{self.column} >= :since AND {self.column} < :after AND {is_time}"

    @property
    def _is_flow(self) -> bool:
        return self.source.kind == "flow"

    def _read(self, sql: str, since: datetime, until: datetime) -> pd.DataFrame:
        values = {"since": encode_time(self.source.kind, since), "after": encode_time(self.source.kind, until + SECOND)}
        return self.source.engine.read(sql, values)


def _tables(sources: Iterable[Source]) -> list[_Table]:
    return [
        _Table(source, name, column)
        for source in sources
        for name, column in TABLES[source.kind]
        if source.profile.has(name, column)
    ]


def newest_row(sources: Iterable[Source], now: datetime) -> datetime | None:
    """The time of the newest row of ``sources`` not after ``now``; None if they have none.

    Any wiki's row will do, where many share a table: it shows that their server is alive.
    """
    sources = list(sources)
    times = [table.newest(now) for table in _tables(sources)] + [_newest_echo(source, now) for source in sources]
    return max((time for time in times if time is not None), default=None)


def _newest_echo(source: Source, now: datetime) -> datetime | None:
    if source.kind != "echo":
        return None
    is_time = is_timestamp(source.engine.dialect, "notification_timestamp")
    values = {"since": encode_time("echo", FIRST), "after": encode_time("echo", now + SECOND)}
    newest = source.engine.read(NEWEST_ECHO_SQL.format(is_time=is_time), values)["newest"][0]
    return decode_time("echo", str(newest)) if newest is not None else None


def usual_silence(sources: Iterable[Source], newest: datetime) -> timedelta | None:
    """After how long without a row ``sources``, whose newest row is given, have stopped; None if there is too little to tell.

    Twice the longest gap between two rows, of those gaps that end in the 400 days before the newest row.
    """
    since = newest - WINDOW
    by_table = [(table.newest(since), list(table.days(since, newest))) for table in _tables(sources)]
    gaps = max((sum(many for _, _, many in days) - 1 for _, days in by_table), default=0)
    if gaps < TOO_FEW:
        return None
    before = max((time for time, _ in by_table if time is not None), default=None)
    stretches = [(first, last) for _, days in by_table for first, last, _ in days]
    return TIMES * max(_longest_gap([*([] if before is None else [(before, before)]), *stretches]), SHORTEST)


def _longest_gap(stretches: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """The longest time without a row between stretches that have rows, none of which has a long gap within."""
    longest, end = timedelta(0), None
    for first, last in sorted(stretches):
        longest = max(longest, first - end) if end is not None else longest
        end = max(last, end) if end is not None else last
    return longest
