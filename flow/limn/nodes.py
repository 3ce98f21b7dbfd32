"""Checks the definition of a graph against what Limn draws, and draws well; see ``flow.limn.contract``."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flow.datasets.period import Grain
from flow.shelf.extent import Extent, Extents

NODES = set(
    """canvas viewport group axis grid legend callout zoom-brush zoom-pan guide infobox tweaks smooth scaling line-group line
    bar-group bar series-group series timeseries ordinal-bar scatterplot annotation-group annotation geo-map
    geo-feature""".split()  # noqa: SIM905 - a list of words reads best as words
)
#: What draws a column.
DRAWING = {"line", "scatterplot"}
SCALES = {"time", "linear", "log", "sqrt", "pow", "ordinal"}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?)?")
#: A link to a dashboard in a graph's notes.
LINK = re.compile(r"\]\(/dashboards/([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Table:
    """What a datasource's CSV holds, for a graph: its columns' ids, its grain, and what is shown of it."""

    ids: tuple[str, ...]
    grain: str
    extents: Extents


def graph_faults(graph: Mapping[str, Any], tables: Mapping[str, Table], boards: Collection[str]) -> list[str]:
    """What is wrong with a graph, each a line. ``tables``: by datasource; ``boards``: the dashboards that there are."""
    root = graph.get("root")
    if not isinstance(root, dict) or root.get("nodeType") != "canvas":
        return ["root must be a node of type canvas"]
    lost = [id for id in LINK.findall(graph.get("notes") or "") if id not in boards]
    found = [f"its notes link to the dashboard '{id}', which is missing" for id in lost]
    found += [fault for dimension in ("x", "y") for fault in _axis_faults(dimension, root.get(dimension) or {})]
    found += [fault for node in _nodes(root) for fault in _node_faults(node, tables)]
    if found:
        return found
    return [*_log_faults(root, tables), *_callout_faults(root, tables)]


def drawn_values(graph: Any, tables: Mapping[str, Table]) -> int:
    """How many values a graph shows; points on a line are none of their own."""
    root = graph.get("root") if isinstance(graph, dict) else None
    metrics = {(id, table.ids[place]) for id, table, place in _metrics(root, tables)}
    return sum(tables[id].extents[column].values for id, column in metrics if column in tables[id].extents)


def _axis_faults(dimension: str, axis: Mapping[str, Any]) -> Iterator[str]:
    scale, domain = axis.get("scaleType"), axis.get("domain")
    if scale is not None and scale not in SCALES:
        yield f"root.{dimension}.scaleType {scale!r} is unknown, at which Limn throws"
    if domain is None:
        return
    if not isinstance(domain, list) or len(domain) != 2 or not all(_is_finite(each) for each in domain):
        yield f"root.{dimension}.domain must be two finite numbers"
    elif domain[0] > domain[1] or (dimension == "y" and domain[0] == domain[1]):
        yield f"root.{dimension}.domain must go up"
    elif scale == "log" and domain[0] <= 0:
        yield f"root.{dimension}.domain begins at {domain[0]}, where a logarithm ends"


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    children = node.get("children", []) if isinstance(node, dict) else []
    for child in children if isinstance(children, list) else [children]:
        yield from _nodes(child)


def _node_faults(node: Any, tables: Mapping[str, Table]) -> list[str]:
    if not isinstance(node, dict) or node.get("nodeType") not in NODES:
        kind = node.get("nodeType") if isinstance(node, dict) else node
        return [f"node type {kind!r} is unknown, and the whole graph would fail"]
    kind = node["nodeType"]
    if "metric" not in node:
        return [f"a {kind} has no metric"] if kind in DRAWING else []
    metric = node["metric"] if isinstance(node["metric"], dict) else {}
    id, column, timespan = str(metric.get("source_id")), metric.get("source_col"), metric.get("timespan") or {}
    if id not in tables:
        return [f"its datasource '{id}' is missing; the {kind} would be dropped"]
    found = [] if _place(tables[id], column) else [f"its datasource '{id}' has no column {column!r}"]
    bad = {name: day for name in ("start", "end") if not _is_date(day := timespan.get(name, "2000-01-01"))}
    return found + [f"its timespan.{name} {day!r} is no date that Limn reads rightly" for name, day in bad.items()]


def _is_date(text: Any) -> bool:
    return isinstance(text, str) and DATE.fullmatch(text) is not None


def _place(table: Table, column: Any) -> int | None:
    """The place of a column, which a metric names by its place or id; the date is none to draw."""
    if isinstance(column, str):
        return table.ids.index(column) if column in table.ids[1:] else None
    return column if isinstance(column, int) and 0 < column < len(table.ids) else None


def _metrics(root: Any, tables: Mapping[str, Table]) -> Iterator[tuple[str, Table, int]]:
    """The columns that are drawn, in order: a callout names one by its place among them."""
    for node in _nodes(root):
        if isinstance(node, dict) and node.get("nodeType") in DRAWING:
            metric = node["metric"]
            table = tables[metric["source_id"]]
            place = _place(table, metric["source_col"])
            if place:
                yield metric["source_id"], table, place


def _log_faults(root: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[str]:
    if (root.get("y") or {}).get("scaleType") != "log":
        return
    for _, table, place in _metrics(root, tables):
        extent = table.extents.get(table.ids[place], Extent())
        if extent.values and Decimal(extent.lowest) <= 0:
            yield f"column '{table.ids[place]}' has a 0, which vanishes on a logarithmic axis"


def _callout_faults(root: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[str]:
    metrics = list(_metrics(root, tables))
    for node in _nodes(root):
        place = node.get("metricRef")
        if node["nodeType"] != "callout":
            continue
        if not isinstance(place, int) or not 0 <= place < len(metrics):
            yield f"its callout is of line {place!r}, which is none"
        elif metrics[place][1].grain != Grain.MONTH:
            yield "its callout takes each row for a month, and they are none"
        elif not _grows(*metrics[place][1:]):
            yield "its callout would say Infinity or NaN: the last value must be there, and those 1 and 12 before it above 0"


def _grows(table: Table, place: int) -> bool:
    return table.extents.get(table.ids[place], Extent()).grows
