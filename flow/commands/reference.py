"""The lists of ``docs/queries.md`` that are made from the code: macros, relations, and what a case can say.

``python -m flow.commands.reference docs/queries.md`` writes them anew, between the marks that the file has for each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from flow.cases.acts import RULES
from flow.cases.case import is_required, keys
from flow.cases.stage import VERBS
from flow.datasets.catalog import Catalog, load
from flow.datasets.relation import describe
from flow.sql.reference import macros

#: Where a list begins, and where it ends; what is between them is written by ``make docs``.
BEGIN, END = "<!-- {name}: made by make docs -->", "<!-- end of {name} -->"


def update(text: str, catalog: Catalog) -> str:
    """``text`` with each of the lists between its marks. Raises ValueError where a mark is missing."""
    for name, lines in _lists(catalog).items():
        begin, end = BEGIN.format(name=name), END.format(name=name)
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the mark {begin} must stand in it, and {end} below it")
        text = before + "\n\n".join([begin, "\n".join(lines).strip(), end]) + after
    return text


def _lists(catalog: Catalog) -> dict[str, list[str]]:
    return {"relations": [*_relations(catalog)], "macros": [*_macros()], "cases": [*_keys()], "verbs": [*_verbs()]}


def _relations(catalog: Catalog) -> Iterator[str]:
    for name in sorted(name for name in catalog.relations if "." not in name):
        relation = describe(name, catalog.relations[name])
        yield from (f"### `{name}()`", "", f"Source: {relation.source}. {relation.about}", "")
        yield from ("| column | unit | meaning |", "| --- | --- | --- |")
        yield from (f"| `{column}` | {unit} | {meaning} |" for column, unit, meaning in relation.columns)
        yield from ("", "```sql", relation.example, "```", "")


def _macros() -> Iterator[str]:
    for macro in macros().values():
        of = f' In a dataset with `source="{macro.source}"`:' if macro.source != "flow" else ""
        says = " ".join(macro.says.replace("``", "`").split())
        yield from (f"### `{macro.signature}`", "", says + of, "", "```sql", macro.example, "```", "")


def _keys() -> Iterator[str]:
    yield from ("| key | | what it is |", "| --- | --- | --- |")
    for name, key in keys().items():
        yield f"| `{name}` | {key.metadata['kind']}{'' if is_required(key) else ', optional'} | {key.metadata['says']} |"


def _verbs() -> Iterator[str]:
    yield from (" ".join(RULES.split()), "")
    yield from ("| verb and object | what happens |", "| --- | --- |")
    yield from (f"| `{verb.example.replace('|', chr(92) + '|')}` | {verb.says} |" for verb in VERBS.values())


def main(path: Path) -> None:
    """Writes the lists of a file anew."""
    queries = Path(__file__).parents[2] / "queries"
    path.write_text(update(path.read_text("utf-8"), load(queries)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
