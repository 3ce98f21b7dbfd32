"""When and how each period of a CSV was computed, as runs of periods that were computed alike, and period by period."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flow.datasets.period import Grain, Period, period_of, walk_periods
from flow.shelf.wellformed import instant, timestamp


@dataclass(frozen=True, slots=True)
class Computed:
    """Periods from the one that begins on ``first`` to the one that begins on ``last``, computed alike: see ``Computation``."""

    first: str
    last: str
    at: str
    why: str = ""
    proved_until: str = ""


@dataclass(frozen=True, slots=True)
class Computation:
    """When a period was computed, why, and up to when rows proved its source complete; None if nothing was known of that."""

    at: datetime
    why: str = ""
    proved_until: datetime | None = None

    def proves(self, period: Period) -> bool:
        """Whether its source had rows from after ``period``, so that those within it were there."""
        return self.proved_until is None or period.ends <= self.proved_until


#: How each period was last computed.
History = Mapping[Period, Computation]


@dataclass(frozen=True, slots=True)
class Histories:
    """What the runs of one CSV tell of each period. ``unproved``: those that no later row proved complete."""

    runs: Sequence[Computed]
    history: History
    times: Mapping[Period, datetime]
    unproved: dict[Period, Computation]


#: So many are kept, those of the CSVs that were looked at last: all of a hundred wikis would take a gigabyte.
KEPT = 64
_kept: OrderedDict[tuple[int, Grain], Histories] = OrderedDict()


def read_history(runs: Sequence[Computed], grain: Grain) -> Histories:
    """What ``runs`` tell, period by period. Those looked at lately are known by being the same object."""
    key = (id(runs), grain)
    found = _kept.get(key)
    if found is None or found.runs is not runs:
        found = _kept[key] = _expand(runs, grain)
    _kept.move_to_end(key)
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return found


def _expand(runs: Sequence[Computed], grain: Grain) -> Histories:
    history: dict[Period, Computation] = {}
    times: dict[Period, datetime] = {}
    unproved: dict[Period, Computation] = {}
    for run in runs:
        how, periods = computation(run), periods_of(run, grain)
        history |= dict.fromkeys(periods, how)
        times |= dict.fromkeys(periods, how.at)
        if periods and not how.proves(periods[-1]):
            unproved |= {period: how for period in periods if not how.proves(period)}
    return Histories(runs, history, times, {period: how for period, how in unproved.items() if history[period] is how})


def computed_runs(history: History) -> tuple[Computed, ...]:
    """``history`` as runs of neighbours that were computed alike, in order."""
    found: list[list[Any]] = []
    known: dict[int, list[str]] = {}
    for period in sorted(history, key=lambda period: period.start):
        how = history[period]
        texts = known.get(id(how)) or known.setdefault(id(how), _texts(how))
        if found and found[-1][1].end == period.start and found[-1][2:] == texts:
            found[-1][1] = period
        else:
            found.append([period, period, *texts])
    return tuple(Computed(str(first), str(last), *texts) for first, last, *texts in found)


def _texts(how: Computation) -> list[str]:
    return [timestamp(how.at), how.why, timestamp(how.proved_until) if how.proved_until else ""]


def computation(run: Computed) -> Computation:
    """How the periods of ``run`` were computed."""
    return Computation(instant(run.at), run.why, instant(run.proved_until) if run.proved_until else None)


def periods_of(run: Computed, grain: Grain) -> Sequence[Period]:
    """The periods of ``run``, in order."""
    first, last = date.fromisoformat(run.first), date.fromisoformat(run.last)
    return walk_periods(first, grain.next(last), grain) if first < last else (period_of(first, grain),)
