"""The releases that are kept: which there are, going back to one, and forgetting old ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flow.errors import HeldBack, UsageError
from flow.shelf import csvfile, disk, manifest, transformed
from flow.shelf.csvfile import Damaged, Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.inspection import digest, faults, read_whole, seal
from flow.shelf.manifest import Manifest

#: What an old release's CSV becomes: its entry and rows as they may be kept, or None where nothing must change.
GateEntry = Callable[[Entry, Callable[[], Rows]], tuple[Entry, Rows] | None]
#: The release's other files, as they may be kept, where they change: its manifest, what of it tells less than before, a way to
#: read one, and the texts.
GateFiles = Callable[[Manifest, Collection[Key], Callable[[str], str]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases in ``folder``, of which ``link`` names the live one."""

    folder: Path
    link: Path

    @property
    def live(self) -> str:
        """The id of the live release; empty if there is none."""
        return self.link.resolve().name if self.link.exists() else ""

    def ids(self) -> list[str]:
        """All, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def read(self, id: str) -> Manifest | None:
        """The manifest of a release; None if it is damaged."""
        try:
            return manifest.read(self.folder / id / manifest.FILE)
        except Damaged:
            return None

    def go_back(self, id: str | None) -> str:
        """Switches the link to the release ``id``, or else to the newest before the live one; gives its id.

        Raises UsageError if there is none, HeldBack if it is not whole.
        """
        target = id or self._before_live()
        if target is None or target not in self.ids():
            what = f"there is no release '{target}'" if target else "there is no release before the live one"
            raise UsageError(f"{self.folder}: {what}; there is {', '.join(self.ids()) or 'none'}")
        found = faults(self.folder / target)
        if found:
            raise HeldBack(f"release {target} is damaged, and not gone back to: {'; '.join(found)}")
        disk.prepare(self.link, Path(self.folder.name) / target)
        disk.point(self.link)
        return target

    def _before_live(self) -> str | None:
        """The release that was live before the live one, which may withhold more by now; else the newest with a lower id."""
        ids, found = self.ids(), self.read(self.live) if self.live else None
        if found and found.previous:
            for name in (found.previous, f"{found.previous}w"):
                if name in ids:
                    return name
        return next((each for each in reversed(ids) if each < self.live), None)

    def forget(self, keep: int) -> None:
        """Removes all but the newest ``keep`` releases and the live one, and what interrupted runs left."""
        old = [id for id in self.ids() if id != self.live]
        for id in old[: max(0, len(old) - keep + 1)]:
            disk.remove_tree(self.folder / id)
        self.forget_unfinished()

    def forget_unfinished(self) -> None:
        """Removes what interrupted runs left half-written: it takes the room that the next release may need."""
        for path in self.folder.glob(".*"):
            disk.remove_tree(path)

    def is_whole(self, target: Path) -> bool:
        """Whether ``target``, what a link says, is a whole release of these."""
        return target.parent == Path(self.folder.name) and target.name in self.ids() and not faults(self.folder / target.name)

    def redact(self, entry: GateEntry, files: GateFiles) -> None:
        """Replaces every old release by one in which ``entry`` and ``files`` have withheld what must be withheld now.

        It gets another id, so that whoever is reading the old one is stopped and never sees a mixture.
        Releases from before anything was withheld are removed, and so are damaged ones.
        """
        for id in self.ids():
            if id == self.live:
                continue
            found = self.read(id)
            if found is None or found.format != manifest.FORMAT:
                disk.remove_tree(self.folder / id)
            else:
                self._gate_one(id, found, entry, files)

    def _gate_one(self, id: str, found: Manifest, gate_entry: GateEntry, gate_files: GateFiles) -> None:
        folder = self.folder / id
        try:
            redact = dict(self._gated(folder, found, gate_entry))
            redact |= dict(_follow(found, redact))
            whole = replace(found, entries=found.entries | {entry.key: entry for entry, _ in redact.values()})
            keys = [entry.key for entry, _ in redact.values()]
            texts = gate_files(whole, keys, lambda path: _text(folder / path))
            changed = {path: csvfile.render(entry.column_ids, rows) for path, (entry, rows) in redact.items()} | texts
            if changed:
                self._replace(id, whole, changed)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, Damaged):
            disk.remove_tree(folder)

    def _gated(self, folder: Path, found: Manifest, gate: GateEntry) -> Iterator[tuple[str, tuple[Entry, Rows]]]:
        for entry in found.measured.values():
            path = folder / entry.key.path
            kept = gate(entry, lambda: read_whole(entry, path))  # noqa: B023 - called at once
            if kept:
                yield entry.key.path, (seal(*kept)[0], kept[1])

    def _replace(self, id: str, found: Manifest, changed: dict[str, str]) -> None:
        new_id = f"{id}w"
        partial = self.folder / f".{new_id}.partial"
        disk.remove_tree(partial)
        known = {entry.key.path for entry in found.entries.values()} | found.files.keys()
        files = found.files | {path: digest(text.encode()) for path, text in changed.items() if path in found.files}
        whole = replace(found, files=files, release=new_id)
        for path in sorted(known - changed.keys()):
            disk.link(self.folder / id / path, partial / path)
        for path, text in [*changed.items(), (manifest.FILE, whole.text())]:
            disk.write(partial / path, text.encode())
        disk.sync_tree(partial)
        if not (self.folder / new_id).exists():
            disk.rename(partial, self.folder / new_id)
            disk.sync(self.folder)
        disk.remove_tree(self.folder / id)


def _follow(found: Manifest, redact: Mapping[str, tuple[Entry, Rows]]) -> Iterator[tuple[str, tuple[Entry, Rows]]]:
    """What was derived from the entries that are ``redact``, anew."""
    for entry in found.entries.values():
        if entry.transform and entry.base.path in redact:
            new, rows = transformed.fill(entry, *redact[entry.base.path])
            yield entry.key.path, (seal(new, rows)[0], rows)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
