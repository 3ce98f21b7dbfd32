"""One CSV of a release: its key, its columns, when each of its periods was computed, and what of it is withheld."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from flow.datasets.column import PEOPLE, Column
from flow.datasets.dataset import Dataset
from flow.datasets.gaps import Gaps
from flow.datasets.graph import Graph, graphs_by_unit
from flow.datasets.period import Grain, Period
from flow.datasets.transform import Transform
from flow.shelf.extent import Extents
from flow.shelf.fingerprint import is_other
from flow.shelf.history import Computation, Computed, History, computed_runs, periods_of, read_history

#: For each column, the dates of its withheld cells.
Marks = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One CSV: a dataset of a wiki in a grain."""

    dataset: str
    wiki: str
    grain: Grain

    @property
    def path(self) -> str:
        """Its place in a release."""
        return f"datafiles/{self.wiki}/{self.grain}/{self.dataset}.csv"

    @property
    def id(self) -> str:
        """Its datasource's and graph's id; datasets and grains hold no ``-``."""
        return f"{self.dataset}-{self.wiki}-{self.grain}"

    @property
    def fields(self) -> dict[str, str]:
        """What a log line about it carries besides its message."""
        return {"dataset": self.dataset, "wiki": self.wiki, "grain": self.grain.value}

    def __str__(self) -> str:
        return f"{self.dataset}, {self.wiki}, {self.grain}"


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """A column as it was published."""

    id: str
    label: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True)
class GraphFact:
    """A graph as it was published: see ``Graph``. ``columns``: those of its columns that are published."""

    id: str
    title: str
    columns: tuple[str, ...]
    unit: str = ""
    scale: str = ""
    more_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One CSV's facts: enough to describe it, to extend it, and to know it undamaged.

    ``transform``: how it follows from the published numbers of another; None for one that is measured.
    ``extents``: what its graphs can show of the numbers that are published.
    """

    key: Key
    definition: str
    title: str
    columns: tuple[ColumnFact, ...]
    graphs: tuple[GraphFact, ...]
    computed: tuple[Computed, ...] = ()
    sha256: str = ""
    about: str = ""
    withheld: Marks = field(default_factory=dict)
    gaps: Gaps = field(default_factory=dict)
    #: Which databases it was computed from, as ``Fingerprint`` names them; empty if that was never asked.
    origin: str = ""
    transform: Transform | None = None
    extents: Extents = field(default_factory=dict)

    @property
    def base(self) -> Key:
        """The CSV that it is derived from; itself for one that is measured."""
        suffix = f"_{self.transform.kind}" if self.transform else ""
        return replace(self.key, dataset=self.key.dataset.removesuffix(suffix))

    @property
    def column_ids(self) -> list[str]:
        """The CSV's header after ``date``."""
        return [column.id for column in self.columns]

    def withholds_more_than(self, old: Entry) -> bool:
        """Whether it withholds a cell that ``old`` shows; or may, for it was made by other rules."""
        if self.sha256 == old.sha256:
            return False
        for column, dates in self.withheld.items():
            if any(old.covers(date) for date in dates - old.withheld.get(column, frozenset())):
                return True
        people = any(fact.unit == PEOPLE.name for fact in (*self.columns, *old.columns))
        return self.definition != old.definition and (people or bool(self.withheld))

    def is_of_same_database(self, other: Entry) -> bool:
        """Whether both were computed from the same databases, as far as that is known."""
        return not is_other(self.origin, other.origin)

    def covers(self, date: str) -> bool:
        """Whether it has a period of that date."""
        return any(run.first <= date <= run.last for run in self.computed)

    @property
    def dates(self) -> list[str]:
        """The first day of each period, in order."""
        return [str(period) for run in self.computed for period in periods_of(run, self.key.grain)]

    def is_of(self, periods: Sequence[Period]) -> bool:
        """Whether it has exactly ``periods``, which are in order, and no period is missing between."""
        runs = [periods_of(run, self.key.grain) for run in self.computed]
        if not runs or not periods or sum(map(len, runs)) != len(periods):
            return False
        joined = all(before[-1].end == after[0].start for before, after in pairwise(runs))
        return joined and runs[0][0] == periods[0] and runs[-1][-1] == periods[-1]

    @property
    def times(self) -> Mapping[Period, datetime]:
        """When each period was computed."""
        return read_history(self.computed, self.key.grain).times

    @property
    def history(self) -> History:
        """How each period was last computed."""
        return read_history(self.computed, self.key.grain).history

    @property
    def unproved(self) -> dict[Period, Computation]:
        """The periods that were computed from rows which all were older than their end, and how."""
        return read_history(self.computed, self.key.grain).unproved


def describe_entry(entry: Entry, dataset: Dataset, columns: Sequence[Column]) -> Entry:
    """``entry`` with the title, labels and graphs that its dataset gives it today.

    ``columns`` are those of ``dataset`` that are published. A column never changes its place, for programs read by place:
    what is new comes last, and what is no longer measured stays, and is empty.
    """
    facts = {column.id: ColumnFact(column.id, column.label, column.unit.name, column.unit.limn_type) for column in columns}
    placed = {fact.id: facts.get(fact.id, fact) for fact in entry.columns} | facts
    graphs = describe_graphs(dataset.drawn, facts) or describe_graphs(_graphs_of(dataset.title, facts), facts)
    return replace(entry, title=dataset.title, columns=tuple(placed.values()), graphs=graphs, about=dataset.about)


def describe_graphs(graphs: Iterable[Graph], columns: Collection[str]) -> tuple[GraphFact, ...]:
    """``graphs`` as they are published where ``columns`` are; without those that show none of these."""
    facts = (_graph_fact(graph, tuple(id for id in graph.columns if id in columns)) for graph in graphs)
    return tuple(fact for fact in facts if fact.columns)


def _graph_fact(graph: Graph, columns: tuple[str, ...]) -> GraphFact:
    return GraphFact(graph.id, graph.title, columns, graph.unit, graph.scale, graph.more_is_better)


def _graphs_of(title: str, facts: Mapping[str, ColumnFact]) -> list[Graph]:
    return graphs_by_unit(title, {id: fact.unit for id, fact in facts.items()})


def new_entry(key: Key, definition: str, before: Entry | None) -> Entry:
    """An entry without any period, nor anything that its dataset tells; its columns take the places that they had before."""
    return Entry(key, definition, "", before.columns if before else (), ())


def with_periods_of(entry: Entry, other: Entry, dates: Collection[str]) -> Entry:
    """``entry`` with what ``other`` tells of the periods of ``dates``: when they were computed, withheld cells and gaps."""
    history = {**entry.history, **{period: how for period, how in other.history.items() if str(period) in dates}}
    marks: dict[str, frozenset[str]] = {}
    gaps: dict[str, list[str]] = {}
    for each, is_taken in ((entry, False), (other, True)):
        for id, days in each.withheld.items():
            marks[id] = marks.get(id, frozenset()) | {day for day in days if (day in dates) is is_taken}
        for id, empty in each.gaps.items():
            gaps.setdefault(id, []).extend(day for day in empty if (day in dates) is is_taken)
    return replace(
        entry,
        computed=computed_runs(history),
        withheld={id: days for id, days in sorted(marks.items()) if days},
        gaps={id: tuple(sorted(days)) for id, days in sorted(gaps.items()) if days},
    )


def without_periods(entry: Entry, periods: Collection[Period]) -> Entry:
    """``entry`` without what it tells of ``periods``."""
    days = {str(period) for period in periods}
    return replace(
        entry,
        computed=computed_runs({period: how for period, how in entry.history.items() if period not in periods}),
        withheld={id: kept for id, dates in entry.withheld.items() if (kept := dates - days)},
        gaps={id: rest for id, dates in entry.gaps.items() if (rest := tuple(day for day in dates if day not in days))},
    )
