"""Every change that is made to the disk, one small step each, so that a test can stop a run before any of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _nothing(step: str) -> None:
    """Goes on at once."""


#: Called with what is about to be done, before each step.
before: Callable[[str], None] = _nothing


def write(path: Path, content: bytes, beside: Path | None = None) -> None:
    """Writes a whole file or none, and waits until it is on disk. Missing folders are made.

    Until it is whole it is in the folder ``beside``, or else in its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = (beside or path.parent) / f".{path.name}.partial"
    before(f"write {path.name}")
    with _named(path, partial), partial.open("wb") as file:
        file.write(content)
        before(f"sync {path.name}")
        file.flush()
        os.fsync(file.fileno())
    rename(partial, path)


@contextmanager
def _named(path: Path, partial: Path) -> Iterator[None]:
    """Lets an error tell which file it is about, for a full disk does not; and what was begun takes no room of it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        with suppress(OSError):
            partial.unlink()
        raise


def overwrite(path: Path, content: bytes) -> None:
    """Writes over a file where it stands, for there may be no room for another; who reads it meanwhile may meet half of it."""
    before(f"overwrite {path.name}")
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()


def rename(old: Path, new: Path) -> None:
    """Gives a file, a link or a folder another name; a file or link there before is replaced in the same step."""
    before(f"rename {new.name}")
    old.replace(new)


def link(existing: Path, new: Path) -> None:
    """Gives a file one more name; or makes a copy, where there cannot be one: many file systems have none, or none over
    the border of a mount, or no more than so many, and Linux gives none to files of others.
    """
    new.parent.mkdir(parents=True, exist_ok=True)
    before(f"link {new.name}")
    try:
        os.link(existing, new)
    except FileNotFoundError:
        raise
    except OSError:
        write(new, existing.read_bytes())


def prepare(link: Path, target: Path) -> None:
    """Makes the link beside ``link`` that will take its place; ``target`` may come into being until then."""
    beside = _beside(link)
    beside.unlink(missing_ok=True)
    before(f"prepare {link.name}")
    beside.symlink_to(target)
    sync(link.parent)


def point(link: Path) -> None:
    """Makes ``link`` point, in one step, to where its prepared one does."""
    rename(_beside(link), link)
    sync(link.parent)


def finish_pointing(link: Path, may_lead_to: Callable[[Path], bool]) -> None:
    """Ends what a run that was killed between ``prepare`` and ``point`` began: forward if it may lead there, else back."""
    beside = _beside(link)
    if beside.is_symlink():
        if may_lead_to(beside.readlink()):
            point(link)
        else:
            remove(beside)


def _beside(link: Path) -> Path:
    return link.with_name(f".{link.name}.new")


def sync(folder: Path) -> None:
    """Waits until the names in a folder are on disk."""
    before(f"sync {folder.name}")
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Waits until the names in a folder and all below are on disk."""
    for each, _, _ in os.walk(folder):
        sync(Path(each))


def remove(path: Path) -> None:
    """Removes a file, if it is there."""
    before(f"remove {path.name}")
    path.unlink(missing_ok=True)


def remove_tree(folder: Path) -> None:
    """Removes a folder and all in it, as far as it can be."""
    before(f"remove {folder.name}")
    shutil.rmtree(folder, ignore_errors=True)
