"""The rules of the settings: from how many persons on a number is published, and by which grains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flow.datasets.column import COUNT, PEOPLE, Column
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one dataset of one wiki.

    ``threshold``         numbers from 1 to below it are withheld; 1 withholds none.
    ``people_by_day``     whether numbers of people are published by day too.
    ``withhold_actions``  whether counts of actions are treated like numbers of people.
    """

    threshold: int = 5
    people_by_day: bool = False
    withhold_actions: bool = False

    def is_sensitive(self, column: Column) -> bool:
        """Whether small numbers of ``column`` could tell of somebody."""
        return self.threshold > 1 and (column.unit is PEOPLE or (self.withhold_actions and column.unit is COUNT))

    def is_published(self, column: Column, grain: Grain) -> bool:
        """Whether ``column`` is published by ``grain`` at all."""
        return grain is not Grain.DAY or self.people_by_day or not self.is_sensitive(column)

    def columns(self, dataset: Dataset, grain: Grain) -> list[Column]:
        """The columns of ``dataset`` that are published by ``grain``, without those made from one that is not."""
        hidden = {column.id for column in dataset.columns if not self.is_published(column, grain)}
        return [c for c in dataset.columns if c.id not in hidden and not hidden & set(self.made_of(dataset, c))]

    def made_of(self, dataset: Dataset, column: Column) -> list[str]:
        """The sensitive columns that ``column``, if a share or the like, is made from; all of them, where it names none."""
        sensitive = [each.id for each in dataset.columns if self.is_sensitive(each)]
        if column.id in sensitive or column.unit.quiet == "0":
            return []
        return [id for id in sensitive if id in column.of] if column.of else sensitive

    def stamp(self, dataset: Dataset, grain: Grain) -> str:
        """What of the rules decides the numbers of ``dataset`` by ``grain``; empty if nothing does."""
        columns = self.columns(dataset, grain)
        some = f"-{len(columns)}" if len(columns) < len(dataset.columns) else ""
        sensitive = f"-{self.threshold}{'-actions' if self.withhold_actions else ''}"
        return (sensitive if any(self.is_sensitive(column) for column in columns) else "") + some


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for all: ``usual``, and what single wikis and datasets have of their own."""

    usual: Rules = Rules()
    wikis: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    datasets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def largest_threshold(self, wiki: str, datasets: Iterable[str]) -> int:
        """The largest threshold of some datasets of a wiki."""
        return max(self.rules(wiki, dataset).threshold for dataset in datasets)

    def rules(self, wiki: str, dataset: str) -> Rules:
        """The rules for a dataset of a wiki. Of two thresholds the larger holds; a dataset has nothing else of its own."""
        own: dict[str, Any] = dict(self.wikis.get(wiki, {}))
        thresholds = [each["threshold"] for each in (own, self.datasets.get(dataset, {})) if "threshold" in each]
        if thresholds:
            own["threshold"] = max(thresholds)
        return replace(self.usual, **own)
