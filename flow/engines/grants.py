"""What the lines of SHOW GRANTS let an account do to one database besides reading it."""

from __future__ import annotations

import re
from collections.abc import Iterable

READING = {
    "USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES", "EXECUTE", "PROCESS", "REPLICATION CLIENT", "BINLOG MONITOR",
    "SLAVE MONITOR", "REPLICA MONITOR",
}  # fmt: skip
#: A name in either of the quotes that a server may use, or in none: ANSI_QUOTES and sql_quote_show_create decide.
NAME = r'`(?:[^`]|``)+`|"(?:[^"]|"")+"|[^\s`".]+'
GRANT = re.compile(rf"GRANT (?P<rights>.+?) ON (?:TABLE )?(?P<scope>\*|{NAME})\.\S+ TO (?P<rest>.*)", re.DOTALL)


def writes(lines: Iterable[str], database: str) -> tuple[str, ...]:
    """The rights to more than reading that ``lines`` give on ``database`` or on all, each once.

    Roles and the account's own other databases are left out. A line may hold the password's hash: none is ever shown.
    """
    found: dict[str, None] = {}
    for line in lines:
        grant = GRANT.match(line)
        if grant and _covers(grant["scope"], database):
            found |= dict.fromkeys(_beyond_reading(grant["rights"]))
            found |= dict.fromkeys(["GRANT OPTION"] if "WITH GRANT OPTION" in grant["rest"] else [])
    return tuple(found)


def _beyond_reading(rights: str) -> list[str]:
    named = [right.strip() for right in re.sub(r"\([^)]*\)", "", rights).split(",")]
    return [right for right in named if right not in READING]


def _covers(scope: str, database: str) -> bool:
    """Whether a grant's database, a pattern of LIKE, is ``database``."""
    if scope == "*":
        return True
    quote = scope[0] if scope[0] in '`"' else ""
    name = scope[1:-1].replace(quote * 2, quote) if quote else scope
    parts = re.findall(r"\\.|.", name, re.DOTALL)
    pattern = "".join({"%": ".*", "_": "."}.get(part, re.escape(part.removeprefix("\\"))) for part in parts)
    return re.fullmatch(pattern, database, re.DOTALL) is not None
