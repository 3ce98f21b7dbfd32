"""The core tables of a wiki, as a query of any of its sources can name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flow.wiki.schema import Profile


@dataclass(frozen=True, slots=True)
class CoreTables:
    """``name`` gives what stands for a table in SQL: itself, or with its database and its prefix before it."""

    profile: Profile
    name: Callable[[str], str]


AskCore = Callable[[], CoreTables]


def own(profile: Profile) -> CoreTables:
    """The core tables for a query that is read where they are."""
    return CoreTables(profile, lambda table: table)
