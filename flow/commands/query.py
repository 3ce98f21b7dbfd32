"""``query`` and ``sql``: compute a dataset for a range and print it, or print the SQL that does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flow import terminal
from flow.catalog import Catalog
from flow.column import Column
from flow.dataset import Dataset
from flow.engines.sources import Sources
from flow.errors import UsageError
from flow.period import Grain, Period, Range, left_over, runs, whole_periods
from flow.privacy.few import Marks, Rows, withhold
from flow.privacy.policy import Policy
from flow.question import choices
from flow.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings
from flow.shelf.csvfile import written


@dataclass(frozen=True, slots=True)
class Question:
    """What one dataset is asked for. ``set``: the words of ``--set``, by name."""

    dataset: str
    wiki: str
    since: date
    until: date
    grain: Grain
    set: Mapping[str, str]


def query(settings: Settings, catalog: Catalog, question: Question, now: datetime, format: str) -> int:
    """Computes and prints; publishes nothing."""
    made = catalog.get(question.dataset)
    settings.wiki(question.wiki)
    chosen = _choices(catalog, made, question)
    rows: Rows = {}
    withheld = 0
    with Sources(settings) as sources:
        answer = Answer(Reader(catalog, sources), settings.privacy, question.wiki, chosen)
        for run in runs(_periods(question, now), MOST_PERIODS[question.grain]):
            with terminal.working(f"Reading {made.id}, {run[0]} to {run[-1].end}"):
                found, marks = answer.rows(made, run)
                rows |= found
                withheld += sum(map(len, marks.values()))
    PRINTERS[format](made, rows)
    if withheld:
        terminal.aside(f"{withheld} small numbers of people, and what is made from them, are withheld; see PRIVACY.md")
    return 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Computes for one wiki, with small numbers of people withheld."""

    reader: Reader
    policy: Policy
    wiki: str
    chosen: Choices

    def rows(self, made: Dataset, run: list[Period]) -> tuple[Rows, Marks]:
        """The texts of each period of ``run``, and which are withheld."""
        rules = self.policy.rules(self.wiki, made.id)
        if not made.compute:
            return withhold(made, rules, self.reader.rows(made, self.wiki, run, self.chosen))
        inputs = {id: self.reader.catalog.get(id) for id in made.inputs}
        found = {id: self.rows(input, run) for id, input in inputs.items()}
        tables = {id: (input.column_ids, found[id][0]) for id, input in inputs.items()}
        blanks = {id: marks for id, (_, marks) in found.items()}
        return withhold(made, rules, *self.reader.computed(made, tables, run, blanks))


def sql(settings: Settings, catalog: Catalog, question: Question) -> int:
    """Prints the SQL of a dataset, or of those that it is made from, ready to paste into the engine's client."""
    made = catalog.get(question.dataset)
    settings.wiki(question.wiki)
    chosen = _choices(catalog, made, question)
    asked = [catalog.get(id) for id in catalog.with_inputs([made.id])]
    with Sources(settings) as sources:
        reader = Reader(catalog, sources)
        for each in (each for each in asked if each.sql):
            for run in runs(_periods(question, None), MOST_PERIODS[question.grain]):
                source, found = reader.query(each, question.wiki, run, chosen)
                print(f"-- {each.id}, {question.wiki}, {run[0]} to {run[-1].end} by {question.grain}")
                print(source.engine.paste(found))
    return 0


def _choices(catalog: Catalog, made: Dataset, question: Question) -> Choices:
    spans = {name: text for id in catalog.with_inputs([made.id]) for name, text in catalog.get(id).spans.items()}
    return Choices(*choices(spans, question.set))


def _periods(question: Question, now: datetime | None) -> list[Period]:
    """The whole periods of the range that are over; what is left out is said. Raises UsageError if none is left."""
    days, grain = Range(question.since, question.until), question.grain
    if not days:
        raise UsageError(f"--since {days.since} must be before --until {days.until}")
    for part in left_over(days, grain):
        terminal.aside(f"{part} is no whole {grain}, and left out")
    whole = whole_periods(days, grain)
    over = [period for period in whole if now is None or period.ends <= now]
    if len(over) < len(whole):
        terminal.aside(f"{Range(whole[len(over)].start, whole[-1].end)} is not over yet, and left out")
    if not over:
        raise UsageError(f"there is no whole {grain} in {days} that is over")
    return over


def _table(made: Dataset, rows: Rows) -> None:
    terminal.table(["date", *made.column_ids], ([day, *cells] for day, cells in rows.items()), numbers=True)


def _csv(made: Dataset, rows: Rows) -> None:
    sys.stdout.write(written(made.column_ids, rows))


def _json(made: Dataset, rows: Rows) -> None:
    print(json.dumps([{"date": day} | _numbers(made, cells) for day, cells in rows.items()], indent=1))


def _numbers(made: Dataset, cells: Sequence[str]) -> dict[str, int | float | None]:
    return {column.id: _number(column, cell) for column, cell in zip(made.columns, cells, strict=True)}


def _number(column: Column, cell: str) -> int | float | None:
    if cell == "":
        return None
    return float(cell) if column.unit.decimals else int(cell)


PRINTERS: dict[str, Callable[[Dataset, Rows], None]] = {"table": _table, "csv": _csv, "json": _json}
