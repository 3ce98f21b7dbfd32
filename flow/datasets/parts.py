"""The columns that others are the sum of, looked up in the datasets that they name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from flow.datasets.column import BYTES, COUNT, PEOPLE
from flow.datasets.dataset import Dataset


def faults_of_parts(id: str, datasets: Mapping[str, Dataset], ids: Sequence[str]) -> Iterator[str]:
    """What is wrong with the columns that a dataset's ``adds_up`` names, each a phrase for a person.

    ``datasets``: those that load; ``ids``: of all query scripts, broken ones too, of which the columns are not known.
    """
    for total, parts in datasets[id].adds_up.items():
        for other, _, column in ((id, ".", total), *(name.rpartition(".") for name in parts)):
            where = f"adds_up '{total}' names '{column if other in ('', id) else f'{other}.{column}'}'"
            dataset = datasets.get(other or id)
            columns = {each.id: each.unit for each in dataset.columns} if dataset else {}
            if other and other not in ids:
                yield f"{where}, and there is no dataset '{other}'; {near(other, ids)}"
            elif dataset and column not in columns:
                yield f"{where}, and {dataset.id} has no column '{column}'; {near(column, list(columns))}"
            elif dataset and columns[column] not in (BYTES, COUNT, PEOPLE):
                yield f"{where}, which is no number of things, people or bytes"


def near(name: str, names: Sequence[str]) -> str:
    """What a name that is not among ``names`` may have been meant for, as a phrase."""
    found = difflib.get_close_matches(name, names, 1)
    return f"did you mean '{found[0]}'?" if found else f"there is {', '.join(names) or 'none'}"
