"""The catalog and the databases as a run has them, connected, so that no clock counts the connecting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.wiki import CHECKOUT, WIKI
from flow import settings
from flow.datasets import catalog
from flow.datasets.catalog import Catalog
from flow.engines.sources import Sources


@contextmanager
def opened(path: str) -> Iterator[tuple[Catalog, Sources]]:
    """The query scripts, and the sources that the settings file ``path`` names."""
    with Sources(settings.load(Path(path))) as sources:
        sources.get(WIKI, "core")
        sources.get(WIKI, "flow")
        sources.bots(WIKI)
        yield catalog.load(CHECKOUT / "queries"), sources
