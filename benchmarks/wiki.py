"""The simulated wiki that everything is measured on: five years of talk, the same for the same scale."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

from flow import simulate
from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.simulate.life import Life

CHECKOUT = Path(__file__).resolve().parent.parent
WIKI = "simwiki"
DAYS = Range(date(2018, 1, 1), date(2023, 1, 1))
NOW = datetime(2023, 1, 1, 12, tzinfo=UTC)
MONTH_BEFORE = datetime(2022, 12, 1, 12, tzinfo=UTC)
DAY_BEFORE = datetime(2022, 12, 31, 12, tzinfo=UTC)
SEED = 2018


def life(scale: float) -> Life:
    """What happens on the wiki; at scale 1 about 100,000 revisions of wikitext and 20,000 Flow posts."""
    return Life(SEED, DAYS.since, DAYS.until, topics=4.2 * scale, edits=65 * scale, people=int(200 * scale))


def periods(grain: Grain, since: date = DAYS.since) -> list[Period]:
    """The periods of the wiki's life, from ``since`` on."""
    return whole_periods(Range(since, DAYS.until), grain)


def fingerprint(scale: float) -> str:
    """A hash of the life and of the code that writes it: another one means that the database is of another life."""
    found = hashlib.sha256(repr(life(scale)).encode())
    for path in sorted(Path(simulate.__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
