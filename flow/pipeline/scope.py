"""Which CSVs are made at all, and under which definition and rules."""

from __future__ import annotations

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
