"""Tries again what may well succeed in a moment: a few times, waiting longer each time, and saying so."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

from flow.engines.faults import fell_silent, passes
from flow.engines.messages import reason

log = logging.getLogger("flow")

ATTEMPTS = 4
#: For what takes long to fail: a frozen server costs a whole time limit each time, and so does one that kills long queries.
ATTEMPTS_IF_SLOW = 2
SLOW_SECONDS = 120
#: About 1, 2 and 4 seconds. A part of it is chance, so that jobs that failed together do not come back together.
WAIT = tenacity.wait_exponential_jitter(max=8, jitter=0.5)

Found = TypeVar("Found")


def sleep(seconds: float) -> None:
    """Waits; tests put something else in its place."""
    time.sleep(seconds)


def persistently(where: str, act: Callable[[], Found]) -> Found:
    """What ``act`` gives, tried again after errors that pass, each with a warning; raises its last error."""
    trying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(passes),
        stop=lambda state: state.attempt_number >= _attempts(state),
        wait=WAIT,
        sleep=sleep,
        before_sleep=lambda state: _tell(where, state),
        reraise=True,
    )
    return trying(act)


def _attempts(state: tenacity.RetryCallState) -> int:
    slow = fell_silent(_error(state)) or (state.seconds_since_start or 0) > SLOW_SECONDS
    return ATTEMPTS_IF_SLOW if slow else ATTEMPTS


def _tell(where: str, state: tenacity.RetryCallState) -> None:
    again = f"trying again in {state.upcoming_sleep:.1f} s, attempt {state.attempt_number + 1} of {_attempts(state)}"
    log.warning(f"{where}: {reason(_error(state))}; {again}")


def _error(state: tenacity.RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None
    return error
