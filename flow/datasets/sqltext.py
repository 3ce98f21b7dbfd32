"""SQL as text."""

import re
from itertools import takewhile


def without_comments(sql: str) -> str:
    """``sql`` with its lines of comment empty, so that the others keep their numbers."""
    return re.sub(r"^[^\S\n]*--[^\n]*", "", sql, flags=re.MULTILINE)


def comment_of(sql: str) -> str:
    """The lines of comment that ``sql`` begins with, without their marks."""
    lines = sql.split("\n")
    return "\n".join(line.removeprefix("--").removeprefix(" ") for line in takewhile(lambda line: line.startswith("--"), lines))
