"""What a source tells of its lag, and so of what is not in it yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flow.engines.rhythm import SHORTEST, TIMES, newest_row, usual_silence
from flow.wiki.schema import Kind

if TYPE_CHECKING:
    from flow.engines.sources import Sources

#: How much later than a period's end the newest row must be to prove that nothing of the period is missing.
IN_FLIGHT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a source tells of its lag.

    ``behind``    the seconds it is behind its primary; infinity if it has stopped, None if nothing tells.
    ``newest``    the time of the newest row of any of the wiki's tables on that server; None if there is none.
    ``silence``   after how long without a new row the source is taken to stand still; None if nothing can be judged.
    ``is_empty``  whether it has no row at all.
    """

    behind: float | None = None
    newest: datetime | None = None
    silence: timedelta | None = None
    is_empty: bool = False

    def stands_still(self, now: datetime) -> bool:
        """Whether no row has come for so long that the source has probably stopped, and nothing tells otherwise."""
        if self.behind is not None or self.newest is None or self.silence is None:
            return False
        return now - self.newest > self.silence

    def describe_silence(self) -> str:
        """Since when no row has come, and how long would still be usual."""
        assert self.newest is not None and self.silence is not None
        days = self.silence / timedelta(days=1)
        return f"no row since {self.newest:%Y-%m-%d %H:%M}, and {days:.1f} days without one would still be usual"

    def complete_until(self, now: datetime) -> datetime | None:
        """Up to when all is there, if there is evidence that something is not."""
        if self.behind is None:
            return self.newest if self.stands_still(now) else None
        by_rows = self.newest - IN_FLIGHT if self.newest else None
        return max(filter(None, [self._by_lag(now), by_rows]), default=datetime.min.replace(tzinfo=UTC))

    def proved_until(self, now: datetime) -> datetime | None:
        """Up to when its rows, or its primary, prove that all is there; None if nothing does."""
        return max(filter(None, [self._by_lag(now), self.newest]), default=None)

    def _by_lag(self, now: datetime) -> datetime | None:
        if self.behind is None or self.behind >= now.timestamp():
            return None
        return now - timedelta(seconds=self.behind)


def gather(sources: Sources, wiki: str, kind: Kind, now: datetime) -> Evidence:
    """What the source ``kind`` of ``wiki`` tells of its lag at ``now``. Raises Unreachable, SchemaError, QueryError."""
    source = sources.get(wiki, kind)
    together = sources.on_same_server(wiki, kind)
    rows = [newest_row([each], now) for each in together]
    behind, newest = source.behind(), max(filter(None, rows), default=None)
    is_late = behind is None and newest is not None and now - newest > TIMES * SHORTEST
    silence = usual_silence(together, newest) if is_late and newest else None
    return Evidence(behind, newest, silence, is_empty=rows[0] is None or source.first_day() is None)


AskEvidence = Callable[[str, Kind], Evidence]


def no_evidence(wiki: str, kind: Kind) -> Evidence:
    """A source that tells nothing of its lag."""
    return Evidence()
