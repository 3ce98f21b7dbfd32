"""One question to one wiki: what is asked, in what an engine spells it, and the query that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flow.errors import UsageError
from flow.period import Grain, Range
from flow.span import seconds_of

Value = bytes | str | int


class Spelling(Protocol):
    """How one engine writes what the words mean; every argument and result is SQL.

    ``name`` is that of the engine: a relation ``topics.mariadb.sql`` takes the place of ``topics.sql`` there.
    """

    name: str

    def id_seconds(self, flow_id: str) -> str:
        """The second after 1970 in which a Flow id was made, a signed whole number."""

    def digits_seconds(self, digits: str) -> str:
        """The second after 1970 that 14 digits name."""

    def seconds_label(self, seconds: str, grain: Grain) -> str:
        """The first day, ``YYYY-MM-DD``, of the period that holds a second after 1970."""

    def digits_label(self, digits: str, grain: Grain) -> str:
        """The first day, ``YYYY-MM-DD``, of the period that holds 14 digits."""

    def same(self, left: str, right: str) -> str:
        """Whether two values are equal, where nothing equals nothing."""

    def ordered_join(self) -> str:
        """JOIN, but the table on its left is read first, whatever the optimizer thinks."""

    def unindexed(self, column: str) -> str:
        """``column``, but not to be looked up by its own index, so that the range's index is used."""


class Facts(Protocol):
    """What the words must first ask the wiki itself."""

    def bots(self) -> list[int]:
        """The user ids of the bots."""

    def first_revision(self, start: str) -> int:
        """A bound of the ids of revisions whose time is ``start``, 14 digits, or later."""


@dataclass(frozen=True, slots=True)
class Asked:
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

