"""Many small wikis, each in a SQLite file of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from benchmarks.wiki import DAYS, NOW
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe

SINCE = date(2021, 1, 1)


def small_wikis(folder: Path, many: int, since: date = SINCE) -> dict[str, str]:
    """The URL of each of ``many`` wikis, simulated at first use: some five hundred edits a year on each."""
    return {f"wiki{number}": f"sqlite:///{_small_wiki(folder, number, since)}" for number in range(1, many + 1)}


def _small_wiki(folder: Path, number: int, since: date) -> Path:
    file = folder / f"wiki{number}-{since}.sqlite"
    if not file.is_file():
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with into_sqlite(partial) as emit:
            live(Scribe(f"wiki{number}", emit), Life(number, since, DAYS.until, topics=0.5, edits=1.5, people=20))
        _seem_alive(partial)
        partial.rename(file)
    return file


def _seem_alive(file: Path) -> None:
    """Adds a row of the morning of ``NOW``, which proves that the days before are complete."""
    with closing(sqlite3.connect(file)) as connection, connection:
        columns = "log_type, log_action, log_timestamp, log_actor, log_namespace, log_title, log_page"
        connection.execute(f"INSERT INTO logging ({columns}) VALUES ('rights', '', ?, 1, 0, '', 0)", [f"{NOW:%Y%m%d}060000"])
