"""What Limn reads: a datasource and a graph for each CSV, and dashboards; all from the manifest's column lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flow.datasets.board import FIRST, Board
from flow.datasets.period import Grain
from flow.shelf.entry import Entry, Key

#: Colours that stay apart for colour-blind readers. Source: Okabe and Ito, Color Universal Design, 2008.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#8B4513", "#6A3D9A")
GRAIN_NAMES = {Grain.DAY: "by day", Grain.WEEK: "by ISO week", Grain.MONTH: "by month"}


def files(
    entries: Mapping[Key, Entry], boards: Sequence[Board], default: tuple[str, Grain], limn_name: str
) -> dict[str, str]:
    """The JSON files of a release, keyed by path.

    ``default``: the wiki and the grain of a dashboard that bears its own id alone, where they have anything to show.
    """
    found: dict[str, str] = {}
    for key, entry in entries.items():
        found[f"datasources/{key.id}.json"] = _render(datasource(entry, limn_name))
        found[f"graphs/{key.id}.json"] = _render(graph(entry))
    for board in boards:
        found |= {f"dashboards/{page['id']}.json": _render(page) for page in _pages(board, entries, default)}
    return found


def _pages(board: Board, entries: Mapping[Key, Entry], default: tuple[str, Grain]) -> Iterator[dict[str, Any]]:
    """The dashboards of ``board``, one for each wiki and grain that it has anything to show of; the first always has its page."""
    everywhere = sorted({(key.wiki, key.grain) for key in entries})
    shown = [page for page in everywhere if _tabs(board, *page, entries)]
    pages = shown or (everywhere if board.id == FIRST else [])
    first = default if default in pages else next(iter(pages), None)
    for wiki, grain in pages:
        id = board.id if (wiki, grain) == first else f"{board.id}-{wiki}-{grain}"
        yield dashboard(id, board, wiki, grain, entries)


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
    subhead = ", ".join(filter(None, [board.subhead, wiki, GRAIN_NAMES[grain]]))
    return {"id": id, "headline": board.headline, "subhead": subhead, "tabs": _tabs(board, wiki, grain, entries)}


def _tabs(board: Board, wiki: str, grain: Grain, entries: Mapping[Key, Entry]) -> list[dict[str, Any]]:
    """The tabs of ``board`` that have a graph for a wiki and a grain."""
    tabs = []
    for tab in board.tabs:
        keys = [Key(dataset, wiki, grain) for dataset in tab.datasets]
        graphs = [key.id for key in keys if key in entries]
        if graphs:
            tabs.append({"name": tab.name, "graph_ids": graphs})
    return tabs


def _name(entry: Entry) -> str:
    return f"{entry.title}, {entry.key.wiki}, {GRAIN_NAMES[entry.key.grain]}"


def _line(entry: Entry, place: int, colour: str) -> dict[str, Any]:
    options = {"label": entry.columns[place - 1].label, "stroke": {"width": 2, "color": colour}}
    return {"nodeType": "line", "options": options, "metric": {"source_id": entry.key.id, "source_col": place}}


def _colours(number: int) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(number)]


def _render(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
