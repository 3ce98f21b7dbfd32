"""What an engine must spell in its own way: the dialect that macros are rendered in."""

from __future__ import annotations

from typing import Protocol

from flow.datasets.period import Grain

Value = bytes | str | int


class Dialect(Protocol):
    """How one engine writes what the macros mean; every argument and result is SQL.

    ``name`` is that of the engine: a relation ``topics.mariadb.sql`` takes the place of ``topics.sql`` there.
    """

    name: str

    def id_seconds(self, flow_id: str) -> str:
        """The second after 1970 in which a Flow id was made, a signed whole number."""

    def digits_seconds(self, digits: str) -> str:
        """The second after 1970 that 14 digits name; NULL, or any second, for digits that name none."""

    def seconds_digits(self, seconds: str) -> str:
        """The 14 digits of a second after 1970."""

    def told_digits(self, digits: str) -> str:
        """The 14 digits of the time that is read from ``digits``: the same only if that time is one that there is."""

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
