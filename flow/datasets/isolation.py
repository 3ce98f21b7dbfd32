"""Query scripts are anybody's code: what they do while they run reaches nobody else."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from decimal import localcontext
from io import StringIO
from pathlib import Path

from flow.datasets.place import find_raised
from flow.errors import Stopped
from flow.quoted import unquoted
from flow.stopping import limit_time

log = logging.getLogger("flow")


@contextmanager
def isolate_script(who: str) -> Iterator[None]:
    """While code of the script ``who`` runs: what it prints and warns of is counted, and never shown, for it may quote
    data; the working directory, the filters of warnings and the context of decimals are what they were afterwards. It is ended
    if it takes too long.
    """
    printed = StringIO()
    hidden = redirect_stdout(printed), redirect_stderr(printed)
    with warnings.catch_warnings(record=True) as warned, _same_directory(), hidden[0], hidden[1], localcontext(), limit_time():
        yield
    for name in dict.fromkeys(each.category.__name__ for each in warned):
        log.warning("%s: it raises a %s", who, name)
    if not printed.closed and printed.getvalue():
        log.warning("%s: it prints something, which is not shown", who)


@contextmanager
def _same_directory() -> Iterator[None]:
    try:
        here = os.open(".", os.O_RDONLY)
    except OSError:  # it is gone already
        yield
        return
    try:
        yield
    finally:
        os.fchdir(here)
        os.close(here)


def message(error: BaseException) -> str:
    """What an error of anybody's class says; nothing if it cannot."""
    try:
        return str(error)
    except Stopped:
        raise
    except BaseException:
        return ""


def describe(what: str, error: BaseException, script: Path | None) -> tuple[str, str]:
    """That ``what`` happened in the file ``script``: its place, the error's class, and its message up to what that quotes.

    And the line, to show at a terminal.
    """
    place = find_raised(error, script) if script else None
    text = f"{what}: {type(error).__name__}: {unquoted(message(error))}"
    return (f"{place}: {text}", place.excerpt()) if place else (text, "")


def file_of(function: object) -> Path | None:
    """The file that a function is written in."""
    name = getattr(getattr(function, "__code__", None), "co_filename", None)
    return Path(name) if isinstance(name, str) else None
