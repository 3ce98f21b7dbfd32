"""What is wanted of a run, set for MariaDB at scale 10, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOST_RATIO = 1.2
LEAST_FASTER = 2.0
MOST_MB = 250


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """``[{what, wanted, measured, met}]`` of one engine at one scale."""
    return [*_grouping(result), *_memory(result)]


def _grouping(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for grain, datasets in result["grouping"].items():
        slowest = max(datasets, key=lambda id: float(datasets[id]["ratio"]))
        ratio = datasets[slowest]["ratio"]
        said = f"{ratio:.2f} ({slowest})"
        yield _target(f"by {grain}: slowest dataset, times asking by period", f"at most {MOST_RATIO}", said, ratio <= MOST_RATIO)
    for grain, total in result["totals"].items():
        faster = 1 / total["ratio"]
        yield _target(f"by {grain}: total, times faster", f"at least {LEAST_FASTER:g}", f"{faster:.2f}", faster >= LEAST_FASTER)


def _memory(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if result["runs"]:
        peak = max(run["peak_mb"] for run in result["runs"].values())
        yield _target("peak memory of a run, MB", f"under {MOST_MB}", f"{peak:.0f}", peak < MOST_MB)


def _target(what: str, wanted: str, found: str, met: bool) -> dict[str, Any]:
    return {"what": what, "wanted": wanted, "measured": found, "met": met}
