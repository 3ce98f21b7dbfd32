"""``check``: query scripts, reportcard.json and the dashboards beside it, and the published folder, all complaints at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flow import terminal
from flow.datasets import board
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import bare
from flow.errors import HeldBack
from flow.limn import contract
from flow.settings import Settings
from flow.shelf import LIVE, Shelf
from flow.shelf.inspection import faults


def check(settings: Settings, catalog: Catalog, reportcard: Path) -> int:
    """Prints every complaint; 1 if a query script is broken, else 4 if there is any other, else 0."""
    scripts = [str(error) for error in catalog.broken.values()]
    others = [*_people(catalog), *_boards(reportcard, catalog), *_published(settings)]
    for line in [*scripts, *others]:
        print(line)
    if not scripts and not others:
        terminal.aside("All is well.")
    return 1 if scripts else HeldBack.exit_code if others else 0


def _people(catalog: Catalog) -> Iterator[str]:
    for dataset in catalog.datasets.values():
        yield from (f"{dataset.id}: {line}" for line in bare(dataset))


def _boards(reportcard: Path, catalog: Catalog) -> Iterator[str]:
    try:
        board.read_all(reportcard, catalog.graphs, catalog.broken)
    except HeldBack as error:
        yield str(error)


def _published(settings: Settings) -> Iterator[str]:
    link = settings.output.folder / LIVE
    if not link.exists():
        terminal.aside(f"{link}: nothing is published yet")
        return
    complaints: list[str] = []
    Shelf(settings.output.folder, complaints.append).inspect()
    yield from dict.fromkeys([*complaints, *faults(link)])
    yield from (f"{link}/{line}" for line in contract.complaints(link))
