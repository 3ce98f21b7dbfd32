"""What is in the output folder, undamaged: a damaged file is said, and treated as not there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flow.datasets.period import Grain
from flow.shelf import csvfile, manifest
from flow.shelf.csvfile import Damaged, Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.extent import measure
from flow.shelf.manifest import Manifest

Say = Callable[[str], None]


def digest(content: bytes) -> str:
    """The SHA-256 of ``content``, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """The digest of each text in ``files``."""
    return {path: digest(text.encode()) for path, text in files.items()}


def seal(entry: Entry, rows: Rows) -> tuple[Entry, bytes]:
    """``entry`` with what follows from its ``rows``, its digest and what its graphs can show; and its CSV."""
    text = csvfile.render(entry.column_ids, rows).encode()
    return replace(entry, sha256=digest(text), extents=measure(entry.column_ids, rows, entry.key.grain)), text


@dataclass(frozen=True, slots=True)
class Inspection:
    """Reads releases and staged work; what is wrong with them goes to ``say``.

    ``written``: the digest of the manifest that was written last: what it says of its CSVs need not be proved again.
    """

    say: Say
    written: str = ""

    def release(self, folder: Path) -> tuple[Manifest, set[Key]]:
        """What of a release is whole, and the CSVs of it that are not."""
        try:
            found = manifest.read(folder / manifest.FILE)
        except Damaged as error:
            self.say(f"{folder / manifest.FILE}: damaged, {error}; everything is computed again")
            return Manifest(), _csvs_in(folder)
        check = check_whole if self.written == digest((folder / manifest.FILE).read_bytes()) else read_whole
        kept = {key: entry for key, entry in found.entries.items() if self._undamaged(entry, folder / key.path, check)}
        files = {path: digest(file.read_bytes()) for path in found.files if (file := folder / path).is_file()}
        return replace(found, entries=kept, files=files), found.entries.keys() - kept.keys()

    def staged(self, folder: Path) -> dict[Key, Entry]:
        """The unpublished work in ``folder`` that is whole."""
        found = {}
        for path in sorted(folder.glob("*/*/*.json")):
            try:
                entry = manifest.read_entry(path)
            except Damaged as error:
                self.say(f"{path}: damaged, {error}; this unpublished work is done again")
                continue
            if path.relative_to(folder).parts != (entry.key.wiki, entry.key.grain, f"{entry.key.dataset}.json"):
                self.say(f"{path}: damaged, it belongs elsewhere; this unpublished work is done again")
            elif self._undamaged(entry, path.with_suffix(".csv"), read_whole):
                found[entry.key] = entry
        return found

    def _undamaged(self, entry: Entry, path: Path, check: Callable[[Entry, Path], object]) -> bool:
        try:
            check(entry, path)
        except Damaged as error:
            self.say(f"{path}: damaged, {error}; it is computed again")
            return False
        return True


def read_whole(entry: Entry, path: Path) -> Rows:
    """The rows of the CSV of ``entry`` in the file ``path``. Raises Damaged if it is not what was written."""
    return csvfile.parse(entry.column_ids, check_whole(entry, path))


def check_whole(entry: Entry, path: Path) -> str:
    """The text of the CSV of ``entry`` in the file ``path``. Raises Damaged if it is not what was written.

    What has the digest of what was written is that, to the last number; that the entry tells of it what is true is looked at.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Damaged(error.strerror or "it cannot be read") from error
    if digest(content) != entry.sha256:
        raise Damaged("it is not what was written")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Damaged("it is not UTF-8 text") from error
    lines = csvfile.split(entry.column_ids, text)[1:-1]
    if [line[:10] for line in lines] != entry.dates:
        raise Damaged("its dates are not those of the manifest")
    if "." in text and _has_broken_whole(entry, lines):
        raise Damaged("a whole number in it is none")
    return text


def _has_broken_whole(entry: Entry, lines: Sequence[str]) -> bool:
    """Whether a column of whole numbers has one with a point."""
    pattern = ",".join([r"[^,\n]*", *(r"[^,.\n]*" if column.type == "int" else r"[^,\n]*" for column in entry.columns)])
    return re.fullmatch(rf"({pattern}\n)*+", "\n".join([*lines, ""])) is None


def faults(folder: Path) -> list[str]:
    """What of a release is not as it was written, each a line; empty for a whole one."""
    found: list[str] = []
    read, damaged = Inspection(found.append).release(folder)
    if not found and not damaged:
        written = manifest.read(folder / manifest.FILE).files
        found += [f"{folder / path}: it is not what was written" for path in written if read.files.get(path) != written[path]]
    return found


def _csvs_in(folder: Path) -> set[Key]:
    paths = (path.relative_to(folder).parts for path in folder.glob("datafiles/*/*/*.csv"))
    return {Key(file.removesuffix(".csv"), wiki, Grain(grain)) for _, wiki, grain, file in paths if grain in set(Grain)}
