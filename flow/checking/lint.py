"""What a reader of SQL would object to in a rendered query, whatever the database says; read with sqlglot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from flow.checking.ranges import unbounded
from flow.datasets.parts import near
from flow.wiki.schema import Profile

DIALECTS = {"mariadb": "mysql", "sqlite": "sqlite"}
#: Of a Flow dataset's columns that end in _id, these are numbers; the others are Flow ids, which begin with their time.
NUMBERS = re.compile(r"(user|page)_id$")

OPENED = re.compile(r"\(\s*(?:SELECT|WITH)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """An objection: where in the SQL it begins, the ``rule`` that it can be answered by, what it is and what to write instead."""

    at: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A query of a dataset that reads ``source``, has the columns ``wanted``, and is a ``snapshot`` or not, for one engine."""

    sql: str
    engine: str
    source: str
    wanted: Sequence[str]
    snapshot: bool
    profile: Profile


def lint(query: Rendered) -> list[Finding] | None:
    """All objections to a query, in order; None if it is in words that sqlglot does not know."""
    parsed = _parse(query.sql, DIALECTS[query.engine])
    if parsed is None:
        return None
    trees, tokens = parsed
    root = trees[0] if len(trees) == 1 else None
    if not isinstance(root, exp.Query):
        return [Finding(0, "select", "the SQL must be one SELECT")]
    found = [*_unions(tokens), *_outer(root, query), *_derived(root, query.sql), *_betweens(root, query.source)]
    if not query.snapshot:
        found += [Finding(at, "range", text) for at, text in unbounded(root, query.profile)]
    return sorted(found, key=lambda each: each.at)


@lru_cache(maxsize=128)
def _parse(sql: str, dialect: str) -> tuple[list[exp.Expr | None], list[sqlglot.Token]] | None:
    """The statements and the words of ``sql``, only to be read, for wikis share them; None for what sqlglot does not know."""
    try:
        return list(sqlglot.parse(sql, dialect=dialect)), sqlglot.tokenize(sql, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return None


def first_offset(node: exp.Expr) -> int:
    """Where in the SQL the first name in ``node`` stands."""
    return min((each.meta["start"] for each in node.walk() if "start" in each.meta), default=0)


def _unions(tokens: Sequence[sqlglot.Token]) -> Iterator[Finding]:
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.text.upper() == "UNION" and (after is None or after.text.upper() != "ALL"):
            text = "UNION sorts all rows to drop those that are alike; write UNION ALL"
            yield Finding(token.start, "union", text)


def _outer(root: exp.Query, query: Rendered) -> Iterator[Finding]:
    """The names of the result's columns: that each has one of its own, and is declared."""
    names = []
    for column in root.selects:
        at = first_offset(column)
        if column.is_star:
            yield Finding(at, "alias", "a * in the outer SELECT names no columns; write each, and its name")
            return
        if not isinstance(column, exp.Alias) and (not isinstance(column, exp.Column) or column.table):
            name = column.name if isinstance(column, exp.Column) else "…"
            yield Finding(at, "alias", f"a column of the outer SELECT has no name of its own; write AS {name} behind it")
            names.append(column.name)
            continue
        names.append(column.alias_or_name)
        if names[-1] not in query.wanted:
            what = f"column '{names[-1]}' is in the result but not declared; {near(names[-1], _missing(query.wanted, root))}"
            yield Finding(first_offset(column.args["alias"]) if isinstance(column, exp.Alias) else at, "columns", what)
    if len(names) < len(query.wanted):
        lost = [name for name in query.wanted if name not in names]
        yield Finding(0, "columns", f"the result has no column {', '.join(lost)}; the SQL must return {', '.join(query.wanted)}")


def _missing(wanted: Sequence[str], root: exp.Query) -> Sequence[str]:
    """Those of the declared columns that the result lacks; all, if none."""
    names: Collection[str] = {column.alias_or_name for column in root.selects}
    return [name for name in wanted if name not in names] or wanted


def _derived(root: exp.Query, sql: str) -> Iterator[Finding]:
    for each in root.find_all(exp.Subquery):
        if isinstance(each.parent, exp.From | exp.Join) and isinstance(each.this, exp.Query) and not each.alias:
            begins = [found.start() for found in OPENED.finditer(sql[: first_offset(each)])]
            at = begins[-1] if begins else 0
            yield Finding(at, "alias", "MariaDB wants a name for a table in parentheses; write AS and a name behind it")


def _betweens(root: exp.Query, source: str) -> Iterator[Finding]:
    for each in root.find_all(exp.Between):
        times = [column for column in each.this.find_all(exp.Column) if _is_time(column.name, source)]
        if times and not isinstance(_bare(each.this), exp.Sub):
            text = f"BETWEEN takes the end in, too; write >= and <, or {{{{ within('{times[0].name}') }}}}"
            yield Finding(first_offset(each), "between", text)


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def _is_time(column: str, source: str) -> bool:
    name = column.lower()
    is_flow_id = source == "flow" and name.endswith("_id") and not NUMBERS.search(name)
    return name.endswith("_timestamp") or name == "date" or is_flow_id
