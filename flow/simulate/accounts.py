"""The accounts of a simulated wiki: when each was registered, and how many edits it has in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flow.simulate.things import Person
from flow.wiki.stamps import timestamp


@dataclass(slots=True)
class Account:
    """Of one person. ``late``: registered so many seconds before the ``first`` thing they did, and not at ``registered``."""

    person: Person
    registered: int | None = None
    late: int | None = None
    first: int | None = None
    edits: int = 0

    def stamp(self) -> str | None:
        """The timestamp of its registration, which old accounts have not."""
        at = self.registered if self.late is None or self.first is None else self.first - self.late
        return None if at is None else timestamp(at)


class Accounts:
    """All of a wiki's, by user id."""

    def __init__(self) -> None:
        self._all: dict[int, Account] = {}

    def add(self, person: Person) -> None:
        """Takes a new account, of whose registration nothing is known."""
        self._all[person.user_id] = Account(person)

    def register(self, person: Person, at: int) -> None:
        """Says when an account was registered. Raises ValueError where it has done something before."""
        account = self._all[person.user_id]
        if account.first is not None and account.first < at:
            raise ValueError(f"{person.name} has done something before")
        account.registered = at

    def register_late(self, person: Person, seconds: int) -> None:
        """Says that an account was registered so many seconds before the first thing it does."""
        self._all[person.user_id].late = seconds

    def count(self, person: Person, at: int) -> None:
        """Counts an edit as MediaWiki does: each revision, of a page or on Flow; those of addresses are nobody's."""
        if person.user_id in self._all:
            account = self._all[person.user_id]
            account.edits += 1
            account.first = at if account.first is None else min(at, account.first)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows of the table user."""
        for id, account in self._all.items():
            yield id, account.person.name, account.stamp(), account.edits
