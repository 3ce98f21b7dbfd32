"""The graphs and dashboards of an old release, of which something is withheld since: they must tell no more than its CSVs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from flow.limn.dashboards import NOTHING
from flow.limn.graph import describe_graph, graph_id, is_blank
from flow.shelf.entry import Entry, Key

Read = Callable[[str], str]


def redraw(entries: Mapping[Key, Entry], keys: Collection[Key], paths: Collection[str], read: Read) -> dict[str, str]:
    """What must change of the files at ``paths`` of a release of ``entries``, of which those of ``keys`` tell less now."""
    texts = dict(_graphs(entries, keys, paths, read))
    blank = {graph_id(key, fact) for key in keys for fact in entries[key].graphs if is_blank(entries[key], fact)}
    boards = {path: _without(read(path), blank) for path in paths if path.startswith("dashboards/") and blank}
    return {path: text for path, text in (texts | boards).items() if text != read(path)}


def _graphs(entries: Mapping[Key, Entry], keys: Collection[Key], paths: Collection[str], read: Read) -> Iterator[tuple[str, str]]:
    for key in keys:
        for fact in entries[key].graphs:
            path = f"graphs/{graph_id(key, fact)}.json"
            if path in paths:
                notes = [part for part in str(_load(read(path)).get("notes", "")).split("\n\n") if part.count("](/dashboards/")]
                yield path, render(describe_graph(entries[key], fact, "\n\n".join(notes)))


def _without(text: str, blank: Collection[str]) -> str:
    """A dashboard without the graphs ``blank``, and without the tabs that are empty then."""
    page = _load(text)
    tabs = [tab | {"graph_ids": [id for id in tab["graph_ids"] if id not in blank]} for tab in page.get("tabs", [])]
    return render(page | {"tabs": [tab for tab in tabs if tab["graph_ids"]] or [{"name": NOTHING, "graph_ids": []}]})


def _load(text: str) -> dict[str, Any]:
    """What ``render`` wrote; nothing of a damaged file, which no reader can be shown either."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def render(content: Mapping[str, Any]) -> str:
    """A file as Limn reads it."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
