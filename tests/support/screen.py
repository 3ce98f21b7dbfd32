"""A command as a person sees it: on a terminal of so many columns."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

from tests.conftest import CHECKOUT
from tests.support.project import Project

#: What colours, moves the cursor, clears a line, or hides the cursor.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def see(project: Project, *arguments: str, columns: int = 80, **environment: str) -> tuple[str, int]:
    """What the terminal gets of ``generate.py`` over ``project``, which has a program of its own; and the exit code."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    command = [sys.executable, str(project.folder / "generate.py"), "--settings", str(project.folder / "settings.toml"), *arguments]
    kept = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")}
    kept |= {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", "TERM": "xterm-256color"} | environment
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there, env=kept) as running:
        os.close(there)
        found = b"".join(iter(lambda: _read(here), b""))
    os.close(here)
    return found.decode().replace("\r\n", "\n"), running.returncode


def _read(here: int) -> bytes:
    try:
        return os.read(here, 65536)
    except OSError:  # nobody is at the other end any more
        return b""


def plain(text: str) -> str:
    """A text without colours and what moves the cursor; each state of a line that changes is a line."""
    return CONTROL.sub("", text).replace("\r", "\n")
