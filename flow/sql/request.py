"""A request to one wiki: what is to be computed and how to count, and the query that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flow.datasets.period import Grain, Range
from flow.datasets.span import seconds_of
from flow.errors import UsageError
from flow.sql.dialect import Value


class Facts(Protocol):
    """What the macros must first ask the wiki itself."""

    def bots(self) -> list[int]:
        """The user ids of the bots."""

    def is_small_part(self, start: Value, end: Value, times: float) -> bool:
        """Whether this wiki has opened fewer topics in all than ``times`` those that all wikis did from ``start`` to ``end``."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one query is asked for: days, in whole periods of ``grain``, of ``wiki``, and how to count."""

    wiki: str
    grain: Grain
    days: Range
    spans: Mapping[str, int] = field(default_factory=dict)
    bots_count: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """SQL with ``:name`` for each bound value, and the values."""

    sql: str
    values: dict[str, Value]


def choices(spans: Mapping[str, str], given: Mapping[str, str]) -> tuple[dict[str, int], bool]:
    """The seconds of each span and whether bots count, after ``--set`` has had its say.

    Raises UsageError for a name that the dataset does not know, or a value that is none.
    """
    unknown = sorted(set(given) - set(spans) - {"bots"})
    if unknown:
        raise UsageError(f"--set {unknown[0]}: there is no such choice here; there is {', '.join(['bots', *spans])}")
    bots = given.get("bots", "out")
    if bots not in ("in", "out"):
        raise UsageError(f"--set bots={bots}: write bots=in or bots=out")
    return {name: seconds_of(given.get(name, text)) for name, text in spans.items()}, bots == "in"

