"""The macros that query scripts and relations use for what databases and wikis spell differently."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jinja2

from flow.datasets.parts import near
from flow.datasets.period import FIRST_DAY, LAST_DAY, midnight, whole_periods
from flow.datasets.sqltext import without_comments
from flow.errors import FlowError, QueryError
from flow.sql.beside import AskCore
from flow.sql.dialect import Dialect, Value
from flow.sql.request import Facts, Query, Request
from flow.wiki.edits import count_edits_before
from flow.wiki.schema import Profile
from flow.wiki.stamps import epoch_seconds, flow_id, timestamp

#: How a second after 1970 is written in columns of each kind; a column's name ends in its kind, or ``kind=`` names it.
FORMATS: dict[str, Callable[[int], Value]] = {"id": flow_id, "timestamp": timestamp, "seconds": int}

#: The macros there are: those of ``Macros`` itself, of the engine's dialect, and of the wiki's schema.
OWN = (
    "period", "within", "is_time", "periods", "seconds", "value", "by_bot", "counts", "anonymous", "edits_before",
    "core", "core_has", "ratio", "placed", "quantile", "since", "is_small_part",
)  # fmt: skip
OF_DIALECT = ("same", "ordered_join", "unindexed")
OF_PROFILE = (
    "has", "join_author", "author_id", "author_name", "author_key", "join_comment", "tagged", "join_content",
    "same_as_parent", "is_board",
)  # fmt: skip

ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)


@dataclass(frozen=True, slots=True)
class Macros:
    """Renders the SQL of a query script for one engine, one wiki and one question.

    ``core_tables`` tells where the wiki's core tables are; it raises AbsentSource where they cannot be joined.
    """

    request: Request
    dialect: Dialect
    profile: Profile
    facts: Facts
    relations: Mapping[str, str]
    core_tables: AskCore
    values: dict[str, Value] = field(default_factory=dict)

    def render(self, sql: str) -> Query:
        """``sql`` with every macro expanded, and the values it binds.

        Raises QueryError for a template that is broken or uses a macro that does not exist.
        """
        text = self._fill(sql, {})
        self._bind_wiki(text)
        return Query(re.sub(r"\n\s*\n", "\n", text).strip("\n"), self.values)

    def _fill(self, template: str, arguments: dict[str, Any], name: str = "") -> str:
        try:
            return compile_template(template).render(self._macros() | arguments)
        except QueryError as error:
            raise _placed(error, error, name) from error.__cause__
        except FlowError:
            raise
        except Exception as error:  # a template is anybody's code: whatever it raises is its own failure
            raise _placed(self._describe(error), error, name) from error

    def _describe(self, error: Exception) -> QueryError:
        unknown = re.match(r"'(\w+)' is undefined", str(error)) if isinstance(error, jinja2.UndefinedError) else None
        if unknown:
            what = near(unknown[1], sorted(self._macros()), "the macros are")
            return QueryError(f"the SQL's template: {error}; {what}", word=unknown[1])
        return QueryError(f"the SQL's template: {type(error).__name__}: {error}")

    def _macros(self) -> dict[str, Any]:
        owners = ((self, OWN), (self.dialect, OF_DIALECT), (self.profile, OF_PROFILE))
        macros = {name: getattr(owner, name) for owner, names in owners for name in names}
        texts = dict(self.relations) | _variants(self.relations, self.dialect.name)
        relations = {name: self._relation(name, text) for name, text in texts.items() if "." not in name}
        return macros | relations

    def _relation(self, name: str, text: str) -> Any:
        def relation(plus: str | None = None, minus: str | None = None) -> str:
            for span in (plus, minus):  # an unknown one is the fault of who calls the relation
                self._span(span)
            return f"(\n{self._fill(text, {'plus': plus, 'minus': minus}, name).strip()}\n)"

        return relation

    def _bind_wiki(self, text: str) -> None:
        if re.search(r"(?<![:\w]):wiki\b", text):
            self._bind("wiki", self.request.wiki)

    def _bind(self, name: str, value: Value) -> str:
        if self.values.setdefault(name, value) != value:
            return self._bind(f"{name}_{type(value).__name__}", value)
        return f":{name}"

    # Time

    def period(self, column: str, kind: str | None = None) -> str:
        """The first day of the period that holds the time of ``column``: ``…_id``, ``…_timestamp`` or ``…_seconds``.

        ``kind``, here and below, tells which of the three it is where the name does not end in it.
        """
        if _kind(column, kind) == "timestamp":
            return self.dialect.digits_label(column, self.request.grain)
        return self.dialect.seconds_label(self.seconds(column, kind), self.request.grain)

    def seconds(self, column: str, kind: str | None = None) -> str:
        """The second after 1970 of a Flow id or a timestamp."""
        found = _kind(column, kind)
        if found == "seconds":
            return column
        return self.dialect.id_seconds(column) if found == "id" else self.dialect.digits_seconds(column)

    def within(
        self, column: str, plus: str | None = None, minus: str | None = None, early: int = 0, kind: str | None = None
    ) -> str:
        """That ``column`` lies in the range asked for; begun earlier by the span ``minus`` and ``early`` seconds more,
        ended later by the span ``plus``. Digits that tell no time, such as those of a 13th month, lie in none.
        """
        format = FORMATS[_kind(column, kind)]
        suffix = (f"_minus_{minus}" if minus else "") + (f"_early_{early}" if early else "")
        start = self._edge(format, "start", suffix, -self._span(minus) - early)
        end = self._edge(format, "end", f"_plus_{plus}" if plus else "", self._span(plus))
        is_time = f" AND {is_timestamp(self.dialect, column)}" if format is timestamp else ""
        return f"({column} >= {start} AND {column} < {end}{is_time})"

    def since(self, column: str, minus: str | None = None, kind: str | None = None) -> str:
        """That ``column`` is not before the range asked for, begun earlier by the span ``minus``."""
        start = self._edge(FORMATS[_kind(column, kind)], "start", f"_minus_{minus}" if minus else "", -self._span(minus))
        return f"{column} >= {start}"

    def is_small_part(self, times: float, plus: str | None = None, minus: str | None = None) -> bool:
        """Whether all topics that this wiki ever had are fewer than ``times`` those of the range, of all wikis beside it in
        the same Flow tables: then it is less to go through the wiki's own topics than through everybody's revisions.
        """
        start = epoch_seconds(midnight(self.request.days.since)) - self._span(minus)
        end = epoch_seconds(midnight(self.request.days.until)) + self._span(plus)
        return self.facts.is_small_part(flow_id(start), flow_id(end), times)

    def _edge(self, format: Callable[[int], Value], side: str, suffix: str, shift: int) -> str:
        day = self.request.days.since if side == "start" else self.request.days.until
        instant = epoch_seconds(midnight(day)) + shift
        return self._bind(side + suffix, format(instant))

    def is_time(self, column: str, kind: str | None = None) -> str:
        """That ``column`` holds a time: 14 digits of a day that there is, or a Flow id of a year that a wiki can tell of."""
        format = FORMATS[_kind(column, kind)]
        if format is timestamp:
            return is_timestamp(self.dialect, column)
        least, beyond = (format(epoch_seconds(midnight(day))) for day in (FIRST_DAY, LAST_DAY))
        return f"({column} >= {self._bind('least_time', least)} AND {column} < {self._bind('beyond_time', beyond)})"

    def periods(self) -> str:
        """A relation of the periods asked for: ``date``, ``starts``, ``ends`` in seconds after 1970."""
        rows = []
        for number, period in enumerate(whole_periods(self.request.days, self.request.grain), 1):
            date = self._bind(f"date_{number}", str(period))
            starts = self._bind(f"starts_{number}", epoch_seconds(midnight(period.start)))
            ends = self._bind(f"ends_{number}", epoch_seconds(period.ends))
            rows.append(f"SELECT {date} AS date, {starts} AS starts, {ends} AS ends")
        return "(\n" + "\nUNION ALL\n".join(rows) + "\n)"

    def _span(self, name: str | None) -> int:
        if name is None:
            return 0
        if name not in self.request.spans:
            known = near(name, sorted(self.request.spans), "it declares")
            raise QueryError(f"the SQL uses a span '{name}' that the dataset does not declare; {known}", word=name)
        return self.request.spans[name]

    def value(self, name: str) -> str:
        """A span of the dataset, in seconds, as a bound value."""
        return self._bind(name, self._span(name))

    # Who

    def by_bot(self, user_id: str) -> str:
        """1 where ``user_id`` is or was a bot, else 0."""
        bots = [self._bind(f"bot_{number}", id) for number, id in enumerate(self.facts.bots(), 1)]
        return f"CASE WHEN {user_id} IN ({', '.join(bots)}) THEN 1 ELSE 0 END" if bots else "0"

    def counts(self, user_id: str) -> str:
        """1 where what ``user_id`` did is counted by this question, else 0."""
        count_bots = self._bind("count_bots", int(self.request.bots_count))
        return f"CASE WHEN {self.by_bot(user_id)} <= {count_bots} THEN 1 ELSE 0 END"

    def anonymous(self, account_id: str) -> str:
        """1 where ``account_id`` says that there is no account, else 0; 0 also for a temporary account, which people() knows."""
        return f"CASE WHEN {account_id} = 0 THEN 1 ELSE 0 END"

    def edits_before(self, account_id: str, column: str, most: int | None = None, kind: str | None = None) -> str:
        """How many revisions of pages, deleted ones too, ``account_id`` had saved before the time of ``column``.

        Posts on Flow are none. Each row counts anew, and reads all that the account has saved; where only few matter, say
        ``most=10``: a number below it is exact then, and any other means that many or more.
        """
        core, found = self.core_tables(), _kind(column, kind)
        if most is not None and (not isinstance(most, int) or most < 1):
            raise QueryError(f"edits_before: most={most!r} must be a whole number, 1 or more")
        digits = column if found == "timestamp" else self.dialect.seconds_digits(self.seconds(column, kind))
        return count_edits_before(core.profile, core.name, account_id, digits, most)

    # The wiki's core tables, from any source

    def core(self, table: str, alias: str | None = None) -> str:
        """The core table ``table``, with its database and prefix where it needs them, AS ``alias`` or else its own name."""
        return f"{self.core_tables().name(table)} AS {alias or table}"

    def core_has(self, table: str, column: str | None = None) -> bool:
        """Whether the wiki's version has a core table, and in it ``column``; as ``has`` for the dataset's own source."""
        return self.core_tables().profile.has(table, column)

    # Numbers

    def ratio(self, part: str, whole: str) -> str:
        """``part`` divided by ``whole``; nothing where there is nothing to divide. Enough digits to round once, later."""
        return f"({part}) * 1.00000000 / NULLIF({whole}, 0)"

    def placed(self, column: str, by: str = "date") -> str:
        """``place`` and ``among``: the rank of ``column`` within ``by``, from 1, and how many there are; for ``quantile``."""
        return (
            f"CAST(ROW_NUMBER() OVER (PARTITION BY {by}, {column} IS NULL ORDER BY {column}) AS SIGNED) AS place,\n"
            f"COUNT({column}) OVER (PARTITION BY {by}) AS among"
        )

    def quantile(self, share: float, column: str) -> str:
        """The quantile of ``column``, as PERCENTILE_CONT has it, over rows that bear ``place`` and ``among``.

        Each row weighs one minus its distance from the quantile's position, in whole thousandths, so that
        every engine comes to the same number.
        """
        position = f"(1000 + {round(share * 1000)} * (among - 1))"
        weight = f"CASE WHEN ABS(1000 * place - {position}) < 1000 THEN 1000 - ABS(1000 * place - {position}) ELSE 0 END"
        return f"SUM({column} * ({weight})) / 1000.0"


@lru_cache(maxsize=512)
def compile_template(template: str) -> jinja2.Template:
    """A template, compiled once for all wikis, grains and periods; it holds nothing of any of them."""
    return ENVIRONMENT.from_string(without_comments(template))


def is_timestamp(dialect: Dialect, digits: str) -> str:
    """The condition that ``digits`` are 14 digits of a second that there is: they come back from that second."""
    return f"COALESCE({dialect.told_digits(digits)} = {digits}, 0)"


def _variants(relations: Mapping[str, str], engine: str) -> dict[str, str]:
    suffix = f".{engine}"
    return {name.removesuffix(suffix): text for name, text in relations.items() if name.endswith(suffix)}


def _kind(column: str, kind: str | None) -> str:
    found = column.rpartition("_")[2] if kind is None else kind
    if found not in FORMATS:
        raise QueryError(
            f"'{column}' tells no time: it must end in _id (a Flow id), _timestamp (14 digits) or _seconds, or be given"
            " with kind='id', kind='timestamp' or kind='seconds'",
            word=column,
        )
    return found


def _placed(found: QueryError, cause: Exception, name: str) -> QueryError:
    """``found``, with the place in the template ``name`` that ``cause`` tells, unless one is known that it calls."""
    if not found.line:
        frames = traceback.extract_tb(cause.__traceback__)
        lines = [frame.lineno or 0 for frame in frames if frame.filename == "<template>"]
        line = cause.lineno if isinstance(cause, jinja2.TemplateSyntaxError) else lines[-1] if lines else 0
        found.template, found.line = name, line
    return found
