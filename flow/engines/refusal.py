"""What a database's refusal of an SQL is about: the word in it, or the place where the parser stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

What = Literal["column", "table", "function", "value", "syntax"]

#: What MariaDB, MySQL and SQLite say, as ``messages`` passes it on.
PATTERNS: tuple[tuple[What, str], ...] = (
    ("syntax", r"syntax near '(?P<word>.*)', line (?P<line>\d+)"),
    ("syntax", r'near "(?P<word>.*)": syntax error'),
    ("syntax", r'unrecognized token: "(?P<word>.*)"'),
    ("syntax", r"(?P<word>)incomplete input"),
    ("column", r"Unknown column '(?P<word>[^']+)'"),
    ("column", r"no such column: (?P<word>[\w.]+)"),
    ("column", r"Column '(?P<word>[^']+)' in .* is ambiguous"),
    ("column", r"ambiguous column name: (?P<word>[\w.]+)"),
    ("column", r"Duplicate column name '(?P<word>[^']+)'"),
    ("table", r"Table '(?:[^']*\.)?(?P<word>[^'.]+)' doesn't exist"),
    ("table", r"Unknown table '(?:[^']*\.)?(?P<word>[^'.]+)'"),
    ("table", r"no such table: (?:\w+\.)?(?P<word>\w+)"),
    ("function", r"FUNCTION (?:\S+\.)?(?P<word>\w+) does not exist"),
    ("function", r"no such function: (?P<word>\w+)"),
    ("function", r"denied to user .* for routine '(?:[^']*\.)?(?P<word>\w+)'"),
    ("function", r"number of arguments to function (?P<word>\w+)"),
    ("function", r"call to native function '(?P<word>\w+)'"),
    ("function", r"misuse of [a-z ]+: ?(?P<word>\w+)\("),
    ("value", r"bind parameter '(?P<word>\w+)'"),
)

#: What is no name: a text, a comment, a bound value.
NO_NAME = r"'(?:[^'\\]|\\.|'')*' | \"(?:[^\"\\]|\\.|\"\")*\" | --[^\n]* | /\*.*?\*/ | (?<!:):\w+"

BEFORE_TABLE = re.compile(r"(\b(FROM|JOIN|STRAIGHT_JOIN)|,)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """``word``: what is not known, or what the parser met; ``line``: where, if the database tells, else 0."""

    what: What
    word: str
    line: int = 0


def read_refusal(message: str) -> Refusal | None:
    """What an error is about; None for one that is about no word of the SQL."""
    for what, pattern in PATTERNS:
        found = re.search(pattern, message)
        if found:
            line = found.groupdict().get("line")
            return Refusal(what, found["word"].removesuffix("'…'").strip(), int(line or 0))
    return None


def occurrences(sql: str, refusal: Refusal) -> Iterator[tuple[int, int]]:
    """Where in ``sql`` the word stands as a name of its kind: from where, and up to where."""
    if refusal.what == "value":
        yield from (found.span() for found in re.finditer(rf"(?<=(?<!:):){refusal.word}\b", sql))
        return
    name = r"\s*\.\s*".join(rf"`?{re.escape(part)}`?" for part in refusal.word.split("."))
    behind = r"(?=\s*\()" if refusal.what == "function" else r"(?!\s*[.(])"
    pattern = re.compile(rf"{NO_NAME} | (?P<name>(?<![\w.`]){name}(?![\w`]){behind})", re.VERBOSE | re.DOTALL | re.IGNORECASE)
    spans = [found.span("name") for found in pattern.finditer(sql) if found["name"]]
    yield from (span for span in spans if refusal.what != "table" or BEFORE_TABLE.search(sql[: span[0]]))


def find_near(sql: str, refusal: Refusal) -> int:
    """Where in a line of ``sql`` begins what MariaDB shows of it; its end for nothing. Values stand there for their names."""
    start = len("\n".join(sql.split("\n")[: refusal.line - 1])) + (refusal.line > 1)
    line = sql[start:].partition("\n")[0]
    first = re.match(r"\w+|\S", refusal.word)
    if not first:
        return start + len(line.rstrip())
    places = [found.start() for found in re.finditer(re.escape(first[0]), line)] or [len(line) - len(line.lstrip())]
    return start + max(places, key=lambda place: _alike(sql[start + place :], refusal.word))


def _alike(one: str, other: str) -> int:
    """How many characters both begin with alike, white space apart."""
    ones, others = "".join(one.split()), "".join(other.split())
    return next((number for number, (a, b) in enumerate(zip(ones, others, strict=False)) if a != b), min(len(ones), len(others)))
