"""Checks a published folder against what Limn accepts; Limn itself fails without a word.

Source: limn-contract, found by running Limn's last commit of November 2015 in a browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flow.datasets.board import TAB_NAME, same_names, same_tab
from flow.datasets.column import UNREADABLE

BAD_ID = re.compile(r"[/*?\[\]{}()@+!]")
TYPES = {"int", "float", "number"}
NODES = set(
    """canvas viewport group axis grid legend callout zoom-brush zoom-pan guide infobox tweaks smooth scaling line-group line
    bar-group bar series-group series timeseries ordinal-bar scatterplot annotation-group annotation geo-map
    geo-feature""".split()  # noqa: SIM905 - a list of words reads best as words
)
CELL = re.compile(r"(-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|NULL|NaN)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?)?")


def complaints(folder: Path) -> list[str]:
    """Everything in the published ``folder`` that Limn would refuse or misread, each a line with the file's path."""
    sources, graphs, boards = (_kind(folder / kind) for kind in ("datasources", "graphs", "dashboards"))
    found = [f"{kind}: {line}" for kind in ("datasources", "graphs", "dashboards") for line in _ids(folder / kind)]
    if "reportcard" not in boards:
        found.append("dashboards/reportcard.json: missing; it is the page that Limn opens")
    found += _each("datasources", sources, lambda id, source: _source(folder, id, source))
    found += _each("graphs", graphs, lambda id, graph: _graph(id, graph, sources))
    found += _each("dashboards", boards, lambda id, board: _board(id, board, graphs))
    return found


def _each(kind: str, contents: dict[str, Any], check: Callable[[str, Any], list[str]]) -> list[str]:
    found = []
    for id, content in contents.items():
        try:
            found += [f"{kind}/{id}.json: {line}" for line in check(id, content)]
        except (TypeError, AttributeError, KeyError):
            found.append(f"{kind}/{id}.json: something in it is of a kind that Limn does not expect")
    return found


def _kind(folder: Path) -> dict[str, Any]:
    return {path.stem: _load(path) for path in sorted(folder.glob("*.json"))}


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _ids(folder: Path) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        if BAD_ID.search(path.stem):
            yield f"id '{path.stem}' holds one of / * ? [ ] {{ }} ( ) @ + !"
        if seen.setdefault(path.stem.lower(), path.stem) != path.stem:
            yield f"ids '{seen[path.stem.lower()]}' and '{path.stem}' are the same to Limn"


def _common(id: str, content: Any) -> list[str]:
    if not isinstance(content, dict):
        return ["no valid JSON object; it would break the whole listing"]
    return [] if content.get("id") == id else [f"its id is {content.get('id')!r}, not its file's name"]


def _source(folder: Path, id: str, source: Any) -> list[str]:
    found = _common(id, source)
    if not isinstance(source, dict):
        return found
    if source.get("format") not in ("csv", "tsv"):
        found.append("format must say csv")
    if source.get("type") != "timeseries":
        found.append("type must say timeseries")
    columns = source.get("columns")
    if not _aligned(columns):
        return [*found, "columns must have as many ids and labels as types: date, then int, float or number"]
    assert isinstance(columns, dict)
    unreadable = [label for label in columns["labels"] if UNREADABLE.search(label)]
    found += [f"label '{label}': Limn cannot read , \" # // or a line break" for label in unreadable]
    url = str(source.get("url", ""))
    match = re.fullmatch(r"/data/datafiles/[^/]+/([^/]+)/([^/]+)/([^/]+\.csv)", url)
    if not match:
        return [*found, f"url '{url}' is not /data/datafiles/<limn name>/<wiki>/<grain>/<dataset>.csv"]
    path = folder / "datafiles" / match[1] / match[2] / match[3]
    if not path.is_file():
        return [*found, f"its CSV {path.relative_to(folder)} is missing; Limn would read a web page as CSV"]
    return found + [f"{path.relative_to(folder)}: {line}" for line in _csv(path, columns["ids"])]


def _aligned(columns: Any) -> bool:
    if not isinstance(columns, dict):
        return False
    ids, labels, types = parts = [_texts(columns.get(part)) for part in ("ids", "labels", "types")]
    if not all(parts):
        return False
    return len(ids) == len(labels) == len(types) > 1 and types[0] == "date" and set(types[1:]) <= TYPES


def _texts(part: Any) -> list[str]:
    return part if isinstance(part, list) and all(isinstance(text, str) for text in part) else []


def _csv(path: Path, ids: list[str]) -> list[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ["it is not UTF-8 text"]
    if not lines:
        return ["it is empty, at which Limn throws"]
    found = [] if lines[0].split(",") == ids else ["its header is not the datasource's ids, in their order"]
    last = ""
    for number, line in enumerate(lines[1:], 2):
        day, *cells = line.split(",")
        if not DATE.fullmatch(day):
            found.append(f"line {number}: '{day}' is no date that Limn reads rightly")
        elif day <= last:
            found.append(f"line {number}: {day} does not come after {last}")
        if len(cells) != len(ids) - 1 or not all(CELL.fullmatch(cell) for cell in cells):
            found.append(f"line {number}: not {len(ids) - 1} plain numbers")
        last = day
    return found


def _graph(id: str, graph: Any, sources: dict[str, Any]) -> list[str]:
    found = _common(id, graph)
    if not isinstance(graph, dict):
        return found
    root = graph.get("root")
    if not isinstance(root, dict) or root.get("nodeType") != "canvas":
        return [*found, "root must be a node of type canvas"]
    return found + [fault for node in _nodes(root) for fault in _node(node, sources)]


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    children = node.get("children", []) if isinstance(node, dict) else []
    for child in children if isinstance(children, list) else [children]:
        yield from _nodes(child)


def _node(node: Any, sources: dict[str, Any]) -> list[str]:
    if not isinstance(node, dict) or node.get("nodeType") not in NODES:
        kind = node.get("nodeType") if isinstance(node, dict) else node
        return [f"node type {kind!r} is unknown, and the whole graph would fail"]
    if "metric" not in node:
        return ["a line has no metric"] if node["nodeType"] == "line" else []
    metric = node["metric"] if isinstance(node["metric"], dict) else {}
    id, column = metric.get("source_id"), metric.get("source_col")
    if id not in sources:
        return [f"its datasource '{id}' is missing; the line would be dropped"]
    source = sources[id]
    ids = source["columns"]["ids"] if isinstance(source, dict) and _aligned(source.get("columns")) else []
    known = column in ids[1:] if isinstance(column, str) else isinstance(column, int) and 0 < column < len(ids)
    return [] if known else [f"its datasource '{id}' has no column {column!r}"]


def _board(id: str, board: Any, graphs: dict[str, Any]) -> list[str]:
    found = _common(id, board)
    tabs = board.get("tabs") if isinstance(board, dict) else None
    if not isinstance(tabs, list):
        return [*found, "it has no list of tabs"]
    names = [tab.get("name") if isinstance(tab, dict) else None for tab in tabs]
    found += [same_tab(*pair) for pair in same_names(list(map(str, names)))]
    bad = [name for name in names if not isinstance(name, str) or not TAB_NAME.fullmatch(name)]
    found += [f"tab {name!r} cannot be opened by Limn" for name in bad]
    ids = [id for tab in tabs if isinstance(tab, dict) for id in tab.get("graph_ids", [])]
    return found + [f"graph '{id}' is missing" for id in ids if id not in graphs]
