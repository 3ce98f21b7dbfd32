"""A place in a file of one's own, as errors name it: ``queries/flow/x.py:17``, its line, and a caret below."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path


def shorten(path: Path) -> Path:
    """A file's path as messages name it: ``queries/<subject>/<dataset>.py``."""
    return Path(*path.parts[-3:])


@dataclass(frozen=True, slots=True)
class Place:
    """A ``line`` of the file ``path``, and in it ``length`` characters from ``column`` on; both count from 1, 0 for no column."""

    path: Path
    line: int
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        return f"{shorten(self.path)}:{self.line}"

    def excerpt(self) -> str:
        """The line, and below it a caret where it is known; nothing if the file has no such line any more."""
        text = self.text()
        shown = text.strip()
        if not shown:
            return ""
        number = f"{self.line} | "
        before = text[: self.column - 1].removeprefix(text[: len(text) - len(text.lstrip())])
        caret = f"\n{' ' * (len(number) + len(before))}{'^' * self.length}" if 0 < self.column <= len(text.rstrip()) + 1 else ""
        return f"{number}{shown}{caret}"

    def text(self) -> str:
        """The line of the file; nothing if there is none."""
        try:
            return self.path.read_text("utf-8").split("\n")[self.line - 1].expandtabs(1)
        except (OSError, UnicodeDecodeError, IndexError):
            return ""


def find_raised(error: BaseException, path: Path) -> Place | None:
    """The last line of the file ``path`` that an error passed through, or that its syntax breaks; None for no such line."""
    if isinstance(error, SyntaxError) and error.filename == str(path) and error.lineno:
        return Place(path, error.lineno, error.offset or 0)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return Place(path, lines[-1]) if lines and lines[-1] else None
