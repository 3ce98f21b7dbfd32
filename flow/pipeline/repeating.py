"""Whether publishing once more would change nothing: it would be made from the same as the last time, and that is still there."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import flow
from flow.datasets.board import Board
from flow.datasets.catalog import Catalog
from flow.pipeline.outcome import Outcome
from flow.publication import held, onhold
from flow.settings import Settings, Wiki
from flow.shelf import Shelf, manifest
from flow.shelf.manifest import Manifest

#: Beside the releases and never published: a digest of all that the live release, and what old ones may tell, was made from.
FILE = "made_from.txt"


@dataclass(frozen=True, slots=True)
class Repeating:
    """Looks at what is on the ``shelf``, and at all else that decides what is published; ``known``: see ``Publication``."""

    settings: Settings
    catalog: Catalog
    shelf: Shelf
    outcome: Outcome
    boards: Sequence[Board] | None
    known: Manifest

    def is_done(self) -> bool:
        """Whether all was published before, and neither a file that is published nor what it is made from has changed."""
        return not self.outcome.computed and self._is_clean() and self.shelf.text_beside(FILE) == self._digest()

    def remember(self) -> None:
        """Notes what all was made from, if there was nothing to tell of it: what has to be told must be found again each time."""
        if self._is_clean():
            self.shelf.put_beside(FILE, self._digest())

    def _is_clean(self) -> bool:
        outcome, shelf = self.outcome, self.shelf
        told = outcome.failures or outcome.held_back or outcome.unfinished or outcome.left or self.boards is None
        waits = shelf.staged or shelf.text_beside(onhold.FILE) or held.parse(shelf.text_beside(held.FILE))
        return not (told or waits or shelf.damaged)

    def _digest(self) -> str:
        found = hashlib.sha256()
        for part in self._parts():
            found.update(hashlib.sha256(part).digest())
        return found.hexdigest() + "\n"

    def _parts(self) -> Iterator[bytes]:
        yield sys.version.encode()
        for path in [*sorted(Path(flow.__file__).parent.rglob("*.py")), *self.catalog.paths.values()]:
            yield path.name.encode()
            yield path.read_bytes()
        output = self.settings.output
        yield repr((output.grains, output.default_grain, output.limn_name, self.settings.privacy, self.boards)).encode()
        yield repr([_describe(wiki) for wiki in self.settings.wikis.values()]).encode()
        yield repr((sorted(self.known.first_days.items()), sorted(self.known.bots.items()))).encode()
        yield repr((self.shelf.releases.live, sorted(self.shelf.live.files.items()))).encode()
        for id in self.shelf.releases.ids():
            yield id.encode()
            yield _bytes(self.shelf.releases.folder / id / manifest.FILE)


def _describe(wiki: Wiki) -> tuple[object, ...]:
    """What of a wiki's settings decides what is published: not where its databases are, nor who reads them."""
    joined = [(source, wiki.joins_core(source)) for source in wiki.sources]
    return wiki.id, joined, wiki.since, sorted(wiki.graces.items()), sorted(wiki.last_days.items()), sorted(wiki.implied)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
