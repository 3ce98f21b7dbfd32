"""How much time there is to solve, and what is raised when it is used up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: The most seconds that one solution may take; between two, a signal is looked for.
MOST_SECONDS = 30.0


class Unsolved(Exception):
    """There is no answer: the time is used up, or the numbers cannot be made to agree."""


def _nothing() -> None:
    """No signal is looked for."""


@dataclass(slots=True)
class Allowance:
    """How many ``seconds`` of this process there are to solve; ``check`` is called between two solutions, and may raise.

    What others do on the machine does not count, so that the same numbers end alike.
    """

    seconds: float = float("inf")
    check: Callable[[], None] = _nothing
    started: float = field(default_factory=time.process_time)

    def left(self) -> float:
        """The seconds that one solution may take now. Raises Unsolved if there are none."""
        self.check()
        left = self.seconds - (time.process_time() - self.started)
        if left <= 0:
            raise Unsolved
        return min(left, MOST_SECONDS)
