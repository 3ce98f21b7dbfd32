"""Points at the line of a query script, or of a relation, that a failed query is about; only looked for once it has failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flow.datasets.dataset import Dataset
from flow.datasets.parts import near
from flow.datasets.place import Place
from flow.engines.refusal import Refusal, find_near, occurrences, read_refusal
from flow.engines.source import Source
from flow.errors import FlowError, QueryError
from flow.sql.marks import Origin, origin_of_file, origin_of_script
from flow.sql.request import Query, Request
from flow.sql.trace import Trace, trace

#: How often, at most, the database is asked which of many places it means.
MOST_TRIES = 30


@dataclass(frozen=True, slots=True)
class Templates:
    """A dataset's SQL and the ``relations``, by name; ``paths`` has their files, by the dataset's id and ``<relation>.sql``."""

    dataset: Dataset
    relations: Mapping[str, str]
    paths: Mapping[str, Path]

    def own(self) -> Origin | None:
        """Where the dataset's SQL is in its script."""
        path = self.paths.get(self.dataset.id)
        return origin_of_script(path, self.dataset.sql) if path else None

    def origins(self) -> dict[str, Origin]:
        """Where the relations are."""
        found = {name: self.paths.get(f"{name}.sql") for name in self.relations}
        return {name: origin_of_file(path, self.relations[name]) for name, path in found.items() if path}

    def origin(self, template: str, engine: str) -> Origin | None:
        """Where a template is, by the relation's name, or "" for the dataset's own SQL."""
        if not template:
            return self.own()
        found = self.origins()
        return found.get(f"{template}.{engine}") or found.get(template)

    def trace(self, source: Source, request: Request, sql: str = "") -> Trace | None:
        """Where each piece of the SQL comes from, as the engine of ``source`` gets it."""
        own = None if sql else self.own()
        return trace(source.macros(request, self.relations), sql or self.dataset.sql, own, self.origins())


def point(error: QueryError, source: Source, request: Request, templates: Templates, sql: str = "") -> QueryError:
    """``error`` with the place that it is about before it, and the near name behind it; as it is, if nothing tells.

    ``sql``: what was rendered, if not the dataset's own.
    """
    refusal = read_refusal(str(error))
    if error.line:
        origin = templates.origin(error.template, source.engine.dialect.name)
        return _placed(error, origin.find(error.line, error.word) if origin else None, "")
    found = templates.trace(source, request, sql) if refusal else None
    if not refusal or not found:
        return error
    asked = _Asking(source, source.macros(request, templates.relations).render(sql or templates.dataset.sql))
    at = asked.find(refusal)
    hint = _hint(refusal, found.sql, source, templates)
    return _placed(error, None if at is None else found.place_at(at, _first_word(refusal)), hint)


def _placed(error: QueryError, place: Place | None, hint: str) -> QueryError:
    text = f"{error}; {hint}" if hint else str(error)
    return QueryError(f"{place}: {text}", place.excerpt(), error.word) if place else QueryError(text)


def _first_word(refusal: Refusal) -> str:
    found = re.match(r"\w+|\S", refusal.word)
    return refusal.word if refusal.what != "syntax" else found[0] if found else ""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Finds which of many places the database means, by asking it about the ``query`` with one of them changed."""

    source: Source
    query: Query

    def find(self, refusal: Refusal) -> int | None:
        """Where in the SQL it is; None if nothing tells."""
        sql = self.query.sql
        if refusal.line:
            return find_near(sql, refusal)
        if refusal.what == "syntax" and not refusal.word:
            return len(sql.rstrip())
        if refusal.what == "syntax":
            return next((at for at in self._met(refusal) if self._stops(sql[: at + len(refusal.word)], refusal)), None)
        places = [*occurrences(sql, refusal)]
        if refusal.what == "column" and len(places) > 1:
            return self._first_bad(places, refusal)
        return next((start for start, _ in places), None)

    def _met(self, refusal: Refusal) -> Iterator[int]:
        yield from (found.start() for found in re.finditer(re.escape(refusal.word), self.query.sql))

    def _stops(self, sql: str, refusal: Refusal) -> bool:
        """Whether the parser stops at the last word of ``sql``, instead of wanting more."""
        return self._ask(sql) == refusal

    def _first_bad(self, places: list[tuple[int, int]], refusal: Refusal) -> int | None:
        """The first place that is meant: with it and all behind it replaced by NULL, the database complains no more."""
        sql = self.query.sql
        for start, end in places[::-1][:MOST_TRIES]:
            tried = f"{sql[:start]}NULL{sql[end:]}"
            again = self._ask(tried)
            if again and again.what == "syntax":  # what stands there is a name that is given, and is not meant
                continue
            if again != refusal:
                return start
            sql = tried
        return None

    def _ask(self, sql: str) -> Refusal | None:
        """What the database says of ``sql`` when it prepares it; None if all is well, or it says something else."""
        try:
            self.source.engine.explain(sql, self.query.values)
        except FlowError as error:
            return read_refusal(str(error))
        return None


def _hint(refusal: Refusal, sql: str, source: Source, templates: Templates) -> str:
    """What the word may have been meant for."""
    name = refusal.word.rpartition(".")[2]
    relations = [relation for relation in templates.relations if "." not in relation]
    if refusal.what == "table" and name in relations:
        return f"a relation is written {{{{ {name}() }}}}"
    names: dict[str, Callable[[], list[str]]] = {
        "column": lambda: _columns(sql, source, name),
        "table": lambda: [*relations, *source.profile.tables],
    }
    found = near(name, names[refusal.what]()) if refusal.what in names else ""
    return found if found.startswith("did you") else ""


def _columns(sql: str, source: Source, name: str) -> list[str]:
    """The names that the SQL itself gives, and the columns of the tables in it."""
    words = {*re.findall(r"\w+", sql)}
    given = {*re.findall(r"\bAS\s+`?(\w+)`?(?!\s*\()", sql, re.IGNORECASE)}
    known = {column for table, columns in source.profile.tables.items() if table in words for column in columns}
    return sorted((given | known) - {name})
