"""Checks a published folder against what Limn accepts; Limn itself fails without a word.

Source: limn-contract, found by running Limn's last commit of November 2015 in a browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from flow.datasets.board import TAB_NAME, same_names, same_tab
from flow.datasets.column import UNREADABLE
from flow.datasets.period import Grain
from flow.limn.dashboards import NOTHING
from flow.limn.graph import FEWEST
from flow.limn.nodes import DATE, Table, drawn_values, graph_faults
from flow.shelf.extent import measure

BAD_ID = re.compile(r"[/*?\[\]{}()@+!]")
TYPES = {"int", "float", "number"}
CELL = re.compile(r"(-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|NULL|NaN)?")


def complaints(folder: Path) -> list[str]:
    """Everything in the published ``folder`` that Limn would refuse or misread, each a line with the file's path."""
    sources, graphs, boards = (_kind(folder / kind) for kind in ("datasources", "graphs", "dashboards"))
    found = [f"{kind}: {line}" for kind in ("datasources", "graphs", "dashboards") for line in _ids(folder / kind)]
    if "reportcard" not in boards:
        found.append("dashboards/reportcard.json: missing; it is the page that Limn opens")
    found += _each("datasources", sources, lambda id, source: _source(folder, id, source))
    tables = {id: table for id, source in sources.items() if (table := _table(folder, source))}
    found += _each("graphs", graphs, lambda id, graph: _graph(id, graph, tables, boards))
    drawn = {id: _drawn(graph, tables) for id, graph in graphs.items()}
    found += _each("dashboards", boards, lambda id, board: _board(id, board, drawn))
    return found


def graphs_shown(folder: Path) -> dict[str, list[str]]:
    """The ids of the graphs on each dashboard of the published ``folder``, by the dashboard's file name."""
    boards = _kind(folder / "dashboards")
    return {f"{id}.json": _graph_ids(board) for id, board in boards.items() if isinstance(board, dict)}


def _graph_ids(board: dict[str, Any]) -> list[str]:
    tabs = board.get("tabs")
    texts = [tab.get("graph_ids") for tab in tabs if isinstance(tab, dict)] if isinstance(tabs, list) else []
    return [id for ids in texts for id in _texts(ids)]


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
    path = _csv_of(folder, source)
    if path is None:
        return [*found, f"url '{source.get('url', '')}' is not /data/datafiles/<limn name>/<wiki>/<grain>/<dataset>.csv"]
    if not path.is_file():
        return [*found, f"its CSV {path.relative_to(folder)} is missing; Limn would read a web page as CSV"]
    return found + [f"{path.relative_to(folder)}: {line}" for line in _csv(path, columns["ids"])]


def _csv_of(folder: Path, source: Mapping[str, Any]) -> Path | None:
    match = re.fullmatch(r"/data/datafiles/[^/]+/([^/]+)/([^/]+)/([^/]+\.csv)", str(source.get("url", "")))
    return folder / "datafiles" / match[1] / match[2] / match[3] if match else None


def _table(folder: Path, source: Any) -> Table | None:
    """What graphs can show of a datasource; no value of a CSV with something wrong in it, which is named where it is checked."""
    columns = source.get("columns") if isinstance(source, dict) else None
    if not _aligned(columns):
        return None
    assert isinstance(columns, dict)
    path, ids = _csv_of(folder, source), tuple(columns["ids"])
    try:
        assert path is not None
        lines = [line.split(",") for line in path.read_text("utf-8").splitlines()[1:]]
        rows = {day: ["" if cell in ("NULL", "NaN") else cell for cell in cells] for day, *cells in lines}
        return Table(ids, path.parent.name, measure(ids[1:], rows, Grain(path.parent.name)))
    except (AssertionError, OSError, ValueError, ArithmeticError, IndexError):
        return Table(ids, "", {})


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


def _graph(id: str, graph: Any, tables: Mapping[str, Table], boards: Collection[str]) -> list[str]:
    found = _common(id, graph)
    return [*found, *graph_faults(graph, tables, boards)] if isinstance(graph, dict) else found


def _drawn(graph: Any, tables: Mapping[str, Table]) -> int | None:
    """How many values a graph shows; None if that cannot be told, for something else is wrong with it."""
    try:
        return drawn_values(graph, tables)
    except (TypeError, AttributeError, KeyError):
        return None


def _board(id: str, board: Any, drawn: Mapping[str, int | None]) -> list[str]:
    found = _common(id, board)
    tabs = board.get("tabs") if isinstance(board, dict) else None
    if not isinstance(tabs, list) or not tabs:
        return [*found, "it has no list of tabs, which is a blank page"]
    names = [tab.get("name") if isinstance(tab, dict) else None for tab in tabs]
    found += [same_tab(*pair) for pair in same_names(list(map(str, names)))]
    bad = [name for name in names if not isinstance(name, str) or not TAB_NAME.fullmatch(name)]
    found += [f"tab {name!r} cannot be opened by Limn" for name in bad]
    return found + [fault for tab in tabs if isinstance(tab, dict) for fault in _tab_faults(tab, drawn)]


def _tab_faults(tab: Mapping[str, Any], drawn: Mapping[str, int | None]) -> Iterator[str]:
    ids = tab.get("graph_ids", [])
    if not ids and tab.get("name") != NOTHING:
        yield f"tab {tab.get('name')!r} shows nothing"
    for id in ids:
        many = drawn.get(id, 0)
        if id not in drawn:
            yield f"graph '{id}' is missing"
        elif many is not None and many < FEWEST:
            yield f"graph '{id}' has fewer than two values, and would be blank"
