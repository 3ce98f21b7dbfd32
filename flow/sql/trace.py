"""Which line of which file each piece of a rendered SQL comes from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flow.datasets.place import Place
from flow.errors import QueryError
from flow.sql.macros import Macros
from flow.sql.marks import Marker, Origin, Piece


@dataclass(frozen=True, slots=True)
class Trace:
    """A rendered ``sql``, with its ``pieces``; ``starts`` tells where each of its lines begins in their text."""

    sql: str
    starts: Sequence[int]
    pieces: Sequence[Piece]

    def place(self, line: int, column: int, word: str = "") -> Place | None:
        """Where in a file stands what is in a line and a column of the SQL; both count from 1.

        Where a macro has made it, the place is that of ``word`` in what calls the macro, or of its line alone.
        """
        text = self.sql.split("\n")[line - 1]
        at = self.starts[line - 1] + column - 1 - _indent(text)
        number = bisect_right([piece.start for piece in self.pieces], at) - 1
        piece = self.pieces[number] if number >= 0 else None
        if not piece or not piece.origin:
            return None
        if not piece.is_text:
            return piece.origin.find(piece.line, word.rpartition(".")[2], piece.column)
        return piece.origin.place(piece.line, piece.column + at - piece.start, len(word) or 1)

    def place_at(self, offset: int, word: str = "") -> Place | None:
        """The same, for what is ``offset`` characters from the start of the SQL."""
        before = self.sql[:offset]
        return self.place(before.count("\n") + 1, offset - before.rfind("\n"), word)

    def line_places(self) -> list[Place | None]:
        """The place of the first word of each line of the SQL, up to its last."""
        return [self.place(number, _indent(text) + 1) for number, text in enumerate(self.sql.rstrip().split("\n"), 1)]


def trace(macros: Macros, sql: str, own: Origin | None, origins: Mapping[str, Origin]) -> Trace | None:
    """The trace of what ``macros`` render ``sql`` to; None where marks in the templates change that.

    ``own``: the origin of the script's SQL; ``origins``: those of the relations.
    """
    marker = Marker()
    try:
        relations = {name: marker.mark_relation(macros.relations[name], origin) for name, origin in origins.items()}
        marked = replace(macros, relations={**macros.relations, **relations}, values={})
        found = replace(macros, values={}).render(sql).sql
        clean, pieces = marker.read(marked.render(marker.mark(sql, own) if own else sql).sql)
    except QueryError:
        return None
    starts = _align(found, clean)
    return Trace(found, starts, pieces) if starts else None


def _align(sql: str, clean: str) -> list[int] | None:
    """Where the lines of ``sql`` begin in ``clean``, which differs in empty lines and indents; None if in anything else."""
    known, at = [], 0
    for line in clean.split("\n"):
        known += [(at + _indent(line), line.strip())] if line.strip() else []
        at += len(line) + 1
    lines = [line.strip() for line in sql.split("\n")]
    if [text for _, text in known] != [line for line in lines if line]:
        return None
    rest = iter([start for start, _ in known])
    return [next(rest) if line else at for line in lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
