"""What is held back, as it was computed, with small numbers withheld: kept so that a person can look at it."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from flow.shelf import csvfile, disk, manifest
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.inspection import Inspection, Say

HELD = "held"


def put(folder: Path, entry: Entry, rows: Rows) -> None:
    """Puts a CSV aside, in place of what there was of it."""
    path = _path(folder, entry.key)
    disk.write(path, csvfile.render(entry.column_ids, rows).encode())
    disk.write(path.with_suffix(".json"), json.dumps(manifest.entry_json(entry)).encode())


def entries(folder: Path, say: Say) -> dict[Key, Entry]:
    """What was put aside."""
    return Inspection(say).staged(folder / HELD)


def rows(folder: Path, entry: Entry) -> Rows:
    """The rows of a CSV that was put aside."""
    return csvfile.parse(entry.column_ids, _path(folder, entry.key).read_text("utf-8"))


def keep(folder: Path, keys: Collection[Key]) -> None:
    """Removes what was put aside, but for ``keys``."""
    known = {path for key in keys for path in (_path(folder, key), _path(folder, key).with_suffix(".json"))}
    for path in sorted((folder / HELD).glob("*/*/*")):
        if path.is_file() and path not in known:
            disk.remove(path)


def _path(folder: Path, key: Key) -> Path:
    return folder / HELD / key.wiki / key.grain / f"{key.dataset}.csv"
