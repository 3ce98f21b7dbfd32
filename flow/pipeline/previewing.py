"""What would be published, beside what is: made on a shelf of its own, of which nothing is published."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flow.shelf import LIVE, RELEASES, STAGING, Shelf, aside
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key, with_periods_of


@dataclass(frozen=True, slots=True)
class Version:
    """A CSV as it is, or as it would be."""

    entry: Entry | None
    rows: Rows

    def cell(self, date: str, column: str) -> str:
        """Its number; or why there is none: ``withheld``, ``gap``, or ``-``."""
        if self.entry is None or date not in self.rows or column not in self.entry.column_ids:
            return "-"
        if date in self.entry.withheld.get(column, ()):
            return "withheld"
        text = self.rows[date][self.entry.column_ids.index(column)]
        return text or ("gap" if date in self.entry.gaps.get(column, ()) else "-")


@dataclass(frozen=True, slots=True)
class Preview:
    """The CSVs of the next release, if every check let it through."""

    shelf: Shelf
    entries: dict[Key, Entry]

    def changed(self) -> Iterator[tuple[Key, Version, Version]]:
        """Each CSV that would change: as it is, and as it would be."""
        live = self.shelf.live.measured
        for key in sorted(self.entries.keys() | live.keys()):
            old, new = live.get(key), self.entries.get(key)
            if new and not (old and old.sha256 == new.sha256):
                yield key, Version(old, self.shelf.live_rows(key)), Version(new, self.shelf.rows(key))


@contextmanager
def scratch(shelf: Shelf) -> Iterator[Shelf]:
    """A shelf with what is published, staged and held back on ``shelf``, of which nothing can be published."""
    with tempfile.TemporaryDirectory(prefix="limn-flow-data-") as name:
        folder = Path(name)
        if shelf.link.exists():
            (folder / RELEASES).symlink_to((shelf.folder / RELEASES).absolute())
            (folder / LIVE).symlink_to(Path(RELEASES) / shelf.releases.live)
        if (shelf.folder / STAGING).is_dir():
            shutil.copytree(shelf.folder / STAGING, folder / STAGING)
        found = replace(shelf, folder=folder).open().inspect()
        for entry in aside.entries(shelf.folder, shelf.say).values():
            found.stage(*_with_newer(found, entry, aside.rows(shelf.folder, entry)))
        yield found


def _with_newer(shelf: Shelf, entry: Entry, rows: Rows) -> tuple[Entry, Rows]:
    """What was held back, with what has been published of the same CSV since."""
    live = shelf.live.entries.get(entry.key)
    if live is None or live.definition != entry.definition or live.column_ids != entry.column_ids:
        return entry, rows
    last = max(entry.times.values())
    newer = {str(period) for period, at in live.times.items() if at > last}
    old = shelf.live_rows(entry.key)
    return with_periods_of(entry, live, newer), dict(sorted({**rows, **{day: old[day] for day in newer}}.items()))
