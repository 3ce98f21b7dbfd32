"""The release that is brought to a target, and whether it is fit to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flow.errors import HeldBack
from flow.limn import contract
from flow.shelf import LIVE, manifest
from flow.shelf.csvfile import Damaged
from flow.shelf.inspection import digest
from flow.shelf.manifest import Manifest

#: What a writer who was interrupted leaves behind; no part of a release.
UNFINISHED = ".*.partial"
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Release:
    """A whole release in a folder of this host. ``text``: its manifest.json, byte for byte."""

    folder: Path
    manifest: Manifest
    text: bytes

    @property
    def id(self) -> str:
        """Its folder's name."""
        return self.folder.name

    def paths(self) -> list[str]:
        """Every file in it, by path."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and not path.match(UNFINISHED))
        return sorted(path.relative_to(self.folder).as_posix() for path in found)


def live(output: Path) -> Release:
    """The sound release that readers see now. Raises HeldBack if there is none, or anything is wrong with it.

    The link is followed once, so that a run which switches it meanwhile cannot mix two releases.
    """
    link = output / LIVE
    if not link.is_dir():
        raise HeldBack(f"{link}: nothing is published yet, so there is nothing to bring anywhere; begin with 'generate.py run'")
    found = _read(link.resolve())
    faults = [*_empty(found), *_damaged(found)] or contract.complaints(found.folder)
    if faults:
        more = f"; and {len(faults) - MOST_SHOWN} more, which 'generate.py check' prints" if len(faults) > MOST_SHOWN else ""
        raise HeldBack(f"{found.folder}: not fit to be published elsewhere: {'; '.join(faults[:MOST_SHOWN])}{more}")
    return found


def _read(folder: Path) -> Release:
    file = folder / manifest.FILE
    try:
        return Release(folder, manifest.read(file), file.read_bytes())
    except Damaged as error:
        raise HeldBack(f"{file}: damaged, {error}; 'generate.py run' makes it again") from error


def _empty(release: Release) -> Iterator[str]:
    if not release.manifest.entries:
        yield "it holds no CSV"


def _damaged(release: Release) -> Iterator[str]:
    """What is not as the manifest says; a file that the manifest does not name may change between releases."""
    written = {key.path: entry.sha256 for key, entry in release.manifest.entries.items()} | release.manifest.files
    for path, hash in written.items():
        try:
            if digest((release.folder / path).read_bytes()) != hash:
                yield f"{path} is not what was written; 'generate.py run' makes it again"
        except OSError as error:
            yield f"{path}: {error.strerror}; 'generate.py run' makes it again"
