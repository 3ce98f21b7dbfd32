"""Renders every query script for every wiki and grain, has the database prepare it, and lints it; reads no history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flow import terminal
from flow.checking.complaint import Complaint, is_known
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range
from flow.engines.pointing import Templates, point
from flow.engines.source import Source, beginning_sql
from flow.engines.sources import Sources
from flow.errors import AbsentSource, FlowError, QueryError, SchemaError, Unreachable
from flow.sql.request import Request, choices

#: No wiki has rows of this day, nor of the time that a window reaches around it.
NOBODY = date(2800, 1, 1)


@dataclass(slots=True)
class Scripts:
    """The scripts of ``catalog``, checked against ``sources``; ``unreached`` tells which wikis could not be asked, and why."""

    catalog: Catalog
    sources: Sources
    grains: Sequence[Grain]
    unreached: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    _linted: set[tuple[str, str]] = field(default_factory=set)

    def complaints(self) -> list[Complaint]:
        """All complaints, each once."""
        found: dict[Complaint, None] = {}
        for wiki in self.sources.settings.wikis:
            with terminal.working(f"Checking the query scripts on {wiki}"):
                found |= dict.fromkeys(self._of_wiki(wiki))
        return list(found)

    def _of_wiki(self, wiki: str) -> Iterator[Complaint]:
        for dataset in self.catalog.datasets.values():
            if not dataset.sql:
                continue
            try:
                yield from self._of_dataset(self.sources.get(wiki, dataset.source), dataset)
            except AbsentSource:  # the wiki can do without
                continue
            except Unreachable as error:
                self.unreached += [str(error)] if str(error) not in self.unreached else []
            except SchemaError as error:
                yield Complaint(str(error))

    def _of_dataset(self, source: Source, dataset: Dataset) -> Iterator[Complaint]:
        for grain in self.grains:
            request = _request(source.wiki, dataset, grain)
            error = self._refusal(source, dataset, request)
            if error:
                yield Complaint(_named(dataset, error), error.excerpt, is_broken=True)
                return
        if dataset.begins:
            error = self._refusal(source, dataset, source.all_time(), beginning_sql(dataset))
            if error:
                yield Complaint(_named(dataset, error), error.excerpt, is_broken=True)
        yield from self._lint(source, dataset, request)

    def _refusal(self, source: Source, dataset: Dataset, request: Request, sql: str = "") -> QueryError | None:
        """What the database says against the SQL."""
        try:
            query = source.macros(request, self.catalog.relations).render(sql or dataset.sql)
            source.engine.explain(query.sql, query.values)
        except QueryError as error:
            return point(error, source, request, self._templates(dataset), sql)
        return None

    def _templates(self, dataset: Dataset) -> Templates:
        return Templates(dataset, self.catalog.relations, self.catalog.paths)

    def _lint(self, source: Source, dataset: Dataset, request: Request) -> Iterator[Complaint]:
        from flow.checking.lint import Rendered, lint  # sqlglot is slow to import

        query = source.query(dataset, request, self.catalog.relations)
        if (dataset.id, query.sql) in self._linted:
            return
        self._linted.add((dataset.id, query.sql))
        wanted, engine = ["date", *dataset.column_ids], source.engine.dialect.name
        found = lint(Rendered(query.sql, engine, dataset.source, wanted, dataset.snapshot, source.profile))
        if found is None:
            self.unread.add(dataset.id)
        trace = self._templates(dataset).trace(source, request) if found else None
        for each in found or ():
            place = trace.place_at(each.at) if trace else None
            if place and not is_known(place, each.rule):
                answer = "" if each.rule in ("columns", "select") else f"; or '-- known: {each.rule}' above it, if that is meant"
                yield Complaint(f"{place}: {each.text}{answer}", place.excerpt(), each.rule in ("columns", "select"))
            elif not place:
                yield Complaint(f"{dataset.id}: {each.text}", "", each.rule in ("columns", "select"))


def _named(dataset: Dataset, error: FlowError) -> str:
    return str(error) if getattr(error, "excerpt", "") else f"{dataset.id}: {error}"


def _request(wiki: str, dataset: Dataset, grain: Grain) -> Request:
    """The request for one period that no row is of."""
    period = Period(grain.ceil(NOBODY), grain)
    return Request(wiki, grain, Range(period.start, period.end), choices(dataset.spans, {})[0])


