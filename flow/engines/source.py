"""A source: one wiki's core, Flow or Echo tables in one database, and what must be known of it before it is asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flow.datasets.dataset import Dataset
from flow.datasets.period import FIRST_DAY, LAST_DAY, Grain, Range
from flow.engines import Engine, times
from flow.engines.absence import cause
from flow.errors import AbsentSource, ResultError, SchemaError
from flow.sql.beside import AskCore
from flow.sql.dialect import Value
from flow.sql.macros import Macros
from flow.sql.request import Query, Request
from flow.wiki.bots import BOTS_SQL, FORMER, SYSTEM_USER, TODAY, Bots
from flow.wiki.names import of_toolforge
from flow.wiki.schema import OLDEST, PROBED, Kind, Profile
from flow.wiki.stamps import EPOCH

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("flow")

FLOW_WIKIS_SQL = "SELECT DISTINCT workflow_wiki AS wiki FROM flow_workflow ORDER BY workflow_wiki LIMIT 50"
#: Whether others share the Flow tables, by two looks into an index; how many topics and boards this wiki has; and how many
#: all wikis have of some time, counted up to ``most``.
SHARED_SQL = """
SELECT COUNT(*) AS many
  FROM (SELECT 1 FROM (SELECT 1 FROM flow_workflow WHERE workflow_wiki < :wiki LIMIT 1) AS earlier
         UNION ALL SELECT 1 FROM (SELECT 1 FROM flow_workflow WHERE workflow_wiki > :wiki LIMIT 1) AS later) AS others
"""
OWN_SQL = "SELECT COUNT(*) AS many FROM flow_workflow WHERE workflow_wiki = :wiki"
OTHERS_SQL = """
SELECT COUNT(*) AS many
  FROM (SELECT 1 FROM flow_workflow WHERE workflow_id >= :start AND workflow_id < :end LIMIT :most) AS found
"""
#: What a wiki's id looks like; and how many are named.
WIKI_ID, MOST_NAMED = re.compile(r"[A-Za-z0-9_-]{1,64}"), 5


@dataclass(frozen=True, slots=True)
class Source:
    """The ``kind`` tables of ``wiki`` behind ``engine``, with their schema; ``bots_of`` reads the wiki's bots.

    ``core_tables`` tells how its queries can name the wiki's core tables.
    """

    wiki: str
    kind: Kind
    engine: Engine
    profile: Profile
    bots_of: Callable[[], list[int]]
    core_tables: AskCore
    seen_behind: list[float | None] = field(default_factory=list)
    seen_strays: dict[str, bool] = field(default_factory=dict)
    seen_wiki: list[str] = field(default_factory=list)
    seen_counts: dict[str, int] = field(default_factory=dict)

    def query(self, dataset: Dataset, request: Request, relations: Mapping[str, str]) -> Query:
        """The SQL of ``dataset`` as this source's engine gets it. May read the facts that the macros need."""
        return self.macros(request, relations).render(dataset.sql)

    def macros(self, request: Request, relations: Mapping[str, str]) -> Macros:
        """What renders SQL for this source."""
        return Macros(request, self.engine.dialect, self.profile, self, relations, self.core_tables)

    def read(self, dataset: Dataset, request: Request, relations: Mapping[str, str]) -> pd.DataFrame:
        """The rows that ``dataset`` has for ``request``, as the database gives them. Raises DatasetError, Unreachable."""
        self.check_wiki()
        query = self.query(dataset, request, relations)
        self._warn_of_strays(request.days)
        return self.engine.read(query.sql, query.values)

    def first_day(self) -> date | None:
        """The day of this wiki's first row that has a time; None for a wiki that has none."""
        values: dict[str, Value] = {"wiki": self.wiki} if self.kind == "flow" else {}
        first = self._times(times.FIRST_SQL, values)["first"]
        return times.decode_time(self.kind, str(first[0])).date() if len(first) and first[0] is not None else None

    def first_of(self, dataset: Dataset, relations: Mapping[str, str]) -> date | None:
        """The day of the first thing that ``dataset`` counts, as its ``begins`` tells; None if there is none."""
        query = self.macros(self.all_time(), relations).render(beginning_sql(dataset))
        first = self.engine.read(query.sql, query.values)["first"].dropna().tolist()
        try:
            return _day(int(first[0])) if first else None
        except (TypeError, ValueError, OverflowError) as error:
            raise ResultError("its first is no second after 1970") from error

    def all_time(self) -> Request:
        """The request that asks for everything."""
        return Request(self.wiki, Grain.DAY, Range(FIRST_DAY, LAST_DAY))

    def behind(self) -> float | None:
        """The seconds by which its database is known to be behind its primary, as first asked; see ``Engine``."""
        if not self.seen_behind:
            self.seen_behind.append(self.engine.behind())
        return self.seen_behind[0]

    def _times(self, sql: Mapping[Kind, str], values: Mapping[str, Value]) -> pd.DataFrame:
        return self.engine.read(times.render(sql[self.kind], self.engine.dialect), times.limits(self.kind) | dict(values))

    def check_wiki(self) -> None:
        """Raises SchemaError where the tables hold rows of other wikis and none of this one; empty ones are a new wiki's."""
        if self.kind != "flow" or self.seen_wiki:
            return
        others = self.flow_wikis() if self.first_day() is None else []
        if others:
            what = f"wiki '{self.wiki}': its Flow tables hold nothing of it, but of {', '.join(others)}"
            raise SchemaError(f"{what}; call the section as MediaWiki calls the wiki{of_toolforge(self.wiki)}")
        self.seen_wiki.append(self.wiki)

    def flow_wikis(self) -> list[str]:
        """Some of the wikis whose Flow boards are in the same database."""
        found = [str(wiki) for wiki in self.engine.read(FLOW_WIKIS_SQL, {})["wiki"]]
        return [wiki for wiki in found if WIKI_ID.fullmatch(wiki)][:MOST_NAMED]

    def bots(self) -> list[int]:
        """The user ids of this wiki's bots, of today and of the past."""
        return self.bots_of()

    def is_small_part(self, start: Value, end: Value, times: float) -> bool:
        """See ``Facts``. Counts no further than it must: nothing for a wiki that has its Flow tables to itself."""
        if not self._is_shared():
            return False
        most = int(self._own_topics() / times) + 1
        return self._count(OTHERS_SQL, {"start": start, "end": end, "most": most}) >= most

    def _is_shared(self) -> bool:
        """Whether its Flow tables have rows of other wikis, too."""
        if "others" not in self.seen_counts:
            self.seen_counts["others"] = self._count(SHARED_SQL, {"wiki": self.wiki})
        return self.seen_counts["others"] > 0

    def _own_topics(self) -> int:
        if "own" not in self.seen_counts:
            self.seen_counts["own"] = self._count(OWN_SQL, {"wiki": self.wiki})
        return self.seen_counts["own"]

    def _count(self, sql: str, values: Mapping[str, Value]) -> int:
        return int(self.engine.read(sql, values)["many"][0])

    def _warn_of_strays(self, days: Range) -> None:
        """Says, once, that there are rows without a time; no number has them."""
        if any(self.seen_strays.values()):
            return
        for where, sql in (("at all", times.STRAYS_SQL), (str(days), times.STRAYS_WITHIN_SQL)):
            if self.kind in sql and where not in self.seen_strays:
                self.seen_strays[where] = bool(self._times(sql, times.edges(self.kind, days))["strays"][0])
        if any(self.seen_strays.values()):
            log.warning("wiki '%s', %s tables: some rows bear no time that there is; they are left out", self.wiki, self.kind)


def beginning_sql(dataset: Dataset) -> str:
    """The SQL that asks when what a dataset counts begins, with its macros."""
    return f"SELECT first FROM {{{{ {dataset.begins}() }}}} AS beginning"


def _day(seconds: int) -> date:
    """The day that holds a second after 1970."""
    return EPOCH.date() + timedelta(days=seconds // 86400)


def probe(wiki: str, kind: Kind, engine: Engine) -> Profile:
    """The schema of a wiki's source. Raises SchemaError, naming the tables and columns that are missing."""
    profile = Profile(engine.columns(PROBED[kind]))
    missing = profile.missing(kind)
    if not missing:
        return profile
    if not profile.tables:
        what = f"wiki '{wiki}' has no {'core' if kind == 'core' else kind.capitalize()} tables in its database"
        # A wiki may have no Echo and be whole; that it has no Flow is for its settings to say.
        fault = SchemaError if kind in ("core", "flow") else AbsentSource
        raise fault(f"{what}; {cause(wiki, kind, engine)}")
    hidden = "" if engine.dialect.name == "sqlite" else "; or the account does not see all: grant it SELECT"
    raise SchemaError(f"wiki '{wiki}', {kind} tables: {', '.join(missing)} missing; {OLDEST[kind]}{hidden}")


def read_bots(engine: Engine) -> Bots:
    """The bots of the wiki's core tables."""
    rows = engine.read(BOTS_SQL, {"system_user": SYSTEM_USER})
    listed = [(int(id), str(where)) for id, where in zip(rows["user_id"], rows["listed"], strict=True)]
    today = {id for id, where in listed if where == TODAY}
    ever = {id for id, where in listed if where in (TODAY, FORMER)}
    return Bots(sorted({id for id, _ in listed}), len(today), len(ever))
