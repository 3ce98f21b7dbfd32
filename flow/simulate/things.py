"""Who and what a simulated wiki is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: a user, or, with user id 0, an address."""

    name: str
    user_id: int
    actor_id: int
    bot: bool = False

    @property
    def ip(self) -> str | None:
        """The address of an IP user."""
        return None if self.user_id else self.name


@dataclass(slots=True)
class Page:
    """A wikitext page; its title and namespace are those of the end. ``doomed``: it ends up deleted."""

    id: int
    namespace: int
    title: str
    doomed: bool = False
    latest: int = 0
    hashes: list[str] = field(default_factory=list)
    model: str = "wikitext"


@dataclass(slots=True)
class Written:
    """Something on Flow that has revisions: a board's header, a topic's title or summary, a post."""

    id: bytes
    kind: str
    author: Person
    parent: Written | None = None
    last_revision: bytes | None = None
    state: str = ""


@dataclass(slots=True)
class Board:
    """A Flow board; its page and its header."""

    id: bytes
    page: Page
    header: Written
    topics: list[Topic] = field(default_factory=list)


@dataclass(slots=True)
class Topic:
    """A topic: its title, which is the root of its posts, its opening post if it has one, and its summary."""

    board: Board
    title: Written
    opening: Written | None
    summary: Written
