"""Which database each source is, wherever it stands: known by its oldest rows, and asked only if something may have changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from flow.engines.origin import OWN_ROWS, oldest_rows
from flow.engines.sources import Sources
from flow.shelf.fingerprint import Fingerprint, fingerprint, is_other

log = logging.getLogger("flow")

#: Beside the releases and never published: digests of where each source was last read, and when.
FILE = "sources.json"


class AskOrigins(Protocol):
    """What a plan asks about the databases that CSVs are computed from."""

    def is_doubtful(self, wiki: str, kinds: Sequence[str], origin: str) -> bool:
        """Whether what was computed from ``origin`` may be of another database; nobody is asked for this."""

    def found_other(self, wiki: str) -> bool:
        """Whether a source of ``wiki`` turned out to be another database in this run."""

    def name(self, wiki: str, kinds: Sequence[str]) -> str:
        """The ids of the databases of ``kinds``, in one text. Raises FlowError where they cannot be asked."""


class UnknownOrigins:
    """Where nobody can be asked, all is as before."""

    def is_doubtful(self, wiki: str, kinds: Sequence[str], origin: str) -> bool:
        """No."""
        return False

    def found_other(self, wiki: str) -> bool:
        """No."""
        return False

    def name(self, wiki: str, kinds: Sequence[str]) -> str:
        """Nothing."""
        return ""


@dataclass(slots=True)
class Origins:
    """The origins of all ``sources``; ``known`` are the fingerprints of the live release, by ``<wiki> <kind>``.

    ``places``: where each source was when it was last read. ``on_other`` is called with the name of each that is another now.
    """

    sources: Sources
    known: Mapping[str, Fingerprint]
    places: Mapping[str, str]
    now: datetime
    on_other: Callable[[str], object]
    found: dict[str, Fingerprint] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    _now_at: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_doubtful(self, wiki: str, kinds: Sequence[str], origin: str) -> bool:
        """Whether the settings name another place than when a source was last read today, or it was another database by then."""
        known = {kind: self.found.get(f"{wiki} {kind}") or self.known.get(f"{wiki} {kind}") for kind in kinds}
        last = " ".join(f"{kind}:{each.id}" for kind, each in known.items() if each)
        return is_other(origin, last) or not all(self.was_asked(wiki, kind) for kind in kinds)

    def was_asked(self, wiki: str, kind: str) -> bool:
        """Whether an earlier run of today has read a source where it is now."""
        return self.places.get(f"{wiki} {kind}") == self._place(wiki, kind)

    def found_other(self, wiki: str) -> bool:
        """Whether a source of ``wiki`` turned out to be another database in this run."""
        return any(name.rpartition(" ")[0] == wiki for name in self.replaced)

    def name(self, wiki: str, kinds: Sequence[str]) -> str:
        """The ids of the databases of ``kinds``, in one text. Raises FlowError where they cannot be asked."""
        return " ".join(f"{kind}:{self._fingerprint(wiki, kind).id}" for kind in kinds)

    def is_replaced(self, name: str) -> bool:
        """Whether what is remembered by ``name``, ``<wiki> <source> …``, was of another database."""
        return any(f"{name} ".startswith(f"{source} ") for source in self.replaced)

    def places_now(self) -> dict[str, str]:
        """Where each source was last read, this run's among them."""
        return {**self.places, **{name: self._place(*name.rsplit(" ", 1)) for name in self.found}}

    def _fingerprint(self, wiki: str, kind: str) -> Fingerprint:
        name = f"{wiki} {kind}"
        if name not in self.found:
            rows = self._oldest_rows(wiki, kind)
            before = self.known.get(name)
            self.found[name] = before.follow(rows) if before else fingerprint(rows)
            if before and self.found[name].id != before.id:
                log.warning("wiki '%s': its %s tables hold other data than before; all of it is computed again", wiki, kind)
                self.replaced.add(name)
                self.on_other(name)
        return self.found[name]

    def _oldest_rows(self, wiki: str, kind: str) -> list[str]:
        """Those of a source; of the core tables for one beside them that has none that stay, such as Echo."""
        source, url = self.sources.get(wiki, kind), self.sources.url(wiki, kind)
        is_beside = kind not in OWN_ROWS and url == self.sources.url(wiki, "core")
        return oldest_rows(self.sources.get(wiki, "core") if is_beside else source)

    def _place(self, wiki: str, kind: str) -> str:
        """A digest of where a source is, and the day: each source is asked once a day, for its data may be replaced in place."""
        if (wiki, kind) not in self._now_at:
            place = hashlib.sha256(json.dumps(self.sources.place(wiki, kind)).encode()).hexdigest()[:16]
            self._now_at[wiki, kind] = f"{place} {self.now.astimezone(UTC):%Y-%m-%d}"
        return self._now_at[wiki, kind]


def render_places(places: Mapping[str, str]) -> str:
    """``sources.json``."""
    return json.dumps(places, indent=1, sort_keys=True) + "\n"


def parse_places(text: str) -> dict[str, str]:
    """What ``render_places`` wrote; nothing of a text that it would not have written."""
    try:
        found = json.loads(text)
        return {str(name): str(place) for name, place in found.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}
