"""The columns that others depend on, looked up in the datasets that they name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.datasets.dataset import Dataset


def faults_of_parts(id: str, datasets: Mapping[str, Dataset], ids: Sequence[str]) -> Iterator[str]:
    """What is wrong with the columns of other datasets that a dataset names, each a phrase for a person.

    ``datasets``: those that load; ``ids``: of all query scripts, broken ones too, of which the columns are not known.
    """
    for place, (other, _, column), is_summed in _find_names(datasets[id]):
        where = f"{place} names '{column if other in ('', id) else f'{other}.{column}'}'"
        dataset = datasets.get(other or id)
        columns = {each.id: each.unit for each in dataset.columns} if dataset else {}
        if other and other not in ids:
            yield f"{where}, and there is no dataset '{other}'; {near(other, ids)}"
        elif dataset and column not in columns:
            yield f"{where}, and {dataset.id} has no column '{column}'; {near(column, list(columns))}"
        elif dataset and is_summed and columns[column] not in (BYTES, COUNT, PEOPLE):
            yield f"{where}, which is no number of things, people or bytes"


def _find_names(dataset: Dataset) -> Iterator[tuple[str, tuple[str, str, str], bool]]:
    """Each column that is named: where, its dataset and itself, and whether it must be a number that adds up."""
    for total, parts in dataset.adds_up.items():
        for parted in ((dataset.id, ".", total), *(name.rpartition(".") for name in parts)):
            yield f"adds_up '{total}'", parted, True
    for column in dataset.columns:
        named = {"of": column.of, "acts": column.acts, "groups": column.groups, "among": filter(None, [column.among])}
        for what, names in named.items():
            yield from ((f"{what} of '{column.id}'", name.rpartition("."), False) for name in names)


def near(name: str, names: Sequence[str], there_is: str = "there is") -> str:
    """What a name that is not among ``names`` may have been meant for, as a phrase."""
    found = difflib.get_close_matches(name, names, 1)
    return f"did you mean '{found[0]}'?" if found else f"{there_is} {', '.join(names) or 'none'}"
