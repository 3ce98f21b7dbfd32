"""A port of loopback for a server of the tests' own, and the wait until it answers there."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

SECONDS_TO_START = 20


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until ``process`` listens. Raises RuntimeError with the end of its log if it does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} does not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
