"""The command ``python -m benchmarks.against``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from benchmarks.checkout import BEFORE, checkouts
from benchmarks.comparing import compare, report, scene
from benchmarks.rows import ROWS
from benchmarks.wiki import CHECKOUT


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.argument("before", default=BEFORE)
@click.option("--row", type=click.Choice(list(ROWS)), multiple=True, default=list(ROWS), help="What to measure; several allowed.")
@click.option("--repeat", type=click.IntRange(1), default=3, help="How often each thing is measured; medians are told.")
@click.option("--short", is_flag=True, help="As little as can be, to see that it works.")
@click.option("--work", type=click.Path(path_type=Path), default=CHECKOUT / "benchmarks/work", show_default="benchmarks/work",
              help="Keeps the simulated databases for the next call.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Also writes all figures to this file.")
def against(before: str, row: tuple[str, ...], repeat: int, short: bool, work: Path, file: Path | None) -> None:
    """Compares this checkout with BEFORE, a folder or a commit: the same work in both, turn and turn about.

    \b
    Example:
      python -m benchmarks.against
      python -m benchmarks.against ../other --row idle --row new_day --repeat 5
    """
    both = checkouts(before, work)
    with scene(work / "against", short) as place:
        lines = [line for name in row for line in compare(ROWS[name], place, both, repeat)]
    report(lines)
    if file:
        file.write_text(json.dumps({"before": before, "repeat": repeat, "lines": lines}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    against()
