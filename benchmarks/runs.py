"""The runs that an operator sees: ``generate.py run`` for all datasets and grains, at one instant after another."""

from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.databases import Database
from benchmarks.measure import Measured, measured, summed_up
from benchmarks.wiki import DAY_BEFORE, DAYS, MONTH_BEFORE, NOW, WIKI
from flow import terminal

SETTINGS = """demo = true
now = {now:%Y-%m-%dT%H:%M:%SZ}

[output]
folder = "{output}"

[wikis.{wiki}]
core = "{url}"
since = {since}
"""


def runs(database: Database, repeat: int, since: date = DAYS.since) -> dict[str, Any]:
    """``{run: {wall, cpu, peak_mb, walls, said}}`` of the first run, a new month, a new day, and nothing to do."""
    _run(database, "month_before", MONTH_BEFORE, since)
    _copied(database, "month_before", "day_before")
    _run(database, "day_before", DAY_BEFORE, since)
    found: dict[str, list[Measured]] = {}
    for number in range(1, repeat + 1):
        terminal.aside(f"    runs, {number} of {repeat}")
        for name, begin in (("first run", None), ("new month", "month_before"), ("new day", "day_before")):
            _copied(database, begin, "now")
            found.setdefault(name, []).append(_run(database, "now", NOW, since))
        found.setdefault("nothing to do", []).append(_run(database, "now", NOW, since))
    return {name: summed_up(each) | {"said": _last_words(each[-1])} for name, each in found.items()}


def settings(database: Database, output: str, now: datetime, since: date = DAYS.since) -> Path:
    """A settings file for the database, with the clock standing still at ``now``; nothing from before ``since`` is published."""
    path = database.folder / f"{output}.toml"
    path.write_text(SETTINGS.format(now=now, output=output, wiki=WIKI, url=database.url, since=since), "utf-8")
    return path


def _run(database: Database, output: str, now: datetime, since: date) -> Measured:
    return measured([sys.executable, "generate.py", "--settings", str(settings(database, output, now, since)), "run"])


def _copied(database: Database, begin: str | None, output: str) -> None:
    shutil.rmtree(database.folder / output, ignore_errors=True)
    if begin:
        shutil.copytree(database.folder / begin, database.folder / output, symlinks=True)


def _last_words(run: Measured) -> str:
    """How many CSVs and periods it says it made."""
    return run.said.strip().splitlines()[-1].partition(";")[0]
