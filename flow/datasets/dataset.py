"""A dataset: what one query script measures, with the facts that stand beside its SQL."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flow.datasets import graph, transform
from flow.datasets.column import UNREADABLE, Column, complaints
from flow.datasets.graph import Graph, graphs_by_unit
from flow.datasets.span import seconds_of
from flow.datasets.transform import Transform
from flow.errors import UsageError
from flow.wiki.schema import SOURCES

if TYPE_CHECKING:
    import pandas as pd

DATASET_ID = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = {"bots", "wiki", "start", "end"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One query script. Its id, the file's name, is given by the catalog.

    ``source``   whose tables the SQL reads, ``core``, ``flow`` or another of ``flow.wiki.schema``; empty for one made
                 from others.
    ``sql``      a SELECT of ``date`` and the columns, with the macros of ``flow/sql/macros.py``.
    ``begins``   a relation of one row that tells where its numbers begin: ``first``, the second after 1970 of the first
                 thing that it counts, or nothing; without one, they begin with the first row of its source.
    ``since``    the first day that can have numbers, ``YYYY-MM-DD``.
    ``spans``    named lengths of time that the SQL may use and ``--set`` may change, such as ``window``.
    ``settles``  the span after a period's end in which its numbers still change.
    ``snapshot`` whether the SQL counts what is there right now: only the newest closed period is computed, never again, and
                 one that was missed is a gap. A changed definition holds from then on.
    ``stock``    whether its numbers are those at a period's end: then a run asks for a week's and a month's by their last day,
                 together with the days.
    ``graphs``   what is drawn of it, each a ``Graph``; else a graph for each unit among its columns.
    ``derived``  what follows from the published numbers in CSVs and graphs of their own: ``Cumulative`` and ``ShareOf``.
    ``adds_up``  columns that are the sum of others, which are named; checked in every row before it is published.
    ``jump``     how many times more, or less, than usual a new number of the first column may be before a person must
                 accept it; 0 for any. A day may be quiet, a week or a month is not, where it is not so usually.
    ``late``     by which share a settled number of things, people or bytes may change when it is computed again, before a
                 person must accept it; by less than five any may.
    ``check``    a function of the table that is to be published; each text it returns is a complaint, and holds it back.
    ``reads``    at most so many index reads for each row in the range that is asked for; a test counts them.
    """

    title: str
    columns: Sequence[Column]
    source: str = ""
    sql: str = ""
    begins: str = ""
    since: str | None = None
    spans: Mapping[str, str] = field(default_factory=dict)
    settles: str | None = None
    snapshot: bool = False
    stock: bool = False
    graphs: Sequence[Graph] = ()
    derived: Sequence[Transform] = ()
    adds_up: Mapping[str, Sequence[str]] = field(default_factory=dict)
    jump: int = 20
    late: float = 0.2
    check: Callable[[pd.DataFrame], Iterable[str]] | None = None
    reads: int = 8
    compute: Callable[..., pd.DataFrame] | None = None
    id: str = ""
    about: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids of the datasets it is made from: the parameters of its function, in order."""
        return _parameters(self.compute)[0] if self.compute else ()

    @property
    def optional(self) -> tuple[str, ...]:
        """Those of its inputs that a wiki may lack: the parameters with None for a default."""
        return _parameters(self.compute)[1] if self.compute else ()

    @property
    def column_ids(self) -> list[str]:
        """The CSV's header after ``date``."""
        return [column.id for column in self.columns]

    @property
    def first_day(self) -> date | None:
        """The day of ``since``."""
        return date.fromisoformat(self.since) if self.since else None

    @property
    def settle_seconds(self) -> int:
        """How many seconds after its end a period's numbers can still change."""
        return seconds_of(self.spans[self.settles]) if self.settles else 0

    @property
    def drawn(self) -> list[Graph]:
        """What is drawn of it, its first graph first."""
        return list(self.graphs) or graphs_by_unit(self.title, {column.id: column.unit.name for column in self.columns})


@lru_cache(maxsize=256)
def _parameters(compute: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a function's parameters; and of those that have None for a default."""
    parameters = inspect.signature(compute).parameters
    return tuple(parameters), tuple(name for name, parameter in parameters.items() if parameter.default is None)


def dataset(
    *, title: str, columns: Sequence[Column], **facts: Any
) -> Callable[[Callable[..., pd.DataFrame]], Dataset]:
    """Makes a function of other datasets' tables a dataset; its parameters' names say which.

    Each table is a frame with ``date`` first; so is what the function returns. ``facts`` are those of ``Dataset``.
    An input with None for a default is optional: on a wiki without it, and for periods before it begins, its table holds
    nothing but dates, and what is made from it are gaps.
    """
    return lambda compute: Dataset(title=title, columns=columns, compute=compute, **facts)


def named(dataset: Dataset, id: str, about: str) -> Dataset:
    """``dataset`` with the id and the description that its file gives it."""
    return replace(dataset, id=id, about=inspect.cleandoc(about))


def faults(dataset: Dataset) -> list[str]:
    """What is wrong with a dataset's own facts, each a phrase for a person; empty when all is well."""
    columns: Sequence[object] = dataset.columns
    if not all(isinstance(column, Column) for column in columns):
        return ["columns must be a list of Count, People, Share and the like"]
    texts: list[object] = [dataset.title, dataset.sql, dataset.begins, dataset.since or ""]
    if not all(isinstance(text, str) for text in texts):
        return ["title, sql, begins and since must be text"]
    found = [fault for column in dataset.columns for fault in complaints(column)]
    ids = dataset.column_ids
    found += [f"column '{id}' is declared twice" for id in sorted({id for id in ids if ids.count(id) > 1})]
    found += graph.faults(dataset.graphs, dataset.columns, is_unsettled=bool(dataset.settles))
    if not ids:
        found.append("it has no columns")
    if not DATASET_ID.fullmatch(dataset.id):
        found.append(f"its file name '{dataset.id}' must be lower-case letters, digits and _")
    if not dataset.title.strip() or UNREADABLE.search(dataset.title):
        found.append(f"title '{dataset.title}': Limn cannot read an empty one, or , \" # // or a line break")
    if not dataset.about:
        found.append("it has no docstring to say what counts and what is left out")
    return found + _source_faults(dataset) + _time_faults(dataset) + _relation_faults(dataset)


def _source_faults(dataset: Dataset) -> list[str]:
    if dataset.compute is not None:
        found = ["only a dataset with sql can be a snapshot, or a stock"] if dataset.snapshot or dataset.stock else []
        return found + _parameter_faults(dataset)
    found = [] if dataset.source in SOURCES else [f"source '{dataset.source}' is none; there is {', '.join(SOURCES)}"]
    return found if dataset.sql.strip() else [*found, "it has no sql"]


def _parameter_faults(dataset: Dataset) -> list[str]:
    assert dataset.compute is not None
    parameters = inspect.signature(dataset.compute).parameters.values()
    plain = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD and each.default in (each.empty, None)]
    others = [each.name for each in parameters if each not in plain]
    if others:
        return [f"parameter '{others[0]}' of its function must be a dataset's id alone, or with =None if it is optional"]
    return [] if len(dataset.inputs) > len(dataset.optional) else ["its function names no dataset as a parameter without =None"]


def _time_faults(dataset: Dataset) -> list[str]:
    found = [f"span '{name}' bears a name that is taken" for name in dataset.spans if name in RESERVED]
    if dataset.settles and dataset.settles not in dataset.spans:
        found.append(f"settles names '{dataset.settles}', which is no span")
    for name, text in dataset.spans.items():
        try:
            seconds_of(text)
        except UsageError as error:
            found.append(f"span '{name}': {error}")
    try:
        date.fromisoformat(dataset.since or "2001-01-01")
    except ValueError:
        found.append(f"since '{dataset.since}' is no date; write YYYY-MM-DD")
    return found


def _relation_faults(dataset: Dataset) -> list[str]:
    """What is wrong with how columns depend on each other. Columns of other datasets are not looked up."""
    named = {
        f"of, among, acts or groups of '{c.id}'": [*c.of, *c.acts, *c.groups, *filter(None, [c.among])] for c in dataset.columns
    }
    named |= {f"adds_up '{total}'": [total, *parts] for total, parts in dataset.adds_up.items()}
    found = transform.faults(dataset.derived, dataset.columns)
    found += [f"{place} names '{id}', which is no column" for place, ids in named.items() for id in ids if _unknown(dataset, id)]
    if isinstance(dataset.jump, bool) or not isinstance(dataset.jump, int) or dataset.jump < 0:
        found.append("jump must be a whole number, 0 or more")
    if isinstance(dataset.late, bool) or not isinstance(dataset.late, int | float) or not 0 <= dataset.late < float("inf"):
        found.append("late must be a share, 0 or more")
    check: object = dataset.check
    if check is not None and not callable(check):
        found.append("check must be a function of the table")
    return found


def bare(dataset: Dataset) -> list[str]:
    """The columns of people of which nothing is said, so that nothing can be done for them when they are withheld."""
    grouped = {id for column in dataset.columns for id in column.groups}
    what = "nothing is said of what its numbers depend on, so others may tell a withheld one; say acts=, among= or groups="
    found = [column.id for column in dataset.columns if column.is_bare and column.id not in grouped]
    return [f"column '{id}': {what}, or acts=() for nothing" for id in found]


def _unknown(dataset: Dataset, id: str) -> bool:
    return "." not in id and id not in dataset.column_ids
