"""What is on the shelf: for each published CSV, how it was defined and when each of its periods was computed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flow.column import PEOPLE, Column
from flow.dataset import Dataset
from flow.period import Grain, Period
from flow.shelf.csvfile import Damaged

FILE = "manifest.json"
FORMAT = 2
#: 1 is from before small numbers of people were withheld: it is read, and then no longer kept.
READ = (1, FORMAT)

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
        dates = {str(period) for period in old.times}
        marks = ((column, date) for column, there in self.withheld.items() for date in there.keys() & dates)
        if any(date not in old.withheld.get(column, {}) for column, date in marks):
            return True
        people = any(fact.unit == PEOPLE.name for fact in (*self.columns, *old.columns))
        return self.definition != old.definition and (people or bool(self.withheld))

    @cached_property
    def times(self) -> Mapping[Period, datetime]:
        """When each period was computed."""
        return {period: at for period, (at, _) in self.history.items()}

    @cached_property
    def history(self) -> History:
        """When each period was computed, and why."""
        runs = ((run, _instant(run.at)) for run in self.computed)
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
        if found and found[-1][1].end == period.start and found[-1][2:] == [_text(at), why]:
            found[-1][1] = period
        else:
            found.append([period, period, _text(at), why])
    return tuple(Computed(str(first), str(last), at, why) for first, last, at, why in found)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All entries of a release; the first day of each wiki's sources as ``<wiki> <kind>``; the hash of each other file."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    first_days: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    release: str = ""
    format: int = FORMAT

    def text(self) -> str:
        """The manifest as JSON, the same bytes for the same facts."""
        content = {
            "format": FORMAT,
            "release": self.release,
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
            raise Damaged(f"its format is {content['format']!r}, not {FORMAT}")
        entries = [_entry(item) for item in content["datasets"]]
        plain = (_days(content["first_days"]), _texts(content["files"]), str(content["release"]))
        return Manifest({entry.key: entry for entry in entries}, *plain, content["format"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise error if isinstance(error, Damaged) else Damaged(f"it lacks or garbles {error}") from error


def read_entry(path: Path) -> Entry:
    """The entry in a file of its own. Raises Damaged."""
    try:
        return _entry(_json(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise error if isinstance(error, Damaged) else Damaged(f"it lacks or garbles {error}") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Damaged(error.strerror or "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise Damaged("it is no JSON") from error


def _entry(item: Mapping[str, Any]) -> Entry:
    key = Key(str(item["dataset"]), str(item["wiki"]), Grain(item["grain"]))
    columns = tuple(ColumnFact(**_texts(column)) for column in item["columns"])
    drawn = tuple(int(place) for place in item["drawn"])
    if not all(0 < place <= len(columns) for place in drawn):
        raise Damaged(f"{key}: its graph shows a column that is not there")
    runs = tuple(Computed(**_texts(run)) for run in item["computed"])
    texts = _texts({name: item[name] for name in ("definition", "title", "sha256", "about")})
    withheld = {str(column): _texts(dates) for column, dates in item.get("withheld", {}).items()}
    entry = Entry(key, texts["definition"], texts["title"], columns, drawn, runs, texts["sha256"], texts["about"], withheld)
    assert entry.history is not None  # damage shows here, and not later
    return entry


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    if not all(isinstance(text, str) for text in item.values()):
        raise Damaged("a text is none")
    return dict(item)


def _days(item: Mapping[str, Any]) -> dict[str, str]:
    return {name: date.fromisoformat(day).isoformat() for name, day in _texts(item).items()}


def _periods(run: Computed, grain: Grain) -> Iterable[Period]:
    period, last = Period(date.fromisoformat(run.first), grain), date.fromisoformat(run.last)
    if grain.floor(period.start) != period.start or period.start > last:
        raise Damaged(f"{run.first} to {run.last} are no {grain}s")
    while period.start <= last:
        yield period
        period = Period(period.end, grain)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
