"""What a relation's file says of it: the comment that its SQL begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flow.datasets.sqltext import comment_of

#: A column's line: its name, its unit and its meaning, with blanks between.
COLUMN = re.compile(r"  (\w+) {2,}(\S.*?) {2,}(\S.*)")


@dataclass(frozen=True, slots=True)
class Relation:
    """``columns`` are name, unit and meaning; ``source`` that of the datasets that can select from it."""

    name: str
    about: str
    columns: tuple[tuple[str, str, str], ...]
    source: str
    example: str

    @property
    def brief(self) -> str:
        """What it holds, in a sentence."""
        text = self.about.partition(". ")[0].rstrip(".")
        return text.partition(": ")[2] or text


def describe(name: str, sql: str) -> Relation:
    """What the file of a relation says; nothing of what it does not."""
    head, _, example = comment_of(sql).partition("\nExample:\n")
    lines = head.splitlines()
    columns = [match.groups() for line in lines if (match := COLUMN.fullmatch(line))]
    source = next((line.removeprefix("Source: ") for line in lines if line.startswith("Source: ")), "")
    about = [line for line in lines if not COLUMN.fullmatch(line) and not line.startswith("Source: ")]
    return Relation(name, " ".join(about), tuple(columns), source, _without_margin(example))  # type: ignore[arg-type]


def _without_margin(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.rstrip().splitlines())
