"""Which numbers must be the sum of others: across datasets, as their scripts say, and across grains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.shelf.entry import Key


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a CSV."""

    key: Key
    column: str
    day: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A column of ``key`` that is the sum of ``parts``, columns of other CSVs, as ``name`` says; of their days ``by_day``."""

    key: Key
    column: str
    parts: Sequence[tuple[Key, str]]
    name: str
    by_day: bool = False

    @property
    def id(self) -> str:
        """What names it among all of a wiki."""
        return f"{self.key.dataset} by {self.key.grain}: {self.column} = {self.name}"

    @property
    def keys(self) -> list[Key]:
        """The CSVs that it is about."""
        return list(dict.fromkeys([self.key, *(key for key, _ in self.parts)]))

    def dates(self, fresh: Iterable[str], grain: Grain) -> set[str]:
        """The dates of the total that hold those of ``fresh``, periods of ``grain``."""
        return {*fresh} if grain is self.key.grain else {str(self.key.grain.floor(date.fromisoformat(day))) for day in fresh}

    def terms(self, day: str) -> list[Term]:
        """The parts' terms for a date of the total."""
        period = Period(date.fromisoformat(day), self.key.grain)
        days = [str(each) for each in whole_periods(Range(period.start, period.end), Grain.DAY)] if self.by_day else [day]
        return [Term(key, column, each) for key, column in self.parts for each in days]


def find_sums(datasets: Mapping[str, Dataset], keys: Collection[Key]) -> list[Sum]:
    """Every sum over the CSVs of ``keys`` that goes beyond one of them."""
    return [each for each in declared_sums(datasets, keys) if all(key in keys for key in each.keys)]


def declared_sums(datasets: Mapping[str, Dataset], keys: Iterable[Key]) -> Iterator[Sum]:
    """Every sum of which a total is in the CSVs of ``keys``, whether its parts are there or not."""
    for key in sorted(keys):
        dataset = datasets.get(key.dataset)
        if dataset:
            yield from _across_datasets(dataset, key)
            yield from _across_grains(dataset, key)


def _across_datasets(dataset: Dataset, key: Key) -> Iterator[Sum]:
    for total, names in dataset.adds_up.items():
        split = [name.rpartition(".") for name in names]
        parts = [(replace(key, dataset=id or key.dataset), column) for id, _, column in split]
        if any(part != key for part, _ in parts):
            yield Sum(key, total, parts, " + ".join(names))


def _across_grains(dataset: Dataset, key: Key) -> Iterator[Sum]:
    days = replace(key, grain=Grain.DAY)
    if key.grain is not Grain.DAY and not dataset.snapshot:
        for column in dataset.columns:
            if column.additive and column.unit in (COUNT, BYTES, PEOPLE):
                yield Sum(key, column.id, [(days, column.id)], "the sum of its days", by_day=True)
