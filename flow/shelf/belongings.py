"""Which files in an output folder are the shelf's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flow.shelf import LIVE, RELEASES, STAGING, WRITTEN, manifest
from flow.shelf.aside import HELD
from flow.shelf.csvfile import Damaged
from flow.shelf.lock import HOLDER, LOCK

#: What of a release may change while it is live, and so is in no manifest.
LOOSE = "status.json"


def find(folder: Path, beside: Iterable[str]) -> set[Path]:
    """The files that runs have written to ``folder``; ``beside``: the names of those that are neither published nor work."""
    loose = [WRITTEN, *beside]
    names = [LIVE, f".{LIVE}.new", LOCK, HOLDER, f"{HOLDER}.partial", *loose, *(f".{name}.partial" for name in loose)]
    found = [folder / name for name in names]
    found += [path for release in folder.glob(f"{RELEASES}/*/") for path in _of_release(release)]
    found += [path for name in (STAGING, HELD) for json in folder.glob(f"{name}/*/*/*.json") for path in _of_staged(json)]
    return {path for path in found if path.is_symlink() or path.is_file()}


def _of_release(folder: Path) -> Iterator[Path]:
    try:
        whole = manifest.read(folder / manifest.FILE)
    except Damaged:
        return
    paths = [*whole.files, *(key.path for key in whole.entries), manifest.FILE, LOOSE]
    yield from (folder / path for path in paths)


def _of_staged(path: Path) -> Iterator[Path]:
    try:
        manifest.read_entry(path)
    except Damaged:
        return
    yield from (path, path.with_suffix(".csv"))
