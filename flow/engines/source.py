"""A source: one wiki's core, Flow or Echo tables in one database, and what must be known of it before it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flow.datasets.dataset import Dataset
from flow.datasets.period import FIRST_DAY, LAST_DAY, Grain, Range
from flow.engines import Engine
from flow.errors import AbsentSource, ResultError, SchemaError
from flow.sql.macros import Macros
from flow.sql.request import Query, Request
from flow.wiki.bots import BOTS_SQL, SYSTEM_USER
from flow.wiki.schema import OLDEST, PROBED, Kind, Profile
from flow.wiki.stamps import EPOCH, epoch_seconds, flow_id, flow_id_seconds, timestamp, timestamp_seconds

if TYPE_CHECKING:
    import pandas as pd

FIRST_FLOW_SQL = "SELECT HEX(workflow_id) AS id FROM flow_workflow WHERE workflow_wiki = :wiki ORDER BY workflow_id LIMIT 1"

FLOW_WIKIS_SQL = "SELECT DISTINCT workflow_wiki AS wiki FROM flow_workflow ORDER BY workflow_wiki LIMIT 5"

FIRST_CORE_SQL = """
SELECT MIN(first) AS first
  FROM (SELECT MIN(rev_timestamp) AS first FROM revision WHERE rev_timestamp >= '19700102000000'
         UNION ALL
        SELECT MIN(ar_timestamp)
          FROM (SELECT ar_timestamp FROM archive WHERE ar_timestamp >= '19700102000000'
                 ORDER BY ar_rev_id LIMIT 50) AS oldest) AS both_tables
"""

#: A bound of the ids given out from a time on: the least of those of the saves right before it.
RECENT_SQL = """
SELECT MIN(id) AS first_id
  FROM (SELECT rc_this_oldid AS id FROM recentchanges WHERE rc_timestamp < :start AND rc_this_oldid > 0
         ORDER BY rc_timestamp DESC LIMIT 50) AS earlier
"""

REVISIONS_SQL = """
SELECT (SELECT MIN(rev_id)
          FROM (SELECT rev_id FROM revision WHERE rev_timestamp < :start
                 ORDER BY rev_timestamp DESC LIMIT 50) AS earlier) AS first_id,
       EXISTS (SELECT 1 FROM logging WHERE log_type = 'import') AS imports
"""


#: The newest row up to a time: clocks that were ever wrong leave rows of the future.
NEWEST_CORE_SQL = "SELECT rev_timestamp AS newest FROM revision WHERE rev_timestamp <= :now ORDER BY rev_timestamp DESC LIMIT 1"
NEWEST_FLOW_SQL = "SELECT HEX(rev_id) AS newest FROM flow_revision WHERE rev_id < :after ORDER BY rev_id DESC LIMIT 1"

#: Echo's events bear no time, and their notifications have no index on it but by user; ids are given out in its order.
FIRST_ECHO_SQL = """
SELECT MIN(notification_timestamp) AS first
  FROM (SELECT notification_timestamp FROM echo_notification ORDER BY notification_event LIMIT 50) AS oldest
"""
NEWEST_ECHO_SQL = """
SELECT MAX(notification_timestamp) AS newest
  FROM (SELECT notification_timestamp FROM echo_notification ORDER BY notification_event DESC LIMIT 50) AS latest
 WHERE notification_timestamp <= :now
"""

FIRST_SQL: dict[Kind, str] = {"core": FIRST_CORE_SQL, "flow": FIRST_FLOW_SQL, "echo": FIRST_ECHO_SQL}
NEWEST_SQL: dict[Kind, str] = {"core": NEWEST_CORE_SQL, "flow": NEWEST_FLOW_SQL, "echo": NEWEST_ECHO_SQL}


@dataclass(frozen=True, slots=True)
class Source:
    """The ``kind`` tables of ``wiki`` behind ``engine``, with their schema; ``bots_of`` reads the wiki's bots."""

    wiki: str
    kind: Kind
    engine: Engine
    profile: Profile
    bots_of: Callable[[], list[int]]
    seen_ids: dict[str, int] = field(default_factory=dict)
    seen_behind: list[float | None] = field(default_factory=list)

    def query(self, dataset: Dataset, request: Request, relations: Mapping[str, str]) -> Query:
        """The SQL of ``dataset`` as this source's engine gets it. May read the facts that the macros need."""
        return Macros(request, self.engine.dialect, self.profile, self, relations).render(dataset.sql)

    def read(self, dataset: Dataset, request: Request, relations: Mapping[str, str]) -> pd.DataFrame:
        """The rows that ``dataset`` has for ``request``, as the database gives them. Raises DatasetError, Unreachable."""
        query = self.query(dataset, request, relations)
        return self.engine.read(query.sql, query.values)

    def first_day(self) -> date | None:
        """The day of this wiki's first row; None for an empty wiki."""
        if self.kind == "flow":
            rows = self.engine.read(FIRST_FLOW_SQL, {"wiki": self.wiki})
            seconds = flow_id_seconds(bytes.fromhex(str(rows["id"][0]))) if len(rows) else None
        else:
            first = self.engine.read(FIRST_SQL[self.kind], {})["first"][0]
            seconds = timestamp_seconds(str(first)) if first else None
        return None if seconds is None else _day(seconds)

    def first_of(self, dataset: Dataset, relations: Mapping[str, str]) -> date | None:
        """The day of the first thing that ``dataset`` counts, as its ``begins`` tells; None if there is none."""
        request = Request(self.wiki, Grain.DAY, Range(FIRST_DAY, LAST_DAY))
        sql = f"SELECT first FROM {{{{ {dataset.begins}() }}}} AS beginning"
        query = Macros(request, self.engine.dialect, self.profile, self, relations).render(sql)
        first = self.engine.read(query.sql, query.values)["first"].dropna().tolist()
        try:
            return _day(int(first[0])) if first else None
        except (TypeError, ValueError, OverflowError) as error:
            raise ResultError("its first is no second after 1970") from error

    def behind(self) -> float | None:
        """The seconds by which its database is known to be behind its primary, as first asked; see ``Engine``."""
        if not self.seen_behind:
            self.seen_behind.append(self.engine.behind())
        return self.seen_behind[0]

    def newest(self, now: datetime) -> datetime | None:
        """The time of the newest row not after ``now``: the database has all that was saved earlier. None for an empty one.

        Any wiki's row will do, where many share a database.
        """
        if self.kind == "flow":
            rows = self.engine.read(NEWEST_FLOW_SQL, {"after": flow_id(epoch_seconds(now) + 1)})
            seconds = [flow_id_seconds(bytes.fromhex(str(id))) for id in rows["newest"]]
        else:
            rows = self.engine.read(NEWEST_SQL[self.kind], {"now": timestamp(epoch_seconds(now))})
            seconds = [timestamp_seconds(str(digits)) for digits in rows["newest"] if digits]
        return EPOCH + timedelta(seconds=seconds[0]) if seconds else None

    def flow_wikis(self) -> list[str]:
        """Some of the wikis whose Flow boards are in the same database."""
        return [str(wiki) for wiki in self.engine.read(FLOW_WIKIS_SQL, {})["wiki"]]

    def bots(self) -> list[int]:
        """The user ids of this wiki's bots, of today and of the past."""
        return self.bots_of()

    def first_revision(self, start: str) -> int:
        """A bound of the ids of revisions whose time is ``start``, 14 digits, or later: none of them has a lower one.

        Ids are given out in the order of saving, and nothing is saved before its time; but an import saves what is long
        past. So the saves right before ``start`` tell, as recent changes list them, which know no imported ones; or,
        for times that recent changes no longer hold, as the revisions do, if the wiki has never imported. Else 0.
        There is no upper bound: what is imported later may bear any time.
        """
        if start not in self.seen_ids:
            self.seen_ids[start] = self._recent(start) or self._by_revisions(start)
        return self.seen_ids[start]

    def _recent(self, start: str) -> int:
        if not self.profile.has("recentchanges", "rc_this_oldid"):
            return 0
        return int(self.engine.read(RECENT_SQL, {"start": start})["first_id"][0] or 0)

    def _by_revisions(self, start: str) -> int:
        row = self.engine.read(REVISIONS_SQL, {"start": start}).iloc[0]
        return 0 if row["imports"] else int(row["first_id"] or 0)


def _day(seconds: int) -> date:
    """The day that holds a second after 1970."""
    return EPOCH.date() + timedelta(days=seconds // 86400)


def probe(wiki: str, kind: Kind, engine: Engine) -> Profile:
    """The schema of a wiki's source. Raises SchemaError, naming the tables and columns that are missing."""
    profile = Profile(engine.columns(PROBED[kind]))
    missing = profile.missing(kind)
    if not missing:
        return profile
    if kind == "flow" and not profile.tables:
        raise SchemaError(
            f"wiki '{wiki}' has no Flow tables in its database; set flow in [wikis.{wiki}] to the URL of the one"
            " that holds them, or to false if the wiki has no Flow"
        )
    if kind != "core" and not profile.tables:
        what = f"wiki '{wiki}' has no {kind.capitalize()} tables in its database"
        raise AbsentSource(f"{what}; if they are in another, set {kind} in [wikis.{wiki}] to its URL")
    raise SchemaError(f"wiki '{wiki}', {kind} tables: {', '.join(missing)} missing; {OLDEST[kind]}")


def read_bots(engine: Engine) -> list[int]:
    """The user ids of all bots, from the wiki's core tables."""
    return [int(id) for id in engine.read(BOTS_SQL, {"system_user": SYSTEM_USER})["user_id"]]
