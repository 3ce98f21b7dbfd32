"""Whose the output folder is: who else runs over it would leave files there that its owner could neither replace nor remove."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from flow.errors import UsageError


def name(user: int) -> str:
    """The name of a user, or the number where there is no name."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def fault(folder: Path) -> str:
    """Why the user of this process must not run over ``folder``, and what to do; empty if all is well, or it is not there."""
    if not folder.exists():
        return ""
    owner, user = folder.stat().st_uid, os.geteuid()
    if owner == user:
        return ""
    what = f"it belongs to {name(owner)}, and this run is {name(user)}'s"
    return f"{what}; run as {name(owner)}, or give it all away with 'chown -R {user} {folder}'"


def check(folder: Path) -> None:
    """Raises UsageError for a folder of somebody else."""
    found = fault(folder)
    if found:
        raise UsageError(f"{folder}: {found}")


def others(folder: Path) -> list[Path]:
    """What in ``folder``, however deep, belongs to somebody else than the folder itself."""
    owner = folder.stat().st_uid
    return [path for path in sorted(folder.rglob("*")) if path.lstat().st_uid != owner]
