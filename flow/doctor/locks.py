"""Who holds a lock on a file, seen without touching it: to try it would stop a run that begins in that moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: One line a lock: ``1: FLOCK  ADVISORY  WRITE 4711 08:01:131090 0 EOF``. Source: Linux, proc_locks(5).
TABLE = Path("/proc/locks")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whether a lock is taken, and by which process where that is known."""

    taken: bool
    process: int | None = None


def holder(path: Path) -> Holder:
    """Who holds ``path``; nobody where the system keeps no table of locks."""
    if not path.is_file() or not TABLE.is_file():
        return Holder(False)
    inode = str(path.stat().st_ino)
    for line in TABLE.read_text("utf-8").splitlines():
        words = line.split()
        if len(words) >= 6 and words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
            return Holder(True, int(words[4]) if int(words[4]) > 0 else None)
    return Holder(False)
