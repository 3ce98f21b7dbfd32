"""Which periods of which datasets are due, and why: the difference between what could be published and what is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flow.datasets.period import Grain, Period
from flow.errors import FlowError
from flow.shelf.entry import Key

#: At these ages a published period is looked at once more: revisions get imported, pages deleted.
AGES = (timedelta(days=7), timedelta(days=30))

MISSING = "missing"
UNSETTLED = "not settled"
LATE = "looked at again for late data"
CHANGED = "the definition changed"
AGAIN = "asked for again"
HELD = "held back before"
INPUT = "made from periods that are due"
UNPROVED = "newer rows than it was computed from"
COMPARED = "compared with a new script"
REPLACED = "its database holds other data than before"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is asked to bring up to date: all, unless something is named; ``days`` None for whatever is due."""

    datasets: tuple[str, ...] = ()
    wikis: tuple[str, ...] = ()
    grains: tuple[Grain, ...] = ()
    since: date | None = None
    until: date | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One CSV's periods to compute, in order, and why each is due.

    ``proved_until``: up to when its sources prove that all is there, None if nothing does. ``origin``: which they are.
    """

    key: Key
    why: dict[Period, str]
    proved_until: datetime | None = None
    origin: str = ""

    @property
    def periods(self) -> list[Period]:
        """The periods, in order."""
        return sorted(self.why)


@dataclass(slots=True)
class Plan:
    """All that is due, inputs before what is made from them; what could not be planned; and what was left out.

    ``looked_at``: every CSV that the selection names, due or not. ``waits``: why some periods that are over are not due.
    ``absences``: why what is asked for by name is left out for a wiki, by ``<dataset>, <wiki>``.
    ``still``: each ``<wiki> <kind>`` that stands still, though nothing tells of a lag, and what to do about it.
    """

    due: list[Due] = field(default_factory=list)
    failures: list[tuple[Key, FlowError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    absences: dict[str, str] = field(default_factory=dict)
    looked_at: list[Key] = field(default_factory=list)
    waits: dict[Key, str] = field(default_factory=dict)
    still: dict[str, str] = field(default_factory=dict)

    def add(self, other: Plan) -> None:
        """Takes in the plan of another wiki."""
        self.due += other.due
        self.failures += other.failures
        self.notes += other.notes
        self.absences |= other.absences
        self.looked_at += other.looked_at
        self.waits |= other.waits
        self.still |= other.still
