"""What tells one database from another, wherever it stands: the digests of its oldest rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``rows``: short digests of the oldest rows of a source, each with its time. ``id``: its name, which stays as rows go."""

    id: str
    rows: tuple[str, ...]

    def follow(self, rows: Iterable[str]) -> Fingerprint:
        """The fingerprint of the source whose oldest ``rows`` are these: the same id if most are, else another.

        No row at all tells nothing: a source that was emptied is no other one.
        """
        found = tuple(rows)
        alike = len(set(found) & set(self.rows))
        if not found or not self.rows or 2 * alike > min(len(found), len(self.rows)):
            return Fingerprint(self.id, found or self.rows)
        return fingerprint(found)


def fingerprint(rows: Iterable[str]) -> Fingerprint:
    """The fingerprint of a source that was never seen before."""
    found = tuple(rows)
    return Fingerprint(_digest(*found), found)


def is_other(before: str, now: str) -> bool:
    """Whether a database of the origin ``before`` is another one ``now``; that a source comes or goes changes no other.

    Each is ``<source>:<id> …``; empty where nobody was asked.
    """
    ids = dict(_parts(before))
    return any(ids.get(source, id) != id for source, id in _parts(now))


def _parts(origin: str) -> list[tuple[str, str]]:
    found = (part.partition(":") for part in origin.split())
    return [(source, id) for source, _, id in found]


def digest_of_row(*values: object) -> str:
    """What stands for a row."""
    return _digest(*(str(value) for value in values))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
