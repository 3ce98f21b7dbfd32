"""What a person can do about what is held back, as one sentence for all of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

#: What lets a complaint through: nothing but mending it, ``run --accept DATASET``, or ``run --allow-shrink``.
MEND, ACCEPT, SHRINK = "", "accept", "allow-shrink"


class Remediable(Protocol):
    """Something of a dataset that is held back, and what lets it through."""

    @property
    def dataset(self) -> str:
        """The dataset's id."""

    @property
    def remedies(self) -> tuple[str, ...]:
        """Of the above."""


def describe(all: Iterable[Remediable]) -> str:
    """How to look at what is held back, and how to let it through where it is right."""
    found = list(all)
    accepted, shrunk = ({each.dataset for each in found if remedy in each.remedies} for remedy in (ACCEPT, SHRINK))
    parts = [f"look with: generate.py diff {' '.join(sorted({each.dataset for each in found}))}"] if found else []
    words = [f"--accept {id}" for id in sorted(accepted)] + (["--allow-shrink"] if shrunk else [])
    if words:
        some = sorted(shrunk | accepted) if shrunk else []
        parts.append(f"accept with: generate.py {' '.join(['run', *some, *words])}")
    return "; ".join(parts)
