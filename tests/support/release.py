"""Small releases, made by the shelf itself, to be brought elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flow import limn
from flow.datasets.board import Board, Tab
from flow.delivery.release import Release, live
from flow.limn import contract
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key
from flow.shelf.history import Computed
from flow.shelf.manifest import Manifest
from tests.shelf.test_manifest import ENTRY, KEY

BOARD = Board("Flow", "", (Tab("Topics", ("new_topics", "replies")),))
ROWS = {"2024-01-01": ["1"], "2024-02-01": ["2"], "2024-03-01": ["3"]}
REPLIES = replace(KEY, dataset="replies")


def months(last: int, key: Key = KEY) -> Entry:
    """An entry that holds January up to the month ``last`` of 2024."""
    return replace(ENTRY, key=key, computed=(Computed("2024-01-01", f"2024-{last:02}-01", "2024-12-02T00:00:00Z"),))


def release(output: Path, id: str, *entries: Entry, rows: dict[str, list[str]] | None = None) -> Release:
    """Publishes ``entries`` in ``output`` as the release ``id``, and gives it as a delivery takes it."""
    shelf = Shelf(output, pytest.fail).open().inspect()
    made = {}
    for entry in entries or (months(3),):
        dates = [str(period) for period in entry.times]
        made[entry.key] = shelf.stage(entry, rows or {date: [str(number)] for number, date in enumerate(dates, 1)})
    files = limn.files(made, [BOARD], (KEY.wiki, KEY.grain), "flow")
    shelf.publish(id, Manifest(made), files, {}, contract.complaints)
    return live(output)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
