"""Judges the output folder: whether a run could write, lock and switch it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flow.doctor.finding import Finding, fail, ok, warn
from flow.doctor.locks import Holder, holder
from flow.publication import onhold
from flow.shelf import LIVE, owner
from flow.shelf.lock import LOCK

LEAST_FREE = 1_000_000_000
#: As many whole releases should fit beside the live one.
LEAST_RELEASES = 10


def of_folder(folder: Path) -> Iterator[Finding]:
    """What there is to say of the output folder; nothing is changed in it."""
    where = f"output {folder}"
    try:
        yield from _looked_at(where, folder)
    except OSError as error:
        what = f"it cannot be written: {error.strerror or type(error).__name__}"
        yield fail(f"{where}: folder", what, "make it a folder that this user may write")


def _looked_at(where: str, folder: Path) -> Iterator[Finding]:
    # Tried, for permissions alone do not tell.
    with tempfile.TemporaryFile(dir=_existing(folder)):
        pass
    yield ok(f"{where}: folder", "it can be written" if folder.is_dir() else "it is not there yet; the first run makes it")
    yield _owner(f"{where}: owner", folder)
    yield _link(f"{where}: link", folder / LIVE)
    yield _lock(f"{where}: lock", holder(folder / LOCK))
    held = onhold.describe(_text(folder / onhold.FILE))
    if held:
        yield warn(f"{where}: hold", *held.split("; ", 1))
    yield _space(f"{where}: space", shutil.disk_usage(_existing(folder)).free, _size(folder / LIVE))


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next((path for path in [folder, *folder.absolute().parents] if path.exists()), Path("/"))


def _owner(where: str, folder: Path) -> Finding:
    what, _, todo = owner.fault(folder).partition("; ")
    if what:
        return fail(where, what, todo)
    others = owner.others(folder) if folder.is_dir() else []
    if others:
        user = owner.name(folder.stat().st_uid)
        return warn(where, f"{len(others)} files in it are not {user}'s, such as {others[0]}", f"chown -R {user} {folder}")
    return ok(where, "it belongs to this user, and so does all in it" if folder.is_dir() else "it will be this user's")


def _link(where: str, link: Path) -> Finding:
    if link.is_symlink():
        if link.is_dir():
            return ok(where, f"it leads to {link.readlink()}")
        return fail(where, f"it leads to {link.readlink()}, which is not there", "remove it and run; all is published again")
    if link.exists():
        return fail(where, f"{link} is no link to a release", "move it away")
    return ok(where, "nothing is published yet")


def _lock(where: str, held: Holder) -> Finding:
    if not held.taken:
        return ok(where, "free")
    by = f"held by process {held.process}" if held.process else "held"
    return warn(where, f"{by}: a run is at work", "wait until it has ended; the lock ends with its process")


def _space(where: str, free: int, live: int) -> Finding:
    least = max(LEAST_FREE, LEAST_RELEASES * live)
    what = f"{free / 1e9:.1f} GB free, the live release takes {live / 1e6:.1f} MB"
    if free >= least:
        return ok(where, what)
    return warn(where, what, f"make room: at least {least / 1e9:.1f} GB should be free")


def _size(release: Path) -> int:
    if not release.is_dir():
        return 0
    paths = (Path(folder) / name for folder, _, names in os.walk(release.resolve()) for name in names)
    return sum(path.lstat().st_size for path in paths)
