"""A wiki to check query scripts against where there is no database: the simulated one, on SQLite, with nothing in it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flow.settings import Settings, Wiki
from flow.simulate.load import empty_sqlite
from flow.wiki.schema import SOURCES

NAME = "simulated"


@contextmanager
def simulated_settings() -> Iterator[Settings]:
    """Settings of one such wiki, while it is there."""
    with tempfile.TemporaryDirectory(prefix="flow-check-") as folder:
        path = Path(folder) / "wiki.sqlite"
        empty_sqlite(path)
        yield Settings({NAME: Wiki(NAME, dict.fromkeys(SOURCES, f"sqlite:///{path}"))})
