"""Marks in the text of a template that tell, once it is rendered, which line of which file each piece of the SQL comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2

from flow.datasets.place import Place
from flow.datasets.sqltext import without_comments

#: Characters for private use, with a number between them: nobody writes them in SQL.
MARK = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a template is: of each of its lines, the line of the file, and how many characters stand before it there.

    A script may spell its SQL in a way that tells no columns: then -1 stand before it.
    """

    path: Path
    lines: Sequence[tuple[int, int]]

    def place(self, line: int, column: int, length: int = 1) -> Place:
        """The place in the file of one in the template; both count from 1."""
        number, before = self.lines[min(line, len(self.lines)) - 1]
        return Place(self.path, number, before + column if before >= 0 else 0, length)

    def find(self, line: int, word: str, start: int = 1) -> Place:
        """The place of ``word`` in a line of the template, from the column ``start`` on; the line alone if it is not there."""
        place = self.place(line, 0)
        first = max(self.lines[min(line, len(self.lines)) - 1][1], 0) + start - 1
        found = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(place.text(), first) if word else None
        return Place(self.path, place.line, found.start() + 1, len(word)) if found else Place(self.path, place.line)


@dataclass(frozen=True, slots=True)
class Piece:
    """From ``start`` on, rendered SQL that is the template's text from a line and a column on, or is made by its macro there.

    Without an ``origin``, it is of a script that holds its SQL in some other way than as one text.
    """

    start: int
    origin: Origin | None
    line: int
    column: int
    is_text: bool


@dataclass(slots=True)
class Marker:
    """Marks templates, and reads the marks in what they render to."""

    _known: list[tuple[Origin, int, int, bool]] = field(default_factory=list)
    _first: set[int] = field(default_factory=set)
    _last: set[int] = field(default_factory=set)

    def mark_relation(self, template: str, origin: Origin) -> str:
        """Like ``mark``, for a template that others call: behind it, what called it goes on."""
        self._first.add(len(self._known))
        marked = self.mark(template, origin)
        self._last.add(len(self._known))
        return f"{marked}{self._mark(origin, '', 0, False)}"

    def mark(self, template: str, origin: Origin) -> str:
        """``template`` with a mark before and behind each piece of its own text, and after each line break in it.

        A broken one stays as it is.
        """
        source = re.sub(r"\r\n?", "\n", without_comments(template))
        parts, at = [self._mark(origin, source, 0, False)], 0
        try:
            tokens = [*jinja2.Environment(autoescape=False).lex(source)]
        except jinja2.TemplateSyntaxError:
            return template
        for _, kind, token in tokens:
            start = source.index(token, at)  # what `{%-` takes away is in no token
            at = start + len(token)
            if kind != "data":
                parts.append(token)
                continue
            for line in re.findall(r"[^\n]*\n|[^\n]+", token):
                parts += [self._mark(origin, source, start, True), line]
                start += len(line)
            parts.append(self._mark(origin, source, at, False))
        return "".join(parts)

    def _mark(self, origin: Origin, source: str, at: int, is_text: bool) -> str:
        before = source[:at]
        self._known.append((origin, before.count("\n") + 1, at - before.rfind("\n"), is_text))
        return f"\ue000{len(self._known) - 1}\ue001"

    def read(self, marked: str) -> tuple[str, list[Piece]]:
        """The text without marks, and its pieces in order."""
        pieces: list[Piece] = []
        callers: list[Piece | None] = []
        texts, at, length = [], 0, 0
        for found in MARK.finditer(marked):
            texts.append(marked[at : found.start()])
            length += found.start() - at
            at, number = found.end(), int(found[1])
            if number in self._first:
                callers.append(pieces[-1] if pieces else None)
            caller = callers.pop() if callers and number in self._last else None
            piece = Piece(length, *self._known[number])
            pieces.append(replace(caller or replace(piece, origin=None), start=length) if number in self._last else piece)
        return "".join([*texts, marked[at:]]), pieces


def origin_of_file(path: Path, text: str) -> Origin:
    """The origin of a template that is a file of its own."""
    return Origin(path, [(number, 0) for number in range(1, text.count("\n") + 2)])


def origin_of_script(path: Path, sql: str) -> Origin | None:
    """The origin of a text in a script; None where the script does not hold it as one constant."""
    try:
        source = path.read_text("utf-8")
        nodes = [*ast.walk(ast.parse(source))]
    except (OSError, ValueError, SyntaxError):
        return None
    found = [node for node in nodes if isinstance(node, ast.Constant) and node.value == sql]
    return Origin(path, [*_lines(source.split("\n"), found[0], sql.split("\n"))]) if found else None


def _lines(source: list[str], constant: ast.Constant, lines: list[str]) -> Iterator[tuple[int, int]]:
    """Of each line of a constant, where it stands; one that begins with a backslash and a line break stands a line later."""
    shift = next((shift for shift in (0, 1) if _fits(source, constant, lines, shift)), 0)
    for number, line in enumerate(lines, constant.lineno + shift):
        first = constant.col_offset if number == constant.lineno else 0
        yield number, source[number - 1].find(line, first) if number <= len(source) else -1


def _fits(source: list[str], constant: ast.Constant, lines: list[str], shift: int) -> bool:
    wanted = [(number, line.strip()) for number, line in enumerate(lines, constant.lineno - 1 + shift)]
    return all(number < len(source) and line in source[number] for number, line in wanted)
