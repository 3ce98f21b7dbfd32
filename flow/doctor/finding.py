"""A finding: what was looked at, what was found, how bad it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``todo`` is empty where there is nothing to do."""

    level: Level
    where: str
    what: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}{f'; {self.todo}' if self.todo else ''}"


def ok(where: str, what: str) -> Finding:
    """All is well."""
    return Finding("ok", where, what)


def warn(where: str, what: str, todo: str) -> Finding:
    """Runs work, but somebody should know."""
    return Finding("warn", where, what, todo)


def fail(where: str, what: str, todo: str) -> Finding:
    """Runs do not work, or publish nothing of it."""
    return Finding("fail", where, what, todo)
