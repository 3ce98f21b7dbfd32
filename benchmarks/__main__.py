"""The command ``python -m benchmarks``."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from benchmarks.databases import ENGINES, Database, host, version
from benchmarks.floor import floor
from benchmarks.grouping import total
from benchmarks.measure import job
from benchmarks.report import differences, report
from benchmarks.runs import runs, settings
from benchmarks.targets import targets
from benchmarks.wiki import CHECKOUT, DAYS, NOW
from flow import terminal
from flow.datasets.period import Grain

GRAINS = [str(grain) for grain in Grain]
PARTS = ("runs", "floor", "grouping", "reads")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--scale", type=float, multiple=True, default=[1.0, 10.0], help="How large a wiki; several allowed.")
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, default=ENGINES, help="Several allowed.")
@click.option("--grain", type=click.Choice(GRAINS), multiple=True, default=["month"], help="To compare by; several allowed.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=str(DAYS.since), help="The first day to compare and publish.")
@click.option("--part", type=click.Choice(PARTS), multiple=True, default=PARTS, help="What to measure; several allowed.")
@click.option("--repeat", type=click.IntRange(1), default=3, help="How often each thing is measured; medians are told.")
@click.option("--work", type=click.Path(path_type=Path), default=CHECKOUT / "benchmarks/work", show_default="benchmarks/work",
              help="Keeps the simulated databases for the next call.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Also writes all figures to this file.")
def benchmark(
    scale: tuple[float, ...],
    engine: tuple[str, ...],
    grain: tuple[str, ...],
    since: datetime,
    part: tuple[str, ...],
    repeat: int,
    work: Path,
    file: Path | None,
) -> None:
    """Measures runs over a simulated wiki of five years: time, processor, memory, and what grouping saves.

    The database of a scale is built at its first use: half a minute a million rows, and about a gigabyte of disk at
    scale 10. The exit code is 1 if grouped rows ever differ from those of one period at a time.

    \b
    Example:
      python -m benchmarks --scale 1 --engine sqlite
      python -m benchmarks --scale 10 --grain day --grain week --grain month --json figures.json
    """
    results = []
    compared = {each: str(since.date()) for each in grain}
    for name in engine:
        with host(name, work) as database_of:
            for size in scale:
                terminal.aside(f"{name}, scale {size:g}")
                results.append(_result(database_of(size), part, compared, repeat, since.date()))
                report(results[-1])
    if file:
        machine = _machine() | {name: version(name, work) for name in engine}
        file.write_text(json.dumps({"machine": machine, "repeat": repeat, "results": results}, indent=1) + "\n", "utf-8")
    found = [line for result in results for line in differences(result)]
    for line in found:
        terminal.aside(line)
    sys.exit(1 if found else 0)


def _result(
    database: Database, parts: tuple[str, ...], compared: dict[str, str], repeat: int, since: date
) -> dict[str, Any]:
    """``{engine, scale, rows, runs, floor, grouping, totals, index_reads, targets}``; empty is what was not asked for."""
    path = str(settings(database, "now", NOW))
    rows = job("count", settings=path)
    asked = compared if "grouping" in parts else {}
    by_grain = {grain: job("grouping", settings=path, grain=grain, since=since, repeat=repeat) for grain, since in asked.items()}
    reads = "reads" in parts and database.engine == "mariadb"
    found = {
        "engine": database.engine,
        "scale": database.scale,
        "rows": rows,
        "runs": runs(database, repeat, since) if "runs" in parts else {},
        "floor": floor(database, repeat) if "floor" in parts else {},
        "grouping": by_grain,
        "totals": _totals(by_grain),
        "index_reads": job("index_reads", settings=path, counts=rows) if reads else {},
    }
    return found | {"targets": targets(found)}


def _totals(grouped: dict[str, Any]) -> dict[str, Any]:
    totals = {grain: total(datasets) for grain, datasets in grouped.items()}
    return totals | ({" + ".join(totals): total(totals)} if len(totals) > 1 else {})


def _machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count(), "memory_gb": round(memory / 2**30, 1), "python": sys.version.split()[0]}


if __name__ == "__main__":
    benchmark()
