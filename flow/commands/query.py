"""``query`` and ``sql``: compute a dataset for a range and print it, or print the SQL that does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flow import terminal
from flow.commands.gutter import add_gutter
from flow.datasets.catalog import Catalog
from flow.datasets.column import Column
from flow.datasets.dataset import Dataset
from flow.datasets.gaps import find_gaps
from flow.datasets.period import FIRST_DAY, LAST_DAY, Grain, Period, Range, left_over, midnight, runs, whole_periods
from flow.engines.lag import gather
from flow.engines.sources import Sources
from flow.errors import AbsentSource, UsageError
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.privacy.policy import Policy
from flow.privacy.primary import Marks, Rows, withhold
from flow.settings import Settings
from flow.shelf.csvfile import render
from flow.sql.request import choices


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """What one dataset is asked for. ``set``: the words of ``--set``, by name."""

    dataset: str
    wiki: str
    since: date
    until: date
    grain: Grain
    set: Mapping[str, str]


def query(settings: Settings, catalog: Catalog, options: QueryOptions, now: datetime, format: str) -> int:
    """Computes and prints; publishes nothing."""
    dataset = catalog.get(options.dataset)
    settings.wiki(options.wiki)
    chosen = _choices(catalog, dataset, options)
    periods = _periods(options, now, *_limits(settings, catalog, options))
    _check_snapshots(catalog, options, periods, now)
    rows: Rows = {}
    withheld = gaps = 0
    with Sources(settings) as sources:
        answer = Answer(Reader(catalog, sources), settings.privacy, options.wiki, chosen)
        for run in runs(periods, MOST_PERIODS[options.grain]):
            with terminal.working(f"Reading {dataset.id}, {run[0]} to {run[-1].end}"):
                found, marks = answer.rows(dataset, run)
                rows |= found
                withheld += sum(map(len, marks.values()))
                gaps += sum(map(len, find_gaps(dataset, found, marks).values()))
        unproved = _unproved(sources, catalog, options, periods, now)
    PRINTERS[format](dataset, rows)
    if unproved:
        terminal.aside(unproved)
    if withheld:
        terminal.aside(f"{withheld} small numbers of people, and what is made from them, are withheld; see PRIVACY.md")
    if gaps:
        terminal.aside(f"{gaps} empty cells are gaps: nothing could tell their numbers")
    return 0


def _unproved(sources: Sources, catalog: Catalog, options: QueryOptions, periods: list[Period], now: datetime) -> str:
    """Which of ``periods`` begin after the newest row: their zeros may be rows that have not come yet."""
    kinds = [kind for kind in catalog.sources(options.dataset) if kind in sources.settings.wiki(options.wiki).sources]
    proved = [_proved_until(sources, options.wiki, kind, now) for kind in kinds]
    until = min((instant for instant in proved if instant), default=None)
    late = [period for period in periods if until and midnight(period.start) > until]
    if not until or not late:
        return ""
    what = f"the newest row is of {until:%Y-%m-%d %H:%M}"
    return f"{what}: nothing proves that the {options.grain}s from {late[0]} on are complete"


def _proved_until(sources: Sources, wiki: str, kind: str, now: datetime) -> datetime | None:
    try:
        return gather(sources, wiki, kind, now).proved_until(now)
    except AbsentSource:  # of an optional input
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """Computes for one wiki, with small numbers of people withheld."""

    reader: Reader
    policy: Policy
    wiki: str
    chosen: Choices

    def rows(self, dataset: Dataset, run: list[Period]) -> tuple[Rows, Marks]:
        """The texts of each period of ``run``, and which are withheld."""
        rules = self.policy.rules(self.wiki, dataset.id)
        if not dataset.compute:
            return withhold(dataset, rules, self.reader.rows(dataset, self.wiki, run, self.chosen))
        found = list(self.reader.inputs(dataset, lambda input: self.rows(input, run)))
        tables = {input.id: (input.column_ids, rows) for input, (rows, _) in found}
        blanks = {input.id: marks for input, (_, marks) in found}
        threshold = self.policy.largest_threshold(self.wiki, dataset.inputs)
        return withhold(dataset, rules, *self.reader.compute(dataset, tables, run, blanks, threshold))


def sql(settings: Settings, catalog: Catalog, options: QueryOptions, lines: bool) -> int:
    """Prints the SQL of a dataset, or of those that it is made from, ready to paste into the engine's client.

    ``lines``: with the line of the script or the relation beside each.
    """
    dataset = catalog.get(options.dataset)
    settings.wiki(options.wiki)
    chosen = _choices(catalog, dataset, options)
    asked = [catalog.get(id) for id in catalog.with_inputs([dataset.id])]
    with Sources(settings) as sources:
        reader = Reader(catalog, sources)
        for each in (each for each in asked if each.sql):
            for run in runs(_periods(options, None, *_limits(settings, catalog, options)), MOST_PERIODS[options.grain]):
                try:
                    source, found = reader.query(each, options.wiki, run, chosen)
                except AbsentSource as error:
                    if each.id in catalog.required(dataset.id):
                        raise
                    print(f"-- {each.id}: left out, {error}")
                    break
                print(f"-- {each.id}, {options.wiki}, {run[0]} to {run[-1].end} by {options.grain}")
                text = source.engine.paste(found)
                print(add_gutter(text, reader.places(each, options.wiki, run, chosen)) if lines else text)
    return 0


def _check_snapshots(catalog: Catalog, options: QueryOptions, periods: Sequence[Period], now: datetime) -> None:
    """Raises UsageError if a snapshot is asked for other periods than the newest that is over: it is only known now."""
    snapshots = [id for id in catalog.with_inputs([options.dataset]) if catalog.get(id).snapshot]
    newest = whole_periods(Range(options.since, now.date()), options.grain)[-1:]
    if snapshots and list(periods) != newest:
        what = f"{snapshots[0]} is a snapshot, which can be taken of the newest {options.grain} that is over only"
        raise UsageError(f"{what}: --since {newest[0].start} --until {newest[0].end}" if newest else what)


def _choices(catalog: Catalog, dataset: Dataset, options: QueryOptions) -> Choices:
    spans = {name: text for id in catalog.with_inputs([dataset.id]) for name, text in catalog.get(id).spans.items()}
    return Choices(*choices(spans, options.set))


def _limits(settings: Settings, catalog: Catalog, options: QueryOptions) -> tuple[date, date]:
    """The first and the last day that can have numbers, by ``since`` and ``until`` of the dataset, its inputs and the wiki."""
    wiki, sources = settings.wiki(options.wiki), catalog.sources(options.dataset, optional=False)
    sinces = [catalog.get(id).first_day for id in catalog.with_inputs([options.dataset])]
    first = max(filter(None, [*sinces, wiki.since]), default=FIRST_DAY)
    return first, min(filter(None, map(wiki.last_day, sources)), default=LAST_DAY)


def _periods(options: QueryOptions, now: datetime | None, begin: date, last: date) -> list[Period]:
    """The whole periods of the range that are over; what is left out is said. Raises UsageError if none is left."""
    days, grain = Range(options.since, options.until), options.grain
    if not days:
        raise UsageError(f"--since {days.since} must be before --until {days.until}")
    for part in left_over(days, grain):
        terminal.aside(f"{part} is no whole {grain}, and left out")
    if days.since < begin:
        terminal.aside(f"{Range(days.since, min(begin, days.until))} is before its since, and left out")
    if days.until > grain.next(grain.floor(last)):
        terminal.aside(f"what comes after its until, {last}, is left out")
    whole = [period for period in whole_periods(days, grain) if begin <= period.start <= last]
    over = [period for period in whole if now is None or period.ends <= now]
    if len(over) < len(whole):
        terminal.aside(f"{Range(whole[len(over)].start, whole[-1].end)} is not over yet, and left out")
    if not over:
        raise UsageError(f"there is no whole {grain} in {days} that is over")
    return over


def _table(dataset: Dataset, rows: Rows) -> None:
    terminal.table(["date", *dataset.column_ids], ([day, *cells] for day, cells in rows.items()), numbers=True)


def _csv(dataset: Dataset, rows: Rows) -> None:
    sys.stdout.write(render(dataset.column_ids, rows))


def _json(dataset: Dataset, rows: Rows) -> None:
    print(json.dumps([{"date": day} | _numbers(dataset, cells) for day, cells in rows.items()], indent=1))


def _numbers(dataset: Dataset, cells: Sequence[str]) -> dict[str, int | float | None]:
    return {column.id: _number(column, cell) for column, cell in zip(dataset.columns, cells, strict=True)}


def _number(column: Column, cell: str) -> int | float | None:
    if cell == "":
        return None
    return float(cell) if column.unit.decimals else int(cell)


PRINTERS: dict[str, Callable[[Dataset, Rows], None]] = {"table": _table, "csv": _csv, "json": _json}
