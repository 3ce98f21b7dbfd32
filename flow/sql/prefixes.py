"""Table names with the prefix of a wiki that shares its database with others; MediaWiki calls it ``$wgDBprefix``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

TEXT = {
    True: r"'(?:[^'\\]|\\.|'')*' | \"(?:[^\"\\]|\\.|\"\")*\"",
    False: r"'(?:[^']|'')*' | \"(?:[^\"]|\"\")*\"",
}
TOKEN = {
    escapes: re.compile(rf"(?P<space> \s+ | --[^\n]* | /\*.*?\*/ ) | {text} | `[^`]*` | :?\w+ | .", re.VERBOSE | re.DOTALL)
    for escapes, text in TEXT.items()
}
TABLES_FOLLOW = {"FROM", "JOIN", "STRAIGHT_JOIN"}
FROM_ENDS = {"SELECT", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"}
#: What may follow a table that has no other name.
NO_ALIAS = FROM_ENDS | TABLES_FOLLOW | {
    "ON", "USING", "LEFT", "RIGHT", "INNER", "CROSS", "NATURAL", "FULL", "FORCE", "USE", "IGNORE", "FOR",
    "INDEXED", "NOT", "LOCK",
}  # fmt: skip


def prefix_tables(sql: str, prefix: str, tables: Collection[str], escapes: bool) -> str:
    """``sql`` with ``prefix`` before each of ``tables``, which keep their own names as aliases.

    Names that the SQL itself gives, in WITH, are no tables; nor is what stands behind a database's name.
    ``escapes``: whether a backslash escapes in a text.
    """
    words = _Words([(found[0], found["space"] is not None) for found in TOKEN[escapes].finditer(sql)])
    renamed = {place: _name(words, place, prefix) for place in words.tables() if words.text(place).strip("`") in tables}
    return "".join(renamed.get(place, text) for place, (text, _) in enumerate(words.tokens))


def _name(words: _Words, place: int, prefix: str) -> str:
    name, after = words.text(place).strip("`"), words.next(place)
    follows = words.text(after)
    has_alias = follows.upper() not in NO_ALIAS and re.match(r"[\w`]", follows)
    return f"`{prefix}{name}`" + ("" if has_alias else f" AS {name}")


@dataclass(slots=True)
class _Words:
    """The ``tokens`` of a statement, each with whether it is space; places are those in this list."""

    tokens: list[tuple[str, bool]]
    ends: dict[int, int] = field(default_factory=dict)
    outer: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Finds where each parenthesis ends, and which one each token stands in; -1 for none."""
        opened = [-1]
        for place, (text, _) in enumerate(self.tokens):
            if text == ")" and len(opened) > 1:
                self.ends[opened.pop()] = place
            self.outer[place] = opened[-1]
            if text == "(":
                opened.append(place)

    def text(self, place: int) -> str:
        """The token; nothing beyond the last."""
        return self.tokens[place][0] if 0 <= place < len(self.tokens) else ""

    def next(self, place: int, step: int = 1) -> int:
        """The nearest place after it, or before it, that is no space."""
        place += step
        while 0 <= place < len(self.tokens) and self.tokens[place][1]:
            place += step
        return place

    def end(self, parenthesis: int) -> int:
        """Where a parenthesis is closed; the end for one that is not."""
        return self.ends.get(parenthesis, len(self.tokens))

    def tables(self) -> Iterator[int]:
        """The places of bare names where a table is expected, and that no WITH has given."""
        given = [*self._given()]
        for place in self._expected():
            name = self.text(place).strip("`")
            is_bare = self.text(self.next(place)) not in (".", "(")
            if is_bare and not any(name == each and first < place < last for each, first, last in given):
                yield place

    def _expected(self) -> Iterator[int]:
        """The places right after FROM, a JOIN, or a comma between tables."""
        lists: dict[int, bool] = {}
        selects: set[int] = set()
        expects = False
        for place in (place for place, (_, is_space) in enumerate(self.tokens) if not is_space):
            word, around = self.text(place).upper(), self.outer[place]
            if word == "(":
                lists[place] = expects
                selects |= {place} if expects and around in selects else set()
            elif word in FROM_ENDS:
                lists[around] = expects = False
                selects |= {around} if word == "SELECT" else set()
            elif word in TABLES_FOLLOW or word == ",":
                expects = around in selects if word != "," else lists.get(around, False)
                lists[around] = lists.get(around, False) or (expects and word == "FROM")
            elif expects and word != "LATERAL":
                yield place
                expects = False

    def _given(self) -> Iterator[tuple[str, int, int]]:
        """Each name that a WITH gives, and between which places it is known: after it, and in itself where it recurs."""
        for body in [place for place in self.ends if self.text(self.next(place, -1)).upper() == "AS"]:
            name = self.next(self.next(body, -1), -1)
            if self.text(name) == ")":
                name = self.next(next(start for start, end in self.ends.items() if end == name), -1)
            first = name if self._recurs(name) else self.end(body)
            yield self.text(name).strip("`"), first, self.end(self.outer[name])

    def _recurs(self, name: int) -> bool:
        start, end = self.outer[name], name
        before = (self.text(place).upper() for place in range(end, start, -1) if self.outer[place] == start)
        return next((word for word in before if word in ("RECURSIVE", "SELECT")), "") == "RECURSIVE"
