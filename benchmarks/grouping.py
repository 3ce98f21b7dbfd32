"""One dataset read as the pipeline reads it, many periods in one query, beside one query for each period."""

from __future__ import annotations

import statistics
import time
from typing import Any

from benchmarks.measure import job
from benchmarks.opening import opened
from benchmarks.wiki import CHECKOUT, WIKI, periods
from flow import catalog, terminal
from flow.dataset import Dataset
from flow.period import Grain, runs
from flow.reading import MOST_PERIODS, Choices, Reader, Rows
from flow.words import choices


def grouping(settings: str, grains: list[Grain], repeat: int) -> dict[str, Any]:
    """``{grain: {dataset: {grouped, by_period, ratio, …}}}``, in seconds, of all datasets that ask a database."""
    datasets = catalog.load(CHECKOUT / "queries").datasets
    return {grain: {id: _one(settings, id, grain, repeat) for id in datasets if not datasets[id].compute} for grain in grains}


def _one(settings: str, dataset: str, grain: Grain, repeat: int) -> dict[str, Any]:
    terminal.aside(f"    {dataset} by {grain}, grouped and one period at a time")
    found = job("compare", settings=settings, dataset=dataset, grain=grain, repeat=repeat)
    grouped, by_period = (statistics.median(found[name]) for name in ("all_grouped", "all_by_period"))
    return {"grouped": grouped, "by_period": by_period, "ratio": grouped / by_period} | found


def compare(settings: str, dataset: str, grain: str, repeat: int) -> dict[str, Any]:
    """``repeat`` seconds of each way, turn and turn about; ``differs`` names the periods with unlike rows."""
    seconds: dict[str, list[float]] = {"grouped": [], "by_period": []}
    differs: set[str] = set()
    for turn in range(repeat):
        rows = {}
        for way in ("grouped", "by_period")[:: -1 if turn % 2 else 1]:
            rows[way], took = _timed(settings, dataset, Grain(grain), MOST_PERIODS[Grain(grain)] if way == "grouped" else 1)
            seconds[way].append(took)
        differs |= _unlike(rows["grouped"], rows["by_period"])
    return {f"all_{way}": took for way, took in seconds.items()} | {"differs": sorted(differs)}


def _timed(settings: str, dataset: str, grain: Grain, most: int) -> tuple[Rows, float]:
    with opened(settings) as (found, sources):
        made, reader = found.get(dataset), Reader(found, sources)
        begun = time.perf_counter()
        rows = _rows(reader, made, grain, most)
        return rows, time.perf_counter() - begun


def _rows(reader: Reader, made: Dataset, grain: Grain, most: int) -> Rows:
    rows: Rows = {}
    chosen = Choices(*choices(made.spans, {}))
    for run in runs(periods(grain), most):
        rows |= reader.rows(made, WIKI, run, chosen)
    return rows


def _unlike(grouped: Rows, by_period: Rows) -> set[str]:
    return {date for date in grouped | by_period if grouped.get(date) != by_period.get(date)}


def total(datasets: dict[str, dict[str, Any]]) -> dict[str, float]:
    """``grouped``, ``by_period``, ``ratio`` of all datasets of a grain together."""
    grouped, by_period = (sum(each[name] for each in datasets.values()) for name in ("grouped", "by_period"))
    return {"grouped": grouped, "by_period": by_period, "ratio": grouped / by_period}
