"""Withholds the numbers below the threshold, and what is made from them, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from flow.column import Column
from flow.dataset import Dataset
from flow.privacy.policy import Rules

#: Why a cell is withheld, in the words of ``suppressed.csv``.
FEW = "few"
MADE_OF = "made of few"
OTHERS = "protects others"

Rows = dict[str, list[str]]
#: For each column, the dates of its withheld cells and why each is.
Marks = dict[str, dict[str, str]]


def withhold(made: Dataset, rules: Rules, rows: Rows, blank_inputs: Mapping[str, bool] | None = None) -> tuple[Rows, Marks]:
    """``rows``, texts of all columns of ``made`` keyed by date, with the withheld ones empty; and which these are.

    ``blank_inputs``: the dates for which a table that ``made`` is made from has a withheld cell. What is empty there,
    and could not be empty otherwise, was made from it.
    """
    kept = {date: list(texts) for date, texts in rows.items()}
    marks: Marks = {}
    for date, texts in kept.items():
        for column, why in _withheld(made, rules, texts, bool(blank_inputs and blank_inputs.get(date))).items():
            texts[made.column_ids.index(column)] = ""
            marks.setdefault(column, {})[date] = why
    return kept, marks


def _withheld(made: Dataset, rules: Rules, texts: list[str], blank_inputs: bool) -> dict[str, str]:
    by_id = dict(zip(made.column_ids, texts, strict=True))
    found = {c.id: FEW for c in made.columns if rules.is_sensitive(c) and _is_few(by_id[c.id], rules)}
    for column in made.columns:
        lacks = blank_inputs and by_id[column.id] == "" and _could_not_be_empty(column, by_id)
        if lacks or set(rules.made_of(made, column)) & found.keys():
            found.setdefault(column.id, MADE_OF)
    return found


def _could_not_be_empty(column: Column, texts: Mapping[str, str]) -> bool:
    """Whether an empty cell must come from an empty one: a count is never empty, a share has what it is made of."""
    return column.unit.quiet == "0" or not column.of or any(texts.get(id) == "" for id in column.of)


def _is_few(text: str, rules: Rules) -> bool:
    return text != "" and 1 <= int(text) < rules.threshold


def with_derived(made: Dataset, rules: Rules, marks: Marks) -> Marks:
    """``marks`` and those of what is made from the cells that they name."""
    found = {column: dict(dates) for column, dates in marks.items()}
    for column in made.columns:
        for source in rules.made_of(made, column):
            for date in marks.get(source, {}):
                found.setdefault(column.id, {}).setdefault(date, MADE_OF)
    return found


def blanked(column_ids: list[str], rows: Rows, marks: Marks) -> Rows:
    """``rows`` with the cells empty that ``marks`` names."""
    kept = {date: list(texts) for date, texts in rows.items()}
    for column, dates in marks.items():
        if column in column_ids:
            place = column_ids.index(column)
            for date in dates.keys() & kept.keys():
                kept[date][place] = ""
    return kept
