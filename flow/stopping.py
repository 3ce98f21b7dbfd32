"""When a run must stop before it is done: a signal, or the end of its budget of time."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from flow.errors import Stopped, TooLong

SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: The seconds that a function of a query script may take, whatever the budget: at most, and when it is used up.
LONGEST, LEAST = 600.0, 5.0


@dataclass(slots=True)
class Stop:
    """What a run asks between two queries. ``budget``: the seconds it may take."""

    budget: float | None = None
    started: float = field(default_factory=time.monotonic)
    received: int | None = None
    _waiting: bool = False

    def is_over(self) -> bool:
        """Whether the budget is used up."""
        return self.budget is not None and time.monotonic() - self.started >= self.budget

    def left(self) -> float | None:
        """How many seconds of the budget are left; None without one."""
        return None if self.budget is None else max(0.0, self.budget - (time.monotonic() - self.started))

    def check(self) -> None:
        """Raises Stopped if a signal came."""
        if self.received is not None:
            raise Stopped(self.received)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While nothing is written: a signal interrupts at once."""
        self.check()
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False

    @contextmanager
    def listening(self) -> Iterator[Stop]:
        """Takes SIGTERM and SIGINT, in the main thread, until the end."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = {number: signal.signal(number, self._receive) for number in SIGNALS}
        _listening.append(self)
        try:
            yield self
        finally:
            _listening.remove(self)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        if self._waiting:
            self._waiting = False
            raise Stopped(number)


#: The runs that listen for signals, which only one of a process can.
_listening: list[Stop] = []


@contextmanager
def limit_time() -> Iterator[None]:
    """While anybody's function runs: raises TooLong when half of what is left of the budget is used up, for others wait too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    left = [each.left() for each in _listening]
    seconds = max(LEAST, min([LONGEST, *(each / 2 for each in left if each is not None)]))
    before = signal.signal(signal.SIGALRM, lambda number, frame: _end(seconds))
    signal.setitimer(signal.ITIMER_REAL, seconds, LEAST)  # again and again, for the function may catch it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(seconds: float) -> None:
    raise TooLong(f"it takes more than {seconds:.3g} s")
