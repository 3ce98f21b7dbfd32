"""What a person sees: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import logging
import re
import sys
import textwrap
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flow.terminal.colours import colour, width_of
from flow.terminal.tables import table

__all__ = ["aside", "fault", "log_as", "named", "of_disk", "of_mistake", "result", "table", "trace", "verdict", "working"]

FORMAT = "%(message)s"
#: What a log line that is about one wiki or CSV carries besides its message: ``rows`` are the periods that were computed.
FIELDS = ("dataset", "wiki", "grain", "seconds", "rows")
#: The console script; and how texts call it, which is no part of a path.
INSTALLED = "limn-flow-data"
PROGRAM = re.compile(r"(?<![\w/])(\.venv/bin/python )?generate\.py\b")


class _Lines(logging.Handler):
    """Prints to what is standard error at the moment, so that a progress display can make room."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):  # a log that nobody can read any more is no reason to stop
            aside(self.format(record))
            if not isinstance(self.formatter, _AsJson):
                show_excerpt(getattr(record, "excerpt", ""))


class _AsJson(logging.Formatter):
    """A line of JSON: the time, the level and the message, and of which CSV or wiki it is, where it is of one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        content = {"time": at, "level": record.levelname.lower(), "message": record.getMessage()}
        content |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        return json.dumps(content, ensure_ascii=False)


class _Kept(logging.Handler):
    """Keeps warnings, errors and the last line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._passing = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._passing:
            self.lines.pop()
        self._passing = record.levelno < logging.WARNING
        self.lines.append(record.getMessage())


def log_as(format: str, verbose: bool = False) -> list[str]:
    """Sends log lines to standard error, one to a line: ``text``, with the time where nobody watches, or ``json``.

    A line for each CSV is logged as ``json``, and where ``verbose``. Gives a list that will hold the warnings, the errors and
    the last line.
    """
    dated = "" if sys.stderr.isatty() else "%(asctime)s "
    handler, kept = _Lines(), _Kept()
    text = logging.Formatter(dated + FORMAT, "%Y-%m-%d %H:%M:%SZ")
    text.converter = time.gmtime
    handler.setFormatter(_AsJson() if format == "json" else text)
    logger = logging.getLogger("flow")
    logger.handlers[:] = [handler, kept]
    logger.setLevel(logging.DEBUG if verbose or format == "json" else logging.INFO)
    return kept.lines


def fault(text: str) -> None:
    """Prints what ended the command; as a log line, where these are read by a program."""
    logging.getLogger("flow").error("error: %s", text)


def of_disk(error: OSError) -> str:
    """What went wrong with which file; what of its name is no text is escaped."""
    what = f"{error.filename2 or error.filename or 'output'}: {error.strerror or error}"
    return what.encode("utf-8", "backslashreplace").decode()


def named(text: str) -> str:
    """``text``, which calls this program generate.py, with the name that it was started by, if it is installed."""
    return PROGRAM.sub(INSTALLED, text) if Path(sys.argv[0]).name == INSTALLED else text


def of_mistake(error: Exception) -> str:
    """What went wrong that nobody foresaw. Where, is said before, on lines of its own; the message may quote data, and is not."""
    logging.getLogger("flow").error("%s", trace(error))
    return f"{type(error).__name__}: a mistake of this program, as shown above; please report it"


def trace(error: BaseException) -> str:
    """Where an error comes from: lines of code, and no values."""
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()


def aside(text: str) -> None:
    """Prints a line that is no result."""
    print(colour(named(text), sys.stderr), file=sys.stderr)


def show_excerpt(excerpt: str) -> None:
    """Prints the line at fault, and its caret, where a person watches."""
    if excerpt and sys.stderr.isatty():
        print(textwrap.indent(excerpt, "  "), file=sys.stderr)


def result(text: str) -> None:
    """Prints a line of the result; on a terminal folded between words, and what failed or is held back in colour."""
    line = named(text)
    if sys.stdout.isatty():
        line = "\n  ".join(textwrap.wrap(line, width_of(sys.stdout) - 2, break_long_words=False, break_on_hyphens=False))
    print(colour(line, sys.stdout))


def verdict(level: str, text: str) -> None:
    """Prints a line that begins with ``ok``, ``warn`` or ``fail`` on standard output; in colour on a terminal."""
    from rich.console import Console
    from rich.text import Text

    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    Console(highlight=False, soft_wrap=True).print(Text.assemble((f"{level:<4}", styles[level]), "  ", named(text)))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Shows on a terminal that ``what`` is being done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
