"""Standard output and standard error as a program can rely on them, whatever the shell and the locale."""

from __future__ import annotations

import io
import os
import sys
from typing import Any


class _Stream(io.FileIO):
    """A stream whose reader may leave: what is said then is said to nobody, and the command goes on to its end."""

    def write(self, data: Any, /) -> int:
        """Writes what it can."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            return len(data)


def open_streams() -> None:
    """Makes both UTF-8, whatever the locale, and nobody's where they are closed.

    A closed one would give its number to the next file that is opened, which prints would then be written into.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout, sys.stderr = _text(1), _text(2)


def _text(number: int) -> io.TextIOWrapper:
    stream = io.BufferedWriter(_Stream(number, "w", closefd=False))
    return io.TextIOWrapper(stream, "utf-8", "backslashreplace", line_buffering=number == 2 or os.isatty(number))
