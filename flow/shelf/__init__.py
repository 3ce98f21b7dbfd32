"""The published folder: whole releases beside each other, a link to the live one, and work not yet published."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from filelock import FileLock, Timeout

from flow.errors import HeldBack, Locked, UsageError
from flow.period import Grain
from flow.shelf import csvfile, manifest
from flow.shelf.csvfile import Damaged, Rows
from flow.shelf.manifest import Entry, Key, Manifest

LIVE = "public"
RELEASES = "releases"
STAGING = "staging"
LOCK = ".lock"
KEPT_RELEASES = 14

Say = Callable[[str], None]
Check = Callable[[Path], list[str]]


def digest(content: bytes) -> str:
    """The SHA-256 of ``content``, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """The digest of each text in ``files``."""
    return {path: digest(text.encode()) for path, text in files.items()}


@dataclass(slots=True)
class Shelf:
    """The output folder ``folder``. What is found damaged is said through ``say`` and treated as not there."""

    folder: Path
    say: Say = print
    live: Manifest = field(default_factory=Manifest)
    staged: dict[Key, Entry] = field(default_factory=dict)
    damaged: set[Key] = field(default_factory=set)

    def open(self) -> Shelf:
        """The shelf, with its folders made. Raises UsageError if they cannot be written."""
        if self.link.exists() and not self.link.is_symlink():
            raise UsageError(f"{self.link}: it must be a link to a release, and is something else; move it away")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / STAGING).mkdir(exist_ok=True)
            (self.folder / RELEASES).mkdir(exist_ok=True)
            probe = self.folder / STAGING / ".writable"
            probe.write_text("")
            probe.unlink()
        except OSError as error:
            raise UsageError(f"{self.folder}: the output folder cannot be written: {error.strerror}") from error
        return self

    @contextmanager
    def locked(self) -> Iterator[Shelf]:
        """The shelf, opened, and nobody else's while it is used. Raises Locked; the lock ends with its process."""
        self.open()
        lock = FileLock(self.folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise Locked(f"{self.folder}: another run is at work here; this one does nothing") from error
        try:
            yield self.inspect()
        finally:
            lock.release()

    def inspect(self) -> Shelf:
        """Reads what is published and what is staged; writes nothing."""
        self.live = self._read_live()
        self.staged = self._read_staged()
        return self

    @property
    def link(self) -> Path:
        """The link that readers follow."""
        return self.folder / LIVE

    def held(self) -> dict[Key, Entry]:
        """What there is of each CSV: staged work where there is some, else what is published."""
        return {**self.live.entries, **self.staged}

    def rows(self, key: Key) -> Rows:
        """The rows of a held CSV, keyed by date; none for one that is not held."""
        if key not in self.held():
            return {}
        path = self._staged_path(key) if key in self.staged else self.link / key.path
        return csvfile.parsed(self.held()[key].column_ids, path.read_text("utf-8"))

    def stage(self, entry: Entry, rows: Rows) -> Entry:
        """Puts rows and their entry aside until they are published; they outlive an interrupted run."""
        text = csvfile.written(entry.column_ids, rows).encode()
        entry = replace(entry, sha256=digest(text))
        path = self._staged_path(entry.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
        _write(path.with_suffix(".json"), json.dumps(manifest.entry_json(entry)).encode())
        self.staged[entry.key] = entry
        return entry

    def unstage(self, key: Key) -> None:
        """Drops what is staged of ``key``."""
        self.staged.pop(key, None)
        self._staged_path(key).with_suffix(".json").unlink(missing_ok=True)
        self._staged_path(key).unlink(missing_ok=True)

    def publish(self, id: str, planned: Manifest, files: Mapping[str, str], check: Check) -> Path:
        """Writes a whole release of the entries of ``planned`` and of ``files``, then switches the link to it.

        A CSV that is published already is linked, not copied. Gives the release's folder. Raises HeldBack, and
        publishes nothing, if ``check`` has complaints of it.
        """
        release = self._free(id)
        partial = self.folder / RELEASES / f".{release}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for entry in planned.entries.values():
            self._place(entry, partial / entry.key.path)
        whole = replace(planned, files=digests(files), release=release)
        for path, text in [*files.items(), (manifest.FILE, whole.text())]:
            (partial / path).parent.mkdir(parents=True, exist_ok=True)
            _write(partial / path, text.encode())
        complaints = check(partial)
        if complaints:
            shutil.rmtree(partial)
            raise HeldBack(f"the new release is not published: {'; '.join(complaints)}")
        return self._switch(partial, whole)

    def _free(self, id: str) -> str:
        """``id``, or ``id-2`` and so on if there is such a release already."""
        taken = {path.name for path in (self.folder / RELEASES).iterdir()}
        return next(name for name in chain([id], (f"{id}-{number}" for number in count(2))) if name not in taken)

    def _place(self, entry: Entry, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        published = self.live.entries.get(entry.key)
        if published and published.sha256 == entry.sha256:
            os.link(self.link / entry.key.path, target)
        else:
            _write(target, self._staged_path(entry.key).read_bytes())

    def _switch(self, partial: Path, whole: Manifest) -> Path:
        for folder, _, _ in os.walk(partial):
            _sync(Path(folder))
        final = partial.with_name(whole.release)
        partial.rename(final)
        _sync(final.parent)
        new_link = self.folder / f".{LIVE}.new"
        new_link.unlink(missing_ok=True)
        new_link.symlink_to(Path(RELEASES) / whole.release)
        new_link.replace(self.link)
        _sync(self.folder)
        self.live = whole
        for key in [key for key, entry in self.staged.items() if whole.entries.get(key, entry).sha256 == entry.sha256]:
            self.unstage(key)
        self._forget_old(whole.release)
        return final

    def _forget_old(self, live: str) -> None:
        releases = sorted(path for path in (self.folder / RELEASES).iterdir() if path.name != live)
        for path in releases[: -(KEPT_RELEASES - 1)] + [path for path in releases if path.name.startswith(".")]:
            shutil.rmtree(path, ignore_errors=True)

    def _read_live(self) -> Manifest:
        if not self.link.exists():
            return Manifest()
        try:
            found = manifest.read(self.link / manifest.FILE)
        except Damaged as error:
            self.say(f"{self.link / manifest.FILE}: damaged, {error}; everything is computed again")
            self.damaged = self._csvs_on_disk()
            return Manifest()
        kept = {key: entry for key, entry in found.entries.items() if self._undamaged(entry, self.link / key.path)}
        self.damaged = found.entries.keys() - kept.keys()
        return replace(found, entries=kept, files=self._files_on_disk(found.files))

    def _csvs_on_disk(self) -> set[Key]:
        paths = (path.relative_to(self.link).parts for path in self.link.glob("datafiles/*/*/*.csv"))
        return {Key(file.removesuffix(".csv"), wiki, Grain(grain)) for _, wiki, grain, file in paths if grain in set(Grain)}

    def _files_on_disk(self, files: Mapping[str, str]) -> dict[str, str]:
        """The digests of the release's other files as they are now, so that a damaged one is written again."""
        found = {path: self.link / path for path in files}
        return {path: digest(file.read_bytes()) for path, file in found.items() if file.is_file()}

    def _read_staged(self) -> dict[Key, Entry]:
        found = {}
        for path in sorted((self.folder / STAGING).glob("*/*/*.json")):
            try:
                entry = manifest.read_entry(path)
            except Damaged as error:
                self.say(f"{path}: damaged, {error}; this unpublished work is done again")
                continue
            if self._undamaged(entry, path.with_suffix(".csv")):
                found[entry.key] = entry
        return found

    def _undamaged(self, entry: Entry, path: Path) -> bool:
        try:
            content = path.read_bytes()
            if digest(content) != entry.sha256:
                raise Damaged("it is not what was written")
            if set(csvfile.parsed(entry.column_ids, content.decode())) != {str(period) for period in entry.times()}:
                raise Damaged("its dates are not those of the manifest")
        except (OSError, Damaged) as error:
            self.say(f"{path}: damaged, {getattr(error, 'strerror', None) or error}; it is computed again")
            return False
        return True

    def _staged_path(self, key: Key) -> Path:
        return self.folder / STAGING / key.wiki / key.grain / f"{key.dataset}.csv"


def _write(path: Path, content: bytes) -> None:
    """Writes a whole file or none, and waits until it is on disk."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
