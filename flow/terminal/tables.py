"""Tables on standard output: a line a row where that fits, else a block a row; nothing is cut, and nothing becomes markup."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from flow.terminal.colours import style_of, width_of

GAP = "  "


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> None:
    """Prints rows under a header on standard output; on a terminal that is too narrow each row is a block of lines.

    ``numbers``: all but the first column are numbers, which stand at the right.
    """
    found = [[" ".join(cell.split("\n")) for cell in row] for row in rows]
    widths = [max(map(_len, column)) for column in zip(header, *found, strict=True)]
    is_watched = sys.stdout.isatty()
    if is_watched and sum(widths) + len(GAP) * (len(widths) - 1) > width_of(sys.stdout):
        lines = [line for row in found for line in _block(header, row, width_of(sys.stdout))]
    else:
        lines = [[(text, "") for text in _pad(row, widths, numbers)] for row in found]
        lines = [[(text, "bold") for text in _pad(header, widths, numbers)], *lines]
        lines = [_with_gaps([(text, style or style_of(text)) for text, style in line]) for line in lines]
    for line in lines:
        _print(line, is_watched)


#: The parts of a line, each with its style.
Line = list[tuple[str, str]]


def _pad(row: Sequence[str], widths: Sequence[int], numbers: bool) -> Iterator[str]:
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _len(text))
        yield space + text if numbers and place else text + space


def _with_gaps(parts: Line) -> Line:
    return [part for each in parts for part in ((GAP, ""), each)][1:]


def _block(header: Sequence[str], row: Sequence[str], width: int) -> Iterator[Line]:
    """A row as lines of a name and a value, and an empty one after it."""
    indent = max(map(_len, header)) + len(GAP)
    for name, text in zip(header, row, strict=True):
        first, *rest = textwrap.wrap(text, max(1, width - indent), break_long_words=False, break_on_hyphens=False) or [""]
        yield [(name + " " * (indent - _len(name)), "bold"), (first, style_of(text))]
        yield from ([(" " * indent, ""), (line, style_of(text))] for line in rest)
    yield []


def _print(line: Line, is_watched: bool) -> None:
    if not is_watched:
        print("".join(text for text, _ in line).rstrip())
        return
    from rich.console import Console
    from rich.text import Text

    Console(highlight=False, soft_wrap=True).print(Text.assemble(*line))


def _len(text: str) -> int:
    """How many places a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
