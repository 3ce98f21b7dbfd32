"""A command in a process of its own, with the time and memory that it took."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.wiki import CHECKOUT


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock, seconds of the processor in the process itself, and its peak of resident memory in MB.

    The kernel hands down the peak of the process that starts another: none is less than this one's, some 30 MB.
    """

    wall: float
    cpu: float
    peak: float
    said: str


def measured(command: Sequence[str], folder: Path = CHECKOUT) -> Measured:
    """What ``command`` took in ``folder``, and what it said on standard error. Raises RuntimeError with its last words if it
    fails.
    """
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        found = Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _text(said))
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} … ended with {process.returncode}: {found.said[-2000:]}")
    return found


def job(name: str, **arguments: Any) -> Any:
    """What the job ``name`` of ``benchmarks.jobs`` gives, in a fresh process, whose asides are seen at once."""
    command = [sys.executable, "-m", "benchmarks.jobs", name, json.dumps(arguments)]
    return json.loads(subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE).stdout)


def summed_up(all_measured: Sequence[Measured]) -> dict[str, Any]:
    """``wall``, ``cpu``, ``peak_mb``: the medians, but the highest peak; ``walls``: each."""
    return {
        "wall": statistics.median(each.wall for each in all_measured),
        "cpu": statistics.median(each.cpu for each in all_measured),
        "peak_mb": max(each.peak for each in all_measured),
        "walls": [each.wall for each in all_measured],
    }


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
