"""What a dataset's graphs are called, and what is derived from it: each id is one thing's alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flow.datasets.dataset import Dataset
from flow.datasets.graph import name_graph
from flow.datasets.transform import Transform, graphs_of


def derived_ids(dataset: Dataset) -> dict[str, Transform]:
    """What is derived from a dataset's published numbers, by id."""
    return {f"{dataset.id}_{each.kind}": each for each in dataset.derived}


def graph_names(dataset: Dataset) -> list[str]:
    """What tabs call the graphs of a dataset, and of what is derived from it."""
    units = {column.id: column.unit.name for column in dataset.columns}
    found = [(dataset.id, graph) for graph in dataset.drawn]
    found += [(id, graph) for id, each in derived_ids(dataset).items() for graph in graphs_of(each, dataset.title, units)]
    return [name_graph(id, graph.id) for id, graph in found]


def name_fault(datasets: Mapping[str, Dataset], ids: Sequence[str], id: str) -> str | None:
    """Why a graph of a dataset, or what is derived from it, would be taken for something else; None if it would not.

    ``ids``: of all query scripts, broken ones too.
    """
    names = graph_names(datasets[id])
    others = {name: other for other in sorted(datasets) if other != id for name in graph_names(datasets[other])}
    for name in names:
        if names.count(name) > 1:
            return f"two of its graphs would be called '{name}'; give one another id"
        if name != id and name in ids:
            what = "what is derived from it" if name in derived_ids(datasets[id]) else "a graph of it"
            return f"{what} would be called '{name}', which is a dataset"
        if name != id and name in others:
            return f"a graph of it would be called '{name}', as one of {others[name]} is; give one another id"
    return None
