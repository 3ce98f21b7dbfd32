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
    return timedelta(seconds=max((wiki.grace(source) for source in catalog.sources(dataset.id)), default=0))


def definition(catalog: Catalog, policy: Policy, dataset: Dataset, key: Key) -> str:
    """A hash of everything that decides the numbers of a CSV, the rules of what is withheld among it."""
    return catalog.definition(dataset.id) + policy.rules(key.wiki, dataset.id).stamp(dataset, key.grain)


def measure_of(definition: str) -> str:
    """What of a definition decides what is measured: all but the rules of what is withheld."""
    return definition.partition("-")[0]


def lacks(id: str, wiki: Wiki, catalog: Catalog) -> str | None:
    """Why the settings leave the dataset ``id`` out for a wiki; None if they do not."""
    absent = [source for source in catalog.sources(id, optional=False) if source not in wiki.sources]
    if absent:
        return f"its wiki has no {' and no '.join(map(str.capitalize, absent))}, say the settings"
    joined = [catalog.datasets[each].source for each in catalog.required(id) if each in catalog.joining]
    return next((wiki.describe_apart(source) for source in joined if not wiki.joins_core(source)), None)


def is_made(dataset: Dataset, key: Key, catalog: Catalog, settings: Settings) -> bool:
    """Whether a dataset is computed for a wiki in a grain: not without its tables, nor where nothing of it is published."""
    if lacks(dataset.id, settings.wiki(key.wiki), catalog):
        return False
    return bool(settings.privacy.rules(key.wiki, dataset.id).columns(dataset, key.grain))
