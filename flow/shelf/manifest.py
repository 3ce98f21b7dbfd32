"""What is on the shelf: for each published CSV, how it was defined and when each of its periods was computed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flow.column import PEOPLE, Column
from flow.dataset import Dataset
from flow.period import Grain, Period
from flow.quoted import unquoted
from flow.shelf import wellformed
from flow.shelf.csvfile import Damaged
from flow.shelf.wellformed import instant, texts, timestamp

FILE = "manifest.json"
FORMAT = 2
#: 1 is from before small numbers of people were withheld: it is read, and then no longer kept.
READ = (1, FORMAT)
#: What JSON of another shape, or with numbers of another size, leads to.
GARBLED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

#: When each period was computed, and why.
History = Mapping[Period, tuple[datetime, str]]
#: For each column, the dates of its withheld cells and why each is.
Marks = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One CSV: a dataset of a wiki in a grain."""

    dataset: str
    wiki: str
    grain: Grain

    @property
    def path(self) -> str:
        """Its place in a release."""
        return f"datafiles/{self.wiki}/{self.grain}/{self.dataset}.csv"

    @property
    def id(self) -> str:
        """Its datasource's and graph's id; datasets and grains hold no ``-``."""
        return f"{self.dataset}-{self.wiki}-{self.grain}"

    def __str__(self) -> str:
        return f"{self.dataset}, {self.wiki}, {self.grain}"


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """A column as it was published."""

    id: str
    label: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True)
class Computed:
    """Periods from the one that begins on ``first`` to the one that begins on ``last``, computed at one instant, and why."""

    first: str
    last: str
    at: str
    why: str = ""


@dataclass(frozen=True)
class Entry:
    """One CSV's facts: enough to describe it, to extend it, and to know it undamaged."""

    key: Key
    definition: str
    title: str
    columns: tuple[ColumnFact, ...]
    drawn: tuple[int, ...]
    computed: tuple[Computed, ...] = ()
    sha256: str = ""
    about: str = ""
    withheld: Marks = field(default_factory=dict)

    @property
    def column_ids(self) -> list[str]:
        """The CSV's header after ``date``."""
        return [column.id for column in self.columns]

    def withholds_more_than(self, old: Entry) -> bool:
        """Whether it withholds a cell that ``old`` shows; or may, for it was made by other rules."""
        if self.sha256 == old.sha256:
            return False
        for column, dates in self.withheld.items():
            if any(old.covers(date) for date in dates.keys() - old.withheld.get(column, {}).keys()):
                return True
        people = any(fact.unit == PEOPLE.name for fact in (*self.columns, *old.columns))
        return self.definition != old.definition and (people or bool(self.withheld))

    def covers(self, date: str) -> bool:
        """Whether it has a period of that date."""
        return any(run.first <= date <= run.last for run in self.computed)

    @cached_property
    def times(self) -> Mapping[Period, datetime]:
        """When each period was computed."""
        return {period: at for period, (at, _) in self.history.items()}

    @cached_property
    def history(self) -> History:
        """When each period was computed, and why."""
        runs = ((run, instant(run.at)) for run in self.computed)
        return {period: (at, run.why) for run, at in runs for period in _periods(run, self.key.grain)}


def described(entry: Entry, made: Dataset, columns: Sequence[Column]) -> Entry:
    """``entry`` with the title, labels and graph that its dataset gives it today.

    ``columns`` are those of ``made`` that are published. A column never changes its place, for programs read by place:
    what is new comes last, and what is no longer measured stays, and is empty.
    """
    facts = {column.id: ColumnFact(column.id, column.label, column.unit.name, column.unit.limn_type) for column in columns}
    placed = {fact.id: facts.get(fact.id, fact) for fact in entry.columns} | facts
    drawn = [place for place, id in enumerate(placed, 1) if id in facts and id in made.drawn]
    drawn = drawn or [place for place, id in enumerate(placed, 1) if id in facts]
    return replace(entry, title=made.title, columns=tuple(placed.values()), drawn=tuple(drawn), about=made.about)


def new_entry(key: Key, definition: str, before: Entry | None) -> Entry:
    """An entry without any period, nor anything that its dataset tells; its columns take the places that they had before."""
    return Entry(key, definition, "", before.columns if before else (), ())


def computed_runs(history: History) -> tuple[Computed, ...]:
    """``history`` as runs of neighbours that were computed at the same instant for the same reason, in order."""
    found: list[list[Any]] = []
    for period in sorted(history):
        at, why = history[period]
        if found and found[-1][1].end == period.start and found[-1][2:] == [timestamp(at), why]:
            found[-1][1] = period
        else:
            found.append([period, period, timestamp(at), why])
    return tuple(Computed(str(first), str(last), at, why) for first, last, at, why in found)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All entries of a release; the first day of each wiki's sources as ``<wiki> <kind>``; the hash of each other file."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    first_days: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    release: str = ""
    format: int = FORMAT
    previous: str = ""

    def text(self) -> str:
        """The manifest as JSON, the same bytes for the same facts."""
        content = {
            "format": FORMAT,
            "release": self.release,
            "previous": self.previous,
            "first_days": self.first_days,
            "datasets": [entry_json(self.entries[key]) for key in sorted(self.entries)],
            "files": self.files,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it."""
    content: dict[str, Any] = asdict(entry)
    key: dict[str, Any] = content.pop("key")
    return content | key | {"file": entry.key.path}


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
        return Manifest({entry.key: entry for entry in entries}, first_days, files, release, content["format"], previous)
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


def _entry(item: Mapping[str, Any]) -> Entry:
    key = Key(wellformed.name(item["dataset"]), wellformed.name(item["wiki"]), Grain(item["grain"]))
    columns = tuple(_column(column) for column in item["columns"])
    drawn = tuple(int(place) for place in item["drawn"])
    if not all(0 < place <= len(columns) for place in drawn):
        raise Damaged(f"{key}: its graph shows a column that is not there")
    runs = tuple(Computed(**texts(run)) for run in item["computed"])
    facts = texts({name: item[name] for name in ("definition", "title", "sha256", "about")})
    withheld = {column: texts(dates) for column, dates in item.get("withheld", {}).items()}
    entry = Entry(key, facts["definition"], facts["title"], columns, drawn, runs, facts["sha256"], facts["about"], withheld)
    _check(entry)
    return entry


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
        first, last = wellformed.day(run.first), wellformed.day(run.last)
        if (grain.floor(first), grain.floor(last)) != (first, last) or first > last:
            raise Damaged(f"{run.first} to {run.last} are no {grain}s")
    for column, marks in entry.withheld.items():
        if column not in ids or not all(entry.covers(date) and _is_start(date, grain) for date in marks):
            raise Damaged(f"{entry.key}: it withholds what is not there")
    for why in {why for marks in entry.withheld.values() for why in marks.values()}:
        wellformed.name(why.replace(" ", "_"))


def _is_start(text: str, grain: Grain) -> bool:
    day = wellformed.day(text)
    return grain.floor(day) == day


def _periods(run: Computed, grain: Grain) -> Iterable[Period]:
    period, last = Period(date.fromisoformat(run.first), grain), date.fromisoformat(run.last)
    while period.start <= last:
        yield period
        period = Period(period.end, grain)
