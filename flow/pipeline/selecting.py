"""Refuses a selection of which nothing could come, for a run that does nothing would seem to have done it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Period, Range, left_over
from flow.errors import UsageError
from flow.pipeline.plan import Plan, Selection
from flow.settings import Settings
from flow.shelf.entry import Entry, Key


def check(selection: Selection, catalog: Catalog, settings: Settings) -> Selection:
    """``selection`` with each wiki once. Raises UsageError for what there is not."""
    for id in selection.datasets:
        if id not in catalog.ids:
            catalog.get(id)
    for wiki in selection.wikis:
        settings.wiki(wiki)
    for grain in selection.grains:
        if grain not in settings.output.grains:
            raise UsageError(f"--grain {grain}: output.grains of the settings has only {', '.join(settings.output.grains)}")
    if selection.since and selection.until and selection.since >= selection.until:
        raise UsageError(f"--since {selection.since} must be before --until {selection.until}")
    return replace(selection, wikis=tuple(dict.fromkeys(selection.wikis)))


def check_plan(plan: Plan, selection: Selection, accepted: Iterable[str], catalog: Catalog) -> None:
    """Passes over a plan in which all that is named has a part. Raises UsageError."""
    planned = {key.dataset for key in plan.looked_at}
    for id in selection.datasets:
        if id in catalog.datasets and id not in planned:
            raise UsageError(f"{id}: {_why_not(id, plan)}, so that there is nothing to compute")
    for id in accepted:
        if id in catalog.datasets and id not in planned:
            raise UsageError(f"--accept {id}: this run does not compute it; name it, too")


def _why_not(id: str, plan: Plan) -> str:
    whys = (f"{name.removeprefix(f'{id}, ')}: {why}" for name, why in plan.absences.items() if name.startswith(f"{id}, "))
    return next(whys, "its numbers are not published by this grain")


def check_range(plan: Plan, selection: Selection, held: Mapping[Key, Entry]) -> None:
    """Passes over a plan if something could be computed that was asked for by --since, --until or --again. Raises UsageError."""
    is_asked = selection.since or selection.until or selection.again
    if not is_asked or plan.failures or plan.waits or any(due.why for due in plan.due) or not plan.looked_at:
        return
    there = (period for key in plan.looked_at if key in held for period in held[key].times)
    if not any(_is_within(period, selection) for period in there):
        days = f"from {selection.since or 'the first'} until {selection.until or 'now'}"
        raise UsageError(f"there is no whole period {days} that is over and can have numbers, and so nothing to compute")


def _is_within(period: Period, selection: Selection) -> bool:
    return (selection.since or period.start) <= period.start and period.end <= (selection.until or period.end)


def find_left_out(selection: Selection, grain: Grain, closed: date) -> Iterable[str]:
    """What of a range is not computed, each a line for a person; days before ``closed`` are over."""
    if selection.since is None and selection.until is None:
        return
    last = selection.until or closed
    first = selection.since or last
    yield from (f"{grain}: {days} is no whole {grain}, and left out" for days in left_over(Range(first, last), grain))
    if last > closed:
        yield f"{grain}: periods that end after {closed} are not over yet, or have their grace, and are left out"


def find_ignored(plan: Plan, selection: Selection) -> list[str]:
    """What is computed beyond the range that was asked for, each a line for a person."""
    if not (selection.since or selection.until):
        return []
    found = []
    for due in plan.due:
        beyond = {period: why for period, why in due.why.items() if not _is_within(period, selection)}
        if beyond:
            days, reasons = Range(min(beyond).start, max(beyond).end), ", ".join(sorted({*beyond.values()}))
            found.append(f"{due.key}: {days} is computed too, whatever --since and --until say: {reasons}")
    return found
