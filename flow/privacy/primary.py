"""Withholds the numbers below the threshold, and what is made from them, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from flow.datasets.dataset import Dataset
from flow.privacy.policy import Rules

Rows = dict[str, list[str]]
#: For each column, the dates of its withheld cells. Why a cell is withheld is kept nowhere: it would tell of its number.
Marks = Mapping[str, AbstractSet[str]]


def withhold(dataset: Dataset, rules: Rules, rows: Rows, before: Marks | None = None) -> tuple[Rows, Marks]:
    """``rows``, texts of all columns of ``dataset`` keyed by date, with the withheld ones empty; and which these are.

    ``before``: the cells that are withheld already, for what they are made from.
    """
    few = [
        {column.id: {date}}
        for date, texts in rows.items()
        for column, text in zip(dataset.columns, texts, strict=True)
        if rules.is_sensitive(column) and is_few(text, rules)
    ]
    marks = add_dependent_marks(dataset, rules, joined(before or {}, *few))
    return blanked(dataset.column_ids, rows, marks), marks


def is_few(text: str, rules: Rules) -> bool:
    """Whether a number is small."""
    return text.isdecimal() and 1 <= int(text) < rules.threshold


def joined(*marks: Marks) -> dict[str, set[str]]:
    """All marks together."""
    found: dict[str, set[str]] = {}
    for each in marks:
        for column, dates in each.items():
            found.setdefault(column, set()).update(dates)
    return found


def add_dependent_marks(dataset: Dataset, rules: Rules, marks: Marks) -> dict[str, set[str]]:
    """``marks`` and those of what is made from the cells that they name."""
    derived = [
        {column.id: marks[source]}
        for column in dataset.columns
        for source in rules.made_of(dataset, column)
        if marks.get(source)
    ]
    return joined(marks, *derived)


def blanked(column_ids: list[str], rows: Rows, marks: Marks) -> Rows:
    """``rows`` with the cells empty that ``marks`` names."""
    kept = {date: list(texts) for date, texts in rows.items()}
    for column, dates in marks.items():
        if column in column_ids:
            place = column_ids.index(column)
            for date in dates & kept.keys():
                kept[date][place] = ""
    return kept
