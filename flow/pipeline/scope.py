"""Which CSVs are made at all, and under which definition and rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.privacy.policy import Policy
from flow.settings import Settings, Wiki
from flow.shelf.entry import Key


def grace_of(dataset: Dataset, wiki: Wiki, catalog: Catalog) -> timedelta:
    """How long after its end a period of a dataset is taken to be complete in all that it is made from."""
    kinds = catalog.sources(dataset.id)
    return timedelta(seconds=max([wiki.grace] * ("core" in kinds) + [wiki.flow_grace] * ("flow" in kinds), default=0))


def definition(catalog: Catalog, policy: Policy, dataset: Dataset, key: Key) -> str:
    """A hash of everything that decides the numbers of a CSV, the rules of what is withheld among it."""
    return catalog.definition(dataset.id) + policy.rules(key.wiki, dataset.id).stamp(dataset, key.grain)


def is_made(dataset: Dataset, key: Key, catalog: Catalog, settings: Settings) -> bool:
    """Whether a dataset is computed for a wiki in a grain: not without its tables, nor where nothing of it is published."""
    if not settings.wiki(key.wiki).flow and "flow" in catalog.sources(dataset.id):
        return False
    return bool(settings.privacy.rules(key.wiki, dataset.id).columns(dataset, key.grain))


def gone(held: Iterable[Key], catalog: Catalog, settings: Settings) -> dict[Key, str]:
    """The keys of CSVs that nothing makes any more, and why."""
    found = {}
    for key in held:
        wiki = settings.wikis.get(key.wiki)
        if key.dataset not in catalog.ids:
            found[key] = "its query script is gone"
        elif wiki is None:
            found[key] = "its wiki is no longer in the settings"
        elif key.grain not in settings.output.grains:
            found[key] = "its grain is no longer in the settings"
        elif not wiki.flow and "flow" in catalog.sources(key.dataset):
            found[key] = "its wiki has no Flow, say the settings"
        elif key.dataset in catalog.datasets and not is_made(catalog.datasets[key.dataset], key, catalog, settings):
            found[key] = f"numbers of people are not published by {key.grain}"
    return found
