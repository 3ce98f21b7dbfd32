"""The demo's folder: which files in it the demo wrote, so that nothing else is ever removed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from flow.errors import UsageError
from flow.pipeline import origins, repeating
from flow.publication import held, held_before, metrics, onhold, status
from flow.shelf import belongings, disk
from flow.shelf.inspection import digest

#: The list of what the demo writes, beside it: each name, and the digest of what nobody may have changed since.
LIST = ".demo.json"
#: What runs write into the output folder besides releases and unpublished work.
BESIDE = (status.FILE, held.FILE, held_before.FILE, onhold.FILE, metrics.FILE, origins.FILE, repeating.FILE)


def clear(folder: Path, output: str) -> None:
    """Removes what an earlier demo wrote. Raises UsageError, with nothing removed, if anything else is in ``folder``."""
    own = {*_own(folder), *belongings.find(folder / output, BESIDE)}
    strange = sorted(path for path in _files(folder) if path not in own)
    if strange:
        what = f"the demo did not write this{f', nor {len(strange) - 1} other files' if strange[1:] else ''}"
        raise UsageError(f"{strange[0]}: {what}, or it was changed since; move it away, or name another folder with --folder")
    for path in own:
        disk.remove(path)
    for path in sorted(_folders(folder), reverse=True):
        path.rmdir()


def note(folder: Path, texts: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Lists what the demo is about to write: files of ``texts``, which are the demo's until they are changed, and ``names``."""
    known = {name: digest(text.encode()) for name, text in texts.items()} | dict.fromkeys(names, "")
    disk.write(folder / LIST, json.dumps(known, indent=1).encode())


def _own(folder: Path) -> Iterator[Path]:
    try:
        known = dict(json.loads((folder / LIST).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return
    yield folder / LIST
    for path in (path for path in _files(folder) if path.parent == folder):
        name = path.name.removesuffix("-journal")
        if name in known and (not known[name] or known[name] == digest(path.read_bytes())):
            yield path


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()]
