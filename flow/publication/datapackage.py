"""The release as a Frictionless data package: what each CSV's columns are, for programs that know nothing of Limn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flow.publication import restatements, suppressed
from flow.shelf.entry import ColumnFact, Entry, Key

FILE = "datapackage.json"
#: What is published about all CSVs: the file, what it tells, its header.
BESIDE = [
    (suppressed.FILE, "Cells that are withheld, so that nobody can be told from them", suppressed.HEADER.split(",")),
    (restatements.FILE, "Published numbers that were changed afterwards", restatements.HEADER),
]


def render(entries: Mapping[Key, Entry]) -> str:
    """The package's JSON: a resource for each CSV, its columns with title, unit and type; an empty cell is no number.

    ``gaps`` of a column: the dates on which nothing could tell its number; what ``suppressed.csv`` lists is withheld.

    Source: specs.frictionlessdata.io, Data Package and Table Schema.
    """
    resources = [*(_resource(entry) for entry in entries.values()), *(_beside(*facts) for facts in BESIDE)]
    content = {"name": "limn-flow-data", "profile": "data-package", "resources": resources}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _beside(path: str, title: str, header: Sequence[str]) -> dict[str, Any]:
    return {
        "name": path.removesuffix(".csv"),
        "title": title,
        "path": path,
        "profile": "tabular-data-resource",
        "schema": {"fields": [{"name": name, "type": "string"} for name in header], "missingValues": []},
    }


def _resource(entry: Entry) -> dict[str, Any]:
    date = {"name": "date", "title": f"First day of the {entry.key.grain}", "type": "date", "format": "%Y-%m-%d"}
    return {
        "name": entry.key.id.lower(),
        "title": f"{entry.title}, {entry.key.wiki}, by {entry.key.grain}",
        "description": entry.about,
        "path": entry.key.path,
        "profile": "tabular-data-resource",
        "schema": {"fields": [date, *_fields(entry)], "missingValues": [""], "primaryKey": "date"},
    }


def _fields(entry: Entry) -> list[dict[str, Any]]:
    return [_field(column, entry.gaps.get(column.id, ())) for column in entry.columns]


def _field(column: ColumnFact, gaps: Sequence[str]) -> dict[str, Any]:
    kinds = {"int": "integer", "float": "number"}
    field = {"name": column.id, "title": column.label, "type": kinds[column.type], "unit": column.unit}
    return field | ({"gaps": list(gaps)} if gaps else {})
