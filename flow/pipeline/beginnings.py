"""When what a dataset counts begins on a wiki: no period before has numbers, not even zeros."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.engines.source import Source, beginning_sql
from flow.engines.sources import Sources
from flow.errors import DatasetError, QueryError


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Asks ``sources`` once a day, and keeps what they say in ``known``, which the manifest remembers from run to run.

    ``was_asked``: whether an earlier run of today has read a source of a wiki. Rows from before are counted once they come;
    no published period goes because its rows do.
    """

    catalog: Catalog
    sources: Sources
    known: dict[str, str]
    was_asked: Callable[[str, str], bool] = lambda wiki, source: False
    asked: set[str] = field(default_factory=set)

    def first_day(self, wiki: str, dataset: Dataset) -> date | None:
        """The day of the first row that a dataset with SQL counts; None if there is none yet. Raises FlowError."""
        name = name_beginning(self.catalog, wiki, dataset)
        if name not in self.asked and not (name in self.known and self.was_asked(wiki, dataset.source)):
            self._learn(name, self._ask(wiki, dataset))
        if name in self.known:
            return date.fromisoformat(self.known[name])
        self.sources.get(wiki, dataset.source).check_wiki()
        return None

    def _learn(self, name: str, found: date | None) -> None:
        days = [self.known.get(name, ""), found.isoformat() if found else ""]
        if any(days):
            self.known[name] = min(filter(None, days))
            self.asked.add(name)

    def forget(self, source: str) -> None:
        """Forgets what is known of ``<wiki> <source>``, for it is another database now."""
        for name in [name for name in self.known if f"{name} ".startswith(f"{source} ")]:
            del self.known[name]
            self.asked.discard(name)

    def _ask(self, wiki: str, dataset: Dataset) -> date | None:
        source = self.sources.get(wiki, dataset.source)
        if not dataset.begins:
            return source.first_day()
        try:
            return source.first_of(dataset, self.catalog.relations)
        except DatasetError as error:
            found = self._point(error, source, dataset) if isinstance(error, QueryError) else error
            where = "" if found.excerpt else f"relation {dataset.begins}: "
            raise type(error)(f"{dataset.id}: {where}{found}", found.excerpt) from error

    def _point(self, error: QueryError, source: Source, dataset: Dataset) -> QueryError:
        from flow.engines.pointing import Templates, point

        templates = Templates(dataset, self.catalog.relations, self.catalog.paths)
        return point(error, source, source.all_time(), templates, beginning_sql(dataset))


def name_beginning(catalog: Catalog, wiki: str, dataset: Dataset) -> str:
    """By what it is remembered where a dataset begins: by its source, or by the text of the relation that tells."""
    if not dataset.begins:
        return f"{wiki} {dataset.source}"
    text = catalog.relations[dataset.begins]
    return f"{wiki} {dataset.source} {dataset.begins} {hashlib.sha256(text.encode()).hexdigest()[:8]}"
