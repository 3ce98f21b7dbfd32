"""The acts of query cases: what people do on a wiki, one act a line.

    2024-01-05 10:00:00 | Ann | opens | T1 on Talk:Alpha

``RULES`` says how to write them; their verbs are those of ``flow.cases.stage``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from flow.errors import FlowError
from flow.wiki.stamps import epoch_seconds

RULES = """\
An act is YYYY-MM-DD HH:MM:SS | person | verb | object, in UTC, in the order of time. A person exists from the first
mention on. One whose name is an address, such as 192.0.2.1, has no account; one whose name begins with ~2, such as
~2024-1, has a temporary one. When an account was registered nobody knows, unless it registers. Topics and posts bear
the names they are given, and T1's post is the opening post of T1. A board that nobody enables is there when it is
first used, and has no header. Lines that begin with # say nothing.
"""

#: Any other prefix is part of a title in the main namespace, as it is for MediaWiki.
NAMESPACES = {
    "Talk": 1, "User": 2, "User talk": 3, "Project": 4, "Project talk": 5, "File": 6, "File talk": 7, "Template": 10,
    "Template talk": 11, "Category": 14, "Category talk": 15, "Portal": 100, "Portal talk": 101,
}


class BadAct(FlowError):
    """A line that cannot be performed; ``what`` is wrong, and what would be right."""

    def __init__(self, what: str, line: str = "") -> None:
        self.what, self.line = what, line
        super().__init__(f"{line}: {what}" if line else what)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something at a second after 1970; ``line`` is how the case says it."""

    at: int
    who: str
    verb: str
    what: str
    line: str


def acts(given: str) -> list[Act]:
    """The acts of ``given``; blank lines and lines that begin with # are left out."""
    lines = (line.strip() for line in given.splitlines())
    found = [_act(line) for line in lines if line and not line.startswith("#")]
    for earlier, later in pairwise(found):
        if later.at < earlier.at:
            raise BadAct("it is earlier than the line above; write acts in their order", later.line)
    return found


def _act(line: str) -> Act:
    parts = [part.strip() for part in line.split("|", 3)]
    if len(parts) < 4:
        raise BadAct("write YYYY-MM-DD HH:MM:SS | person | verb | object", line)
    when, who, verb, what = parts
    try:
        instant = datetime.strptime(when, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadAct(f"'{when}' is no time; write YYYY-MM-DD HH:MM:SS", line) from error
    return Act(epoch_seconds(instant), who, verb, what, line)


def place(title: str) -> tuple[int, str]:
    """The namespace and the title, as MediaWiki stores them, of a page such as ``User talk:Ann``."""
    prefix, _, rest = title.partition(":")
    known = prefix in NAMESPACES and rest
    return (NAMESPACES[prefix], rest.replace(" ", "_")) if known else (0, title.replace(" ", "_"))
