"""What the settings and query scripts no longer make: it stays published until a person lets it go."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flow.datasets.catalog import Catalog
from flow.errors import HeldBack
from flow.pipeline.outcome import Outcome
from flow.pipeline.scope import lacks
from flow.publication.checks import Allowed
from flow.settings import Settings
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key

log = logging.getLogger("flow")


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Why CSVs are no longer made: whose fault it is, what it is, and how they are let go.

    ``by_rule``: whether a privacy rule removes them, which must happen at once.
    """

    whose: str
    what: str
    remedy: str = ""
    by_rule: bool = False


def gone(held: Iterable[Key], catalog: Catalog, settings: Settings) -> dict[Key, Cause]:
    """The keys of CSVs that nothing makes any more, and why."""
    causes = {key: _cause(key, catalog, settings) for key in held}
    return {key: cause for key, cause in causes.items() if cause}


def _cause(key: Key, catalog: Catalog, settings: Settings) -> Cause | None:
    dataset, rules = catalog.datasets.get(key.dataset), settings.privacy.rules(key.wiki, key.dataset)
    if dataset and not rules.columns(dataset, key.grain):
        return Cause(key.dataset, f"numbers of people are not published by {key.grain}", by_rule=True)
    if key.dataset not in catalog.ids:
        return Cause(key.dataset, "its query script is gone", f"'retire {key.dataset}'")
    if key.wiki not in settings.wikis:
        return Cause(key.wiki, "its wiki is no longer in the settings", f"'retire {key.wiki}'")
    if key.grain not in settings.output.grains:
        return Cause(key.grain, "its grain is no longer in the settings", f"'retire --grain {key.grain}'")
    why = lacks(key.dataset, settings.wiki(key.wiki), catalog)
    return Cause(key.wiki, why) if why else None


def keep(shelf: Shelf, catalog: Catalog, settings: Settings, allowed: Allowed, outcome: Outcome) -> dict[Key, Entry]:
    """What there is of each CSV, of one that is no longer made what is published, unless it may go; the ``outcome`` learns it."""
    held, kept = dict(shelf.current()), defaultdict(list)
    for key, cause in gone(held, catalog, settings).items():
        shelf.unstage(key)
        del held[key]
        if cause.by_rule or allowed.shrink:
            log.warning("%s: %s; it is no longer published", key, cause.what)
        elif key in shelf.live.entries:
            held[key] = shelf.live.entries[key]
            kept[cause].append(key)
    for cause, keys in sorted(kept.items()):
        _hold(cause, keys, outcome)
    return held


def _hold(cause: Cause, keys: list[Key], outcome: Outcome) -> None:
    many = "1 CSV that is published stays as it is" if len(keys) == 1 else f"{len(keys)} CSVs that are published stay as they are"
    remedy = " or ".join(filter(None, [cause.remedy, "'run --allow-shrink'"]))
    outcome.hold(f"{cause.whose}: {cause.what}; {many}, until {remedy} lets them go", keys)
    outcome.unfinished |= {key: HeldBack(cause.what) for key in keys}
