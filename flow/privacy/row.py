"""A linear row: a sum of variables within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The least and the greatest number that a variable can be.
Bound = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of variables, each times its factor, from ``low`` to ``high``."""

    terms: Sequence[tuple[int, float]]
    low: float
    high: float
