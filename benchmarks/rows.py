"""The rows of the table, by the name that ``--row`` takes. A new one: a ``Row`` in a module of its own, named here."""

from __future__ import annotations

from benchmarks import asking, nights, quiet
from benchmarks.comparing import Row

ROWS: dict[str, Row] = {
    "idle": nights.IDLE,
    "new_day": nights.NEW_DAY,
    "memory": nights.MEMORY,
    "shared_flow": asking.SHARED_FLOW,
    "talk_edits": asking.TALK_EDITS,
    "waiting": asking.WAITING,
    "people_by_day": quiet.PEOPLE,
    "people_by_day_night": quiet.PEOPLE_NIGHT,
}
