"""How fresh each CSV is, and what failed: ``status.json``."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flow.datasets.period import DAY, Grain, Period
from flow.errors import HeldBack
from flow.shelf.entry import Entry, Key
from flow.shelf.history import Computation, computation, periods_of

FILE = "status.json"
FORMAT = 1
#: What failed, by the class of the error, as all may read it. What an error says, its values and paths are in the log.
SENTENCES = {
    "Unreachable": "its database does not answer",
    "SchemaError": "its database lacks tables or columns that it reads",
    "AbsentSource": "its wiki has none of the tables that it reads",
    "ScriptError": "its query script does not load",
    "QueryError": "its query failed",
    "ResultError": "its query or function gives something else than it declares",
    "HeldBack": "a check holds its numbers back",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, the last time it was tried, and since when it has."""

    kind: str
    message: str
    since: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """One CSV. Times are UTC; days are the last and the first that are meant.

    ``last_success``      when it was last known to be up to date.
    ``through``           the last day that its numbers hold.
    ``provisional_from``  the first day from which on numbers can still change by themselves.
    ``expected_by``       when the next period can be there.
    ``waits``             why a period that is over is not there yet, though nothing failed.
    ``undrawn``           which of its graphs have too few values to be on a dashboard.
    """

    dataset: str
    wiki: str
    grain: str
    last_success: str | None = None
    last_attempt: str | None = None
    through: str | None = None
    provisional_from: str | None = None
    expected_by: str | None = None
    rows: int = 0
    waits: str | None = None
    failed: Failure | None = None
    undrawn: str | None = None

    @property
    def key(self) -> Key:
        """Which CSV it is."""
        return Key(self.dataset, self.wiki, Grain(self.grain))

    def is_stale(self, now: datetime, span: timedelta) -> bool:
        """Whether it was not brought up to date for ``span``, or its next period is overdue by as much."""
        if self.last_success is None:
            return True
        times = filter(None, (self.last_success, self.expected_by))
        return any(now - datetime.fromisoformat(time) > span for time in times)


def cover(key: Key, entry: Entry | None, settle: timedelta, grace: timedelta, now: datetime) -> dict[str, Any]:
    """What of a CSV's freshness follows from its entry."""
    if not entry or not entry.computed:
        return {"through": None, "provisional_from": None, "expected_by": None, "rows": 0}
    runs = [(periods_of(run, key.grain), computation(run)) for run in entry.computed]
    last = runs[-1][0][-1]
    provisional = (_first_provisional(periods, how, settle + grace) for periods, how in runs)
    return {
        "through": (last.end - DAY).isoformat(),
        "provisional_from": next((str(period) for period in provisional if period), None),
        "expected_by": text_of(Period(last.end, key.grain).ends + grace),
        "rows": sum(len(periods) for periods, _ in runs),
    }


def _first_provisional(periods: Sequence[Period], how: Computation, wait: timedelta) -> Period | None:
    """The first of neighbours, computed alike, that can still change or that no later row proved; so are all after it."""
    place = bisect_left(periods, True, key=lambda period: how.at < period.ends + wait or not how.proves(period))
    return periods[place] if place < len(periods) else None


def public(before: Freshness) -> Freshness:
    """``before`` as all may read it: an earlier status may hold more."""
    failed = before.failed
    return replace(before, failed=Failure(failed.kind, sentence(failed.kind), failed.since)) if failed else before


def sentence(kind: str) -> str:
    """What failed, by the class of the error."""
    return SENTENCES.get(kind, "it could not be made")


def attempt(before: Freshness, now: datetime, failed: str | None, waits: str | None) -> Freshness:
    """``before``, tried again at ``now``; ``failed`` is the class of what went wrong."""
    at = text_of(now)
    if failed is None:
        success = before.last_success if waits else at
        return replace(before, last_success=success, last_attempt=at, waits=waits, failed=None)
    since = before.failed.since if before.failed and before.failed.kind == failed else at
    failure = Failure(failed, sentence(failed), since)
    return replace(before, last_attempt=at, waits=waits, failed=failure)


def text_of(instant: datetime) -> str:
    """A time as the status has it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def render(now: datetime, exit_code: int, all: Iterable[Freshness]) -> str:
    """The status as JSON."""
    datasets = [asdict(each) for each in all]
    content = {"format": FORMAT, "at": text_of(now), "exit_code": exit_code, "datasets": datasets}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def head(text: str) -> tuple[datetime, int]:
    """When the run ended that wrote a status, and with which exit code."""
    content = json.loads(text)
    return datetime.fromisoformat(content["at"]), int(content["exit_code"])


def remaining(text: str, gone: Collection[Key]) -> int:
    """With which exit code the run ended that wrote a status, as far as it was not for CSVs that are ``gone``."""
    found = parse(text)
    rest = [each for key, each in found.items() if key not in gone]
    failed = {each.failed.kind for each in rest if each.failed}
    if not failed and not any(each.waits for each in rest):
        return 0
    return HeldBack.exit_code if failed == {HeldBack.__name__} else head(text)[1]


def parse(text: str) -> dict[Key, Freshness]:
    """What ``render`` wrote; nothing of a text that it would not have written."""
    try:
        items: list[Mapping[str, Any]] = json.loads(text)["datasets"]
        read = [_read(item) for item in items]
        return {each.key: each for each in read}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return {}


def _read(item: Mapping[str, Any]) -> Freshness:
    failed = Failure(**item["failed"]) if item["failed"] else None
    each = Freshness(**{**item, "failed": failed})
    times = [each.last_success, each.last_attempt, each.expected_by, failed.since if failed else None]
    days = [each.through, each.provisional_from]
    texts = [each.dataset, each.wiki, each.waits or "", each.undrawn or "", *([failed.kind, failed.message] if failed else [])]
    "".join(texts).encode()
    if not all(text_of(datetime.fromisoformat(time)) == time for time in times if time is not None):
        raise ValueError("a time is not written as we write it")
    if not all(date.fromisoformat(day).isoformat() == day for day in days if day is not None):
        raise ValueError("a day is not written as we write it")
    if type(each.rows) is not int or not 0 <= each.rows < 10**9:
        raise ValueError("a number of rows is none")
    return each
