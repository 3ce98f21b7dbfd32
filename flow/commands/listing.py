"""``list``: the datasets there are, or one of them with its full definition."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from flow import terminal
from flow.datasets.catalog import Catalog
from flow.datasets.column import Column
from flow.datasets.dataset import Dataset
from flow.datasets.naming import derived_ids
from flow.datasets.parts import near
from flow.datasets.period import Grain
from flow.datasets.relation import Relation, describe
from flow.datasets.sqltext import comment_of
from flow.datasets.transform import SAID
from flow.engines.sources import Sources
from flow.errors import FlowError, Unreachable, UsageError
from flow.pipeline.beginnings import Beginnings
from flow.pipeline.standing import Standing
from flow.settings import Settings, Wiki
from flow.sql.reference import macros

#: A name with parentheses behind it is a macro's or a relation's: topics().
CALL = re.compile(r"(\w+)\s*\(.*\)?")
#: How wide a line of the list of macros is at most.
LINE = 130
BOTS = """A bot is any account that is, or ever was, in the groups bot or flow-bot, and the system user "Flow talk page
manager". What a bot does is left out, and counted in by_bots where there is such a column. --set bots=in counts it."""


def list_all(catalog: Catalog) -> int:
    """Prints a line for each dataset; says which scripts are broken."""
    rows = [[dataset.id, _source(dataset), dataset.title, ", ".join(dataset.column_ids)] for dataset in catalog.datasets.values()]
    terminal.table(["dataset", "source", "title", "columns"], sorted(rows))
    return _broken(catalog)


def list_for(catalog: Catalog, settings: Settings, wiki: str, ids: Sequence[str]) -> int:
    """Prints from when on a wiki has numbers of the datasets ``ids``, or why it has none; 3 if no database answers."""
    datasets = [catalog.get(id) for id in sorted(ids)]
    where = settings.wiki(wiki)
    with Sources(settings) as sources:
        standing = Standing(catalog, Beginnings(catalog, sources, {}).first_day)
        rows = [[dataset.id, _source(dataset), _describe(standing, dataset, where)] for dataset in datasets]
        is_unreached = sources.unreached() > 0 and not sources.reached()
    terminal.table(["dataset", "source", f"on {wiki}"], rows)
    return _broken(catalog) or (Unreachable.exit_code if is_unreached else 0)


def _describe(standing: Standing, dataset: Dataset, wiki: Wiki) -> str:
    why = standing.absence(dataset, wiki)
    if why:
        return f"left out: {why}"
    try:
        first = standing.begin(dataset, wiki, Grain.DAY)
    except FlowError as error:
        return f"failed: {error}"
    return f"from {first}" if first else "nothing yet"


def _broken(catalog: Catalog) -> int:
    for error in catalog.broken.values():
        terminal.aside(f"failed: {error}")
        terminal.show_excerpt(error.excerpt)
    return 1 if catalog.broken else 0


def list_macros(catalog: Catalog) -> int:
    """Prints a line for each relation and macro that SQL may use."""
    relations = [describe(name, sql) for name, sql in catalog.relations.items() if "." not in name]
    lines = {f"{each.name}()": each.brief for each in sorted(relations, key=lambda each: each.name)}
    lines |= {macro.signature: macro.brief.replace("``", "") for macro in macros().values()}
    for name, says in lines.items():
        start = f"{name:<30}  "
        print(start + textwrap.shorten(says, LINE - len(start), placeholder=" …"))
    return 0


def list_call(catalog: Catalog, name: str) -> int:
    """Prints what there is to know of the relation or the macro ``name``. Raises UsageError if there is none."""
    if name in catalog.relations:
        _print_relation(describe(name, catalog.relations[name]))
    elif name in macros():
        macro = macros()[name]
        print(f"{macro.signature}\n\n{macro.says.replace('``', '')}\n\nExample, in a dataset of {macro.source}:\n")
        print(textwrap.indent(macro.example, "  "))
    else:
        known = [*macros(), *(each for each in catalog.relations if "." not in each)]
        raise UsageError(f"there is no macro or relation '{name}'; {near(name, sorted(known))}")
    return 0


def _print_relation(relation: Relation) -> None:
    print(f"{relation.name}(), of {relation.source or 'a source of its own'}\n\n{textwrap.fill(relation.about, 110)}\n")
    terminal.table(["column", "unit", "meaning"], [[*column] for column in relation.columns])
    if relation.example:
        print("\nExample:\n\n" + textwrap.indent(relation.example, "  "))


def list_one(catalog: Catalog, id: str) -> int:
    """Prints what ``list_call`` does for a name with parentheses, and for one that no dataset has; else all of a dataset."""
    call = CALL.fullmatch(id)
    if call or (id not in catalog.ids and (id in macros() or id in catalog.relations)):
        return list_call(catalog, call[1] if call else id)
    return list_dataset(catalog, id)


def list_dataset(catalog: Catalog, id: str) -> int:
    """Prints everything there is to know of one dataset: columns, units, what counts, what is left out."""
    dataset = catalog.get(id)
    print(f"{dataset.id}: {dataset.title}\n")
    print(dataset.about + "\n")
    print(f"Source: {_source(dataset)}{f', from {dataset.since}' if dataset.since else ''}\n")
    terminal.table(["column", "label", "unit", "days add up"], _columns(dataset))
    for name, each in derived_ids(dataset).items():
        print(f"\nDerived from what is published: {name}, {SAID[each.kind]} of {', '.join(each.columns)}")
    if dataset.spans:
        print("\nLengths of time, to be changed with --set:")
        for name, span in dataset.spans.items():
            print(f"  {name}={span}{' (numbers settle when it has passed)' if name == dataset.settles else ''}")
    print("\n" + textwrap.fill(" ".join(BOTS.split()), 110))
    for name in _relations(catalog, dataset):
        print(f"\n{name}.sql:\n" + textwrap.indent(comment_of(catalog.relations[name]), "  "))
    return 0


def _source(dataset: Dataset) -> str:
    names = [f"{id} (if there)" if id in dataset.optional else id for id in dataset.inputs]
    return dataset.source or f"made from {' and '.join(names)}"


def _columns(dataset: Dataset) -> list[list[str]]:
    return [[c.id, c.label, _unit(c), "yes" if c.additive else "no"] for c in dataset.columns]


def _unit(column: Column) -> str:
    gaps = "; empty where nothing could tell it" if column.gaps else ""
    return f"{column.unit.name}: {column.unit.said}{gaps}"


def _relations(catalog: Catalog, dataset: Dataset) -> list[str]:
    sql = [catalog.datasets[id] for id in catalog.with_inputs([dataset.id])]
    return sorted({name for each in sql for name in catalog.relations_of(each) if "." not in name})
