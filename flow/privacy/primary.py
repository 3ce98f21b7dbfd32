"""Withholds the numbers below the threshold, and what is made from them, before anything is written."""

from __future__ import annotations

from flow.datasets.dataset import Dataset
from flow.privacy.policy import Rules

#: Why a cell is withheld, in the words of ``suppressed.csv``.
FEW = "few"
MADE_OF = "made of few"
OTHERS = "protects others"
BY_GRAIN = "not by this grain"

Rows = dict[str, list[str]]
#: For each column, the dates of its withheld cells and why each is.
Marks = dict[str, dict[str, str]]


def withhold(dataset: Dataset, rules: Rules, rows: Rows, before: Marks | None = None) -> tuple[Rows, Marks]:
    """``rows``, texts of all columns of ``dataset`` keyed by date, with the withheld ones empty; and which these are.

    ``before``: the cells that are withheld already, for what they are made from.
    """
    kept = {date: list(texts) for date, texts in rows.items()}
    marks: Marks = {column: dict(dates) for column, dates in (before or {}).items()}
    for date, texts in kept.items():
        few = {c.id for c, text in zip(dataset.columns, texts, strict=True) if rules.is_sensitive(c) and _is_few(text, rules)}
        for column in few:
            marks.setdefault(column, {})[date] = FEW
    marks = with_derived(dataset, rules, marks)
    return blanked(dataset.column_ids, kept, marks), marks


def _is_few(text: str, rules: Rules) -> bool:
    return text != "" and 1 <= int(text) < rules.threshold


def with_derived(dataset: Dataset, rules: Rules, marks: Marks) -> Marks:
    """``marks`` and those of what is made from the cells that they name."""
    found = {column: dict(dates) for column, dates in marks.items()}
    for column in dataset.columns:
        for source in rules.made_of(dataset, column):
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
