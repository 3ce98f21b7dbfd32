"""What a person sees: results on standard output, everything else on standard error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

FORMAT = "%(message)s"


class _Lines(logging.Handler):
    """Prints to what is standard error at the moment, so that a progress display can make room."""

    def emit(self, record: logging.LogRecord) -> None:
        aside(self.format(record))


def log_to_stderr() -> None:
    """Sends log lines to standard error, one to a line; with the time where nobody watches."""
    dated = "" if sys.stderr.isatty() else "%(asctime)s "
    handler = _Lines()
    handler.setFormatter(logging.Formatter(dated + FORMAT, "%Y-%m-%d %H:%M:%S"))
    logger = logging.getLogger("flow")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)


def aside(text: str) -> None:
    """Prints a line that is no result."""
    print(text, file=sys.stderr)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> None:
    """Prints rows under a header as a table on standard output; every cell as it is, never as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(header):
        made.add_column(Text(name), justify="right" if numbers and place else "left", no_wrap=numbers)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    width = None if sys.stdout.isatty() else 1000 if numbers else 120
    Console(width=width, highlight=False).print(made)


def verdict(level: str, text: str) -> None:
    """Prints a line that begins with ``ok``, ``warn`` or ``fail`` on standard output; in colour on a terminal."""
    from rich.console import Console
    from rich.text import Text

    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    Console(highlight=False, soft_wrap=True).print(Text.assemble((f"{level:<4}", styles[level]), "  ", text))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Shows on a terminal that ``what`` is being done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
