"""A query case: what people do on a small wiki, and the CSV that a dataset must come to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from flow.cases.acts import BadAct, acts, place
from flow.cases.stage import Stage
from flow.datasets.parts import near
from flow.datasets.period import Grain
from flow.errors import FlowError
from flow.simulate.scribe import Row, Scribe
from flow.simulate.tables import CORE, FLOW

WIKI = "casewiki"
OTHER_WIKI = "otherwiki"

Rows = list[tuple[str, Row]]
Groups = Mapping[str, tuple[str, ...]]


class BadCase(FlowError):
    """A case that cannot be read or performed; the text says in which file, at which line, and what would be right."""


def _key(says: str, kind: str, **default: Any) -> Any:
    """What a case can say, and of which ``kind`` it is."""
    return field(metadata={"says": says, "kind": kind}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One ``[[case]]`` of the file ``path``, which begins in ``line``."""

    path: Path
    line: int
    name: str = _key("what it shows, in a few words", "text")
    grain: str = _key("day, week or month", "text")
    since: date = _key("the first day; a day without quotes", "day")  # noqa: RUF009 - it is a field
    until: date = _key("the day after the last", "day")  # noqa: RUF009
    given: str = _key("what people do, an act a line", "text")
    expected: str = _key("the whole CSV, with a row for each period, quiet ones too", "text")
    set: Mapping[str, str] = _key("choices as --set makes them, { bots = \"in\" }", "table", default_factory=dict)
    bots: Sequence[str] = _key("who is in the group bot", "list", default=())
    flow_bots: Sequence[str] = _key("who is in the group flow-bot", "list", default=())
    former_bots: Sequence[str] = _key("who was in the group bot once", "list", default=())
    deleted_pages: Sequence[str] = _key("pages that are deleted in the end, by their last titles", "list", default=())
    deleted_boards: Sequence[str] = _key("boards that are deleted in the end, by their last titles", "list", default=())
    other_wiki_given: str = _key("what people do on another wiki whose Flow tables are the same", "text", default="")

    def rows(self) -> Rows:
        """Each row, with its table's name, that the wiki's database holds in the end. Raises BadCase."""
        groups = dict.fromkeys(self.bots, ("bot",)) | dict.fromkeys(self.flow_bots, ("flow-bot",))
        former = dict.fromkeys(self.former_bots, ("bot",))
        try:
            own = _performed(WIKI, self.given, groups, former, [*self.deleted_pages, *self.deleted_boards])
            other = _performed(OTHER_WIKI, self.other_wiki_given, {}, {}, [])
        except BadAct as error:
            raise BadCase(f"{self.path}:{self._line_of(error.line)}: {error.what}") from error
        return [*own, *(row for row in other if row[0] in FLOW)]

    def _line_of(self, text: str) -> int:
        """The number of the line in its file that says ``text``; of its first, if none does."""
        lines = enumerate(self.path.read_text("utf-8").splitlines(), 1)
        return next((number for number, line in lines if number >= self.line and line.strip() == text), self.line)


def keys() -> dict[str, Field[Any]]:
    """What a case can say, by name."""
    return {each.name: each for each in fields(Case) if "says" in each.metadata}


def is_required(key: Field[Any]) -> bool:
    """Whether each case must say it."""
    return key.default is MISSING and key.default_factory is MISSING


def load(path: Path) -> list[Case]:
    """The cases of a file. Raises BadCase."""
    try:
        text = path.read_text("utf-8")
        found = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadCase(f"{path}: it cannot be read: {getattr(error, 'strerror', None) or error}") from error
    entries = found.get("case")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or len(found) > 1:
        raise BadCase(f"{path}: it must hold cases and nothing else, each below a line [[case]]")
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[case]]"]
    starts += [1] * (len(entries) - len(starts))
    return [_case(path, line, entry) for line, entry in zip(starts, entries, strict=False)]


def _case(path: Path, line: int, entry: Mapping[str, Any]) -> Case:
    for name, what in _faults(entry):
        raise BadCase(f"{path}:{_line_of_key(path, line, name)}: {what}")
    return Case(path=path, line=line, **entry)


def _faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that are wrong, and what is wrong with each."""
    known = keys()
    yield from ((name, f"a case does not know '{name}'; {near(name, list(known))}") for name in entry if name not in known)
    for name, key in known.items():
        says, kind = key.metadata["says"], key.metadata["kind"]
        if name not in entry and is_required(key):
            yield name, f"the case lacks '{name}': {says}"
        elif name in entry and not _is_of(kind, entry[name]):
            yield name, f"'{name}' must be a {kind}: {says}"
    if entry["grain"] not in set(Grain):
        yield "grain", f"there is no grain '{entry['grain']}'; there is {', '.join(Grain)}"


def _is_of(kind: str, value: object) -> bool:
    if kind == "list":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if kind == "table":
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str) if kind == "text" else type(value) is date


def _line_of_key(path: Path, start: int, key: str) -> int:
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    return next((number for number, line in lines if number > start and line.partition("=")[0].strip() == key), start)


def _performed(wiki: str, given: str, groups: Groups, former: Groups, deleted: Sequence[str]) -> Rows:
    rows: Rows = []
    scribe = Scribe(wiki, lambda table, row: rows.append((table, row)))
    stage = Stage(scribe, groups, former)
    for act in acts(given):
        stage.play(act)
    scribe.finish()
    return list(_without(_gone(rows, deleted, stage.overwritten), rows))


def _gone(rows: Rows, deleted: Sequence[str], overwritten: Set[int]) -> dict[object, Row]:
    """The last namespace and title of each page, by its id, that is ``overwritten`` or bears a title in ``deleted``."""
    last: dict[object, Row] = {row[0]: row[1:3] for table, row in rows if table == "page"}
    titles: dict[Row, str] = {place(title): title for title in deleted}
    for titled in titles.keys() - last.values():
        raise BadAct(f"{titles[titled]}: there is no such page or board in the end to be deleted")
    return {id: titled for id, titled in last.items() if id in overwritten or titled in titles}


def _without(gone: Mapping[object, Row], rows: Rows) -> Iterator[tuple[str, Row]]:
    """``rows`` after the pages ``gone`` were deleted: their revisions are in archive, under the last title."""
    for number, (table, row) in enumerate(rows, 1):
        if table == "revision" and row[1] in gone:
            yield "archive", _archived(number, gone[row[1]], row)
        elif table != "page" or row[0] not in gone:
            yield table, row


def _archived(id: int, titled: Row, revision: Row) -> Row:
    """The row of archive for a row of revision: its columns are called alike but for these few."""
    was = dict(zip(CORE["revision"].inserted, revision, strict=True))
    own = {"ar_id": id, "ar_rev_id": was["rev_id"], "ar_page_id": was["rev_page"]}
    own |= dict(zip(("ar_namespace", "ar_title"), titled, strict=True))
    return tuple(own[name] if name in own else was[f"rev_{name.removeprefix('ar_')}"] for name in CORE["archive"].inserted)
