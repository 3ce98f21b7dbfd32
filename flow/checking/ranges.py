"""Which tables a query reads from end to end, whatever range is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from flow.wiki.schema import Profile

#: Small on every wiki: roles, models, tags, and who is in which group.
SMALL = {"slot_roles", "content_models", "change_tag_def", "user_groups", "user_former_groups"}
#: Of Flow's tables, the ids that tell when a row was written.
FLOW_IDS = {
    "flow_workflow": "workflow_id",
    "flow_revision": "rev_id",
    "flow_topic_list": "topic_id",
    "flow_tree_node": "tree_descendant_id",
    "flow_tree_revision": "tree_rev_id",
}
#: The values that ``within`` and ``periods`` bind for the edges of the range.
EDGE = re.compile(r"(start|end)(s?_.*)?")
LOWER, UPPER = exp.GT | exp.GTE, exp.LT | exp.LTE
EQUAL = exp.EQ | exp.NullSafeEQ | exp.Is | exp.In


def unbounded(root: exp.Query, profile: Profile) -> Iterator[tuple[int, str]]:
    """Where each such table stands in the SQL, and what to do about it."""
    ctes = {cte.alias for cte in root.find_all(exp.CTE)}
    for select in root.find_all(exp.Select):
        scope = _Scope(select, _sources(select), ctes, profile)
        if select.args.get("limit") or _is_lookup(select):
            continue
        for name in scope.unbounded(_conditions(select)):
            table = scope.sources[name]
            yield _offset(table), _advice(table.name, profile)


def _is_lookup(select: exp.Select) -> bool:
    """Whether all that is asked is the first or the last of a key, which an index has at its ends."""
    if any(select.args.get(part) for part in ("where", "group", "joins")):
        return False
    columns = [column for each in select.selects for column in each.find_all(exp.Column)]
    return bool(columns) and all(
        isinstance(column.parent, exp.Min | exp.Max) and column.name.endswith(("_id", "_timestamp")) for column in columns
    )


def _offset(table: exp.Expr) -> int:
    return min((each.meta["start"] for each in table.walk() if "start" in each.meta), default=0)


def _advice(table: str, profile: Profile) -> str:
    times = [column for column in sorted(profile.tables.get(table, ())) if column.endswith("_timestamp")]
    column = FLOW_IDS.get(table) or next(iter(times), "…_timestamp")
    what = f"table '{table}' is read from end to end, for no range binds it"
    return f"{what}; write {{{{ within('{column}') }}}}, or join it with a relation that is cut to the range"


def _sources(select: exp.Select) -> dict[str, exp.Expr]:
    """What the query selects from, by its name there."""
    found = select.args.get("from_") or select.args.get("from")
    tables = [found.this] if found else []
    tables += [join.this for join in select.args.get("joins") or []]
    return {table.alias_or_name: table for table in tables}


def _conditions(select: exp.Select) -> list[exp.Expr]:
    """All that must hold of each row."""
    where = select.args.get("where")
    wholes = [where.this] if where else []
    wholes += [join.args["on"] for join in select.args.get("joins") or [] if join.args.get("on")]
    return [part for whole in wholes for part in _parts(whole)]


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if isinstance(condition, exp.And):
        yield from _parts(condition.left)
        yield from _parts(condition.right)
    else:
        yield condition


@dataclass(slots=True)
class _Ties:
    """What bounds a table, each by the names of the other tables that must be bound for it: a value, or below and above."""

    equal: list[set[str]] = field(default_factory=list)
    lower: list[set[str]] = field(default_factory=list)
    upper: list[set[str]] = field(default_factory=list)

    def hold(self, bound: set[str]) -> bool:
        """Whether they do, while the tables in ``bound`` are."""
        equal, lower, upper = (any(names <= bound for names in ties) for ties in (self.equal, self.lower, self.upper))
        return equal or (lower and upper)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The tables of one ``select``: ``sources`` by name, those that WITH gives, and what a wiki's own have for columns."""

    select: exp.Select
    sources: Mapping[str, exp.Expr]
    ctes: set[str]
    profile: Profile

    def unbounded(self, conditions: list[exp.Expr]) -> list[str]:
        """The names of the tables that nothing bounds."""
        bound = {name for name, source in self.sources.items() if not self._is_large(source)}
        ties = {name: _Ties() for name in self.sources}
        for condition in conditions:
            self._tie(condition, ties)
        while new := {name for name in ties if name not in bound and ties[name].hold(bound)}:
            bound |= new
        return [name for name in self.sources if name not in bound]

    def _is_large(self, source: exp.Expr) -> bool:
        return isinstance(source, exp.Table) and source.name not in self.ctes and source.name not in SMALL

    def _tie(self, condition: exp.Expr, ties: Mapping[str, _Ties]) -> None:
        one, other = condition.this, condition.args.get("expression")
        is_lower = isinstance(condition, LOWER)
        self._tie_side(condition, (one, other, is_lower), ties)
        self._tie_side(condition, (other, one, not is_lower), ties)

    def _tie_side(self, condition: exp.Expr, sides: tuple[Any, Any, bool], ties: Mapping[str, _Ties]) -> None:
        """Ties the table of a bare column to what the other side is made of."""
        column, (_, other, is_lower) = _column(sides[0]), sides
        name, names = self._table(column) if column is not None else None, self._names(other)
        if name is None or name in names:
            return
        if isinstance(condition, EQUAL) and (names or condition.args.get("query") or _found(other, exp.Subquery)):
            ties[name].equal.append(names - {""})
        is_edge = any(EDGE.fullmatch(each.name) for each in _found(other, exp.Placeholder))
        if isinstance(condition, LOWER | UPPER) and (names or is_edge):
            (ties[name].lower if is_lower else ties[name].upper).append(names - {""})

    def _names(self, other: exp.Expr | None) -> set[str]:
        """The tables here that the other side's columns are of; "" for one further out."""
        return {self._table(column) or "" for column in _found(other, exp.Column)}

    def _table(self, column: exp.Expr) -> str | None:
        """The name of the table here that a column is of; None for one of further out, and where nothing tells."""
        assert isinstance(column, exp.Column)
        if column.table or column.parent_select is not self.select:
            return column.table if column.table in self.sources else None
        if len(self.sources) == 1:
            return next(iter(self.sources))
        owners = [name for name, source in self.sources.items() if self.profile.has(source.name, column.name)]
        return owners[0] if len(owners) == 1 else None


def _column(node: exp.Expr | None) -> exp.Expr | None:
    """The column that ``node`` is, bare: a function over one cannot use its index."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node if isinstance(node, exp.Column) else None


def _found(node: exp.Expr | None, kind: type[exp.Expr]) -> list[exp.Expr]:
    return [*node.find_all(kind)] if node is not None else []
