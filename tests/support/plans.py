"""A plan for an instant and a grain over four small datasets, and what is held once it has been carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, midnight
from flow.engines.lag import Evidence
from flow.pipeline.plan import Selection
from flow.pipeline.planner import Planner
from flow.settings import Output, Settings, Wiki
from flow.shelf.entry import Entry, Key, new_entry
from flow.shelf.history import Computation, computed_runs

COUNT = Dataset(id="count", title="C", columns=[Count("a", "A")], source="flow", sql="x", about="-")
COHORT = replace(COUNT, id="cohort", spans={"window": "7d"}, settles="window")
YOUNG = replace(COUNT, id="late", since="2024-02-10")


def made_from(count, cohort):
    raise AssertionError("a plan computes nothing")


SUM = Dataset(id="sum", title="S", columns=[Count("a", "A")], compute=made_from, about="-")
CATALOG = Catalog(None, {made.id: made for made in (COUNT, COHORT, YOUNG, SUM)}, {}, {})  # type: ignore[arg-type]
FIRST = date(2024, 1, 17)
GRACE = timedelta(hours=6)
ALL = Selection()
NONE = Evidence()


def planner(
    now: datetime,
    grain: Grain,
    held: dict[Key, Entry],
    first: date | None = FIRST,
    since: date | None = None,
    evidence: Evidence = NONE,
    graces: tuple[int, int] = (6 * 3600, 6 * 3600),
    until: date | None = None,
    origin: str = "",
) -> Planner:
    sources, last_days = dict.fromkeys(("core", "flow"), "sqlite:///w"), {"flow": until} if until else {}
    wiki = Wiki("w", sources, None, since, dict(zip(("core", "flow"), graces, strict=True)), frozenset(), last_days)
    settings = Settings({"w": wiki}, Output(grains=(grain,), default_grain=grain))
    origins = SimpleNamespace(is_doubtful=lambda *_: False, found_other=lambda wiki: False, name=lambda wiki, kinds: origin)
    return Planner(CATALOG, settings, held, now, lambda wiki, kind: first, lambda wiki, kind: evidence, origins)


def carried_out(
    now: datetime, grain: Grain, held: dict[Key, Entry], selection: Selection = ALL, **facts: Any
) -> dict[Key, Entry]:
    """What is held after the plan of ``now`` has been carried out."""
    found = dict(held)
    for due in planner(now, grain, held, **facts).plan(selection).due:
        entry = found.get(due.key) or new_entry(due.key, CATALOG.definition(due.key.dataset), None)
        new = {period: Computation(now, why, due.proved_until) for period, why in due.why.items()}
        found[due.key] = replace(entry, computed=computed_runs({**entry.history, **new}), origin=due.origin)
    return found


MARCH = midnight(date(2024, 3, 1))
HOUR = timedelta(hours=1)


def months_due(now: datetime, evidence: Evidence = NONE, held: dict[Key, Entry] | None = None, **facts: Any) -> list[str]:
    """The months of the plain count that are due."""
    plan = planner(now, Grain.MONTH, held or {}, evidence=evidence, **facts).plan(Selection(("count",)))
    return [str(period) for each in plan.due for period in each.periods]


COUNTED = Selection(("count",))


def reasons(now: datetime, held: dict[Key, Entry], **facts: Any) -> dict[str, str]:
    """The months of the plain count that are due, and why."""
    plan = planner(now, Grain.MONTH, held, **facts).plan(COUNTED)
    return {str(period): reason for each in plan.due for period, reason in each.why.items()}
