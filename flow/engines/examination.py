"""What a database says of itself, of the account that asks, and of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Index = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """Of one database. What an engine cannot know is None.

    ``writes``         what the account may do to the database besides reading it
    ``indexes``        of each table that exists, the columns of each index, in order
    ``views``          those of the tables that are views, whose indexes cannot be seen
    ``zone``           the session's time zone
    ``seconds_ahead``  by how much the server's clock is ahead of ours
    """

    product: str
    writes: tuple[str, ...]
    indexes: Mapping[str, tuple[Index, ...]]
    views: frozenset[str] = frozenset()
    zone: str | None = None
    seconds_ahead: float | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where tables are that an account sees.

    ``database``  the one that the URL names; None if it names none
    ``tables``    all in it
    ``others``    the other databases that have the table that was asked for
    """

    database: str | None
    tables: frozenset[str]
    others: tuple[str, ...] = ()


def grouped(rows: list[tuple[str, str, str]]) -> dict[str, tuple[Index, ...]]:
    """The indexes of each table, from rows of table, index and column, the columns in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for table, index, column in rows:
        found.setdefault(table, {}).setdefault(index, []).append(column)
    return {table: tuple(map(tuple, indexes.values())) for table, indexes in found.items()}
