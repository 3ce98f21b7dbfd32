"""One dataset read as the pipeline reads it, many periods in one query, beside one query for each period."""

from __future__ import annotations

import statistics
import time
from datetime import date
from typing import Any

from benchmarks.opening import opened
from benchmarks.wiki import CHECKOUT, DAYS, WIKI, periods
from flow import terminal
from flow.datasets import catalog
from flow.datasets.period import Grain, Period, runs
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader, Rows
from flow.sql.request import choices


def grouping(settings: str, grain: str, repeat: int, since: str = DAYS.since.isoformat()) -> dict[str, Any]:
    """``{dataset: {grouped, by_period, ratio, …}}``, in seconds, of all datasets that ask a database."""
    datasets = catalog.load(CHECKOUT / "queries").datasets
    asked = periods(Grain(grain), date.fromisoformat(since))
    return {id: _compared(settings, id, asked, repeat) for id in datasets if not datasets[id].compute}


def _compared(settings: str, dataset: str, asked: list[Period], repeat: int) -> dict[str, Any]:
    """The medians of ``repeat`` timings of each way, turn and turn about; ``differs`` names the periods with unlike rows."""
    grain = asked[0].grain
    terminal.aside(f"    {dataset} by {grain}, grouped and one period at a time")
    most = {"grouped": MOST_PERIODS[grain], "by_period": 1}
    seconds: dict[str, list[float]] = {way: [] for way in most}
    differs: set[str] = set()
    for turn in range(repeat):
        rows = {}
        for way in list(most)[:: -1 if turn % 2 else 1]:
            rows[way], took = _timed(settings, dataset, runs(asked, most[way]))
            seconds[way].append(took)
        differs |= _unlike(rows["grouped"], rows["by_period"])
    grouped, by_period = (statistics.median(seconds[way]) for way in most)
    found = {"grouped": grouped, "by_period": by_period, "ratio": grouped / by_period, "all": seconds}
    return found | {"differs": sorted(differs)}


def _timed(settings: str, dataset: str, asked: list[list[Period]]) -> tuple[Rows, float]:
    with opened(settings) as (found, sources):
        made, reader = found.get(dataset), Reader(found, sources)
        chosen, rows = Choices(*choices(made.spans, {})), Rows()
        begun = time.perf_counter()
        for run in asked:
            rows |= reader.rows(made, WIKI, run, chosen)
        return rows, time.perf_counter() - begun


def _unlike(grouped: Rows, by_period: Rows) -> set[str]:
    return {date for date in grouped | by_period if grouped.get(date) != by_period.get(date)}


def total(datasets: dict[str, dict[str, Any]]) -> dict[str, float]:
    """``grouped``, ``by_period``, ``ratio`` of all datasets of a grain together."""
    grouped, by_period = (sum(each[name] for each in datasets.values()) for name in ("grouped", "by_period"))
    return {"grouped": grouped, "by_period": by_period, "ratio": grouped / by_period}
