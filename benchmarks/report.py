"""The tables that a person reads."""

from __future__ import annotations

from typing import Any

from flow import terminal


def report(result: dict[str, Any]) -> None:
    """Prints all that was measured of one engine at one scale."""
    counted = ", ".join(f"{many:,} {table}" for table, many in result["rows"].items())
    print(f"\n{result['engine']}, scale {result['scale']:g}: {counted}\n")
    _runs(result)
    _grouping(result)
    _reads(result)
    _targets(result)


def _runs(result: dict[str, Any]) -> None:
    rows = [[name, *_took(run), run["said"]] for name, run in result["runs"].items()]
    rows += [[f"floor: {name} rows read once", *_took(read), ""] for name, read in result["floor"].items()]
    if rows:
        terminal.table(["run", "seconds", "of processor", "peak MB", "made"], rows, numbers=True)


def _took(run: dict[str, Any]) -> list[str]:
    return [f"{run['wall']:.2f}", f"{run['cpu']:.2f}", f"{run['peak_mb']:.0f}"]


def _grouping(result: dict[str, Any]) -> None:
    for grain, datasets in result["grouping"].items():
        rows = [[id, *_ways(each)] for id, each in datasets.items()]
        print()
        terminal.table([f"by {grain}", *_HEADER], [*rows, ["total", *_ways(result["totals"][grain])]], numbers=True)
    if len(result["totals"]) > 1:
        _totals(result)


def _totals(result: dict[str, Any]) -> None:
    print()
    rows = [[name, *_ways(each)] for name, each in result["totals"].items()]
    terminal.table(["all datasets", *_HEADER], rows, numbers=True)


_HEADER = ("grouped, seconds", "one period at a time", "ratio")


def _ways(each: dict[str, Any]) -> list[str]:
    return [f"{each['grouped']:.3f}", f"{each['by_period']:.3f}", f"{each['ratio']:.2f}"]


def _reads(result: dict[str, Any]) -> None:
    if not result["index_reads"]:
        return
    found = result["index_reads"].items()
    rows = [[id, f"{each['reads']:,}", f"{each['rows']:,}", f"{each['per_row']:.2f}"] for id, each in found]
    print()
    terminal.table(["by month, grouped", "index reads", "rows in range", "reads a row"], rows, numbers=True)


def _targets(result: dict[str, Any]) -> None:
    rows = [[each["what"], each["wanted"], each["measured"], "met" if each["met"] else "MISSED"] for each in result["targets"]]
    print()
    terminal.table(["target, set for mariadb at scale 10", "wanted", "measured", ""], rows, numbers=True)


def differences(result: dict[str, Any]) -> list[str]:
    """A line for each dataset whose grouped rows are not those of its periods asked one at a time."""
    return [
        f"error: {result['engine']}, scale {result['scale']:g}: {id} by {grain}: grouped rows differ from those of"
        f" one period at a time: {', '.join(each['differs'][:5])} ({len(each['differs'])} in all)"
        for grain, datasets in result["grouping"].items()
        for id, each in datasets.items()
        if each["differs"]
    ]
