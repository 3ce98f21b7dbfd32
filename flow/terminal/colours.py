"""What is coloured on a terminal: what failed and what is held back; and how wide it is."""

from __future__ import annotations

from typing import TextIO

#: How a text is shown that begins with a word.
STYLES = {"failed": "bold red", "error:": "bold red", "held": "yellow", "stale:": "yellow"}


def style_of(text: str) -> str:
    """The style of a text by its first word; empty for most."""
    return STYLES.get(text.partition(" ")[0].rstrip(":"), STYLES.get(text.partition(" ")[0], ""))


def colour(text: str, file: TextIO) -> str:
    """``text`` as it is written to ``file``: in colour where that is a terminal, unless NO_COLOR is set."""
    if not style_of(text) or not file.isatty():
        return text
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    with console.capture() as found:
        console.print(Text(text, style=style_of(text)), end="")
    return found.get()


def width_of(file: TextIO) -> int:
    """How many places there are in a line of a terminal."""
    from rich.console import Console

    return Console(file=file).width
