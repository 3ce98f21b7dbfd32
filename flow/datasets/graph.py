"""The graphs of a dataset: which of its columns each shows, all of one unit, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from flow.datasets.column import BYTES, COUNT, DURATION, MOST, PEOPLE, RATIO, SHARE, UNREADABLE, Column

Scale = Literal["", "linear", "log", "sqrt"]

GRAPH_ID = re.compile(r"[a-z][a-z0-9_]*")
#: A label lies on the axis, beside the numbers.
LONGEST_AXIS = 24
#: What the y axis says of columns of a unit, where the script says nothing.
AXES = {
    COUNT.name: "number",
    MOST.name: "most",
    PEOPLE.name: "people",
    SHARE.name: "share",
    RATIO.name: "mean",
    DURATION.name: "seconds",
    BYTES.name: "bytes",
}
#: The ids, and the ends of the titles, of the graphs that a dataset without ``graphs`` has beside its first. None is that of
#: a running total or of shares that are derived.
BESIDE = {
    COUNT.name: "counts",
    MOST.name: "largest",
    PEOPLE.name: "people",
    SHARE.name: "shares",
    RATIO.name: "ratios",
    DURATION.name: "durations",
    BYTES.name: "bytes",
}


@dataclass(frozen=True, slots=True)
class Graph:
    """What a dataset shows in one picture: ``columns`` of one unit, under ``title``.

    ``id``             what its id has after the dataset's and ``_``; the first graph has none, and bears the dataset's id.
    ``unit``           what the y axis says; else what is usual for the unit of the columns.
    ``scale``          of the y axis: ``linear``, ``log`` or ``sqrt``; durations are on a logarithmic one without being told. One
                       with a 0 to draw is on a square-root axis instead, for a logarithm has no 0.
    ``more_is_better`` whether a rise of the first column is good news: Limn then tells by how much it rose, and a fall in red.
    """

    title: str
    columns: Sequence[str]
    id: str = ""
    unit: str = ""
    scale: Scale = ""
    more_is_better: bool = False


def name_graph(dataset: str, id: str) -> str:
    """What a tab calls the graph ``id`` of a dataset."""
    return f"{dataset}_{id}" if id else dataset


def graphs_by_unit(title: str, units: Mapping[str, str]) -> list[Graph]:
    """The graphs of columns that nothing is said of, keyed by id with the names of their units: one for each unit."""
    columns: dict[str, list[str]] = {}
    for id, unit in units.items():
        columns.setdefault(unit, []).append(id)
    first, *others = columns.items() or [("", [])]
    beside = [Graph(f"{title} ({BESIDE[unit]})", ids, BESIDE[unit]) for unit, ids in others]
    return [Graph(title, first[1]), *beside] if first[1] else []


def faults(graphs: Sequence[Graph], columns: Sequence[Column], *, is_unsettled: bool = False) -> list[str]:
    """What is wrong with the ``graphs`` of a dataset with ``columns``, each a phrase for a person.

    ``is_unsettled``: whether its newest numbers are not its last.
    """
    if not all(isinstance(graph, Graph) for graph in list[object](graphs)):
        return ["graphs must be a list of Graph"]
    found = ["the first of graphs bears the dataset's id; it must have none of its own"] if graphs and graphs[0].id else []
    ids = [graph.id for graph in graphs]
    found += [f"graphs has two called '{id}'" for id in sorted({id for id in ids[1:] if ids.count(id) > 1})]
    what = "must be lower-case letters, digits and _"
    found += [f"graph '{graph.title}': its id '{graph.id}' {what}" for graph in graphs[1:] if not _is_id(graph)]
    why = "has more_is_better, but the newest numbers still change, and would seem to rise or fall"
    found += [f"graph '{graph.title}' {why}" for graph in graphs if is_unsettled and graph.more_is_better]
    known = {column.id: column for column in columns}
    return found + [f"graph '{graph.title}' {fault}" for graph in graphs for fault in _faults(graph, known)]


def _is_id(graph: Graph) -> bool:
    return isinstance(graph.id, str) and GRAPH_ID.fullmatch(graph.id) is not None


def _faults(graph: Graph, known: Mapping[str, Column]) -> Iterator[str]:
    if not isinstance(graph.title, str) or not graph.title.strip() or UNREADABLE.search(graph.title):
        yield 'needs a title without , " # // or a line break'
    if isinstance(graph.columns, str) or not graph.columns:
        yield "needs a list of columns"
        return
    yield from (f"names '{id}', which is no column" for id in graph.columns if id not in known)
    yield from (f"names '{id}' twice" for id in sorted({id for id in graph.columns if list(graph.columns).count(id) > 1}))
    units = list(dict.fromkeys(known[id].unit.name for id in graph.columns if id in known))
    if len(units) > 1:
        yield f"shows a {' and a '.join(units)} on one axis; give each unit a graph of its own"
    yield from _axis_faults(graph, units)


def _axis_faults(graph: Graph, units: Sequence[str]) -> Iterator[str]:
    if not isinstance(graph.unit, str) or len(graph.unit) > LONGEST_AXIS or "\n" in graph.unit:
        yield f"has a unit that is too long for its axis; {LONGEST_AXIS} letters are room enough"
    if graph.scale not in get_args(Scale):
        yield f"has the scale '{graph.scale}', which is none; there is linear, log and sqrt"
    elif graph.scale in ("log", "sqrt") and SHARE.name in units:
        yield "shows a share, which is drawn from 0 to 1; it can have no other scale"
