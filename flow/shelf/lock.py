"""One run at a time in an output folder: a lock of the kernel, which ends with its process, and a note of who holds it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flow.errors import Locked, UsageError

LOCK = ".lock"
HOLDER = ".holder"


@contextmanager
def acquire(folder: Path) -> Iterator[None]:
    """The lock of ``folder`` while it is used. Raises Locked at once, saying who holds it since when."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Locked(f"{folder}: {holder(folder)} is at work here; nothing is done") from error
    except OSError as error:
        raise UsageError(f"{folder}: it cannot be locked: {error.strerror}") from error
    try:
        _note(folder)
        yield
    finally:
        lock.release()


def holder(folder: Path) -> str:
    """Who holds the lock, and since when, as far as the note tells."""
    try:
        note = json.loads((folder / HOLDER).read_text("utf-8"))
        return f"process {int(note['process'])} on {note['host']}, since {note['since']},"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "another run"


def _note(folder: Path) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    note = {"process": os.getpid(), "host": platform.node(), "since": since}
    # Replaced, not rewritten: who reads it meanwhile sees the old or the new one. It need not outlive a power cut.
    partial = folder / f"{HOLDER}.partial"
    try:
        partial.write_text(json.dumps(note), "utf-8")
        partial.replace(folder / HOLDER)
    except OSError:  # a full disk: the run may make room; but nobody else shall be named
        with suppress(OSError):
            (folder / HOLDER).unlink()
