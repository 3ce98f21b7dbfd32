"""What is on the shelf: for each published CSV, how it was defined and when each of its periods was computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from flow.datasets.period import Grain
from flow.datasets.transform import Kind, Transform
from flow.quoted import unquoted
from flow.shelf import drawing, wellformed
from flow.shelf.csvfile import Damaged
from flow.shelf.entry import ColumnFact, Entry, Key
from flow.shelf.fingerprint import Fingerprint
from flow.shelf.history import Computed
from flow.shelf.wellformed import instant, texts

FILE = "manifest.json"
FORMAT = 3
#: 1 is from before small numbers of people were withheld, 2 says why each is: both are read, and then no longer kept.
READ = (1, 2, FORMAT)
#: What JSON of another shape, or with numbers of another size, leads to.
GARBLED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All entries of a release; the hash of each other file; the first day and the fingerprint of each ``<wiki> <source>``.

    ``bots``: how many accounts each wiki's groups of bots listed. ``restated``: how many published numbers it changed.
    """

    entries: dict[Key, Entry] = field(default_factory=dict)
    first_days: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict)
    release: str = ""
    format: int = FORMAT
    previous: str = ""
    bots: dict[str, int] = field(default_factory=dict)
    restated: int = 0

    @property
    def measured(self) -> dict[Key, Entry]:
        """The entries that are not derived from others."""
        return {key: entry for key, entry in self.entries.items() if not entry.transform}

    def text(self) -> str:
        """The manifest as JSON, the same bytes for the same facts."""
        content = {
            "format": FORMAT,
            "release": self.release,
            "previous": self.previous,
            "first_days": self.first_days,
            "bots": self.bots,
            "restated": self.restated,
            "fingerprints": {name: asdict(each) for name, each in self.fingerprints.items()},
            "datasets": [entry_json(self.entries[key]) for key in sorted(self.entries)],
            "files": self.files,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it."""
    content: dict[str, Any] = asdict(entry)
    key: dict[str, Any] = content.pop("key")
    withheld = {column: sorted(dates) for column, dates in entry.withheld.items()}
    content |= key | {"file": entry.key.path, "withheld": withheld}
    return {name: value for name, value in content.items() if value is not None}


def read(path: Path) -> Manifest:
    """The manifest in the file ``path``. Raises Damaged."""
    return from_json(_json(path))


def from_json(content: Any) -> Manifest:
    """The manifest that ``content``, its parsed JSON, describes. Raises Damaged."""
    try:
        if content["format"] not in READ:
            raise Damaged(f"its format is not {FORMAT}")
        entries = [_entry(item) for item in content["datasets"]]
        files = texts(content["files"])
        wellformed.within(files)
        first_days, release = wellformed.days(content["first_days"]), wellformed.encoded(str(content["release"]))
        previous = wellformed.encoded(str(content.get("previous", "")))
        fingerprints = {name: _fingerprint(each) for name, each in content.get("fingerprints", {}).items()}
        bots, found = wellformed.numbers(content.get("bots", {})), {entry.key: entry for entry in entries}
        restated = wellformed.numbers({"restated": content.get("restated", 0)})["restated"]
        return Manifest(found, first_days, files, fingerprints, release, content["format"], previous, bots, restated)
    except GARBLED as error:
        raise _damaged(error) from error


def read_entry(path: Path) -> Entry:
    """The entry in a file of its own. Raises Damaged."""
    try:
        return _entry(_json(path))
    except GARBLED as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> Damaged:
    return error if isinstance(error, Damaged) else Damaged(f"it lacks or garbles {unquoted(str(error))}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Damaged(error.strerror or "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise Damaged("it is no JSON") from error


def _fingerprint(item: Mapping[str, Any]) -> Fingerprint:
    rows = [wellformed.name(row) for row in item["rows"]]
    return Fingerprint(wellformed.name(item["id"]), tuple(rows))


def _entry(item: Mapping[str, Any]) -> Entry:
    key = Key(wellformed.name(item["dataset"]), wellformed.name(item["wiki"]), Grain(item["grain"]))
    columns = tuple(_column(column) for column in item["columns"])
    graphs = drawing.read_graphs(item, columns)
    runs = tuple(Computed(**texts(run)) for run in item["computed"])
    facts = texts({name: item[name] for name in ("definition", "title", "sha256", "about")})
    withheld = {column: _dates(dates) for column, dates in item.get("withheld", {}).items()}
    gaps = {column: _names(dates) for column, dates in item.get("gaps", {}).items()}
    origin = wellformed.encoded(str(item.get("origin", "")))
    transform = _transform(item["transform"]) if "transform" in item else None
    entry = Entry(key, facts["definition"], facts["title"], columns, graphs, runs, facts["sha256"], facts["about"])
    extents = drawing.read_extents(item, columns)
    entry = replace(entry, withheld=withheld, gaps=gaps, origin=origin, transform=transform, extents=extents)
    _check(entry)
    return entry


def _transform(item: Mapping[str, Any]) -> Transform:
    if item["kind"] not in get_args(Kind) or item.keys() != {"kind", "columns", "total"}:
        raise Damaged("it is derived in a way that there is not")
    return Transform(item["kind"], _names(item["columns"]), wellformed.name(item["total"]) if item["total"] != "" else "")


def _names(item: Any) -> tuple[str, ...]:
    if not isinstance(item, list):
        raise Damaged("a list is none")
    return tuple(map(wellformed.name, item))


def _dates(item: Any) -> frozenset[str]:
    """The dates of withheld cells; format 2 has a reason beside each, which is dropped."""
    dates = texts(item) if isinstance(item, dict) else item
    if not isinstance(dates, (dict, list)) or not all(isinstance(date, str) for date in dates):
        raise Damaged("what is withheld is no list of dates")
    return frozenset(dates)


def _column(item: Mapping[str, Any]) -> ColumnFact:
    column = ColumnFact(**texts(item))
    wellformed.name(column.id)
    if column.type not in ("int", "float"):
        raise Damaged("a column is of a type that there is not")
    return column


def _check(entry: Entry) -> None:
    """Passes over an entry whose parts fit each other: damage shows here, and not later."""
    ids, grain = entry.column_ids, entry.key.grain
    if len(set(ids)) < len(ids):
        raise Damaged(f"{entry.key}: a column is there twice")
    for run in entry.computed:
        instant(run.at)
        instant(run.proved_until or run.at)
        first, last = wellformed.day(run.first), wellformed.day(run.last)
        if (grain.floor(first), grain.floor(last)) != (first, last) or first > last:
            raise Damaged(f"{run.first} to {run.last} are no {grain}s")
    if any(before.last >= run.first for before, run in pairwise(entry.computed)):
        raise Damaged(f"{entry.key}: a period was computed twice")
    for column, marks in entry.withheld.items():
        if column not in ids or not all(entry.covers(date) and _is_start(date, grain) for date in marks):
            raise Damaged(f"{entry.key}: it withholds what is not there")
    for column, dates in entry.gaps.items():
        if column not in ids or not all(entry.covers(date) and _is_start(date, grain) for date in dates):
            raise Damaged(f"{entry.key}: it has gaps where nothing is")


def _is_start(text: str, grain: Grain) -> bool:
    day = wellformed.day(text)
    return grain.floor(day) == day
