"""What a source tells of its lag, and so of what is not in it yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flow.wiki.schema import Kind

#: How much later than a period's end the newest row must be to prove that nothing of the period is missing.
IN_FLIGHT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a source tells of its lag: the seconds it is behind, None if unknown; the time of its newest row, if any.

    ``is_empty``: whether it has no row at all.
    """

    behind: float | None = None
    newest: datetime | None = None
    is_empty: bool = False

    def complete_until(self, now: datetime) -> datetime | None:
        """Up to when all is there, if there is evidence that something is not."""
        if self.behind is None:
            return None
        by_lag = now - timedelta(seconds=self.behind) if self.behind < now.timestamp() else None
        by_rows = self.newest - IN_FLIGHT if self.newest else None
        return max(filter(None, [by_lag, by_rows]), default=datetime.min.replace(tzinfo=UTC))


AskEvidence = Callable[[str, Kind], Evidence]


def no_evidence(wiki: str, kind: Kind) -> Evidence:
    """A source that tells nothing of its lag."""
    return Evidence()
