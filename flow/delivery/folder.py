"""A target that is a folder of this host."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from flow.delivery.place import KEPT_RELEASES, LiveRelease, release_of
from flow.delivery.release import Release
from flow.errors import UsageError
from flow.shelf import LIVE, RELEASES, lock, manifest


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder ``path``."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def link(self) -> Path:
        """The link that readers follow."""
        return self.path / LIVE

    @property
    def releases(self) -> Path:
        """The folder of releases."""
        return self.path / RELEASES

    def live_release(self) -> LiveRelease:
        """What readers see here now."""
        if not os.path.lexists(self.link):
            return LiveRelease()
        id = release_of(str(self.link.readlink()) if self.link.is_symlink() else "", self.path)
        file = self.releases / id / manifest.FILE
        return LiveRelease(id, file.read_bytes() if file.is_file() else b"")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other deliveries away. Raises Locked, or UsageError if the folder cannot be written."""
        try:
            self.releases.mkdir(parents=True, exist_ok=True)
            if not os.access(self.releases, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise UsageError(f"{self.path}: the target's folder cannot be written: {error.strerror}") from error
        with lock.acquire(self.path):
            yield

    def refresh(self, release: Release, id: str) -> None:
        """Writes those files of ``release`` that differ, each in one rename."""
        for path in release.paths():
            if not same(release.folder / path, self.releases / id / path):
                copy(release.folder / path, self.releases / id / path)

    def deliver(self, release: Release, before: str) -> str:
        """Writes a whole release under a hidden name, renames it, then switches the link."""
        partial = self.releases / f".{release.id}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for path in release.paths():
            place(release.folder / path, partial / path, self.releases / before / path if before else None)
        for folder, _, _ in os.walk(partial):
            sync(Path(folder))
        id = self._free(release.id)
        partial.rename(self.releases / id)
        sync(self.releases)
        self._link(id)
        self._forget_old({id, before})
        return id

    def forget_others(self, id: str) -> None:
        """Removes all releases here but the release ``id``."""
        for path in self.releases.iterdir():
            if path.name != id:
                shutil.rmtree(path, ignore_errors=True)

    def switch(self, id: str, since: str) -> bool:
        """Leads readers to the release ``id``, if it is still ``since`` that they see; whether it did."""
        if self.live_release().id != since:
            return False
        self._link(id)
        return True

    def _link(self, id: str) -> None:
        new_link = self.path / f".{LIVE}.new"
        new_link.unlink(missing_ok=True)
        new_link.symlink_to(Path(RELEASES) / id)
        new_link.replace(self.link)
        sync(self.path)

    def _free(self, id: str) -> str:
        names = chain([id], (f"{id}-{number}" for number in count(2)))
        return next(name for name in names if not (self.releases / name).exists())

    def _forget_old(self, kept: Collection[str]) -> None:
        others = sorted(path for path in self.releases.iterdir() if path.name not in kept)
        hidden = [path for path in others if path.name.startswith(".")]
        whole = [path for path in others if path not in hidden]
        surplus = len(whole) - max(0, KEPT_RELEASES - len([id for id in kept if id]))
        for path in hidden + whole[: max(0, surplus)]:
            shutil.rmtree(path, ignore_errors=True)


def same(one: Path, other: Path) -> bool:
    """Whether both files are there and hold the same bytes."""
    return other.is_file() and one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def place(source: Path, target: Path, before: Path | None) -> None:
    """Writes ``target``: a second name of ``before`` where that is the same already, else a copy of ``source``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if before and same(source, before):
        try:
            os.link(before, target)
        except OSError:  # a file system without second names, or files of another owner
            copy(source, target)
    else:
        copy(source, target)


def copy(source: Path, target: Path) -> None:
    """Writes a whole copy or none, and waits until it is on disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    with source.open("rb") as read, partial.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    partial.replace(target)


def sync(folder: Path) -> None:
    """Waits until the names in ``folder`` are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
