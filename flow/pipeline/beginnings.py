"""When what a dataset counts begins on a wiki: no period before has numbers, not even zeros."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.engines.sources import Sources
from flow.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Asks ``sources`` once, and keeps what they say in ``known``, which the manifest remembers from run to run."""

    catalog: Catalog
    sources: Sources
    known: dict[str, str]

    def first_day(self, wiki: str, dataset: Dataset) -> date | None:
        """The day of the first row that a dataset with SQL counts; None if there is none yet. Raises FlowError."""
        name = self._name(wiki, dataset)
        if name not in self.known:
            found = self._ask(wiki, dataset)
            if found is None:
                self.sources.get(wiki, dataset.source).check_wiki()
                return None
            self.known[name] = found.isoformat()
        return date.fromisoformat(self.known[name])

    def forget(self, source: str) -> None:
        """Forgets what is known of ``<wiki> <source>``, for it is another database now."""
        for name in [name for name in self.known if f"{name} ".startswith(f"{source} ")]:
            del self.known[name]

    def _name(self, wiki: str, dataset: Dataset) -> str:
        """By what it is remembered: by its source, or by the text of the relation that tells."""
        if not dataset.begins:
            return f"{wiki} {dataset.source}"
        text = self.catalog.relations[dataset.begins]
        return f"{wiki} {dataset.source} {dataset.begins} {hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def _ask(self, wiki: str, dataset: Dataset) -> date | None:
        source = self.sources.get(wiki, dataset.source)
        if not dataset.begins:
            return source.first_day()
        try:
            return source.first_of(dataset, self.catalog.relations)
        except DatasetError as error:
            raise type(error)(f"{dataset.id}: relation {dataset.begins}: {error}") from error
