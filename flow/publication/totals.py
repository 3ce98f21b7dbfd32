"""Numbers that must add up across datasets and grains, and which of them are to blame where they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, combinations

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.publication.checks import Table
from flow.publication.moves import describe_dates, is_moved
from flow.shelf.entry import Key
from flow.shelf.fingerprint import is_other

#: For each CSV, the dates that are to blame, and what is wrong with them.
Blame = Mapping[Key, tuple[list[str], str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV as it is to be published: its ``table``, and what is published now, if it is.

    ``fresh``: the dates that were computed since. ``settled``: those whose numbers no longer change by themselves.
    ``origin``: the databases that it was computed from.
    """

    table: Table
    old: Table | None
    fresh: Collection[str]
    settled: Collection[str]
    origin: str = ""

    def number(self, column: str, day: str) -> int | None:
        """A number of ``table``; None where there is none."""
        return self.table.numbers(column, [day])[0] if day in self.table.rows else None

    def is_new(self, column: str, day: str) -> bool:
        """Whether a number is fresh, and another than the published one."""
        known = self.old is not None and day in self.old.rows
        return day in self.fresh and not (self.old and known and self.old.numbers(column, [day]) == [self.number(column, day)])


@dataclass(frozen=True, slots=True)
class Cell:
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
    def keys(self) -> list[Key]:
        """The CSVs that it is about."""
        return list(dict.fromkeys([self.key, *(key for key, _ in self.parts)]))

    def dates(self, fresh: Iterable[str], grain: Grain) -> set[str]:
        """The dates of the total that hold those of ``fresh``, periods of ``grain``."""
        return {*fresh} if grain is self.key.grain else {str(self.key.grain.floor(date.fromisoformat(day))) for day in fresh}

    def cells(self, day: str) -> list[Cell]:
        """The parts' cells for a date of the total."""
        period = Period(date.fromisoformat(day), self.key.grain)
        days = [str(each) for each in whole_periods(Range(period.start, period.end), Grain.DAY)] if self.by_day else [day]
        return [Cell(key, column, each) for key, column in self.parts for each in days]


@dataclass(frozen=True, slots=True)
class Miss:
    """A date on which a sum is missed. ``exact``: all was computed at once and is settled, so that late rows explain nothing."""

    day: str
    whole: int
    added: int
    cells: Sequence[Cell]
    exact: bool


def find_sums(datasets: Mapping[str, Dataset], keys: Collection[Key]) -> Iterator[Sum]:
    """Every sum over the CSVs of ``keys`` that goes beyond one of them."""
    for key in sorted(keys):
        dataset = datasets.get(key.dataset)
        if dataset:
            yield from _across_datasets(dataset, key, keys)
            yield from _across_grains(dataset, key, keys)


def _across_datasets(dataset: Dataset, key: Key, keys: Collection[Key]) -> Iterator[Sum]:
    for total, names in dataset.adds_up.items():
        split = [name.rpartition(".") for name in names]
        parts = [(replace(key, dataset=id or key.dataset), column) for id, _, column in split]
        if any(part != key for part, _ in parts) and all(part in keys for part, _ in parts):
            yield Sum(key, total, parts, " + ".join(names))


def _across_grains(dataset: Dataset, key: Key, keys: Collection[Key]) -> Iterator[Sum]:
    days = replace(key, grain=Grain.DAY)
    if key.grain is not Grain.DAY and days in keys and not dataset.snapshot:
        for column in dataset.columns:
            if column.additive and column.unit in (COUNT, BYTES, PEOPLE):
                yield Sum(key, column.id, [(days, column.id)], "the sum of its days", by_day=True)


@dataclass(frozen=True, slots=True)
class Totals:
    """Compares the sums over the CSVs of ``keys``; ``sheet`` gives each. ``accepted``: the datasets that may differ."""

    datasets: Mapping[str, Dataset]
    keys: Collection[Key]
    sheet: Callable[[Key], Sheet]
    accepted: Collection[str] = ()

    def blame(self) -> Blame:
        """The fresh numbers that do not add up: those that differ from what is published; or all of them, if none does."""
        found: dict[Key, list[tuple[list[str], str]]] = defaultdict(list)
        for each in find_sums(self.datasets, self.keys):
            missed = self._missed(each)
            why = _describe(each, missed) if missed else ""
            for key, dates in self._blamed(missed).items():
                found[key].append((dates, why))
        return {key: (sorted({*chain(*(days for days, _ in of))}), "; ".join(why for _, why in of)) for key, of in found.items()}

    def _missed(self, each: Sum) -> list[Miss]:
        """Where a sum is missed by more than late rows explain, of the dates of which something is fresh."""
        origins = [self.sheet(key).origin for key in each.keys]
        if any(is_other(one, two) for one, two in combinations(origins, 2)):  # the rest is computed again, too
            return []
        dates = {day for key in each.keys for day in each.dates(self.sheet(key).fresh, key.grain)}
        known = [miss for day in sorted(dates) if (miss := self._compare(each, day))]
        exact, loose = [miss for miss in known if miss.exact], [miss for miss in known if not miss.exact]
        if {key.dataset for key in each.keys} & {*self.accepted}:
            loose = []
        late = max(self.datasets[key.dataset].late for key in each.keys)
        if not _is_apart(sum(miss.whole for miss in loose), sum(miss.added for miss in loose), late):
            loose = [miss for miss in loose if _is_apart(miss.whole, miss.added, late)]
        return sorted((miss for miss in exact + loose if miss.whole != miss.added), key=lambda miss: miss.day)

    def _compare(self, each: Sum, day: str) -> Miss | None:
        """A sum on one date; None where it cannot be compared: some number is missing, or still to follow another."""
        total, parts = Cell(each.key, each.column, day), each.cells(day)
        cells = [total, *parts]
        numbers = [self.sheet(cell.key).number(cell.column, cell.day) for cell in cells]
        fresh = [cell.day in self.sheet(cell.key).fresh for cell in cells]
        settled = all(cell.day in self.sheet(cell.key).settled for cell in cells)
        follows = {cell.key.dataset for cell in parts} & {*self.datasets[each.key.dataset].inputs} and not fresh[0]
        whole, *rest = numbers
        if whole is None or None in rest or follows or not (settled or all(fresh)):
            return None
        return Miss(day, whole, sum(filter(None, rest)), cells, settled and all(fresh))

    def _blamed(self, missed: Iterable[Miss]) -> dict[Key, list[str]]:
        found: dict[Key, list[str]] = defaultdict(list)
        for miss in missed:
            new = [cell for cell in miss.cells if self.sheet(cell.key).is_new(cell.column, cell.day)]
            for cell in new or [cell for cell in miss.cells if cell.day in self.sheet(cell.key).fresh]:
                found[cell.key].append(cell.day)
        return found


def _is_apart(one: int, other: int, late: float) -> bool:
    return is_moved(min(one, other), max(one, other), late)


def _describe(each: Sum, missed: Sequence[Miss]) -> str:
    worst = max(missed, key=lambda miss: abs(miss.whole - miss.added))
    where = f" on {worst.day}" if len(missed) > 1 else ""
    dates = describe_dates([miss.day for miss in missed], each.key.grain)
    numbers = f"{each.column} of {each.key.dataset} is {worst.whole}, and {each.name} is {worst.added}{where}"
    return f"{dates}: {numbers}{'' if any(miss.exact for miss in missed) else _REMEDY.format(each.key.dataset)}"


_REMEDY = "; compute all of them with --again, or 'run --accept {}' if it is right"
