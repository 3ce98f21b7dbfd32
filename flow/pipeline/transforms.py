"""What is derived from published numbers, made anew for each release; see ``flow.datasets.transform``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.transform import SAID, Transform
from flow.errors import ResultError
from flow.pipeline.beginnings import name_beginning
from flow.pipeline.outcome import Outcome
from flow.pipeline.standing import Standing
from flow.settings import Settings
from flow.shelf import Shelf
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.inspection import seal
from flow.shelf.transformed import describe, fill

log = logging.getLogger("flow")


@dataclass(frozen=True, slots=True)
class Transforming:
    """Derives from the entries of the next release. ``may_shrink``: whether what is no longer derived may go.

    ``first_days``: where the numbers of each source begin, as the manifest knows it.
    """

    settings: Settings
    catalog: Catalog
    shelf: Shelf
    outcome: Outcome
    may_shrink: bool
    first_days: Mapping[str, str] = field(default_factory=dict)

    def derive(self, measured: Mapping[Key, Entry], rows_of: Callable[[Entry], Rows]) -> dict[Key, Entry]:
        """The entries of what is derived from ``measured``; those that are not live as they are get staged."""
        found: dict[Key, Entry] = {}
        for base in measured.values():
            for key, transform in self._transforms(base.key).items():
                entry = self._make(key, transform, base, rows_of(base))
                found |= {key: entry} if entry else {}
        return dict(sorted(found.items()))

    def clear(self) -> None:
        """Drops what is staged of it: it is made anew each time."""
        for key in [key for key, entry in self.shelf.staged.items() if entry.transform]:
            self.shelf.unstage(key)

    def _transforms(self, base: Key) -> dict[Key, Transform]:
        """What is to be derived from a CSV: what its script says, and what is live and may not go without a word."""
        dataset = self.catalog.datasets.get(base.dataset)
        wanted = {self._key(base, each): each for each in dataset.derived} if dataset else {}
        for key, transform in self._live(base):
            if key in wanted:
                continue
            if dataset is None or not self.may_shrink:
                wanted[key] = transform
            if dataset:
                self._tell(key)
        return wanted

    def _tell(self, key: Key) -> None:
        what = "its script no longer derives it"
        if self.may_shrink:
            log.warning("%s: %s; it is no longer published", key, what)
        else:
            self.outcome.hold(f"{key}: {what}; it stays, until 'run --allow-shrink' lets it go", [key])

    def _live(self, base: Key) -> Iterator[tuple[Key, Transform]]:
        entries = (self.shelf.live.entries.get(replace(base, dataset=f"{base.dataset}_{kind}")) for kind in SAID)
        return ((entry.key, entry.transform) for entry in entries if entry and entry.transform)

    def _key(self, base: Key, transform: Transform) -> Key:
        return replace(base, dataset=f"{base.dataset}_{transform.kind}")

    def _make(self, key: Key, transform: Transform, base: Entry, rows: Rows) -> Entry | None:
        live = self.shelf.live.entries.get(key)
        try:
            entry, made = fill(describe(key, transform, base, live), base, rows, is_whole=self._is_whole(base))
        except ResultError:
            what = f"a part is more than the total; mend {base.key.dataset}, or what its derived names"
            self.outcome.hold(f"{key}: {what}{'; the last good CSV stays' if live else ''}", [key])
            return live
        if not entry.columns:
            return None
        whole, _ = seal(entry, made)
        return whole if live and live.sha256 == whole.sha256 else self.shelf.stage(entry, made)

    def _is_whole(self, base: Entry) -> bool:
        """Whether nothing is missing before the first period; a snapshot begins when it was first taken."""
        dataset, wiki = self.catalog.datasets.get(base.key.dataset), self.settings.wikis.get(base.key.wiki)
        if dataset is None or wiki is None or any(self.catalog.datasets[id].snapshot for id in self.catalog.required(dataset.id)):
            return True
        begin = Standing(self.catalog, self._first_day).begin(dataset, wiki, base.key.grain)
        return begin is None or not base.times or min(base.times).start <= begin

    def _first_day(self, wiki: str, dataset: Dataset) -> date | None:
        day = self.first_days.get(name_beginning(self.catalog, wiki, dataset))
        return date.fromisoformat(day) if day else None
