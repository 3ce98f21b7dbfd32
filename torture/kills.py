"""A run that is killed: before its n-th step on the disk, or after some time; and what must be true of what is left."""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flow.limn import contract
from flow.shelf import disk
from flow.shelf.inspection import faults
from torture.scene import Scene, contents, copy, public


@dataclass(frozen=True, slots=True)
class Kill:
    """Before the step ``step``, or ``seconds`` after the start."""

    step: int | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        return f"before step {self.step}" if self.step else f"after {self.seconds:.3f} s"


def steps_of(run: Callable[[], None]) -> list[str]:
    """What an undisturbed run does to the disk."""
    found: list[str] = []
    disk.before = found.append
    try:
        run()
    finally:
        disk.before = lambda step: None
    return found


def killed(run: Callable[[], None], kill: Kill) -> bool:
    """Runs in a process of its own, which is killed; whether it was, and not done before."""
    child = os.fork()
    if child == 0:
        _end_with(run, kill)
    if kill.seconds is not None:
        time.sleep(kill.seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"a run that was to be killed {kill} failed by itself")
    return os.WIFSIGNALED(status)


def _end_with(run: Callable[[], None], kill: Kill) -> None:
    """What the child does: it never returns."""
    count = 0

    def before(step: str) -> None:
        nonlocal count
        count += 1
        if count == kill.step:
            os.kill(os.getpid(), signal.SIGKILL)

    logging.getLogger("flow").handlers[:] = [logging.NullHandler()]
    disk.before = before
    try:
        run()
    except BaseException:
        os._exit(1)
    os._exit(0)


def survived(scene: Scene, output: Path, kill: Kill, again: random.Random | None) -> list[str]:
    """Kills a run over a copy of what was published before, and tells all that is wrong afterwards; empty if all is well.

    With ``again``, the next run is now and then killed too, before one is let through.
    """
    copy(scene.before, output)
    if not killed(lambda: scene.run(output), kill):
        return ["it was done before it was killed"]
    found = _seen(scene, output)
    while again and again.random() < 1 / 3:
        killed(lambda: scene.run(output), Kill(seconds=again.uniform(0, 0.5)))
        found += _seen(scene, output)
    scene.run(output)
    now, expected = contents(output), contents(scene.after)
    differing = sorted(path for path in now.keys() | expected.keys() if now.get(path) != expected.get(path))
    return found + [f"after the next run: {path} is not what an undisturbed run leaves" for path in differing]


def _seen(scene: Scene, output: Path) -> list[str]:
    """What a reader would find wrong at this moment."""
    live = (output / "public").resolve()
    found = [*faults(live), *contract.complaints(live)]
    if public(output) not in (public(scene.before), public(scene.after), _with_old_status(scene)):
        found.append("what is published is neither the old release nor the new one")
    return found


def _with_old_status(scene: Scene) -> dict[str, bytes]:
    """The old release with the new status, as after a run that was killed right at its end: nothing else may be mixed."""
    return public(scene.before) | {"status.json": public(scene.after)["status.json"]}
