"""What a manifest says of graphs, read back: which there are of a CSV, and what they can show. Damage: Damaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from flow.datasets.graph import Scale
from flow.shelf import wellformed
from flow.shelf.csvfile import NUMBER, Damaged
from flow.shelf.entry import ColumnFact, GraphFact
from flow.shelf.extent import Extent, Extents
from flow.shelf.wellformed import texts


def read_graphs(item: Mapping[str, Any], columns: Sequence[ColumnFact]) -> tuple[GraphFact, ...]:
    """The graphs of a CSV of ``columns``; of an earlier manifest, the one that it tells of by places."""
    ids = [column.id for column in columns]
    if "graphs" not in item:
        return _read_drawn(item, ids)
    graphs = tuple(_read_graph(graph, ids) for graph in _list(item["graphs"]))
    if len({graph.id for graph in graphs}) < len(graphs):
        raise Damaged("two graphs have one id")
    return graphs


def _read_drawn(item: Mapping[str, Any], ids: Sequence[str]) -> tuple[GraphFact, ...]:
    places = [int(place) for place in item["drawn"]]
    if not all(0 < place <= len(ids) for place in places):
        raise Damaged("its graph shows a column that is not there")
    shown = tuple(ids[place - 1] for place in places)
    return (GraphFact("", texts({"title": item["title"]})["title"], shown),) if shown else ()


def _read_graph(item: Mapping[str, Any], ids: Sequence[str]) -> GraphFact:
    facts = texts({name: item[name] for name in ("id", "title", "unit", "scale")})
    columns, better = tuple(_list(item["columns"])), item["more_is_better"]
    if item.keys() != {*facts, "columns", "more_is_better"} or type(better) is not bool:
        raise Damaged("a graph is none")
    if facts["id"] != "":
        wellformed.name(facts["id"])
    if not columns or len(set(columns)) < len(columns) or not set(columns) <= set(ids) or facts["scale"] not in get_args(Scale):
        raise Damaged("a graph shows what is not there")
    return GraphFact(facts["id"], facts["title"], columns, facts["unit"], facts["scale"], better)


def read_extents(item: Mapping[str, Any], columns: Sequence[ColumnFact]) -> Extents:
    """The extents of a CSV of ``columns``; none of an earlier manifest."""
    found = {id: _read_extent(extent) for id, extent in item.get("extents", {}).items()}
    if not found.keys() <= {column.id for column in columns}:
        raise Damaged("it has the extent of a column that is not there")
    return found


def _read_extent(item: Mapping[str, Any]) -> Extent:
    extent = Extent(**item)
    flags = (extent.isolated, extent.grows)
    if type(extent.values) is not int or extent.values < 1 or not all(type(flag) is bool for flag in flags):
        raise Damaged("an extent is none")
    if not all(NUMBER.fullmatch(text) and text for text in (extent.lowest, extent.highest)):
        raise Damaged("an extent is of what is no number")
    return extent


def _list(item: Any) -> list[Any]:
    if not isinstance(item, list):
        raise Damaged("a list is none")
    return item
