"""What Limn reads: a datasource for each CSV, its graphs, and dashboards; all from the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flow.datasets.board import Board
from flow.limn.dashboards import Dashboards, Place
from flow.limn.graph import GRAIN_NAMES, describe_graph, graph_id, is_blank
from flow.limn.redraw import redraw, render
from flow.shelf.entry import Entry, Key

__all__ = ["blank_graphs", "datasource", "files", "redraw"]


def files(entries: Mapping[Key, Entry], boards: Sequence[Board], default: Place, limn_name: str) -> dict[str, str]:
    """The JSON files of a release, keyed by path.

    ``default``: the wiki and the grain of a dashboard that bears its own id alone, where they have anything to show.
    """
    dashboards = Dashboards(entries, boards, default)
    found: dict[str, str] = {}
    for key, entry in entries.items():
        found[f"datasources/{key.id}.json"] = render(datasource(entry, limn_name))
        notes = dashboards.notes((key.wiki, key.grain))
        found |= {f"graphs/{graph_id(key, fact)}.json": render(describe_graph(entry, fact, notes)) for fact in entry.graphs}
    return found | {f"dashboards/{page['id']}.json": render(page) for page in dashboards.pages()}


def blank_graphs(entry: Entry) -> list[str]:
    """The titles of the graphs of a CSV that have too few values to be on a dashboard."""
    return [fact.title for fact in entry.graphs if is_blank(entry, fact)]


def datasource(entry: Entry, limn_name: str) -> dict[str, Any]:
    """The datasource of a CSV: where it is, and its columns by position."""
    key = entry.key
    return {
        "id": key.id,
        "slug": key.id,
        "name": f"{entry.title}, {key.wiki}, {GRAIN_NAMES[key.grain]}",
        "shortName": entry.title,
        "desc": entry.about,
        "format": "csv",
        "type": "timeseries",
        "url": f"/data/datafiles/{limn_name}/{key.wiki}/{key.grain}/{key.dataset}.csv",
        "columns": {
            "ids": ["date", *(column.id for column in entry.columns)],
            "labels": ["Date", *(column.label for column in entry.columns)],
            "types": ["date", *(column.type for column in entry.columns)],
        },
    }
