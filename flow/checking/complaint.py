"""What a check has to say, each a line for a person; with the line of the script where one is at fault."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flow.datasets.place import Place

#: A line of comment above what a script does on purpose.
KNOWN = re.compile(r"\s*--\s*known:\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line, and the ``excerpt`` to show below it; ``is_broken``: whether the script cannot be run."""

    text: str
    excerpt: str = ""
    is_broken: bool = False


def is_known(place: Place, rule: str) -> bool:
    """Whether a comment above a place, or at its end, says that what ``rule`` objects to is meant."""
    if re.search(rf"--\s*known:\s*{rule}\b", place.text()):
        return True
    line = place.line - 1
    while line > 0 and Place(place.path, line).text().lstrip().startswith("--"):
        found = KNOWN.match(Place(place.path, line).text())
        if found and found[1] == rule:
            return True
        line -= 1
    return False
