"""A query case: what people do on a small wiki, and the CSV that a dataset must come to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flow.simulate.scribe import Row, Scribe
from flow.simulate.tables import FLOW
from tests.queries.acts import BadAct, Stage, acts, place

WIKI = "casewiki"
OTHER_WIKI = "otherwiki"

Rows = list[tuple[str, Row]]
Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One ``[[case]]``; ``expected`` is the whole CSV for the periods of ``grain`` from ``since`` up to ``until``.

    ``set``               the choices that ``--set`` makes on the command line
    ``bots``              who is in the group bot; ``flow_bots`` in flow-bot; ``former_bots`` once were in bot
    ``deleted_pages``     pages that are deleted in the end, and ``deleted_boards`` boards, by their last titles
    ``other_wiki_given``  what people do on another wiki whose Flow tables are the same
    """

    name: str
    grain: str
    since: date
    until: date
    given: str
    expected: str
    set: Mapping[str, str] = field(default_factory=dict)
    bots: Sequence[str] = ()
    flow_bots: Sequence[str] = ()
    former_bots: Sequence[str] = ()
    deleted_pages: Sequence[str] = ()
    deleted_boards: Sequence[str] = ()
    other_wiki_given: str = ""

    def rows(self) -> Rows:
        """Each row, with its table's name, that the wiki's database holds in the end."""
        groups = dict.fromkeys(self.bots, ("bot",)) | dict.fromkeys(self.flow_bots, ("flow-bot",))
        former = dict.fromkeys(self.former_bots, ("bot",))
        own = _performed(WIKI, self.given, groups, former, [*self.deleted_pages, *self.deleted_boards])
        other = _performed(OTHER_WIKI, self.other_wiki_given, {}, {}, [])
        return [*own, *(row for row in other if row[0] in FLOW)]


def load(path: Path) -> list[Case]:
    """The cases of a file. Raises TypeError for a key that is unknown or missing."""
    return [Case(**entry) for entry in tomllib.loads(path.read_text("utf-8"))["case"]]


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
            revision, page, actor, saved, minor, parent, sha1 = row
            yield "archive", (number, *gone[page], actor, saved, minor, revision, page, parent, sha1)
        elif table != "page" or row[0] not in gone:
            yield table, row
