"""Whether this machine's clock can be trusted: a database's decides, where there is one."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flow.errors import HeldBack
from flow.pipeline.bounds import Bounds, drop
from flow.shelf import Shelf
from flow.shelf.manifest import Manifest
from flow.shelf.wellformed import instant

log = logging.getLogger("flow")

#: Clocks may differ by so much: less than any grace that makes sense, and more than machines without NTP drift in a month.
TOLERANCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """This machine's clock, which says ``now``. ``is_simulated``: it stands still, in a demo, and is compared with nothing.

    ``is_accepted``: a person says that it is right.
    """

    now: datetime
    is_simulated: bool = False
    is_accepted: bool = False
    _started: float = field(default_factory=time.monotonic)

    def compare(self, others: Iterable[tuple[str, datetime]]) -> bool:
        """Whether there is another clock, named, and each agrees with this one. Raises HeldBack for one that does not."""
        found = False
        for name, at in others if not self.is_simulated else ():
            here = self.now + timedelta(seconds=time.monotonic() - self._started)
            if abs(at - here) > TOLERANCE:
                what = f"this machine's clock says {_minute(here)}, and that of {name} {_minute(at)}"
                raise HeldBack(f"{what}; nothing is published until they agree: set the wrong one right")
            found = True
        return found

    def is_behind(self, live: Manifest) -> bool:
        """Whether the live release was made later than now."""
        return not self.is_simulated and _made_at(live) > self.now + TOLERANCE

    def judge(self, live: Manifest, others: Iterable[tuple[str, datetime]]) -> None:
        """Passes if a database, or a person, confirms that the live release is what is wrong. Raises HeldBack."""
        if not self.compare(others) and not self.is_accepted:
            what = f"this machine's clock says {_minute(self.now)}, and the live release was made at {_minute(_made_at(live))}"
            raise HeldBack(f"{what}; one of the clocks was wrong: set this one right, or 'run --accept-clock' if it is right")

    def drop_future(self, shelf: Shelf, bounds: Bounds) -> None:
        """Takes the periods that are not over from what is held, for a clock that was ahead computed them; says so."""
        dropped = 0
        for entry in list(shelf.current().values()):
            future = bounds.unfinished(entry)
            if future:
                drop(shelf, entry, future)
                dropped += len(future)
        what = "a clock that was ahead made release %s: %d periods that are not over are dropped"
        log.warning(what, shelf.live.release, dropped)


def _made_at(live: Manifest) -> datetime:
    """The latest time that a release bears."""
    times = [instant(run.at) for entry in live.entries.values() for run in entry.computed]
    with suppress(ValueError):  # a release may be named otherwise
        times.append(datetime.strptime(live.release[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
    return max(times, default=datetime.min.replace(tzinfo=UTC))


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
