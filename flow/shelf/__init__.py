"""The published folder: whole releases beside each other, a link to the live one, and work not yet published."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from flow.errors import HeldBack, UsageError
from flow.shelf import csvfile, disk, lock, manifest, owner
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.inspection import Inspection, Say, digest, digests, seal
from flow.shelf.manifest import Manifest
from flow.shelf.releases import Releases

LIVE = "public"
RELEASES = "releases"
STAGING = "staging"
#: Beside the releases: the digest of the live manifest, as it was written.
WRITTEN = "written.txt"

Check = Callable[[Path], list[str]]


@dataclass(slots=True)
class Shelf:
    """The output folder ``folder``. What is found damaged is said through ``say`` and treated as not there."""

    folder: Path
    say: Say = print
    live: Manifest = field(default_factory=Manifest)
    staged: dict[Key, Entry] = field(default_factory=dict)
    damaged: set[Key] = field(default_factory=set)

    def open(self) -> Shelf:
        """The shelf, with its folders made. Raises UsageError if they cannot be written, or are somebody else's."""
        owner.check(self.folder)
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
        with lock.acquire(self.folder):
            disk.finish_pointing(self.link, self.releases.is_whole)
            self.releases.forget_unfinished()
            self.inspect()._note_written()
            yield self

    def inspect(self) -> Shelf:
        """Reads what is published and what is staged; writes nothing."""
        inspection = Inspection(self.say, self.text_beside(WRITTEN).strip())
        self.live, self.damaged = inspection.release(self.link) if self.link.exists() else (Manifest(), set())
        self.staged = inspection.staged(self.folder / STAGING)
        return self

    def _note_written(self) -> None:
        """Notes which manifest was written, where a run was ended before it could; all that it names has been proved since."""
        written = digest(self.live.text().encode()) + "\n"
        if self.live.release and not self.damaged and self.text_beside(WRITTEN) != written:
            self.put_beside(WRITTEN, written)

    @property
    def link(self) -> Path:
        """The link that readers follow."""
        return self.folder / LIVE

    @property
    def releases(self) -> Releases:
        """The releases that are kept."""
        return Releases(self.folder / RELEASES, self.link)

    def current(self) -> dict[Key, Entry]:
        """What there is of each CSV: staged work where there is some, else what is published."""
        return {**self.live.measured, **{key: entry for key, entry in self.staged.items() if not entry.transform}}

    def rows(self, key: Key) -> Rows:
        """The rows of a held CSV, keyed by date; none for one that is not held."""
        if key in self.staged:
            return _rows(self.staged[key], self._staged_path(key))
        return self.live_rows(key)

    def live_rows(self, key: Key) -> Rows:
        """The rows of a published CSV, keyed by date; none for one that is not published."""
        return _rows(self.live.entries[key], self.link / key.path) if key in self.live.entries else {}

    def text(self, name: str) -> str:
        """A file of the live release beside its CSVs; empty if it is not there."""
        return _text(self.link / name)

    def text_beside(self, name: str) -> str:
        """A file in the output folder that is not published; empty if it is not there."""
        return _text(self.folder / name)

    def stage(self, entry: Entry, rows: Rows) -> Entry:
        """Puts rows and their entry aside until they are published; they outlive an interrupted run."""
        entry, text = seal(entry, rows)
        path = self._staged_path(entry.key)
        disk.write(path, text)
        disk.write(path.with_suffix(".json"), json.dumps(manifest.entry_json(entry)).encode())
        self.staged[entry.key] = entry
        return entry

    def unstage(self, key: Key) -> None:
        """Drops what is staged of ``key``."""
        self.staged.pop(key, None)
        for path in (self._staged_path(key).with_suffix(".json"), self._staged_path(key)):
            if path.exists():
                disk.remove(path)

    def tidy(self) -> None:
        """Drops what is published by now, and what a run that was stopped left half-written."""
        for key, entry in list(self.staged.items()):
            if self.live.entries.get(key) == entry:
                self.unstage(key)
        known = {path for key in self.staged for path in (self._staged_path(key), self._staged_path(key).with_suffix(".json"))}
        for path in sorted((self.folder / STAGING).rglob("*")):
            if path.is_file() and path not in known:
                disk.remove(path)

    def publish(self, id: str, planned: Manifest, files: Mapping[str, str], loose: Mapping[str, str], check: Check) -> Path:
        """Writes a whole release of the entries of ``planned`` and of ``files``, then switches the link to it.

        A CSV that is published already is linked, not copied. ``loose`` files may change while the release is live.
        Gives the release's folder. Raises HeldBack, and publishes nothing, if ``check`` has complaints of it.
        """
        whole = replace(planned, files=digests(files), release=self._free(id), format=manifest.FORMAT)
        whole = replace(whole, previous=self.live.release)
        partial = self.folder / RELEASES / f".{whole.release}.partial"
        disk.remove_tree(partial)
        for entry in planned.entries.values():
            self._place(entry, partial / entry.key.path)
        for path, text in [*files.items(), *loose.items(), (manifest.FILE, whole.text())]:
            self._put(path, text, partial)
        complaints = check(partial)
        if complaints:
            disk.remove_tree(partial)
            raise HeldBack(f"the new release is not published: {'; '.join(complaints)}")
        return self._switch(partial, whole)

    def put(self, name: str, text: str) -> None:
        """Replaces a loose file of the live release, if there is a release; who copies it meets nothing half-written."""
        if self.link.exists():
            disk.write(self.link.resolve() / name, text.encode(), beside=self.folder)

    def put_beside(self, name: str, text: str) -> None:
        """Replaces a file in the output folder, which is not published."""
        disk.write(self.folder / name, text.encode())

    def _put(self, path: str, text: str, partial: Path) -> None:
        published = self.link / path
        if self.live.files.get(path) == digest(text.encode()):
            disk.link(published.resolve(), partial / path)
        else:
            disk.write(partial / path, text.encode())

    def _free(self, id: str) -> str:
        """``id``, or ``id-2`` and so on if there is such a release already."""
        taken = {path.name for path in (self.folder / RELEASES).iterdir()}
        return next(name for name in chain([id], (f"{id}-{number}" for number in count(2))) if name not in taken)

    def _place(self, entry: Entry, target: Path) -> None:
        published = self.live.entries.get(entry.key)
        if published and published.sha256 == entry.sha256:
            disk.link(self.link.resolve() / entry.key.path, target)
        else:
            disk.write(target, self._staged_path(entry.key).read_bytes())

    def _switch(self, partial: Path, whole: Manifest) -> Path:
        disk.sync_tree(partial)
        final = partial.with_name(whole.release)
        disk.prepare(self.link, Path(RELEASES) / whole.release)
        disk.rename(partial, final)
        disk.sync(final.parent)
        disk.point(self.link)
        self.live = whole
        self.put_beside(WRITTEN, digest(whole.text().encode()) + "\n")
        return final

    def _staged_path(self, key: Key) -> Path:
        return self.folder / STAGING / key.wiki / key.grain / f"{key.dataset}.csv"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _rows(entry: Entry, path: Path) -> Rows:
    return csvfile.parse(entry.column_ids, path.read_text("utf-8"))
