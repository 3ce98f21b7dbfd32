"""A graph as Limn draws it: lines on axes of one unit; all that depends on numbers follows from what is published.

Source: limn-contract, What draws well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flow.datasets.column import DURATION, SHARE
from flow.datasets.graph import AXES, name_graph
from flow.datasets.period import DAY, Grain, midnight
from flow.shelf.entry import Entry, GraphFact, Key
from flow.shelf.extent import SHOWN_DAYS, Extent

#: Colours that stay apart for colour-blind readers. Source: Okabe and Ito, Color Universal Design, 2008.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#8B4513", "#6A3D9A")
GRAIN_NAMES = {Grain.DAY: "by day", Grain.WEEK: "by ISO week", Grain.MONTH: "by month"}
#: Fewer are no graph: Limn would draw an empty frame, or a dot.
FEWEST = 2
#: How Limn writes the date in legends and tables; else it says only month and year.
DATE = "D MMM YYYY"
#: A count's axis ends so much above the highest value.
ROOM = Decimal("1.1")


def graph_id(key: Key, fact: GraphFact) -> str:
    """The id of a graph of the CSV ``key``."""
    return f"{name_graph(key.dataset, fact.id)}-{key.wiki}-{key.grain}"


def graph_name(entry: Entry, fact: GraphFact) -> str:
    """The title of a graph with its wiki and grain."""
    return f"{fact.title}, {entry.key.wiki}, {GRAIN_NAMES[entry.key.grain]}"


def is_blank(entry: Entry, fact: GraphFact) -> bool:
    """Whether a graph has too few values to show anything."""
    return sum(extent.values for extent in _extents(entry, fact)) < FEWEST


def describe_graph(entry: Entry, fact: GraphFact, notes: str) -> dict[str, Any]:
    """The definition of a graph, with a line for each of its columns that has any value; ``notes`` is Markdown."""
    id = graph_id(entry.key, fact)
    facts = {"id": id, "slug": id, "name": graph_name(entry, fact), "shortName": fact.title, "desc": entry.about}
    return facts | {"notes": "\n\n".join(filter(None, [_missing(entry, fact), notes])), "root": _root(entry, fact)}


def _missing(entry: Entry, fact: GraphFact) -> str:
    labels = [column.label for column in entry.columns if column.id in fact.columns and column.id not in entry.extents]
    return f"No values yet: {'; '.join(labels)}." if labels and len(labels) < len(fact.columns) else ""


def _root(entry: Entry, fact: GraphFact) -> dict[str, Any]:
    root = {"nodeType": "canvas", "minWidth": 750, "height": 500} | _x(entry)
    return root | {"y": _y(entry, fact), "children": list(_children(entry, fact))}


def _x(entry: Entry) -> dict[str, Any]:
    """The x axis of a single period, on which Limn would draw nothing without its domain."""
    if not entry.computed or entry.computed[0].first != entry.computed[-1].last:
        return {}
    instant = _milliseconds(date.fromisoformat(entry.computed[-1].last))
    return {"x": {"domain": [instant, instant]}}


def _milliseconds(day: date) -> int:
    at: datetime = midnight(day)
    return int(at.timestamp()) * 1000


def _y(entry: Entry, fact: GraphFact) -> dict[str, Any]:
    """The y axis: a share's goes from 0 to 1, a logarithmic one around its values, and any other from 0 to above the highest."""
    if _unit(entry, fact) == SHARE.name:
        return {"domain": [0, 1]}
    scale = _scale(entry, fact)
    if scale == "log":
        return {"scaleType": "log"}
    highest = max((Decimal(extent.highest) for extent in _extents(entry, fact)), default=Decimal(0))
    domain = {"domain": [0, float(highest * ROOM) if highest else 1]}
    return domain if scale == "linear" else {"scaleType": scale, **domain}


def _scale(entry: Entry, fact: GraphFact) -> str:
    wanted = fact.scale or ("log" if _unit(entry, fact) == DURATION.name else "linear")
    extents = _extents(entry, fact)
    is_positive = bool(extents) and all(Decimal(extent.lowest) > 0 for extent in extents)
    return "sqrt" if wanted == "log" and not is_positive else wanted


def _unit(entry: Entry, fact: GraphFact) -> str:
    return next((column.unit for column in entry.columns if column.id in fact.columns), "")


def _extents(entry: Entry, fact: GraphFact) -> list[Extent]:
    return [entry.extents[id] for id in fact.columns if id in entry.extents]


def _children(entry: Entry, fact: GraphFact) -> Iterator[dict[str, Any]]:
    axis = {"dimension": "y", "orient": "left", "label": fact.unit or AXES.get(_unit(entry, fact), "")}
    yield {"nodeType": "axis", "options": {"dimension": "x", "orient": "bottom"}}
    yield {"nodeType": "axis", "options": axis}
    yield {"nodeType": "grid", "options": {"dimension": "y"}}
    yield {"nodeType": "legend"} | ({} if entry.key.grain is Grain.MONTH else {"options": {"dateFormat": DATE}})
    drawn = [(id, colour) for id, colour in zip(fact.columns, _colours(len(fact.columns)), strict=True) if id in entry.extents]
    if _has_callout(entry, fact):
        yield {"nodeType": "callout", "metricRef": 0}
    yield {"nodeType": "line-group", "children": [_line(entry, id, colour) for id, colour in drawn]}
    isolated = [_points(entry, id, colour) for id, colour in drawn if entry.extents[id].isolated]
    if isolated:
        yield {"nodeType": "series-group", "children": isolated}


def _has_callout(entry: Entry, fact: GraphFact) -> bool:
    """Whether Limn can tell by how much the first line rose: it takes each row for a month."""
    first = entry.extents.get(fact.columns[0])
    return fact.more_is_better and entry.key.grain is Grain.MONTH and first is not None and first.grows


def _line(entry: Entry, id: str, colour: str) -> dict[str, Any]:
    options = {"label": _label(entry, id), "stroke": {"width": 2, "color": colour}}
    return {"nodeType": "line", "options": options, "metric": _metric(entry, id)}


def _points(entry: Entry, id: str, colour: str) -> dict[str, Any]:
    """The values of a column as points: one that has empty neighbours is in no line."""
    options = {"label": _label(entry, id), "noLegend": True, "radius": 2.5, "fill": colour}
    return {"nodeType": "scatterplot", "options": options, "metric": _metric(entry, id)}


def _label(entry: Entry, id: str) -> str:
    return entry.columns[entry.column_ids.index(id)].label


def _metric(entry: Entry, id: str) -> dict[str, Any]:
    metric = {"source_id": entry.key.id, "source_col": entry.column_ids.index(id) + 1}
    return metric | ({"timespan": {"start": _first_shown(entry)}} if entry.key.grain is Grain.DAY and entry.computed else {})


def _first_shown(entry: Entry) -> str:
    """The first of the last days that a graph by day shows."""
    last = date.fromisoformat(entry.computed[-1].last)
    return str(max(date.fromisoformat(entry.computed[0].first), last - DAY * (SHOWN_DAYS - 1)))


def _colours(number: int) -> Sequence[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(number)]
