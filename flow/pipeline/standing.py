"""How a dataset stands on a wiki: what it is read from there, from when on, and why it is left out, if it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.errors import AbsentSource, FlowError
from flow.pipeline.scope import lacks
from flow.settings import Wiki

FirstDay = Callable[[str, Dataset], date | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """``first_day`` asks a wiki's source for the first day of what a dataset with SQL counts; it may raise FlowError."""

    catalog: Catalog
    first_day: FirstDay

    def absence(self, dataset: Dataset, wiki: Wiki) -> str | None:
        """Why a dataset is left out for a wiki: by the settings, or for there are no tables of an extension that these imply."""
        why = lacks(dataset.id, wiki, self.catalog)
        if why:
            return why
        for each in self._read(self.catalog.required(dataset.id)):
            try:
                if each.source in wiki.implied:
                    self.first_day(wiki.id, each)
            except AbsentSource as error:
                return str(error)
            except FlowError:  # it fails again where the dataset is planned, and is reported there
                continue
        return None

    def sources(self, dataset: Dataset, wiki: Wiki) -> list[str]:
        """The sources that a dataset is read from on a wiki, without those of optional inputs that are left out there."""
        found = {source for id in self._parts(dataset, wiki) for source in self.catalog.own_sources(id)}
        return [source for source in wiki.sources if source in found]

    def begin(self, dataset: Dataset, wiki: Wiki, grain: Grain) -> date | None:
        """The first day of the first period: none begins before the dataset, the wiki's ``since`` or the first rows."""
        required = self.catalog.required(dataset.id)
        first_days = [self.first_day(wiki.id, each) for each in self._read(required)]
        starts = [grain.floor(day) for day in first_days if day is not None]
        if len(starts) < len(first_days):
            return None
        sinces = [self.catalog.datasets[id].first_day for id in required] + [wiki.since]
        return max([*starts, *(grain.ceil(day) for day in sinces if day is not None)])

    def _parts(self, dataset: Dataset, wiki: Wiki) -> list[str]:
        """The ids of a dataset and of all that it is made from on a wiki."""
        found = [dataset.id]
        for input in (self.catalog.datasets[id] for id in dataset.inputs):
            if input.id not in dataset.optional or self.absence(input, wiki) is None:
                found += self._parts(input, wiki)
        return found

    def _read(self, ids: Iterable[str]) -> list[Dataset]:
        """Those of datasets that are read from a source."""
        return [dataset for dataset in (self.catalog.datasets[id] for id in ids) if dataset.source]
