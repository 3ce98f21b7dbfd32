"""What Limn reads: a datasource and a graph for each CSV, and dashboards; all from the manifest's column lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flow.datasets.board import Board
from flow.datasets.period import Grain
from flow.shelf.entry import Entry, Key

#: Colours that stay apart for colour-blind readers. Source: Okabe and Ito, Color Universal Design, 2008.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#8B4513", "#6A3D9A")
GRAIN_NAMES = {Grain.DAY: "by day", Grain.WEEK: "by ISO week", Grain.MONTH: "by month"}


def files(entries: Mapping[Key, Entry], board: Board, default: tuple[str, Grain], limn_name: str) -> dict[str, str]:
    """The JSON files of a release, keyed by path.

    ``default``: the wiki and the grain of the dashboard that opens first, where they have anything to show.
    """
    found: dict[str, str] = {}
    for key, entry in entries.items():
        found[f"datasources/{key.id}.json"] = _render(datasource(entry, limn_name))
        found[f"graphs/{key.id}.json"] = _render(graph(entry))
    pages = sorted({(key.wiki, key.grain) for key in entries})
    first = default if default in pages else next(iter(pages), None)
    for wiki, grain in pages:
        id = "reportcard" if (wiki, grain) == first else f"reportcard-{wiki}-{grain}"
        found[f"dashboards/{id}.json"] = _render(dashboard(id, board, wiki, grain, entries))
    return found


def datasource(entry: Entry, limn_name: str) -> dict[str, Any]:
    """The datasource of a CSV: where it is, and its columns by position."""
    key = entry.key
    return {
        "id": key.id,
        "slug": key.id,
        "name": _name(entry),
        "shortName": entry.title,
        "format": "csv",
        "type": "timeseries",
        "url": f"/data/datafiles/{limn_name}/{key.wiki}/{key.grain}/{key.dataset}.csv",
        "columns": {
            "ids": ["date", *(column.id for column in entry.columns)],
            "labels": ["Date", *(column.label for column in entry.columns)],
            "types": ["date", *(column.type for column in entry.columns)],
        },
    }


def graph(entry: Entry) -> dict[str, Any]:
    """The graph of a CSV: a line for each column that its dataset draws."""
    lines = [_line(entry, place, colour) for place, colour in zip(entry.drawn, _colours(len(entry.drawn)), strict=True)]
    axes = [
        {"nodeType": "axis", "options": {"dimension": "x", "orient": "bottom"}},
        {"nodeType": "axis", "options": {"dimension": "y", "orient": "left"}},
        {"nodeType": "grid", "options": {"dimension": "y"}},
    ]
    children = [*axes, {"nodeType": "legend"}, {"nodeType": "line-group", "children": lines}]
    root = {"nodeType": "canvas", "minWidth": 750, "height": 500, "children": children}
    id = entry.key.id
    return {"id": id, "slug": id, "name": _name(entry), "shortName": entry.title, "desc": entry.about, "root": root}


def dashboard(id: str, board: Board, wiki: str, grain: Grain, entries: Mapping[Key, Entry]) -> dict[str, Any]:
    """``board`` for one wiki and grain: its datasets' graphs, those that there are."""
    tabs = []
    for tab in board.tabs:
        keys = [Key(dataset, wiki, grain) for dataset in tab.datasets]
        graphs = [key.id for key in keys if key in entries]
        if graphs:
            tabs.append({"name": tab.name, "graph_ids": graphs})
    subhead = ", ".join(filter(None, [board.subhead, wiki, GRAIN_NAMES[grain]]))
    return {"id": id, "headline": board.headline, "subhead": subhead, "tabs": tabs}


def _name(entry: Entry) -> str:
    return f"{entry.title}, {entry.key.wiki}, {GRAIN_NAMES[entry.key.grain]}"


def _line(entry: Entry, place: int, colour: str) -> dict[str, Any]:
    options = {"label": entry.columns[place - 1].label, "stroke": {"width": 2, "color": colour}}
    return {"nodeType": "line", "options": options, "metric": {"source_id": entry.key.id, "source_col": place}}


def _colours(number: int) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(number)]


def _render(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
