"""``list``: the datasets there are, or one of them with its full definition."""

from __future__ import annotations

import textwrap

from flow import terminal
from flow.catalog import Catalog
from flow.dataset import Dataset
from flow.sqltext import comment_of

BOTS = """A bot is any account that is, or ever was, in the groups bot or flow-bot, and the system user "Flow talk page
manager". What a bot does is left out, and counted in by_bots where there is such a column. --set bots=in counts it."""


def list_all(catalog: Catalog) -> int:
    """Prints a line for each dataset; says which scripts are broken."""
    rows = [[made.id, _source(made), made.title, ", ".join(made.column_ids)] for made in catalog.datasets.values()]
    terminal.table(["dataset", "source", "title", "columns"], sorted(rows))
    for error in catalog.broken.values():
        terminal.aside(f"failed: {error}")
    return 1 if catalog.broken else 0


def list_one(catalog: Catalog, id: str) -> int:
    """Prints everything there is to know of one dataset: columns, units, what counts, what is left out."""
    made = catalog.get(id)
    print(f"{made.id}: {made.title}\n")
    print(made.about + "\n")
    print(f"Source: {_source(made)}{f', from {made.since}' if made.since else ''}\n")
    terminal.table(["column", "label", "unit", "days add up"], _columns(made))
    if made.spans:
        print("\nLengths of time, to be changed with --set:")
        for name, span in made.spans.items():
            print(f"  {name}={span}{' (numbers settle when it has passed)' if name == made.settles else ''}")
    print("\n" + textwrap.fill(" ".join(BOTS.split()), 110))
    for name in _relations(catalog, made):
        print(f"\n{name}.sql:\n" + textwrap.indent(comment_of(catalog.relations[name]), "  "))
    return 0


def _source(made: Dataset) -> str:
    return made.source or f"made from {' and '.join(made.inputs)}"


def _columns(made: Dataset) -> list[list[str]]:
    return [[c.id, c.label, f"{c.unit.name}: {c.unit.said}", "yes" if c.additive else "no"] for c in made.columns]


def _relations(catalog: Catalog, made: Dataset) -> list[str]:
    sql = [catalog.datasets[id] for id in catalog.with_inputs([made.id])]
    return sorted({name for each in sql for name in catalog.relations_of(each) if "." not in name})
