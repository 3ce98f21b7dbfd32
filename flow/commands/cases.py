"""``test``: runs the cases beside query scripts, and shows where what comes out is not what was wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from flow import terminal
from flow.cases.acts import RULES
from flow.cases.case import BadCase, Case, is_required, keys, load
from flow.cases.stage import VERBS
from flow.datasets.catalog import Catalog, find_scripts
from flow.datasets.parts import near
from flow.errors import FlowError, UsageError

if TYPE_CHECKING:
    from flow.cases.run import Fill, Outcome


def describe() -> str:
    """All that a case can say, for ``--help``: its keys, and the verbs of what people do, each with an example."""
    optional = {name: "" if is_required(key) else "; may be left out" for name, key in keys().items()}
    said = [f"  {name:<17} {key.metadata['says']}{optional[name]}" for name, key in keys().items()]
    verbs = [line for verb in VERBS.values() for line in (f"  {verb.example}", f"      {verb.says}")]
    head = f"What people do, in given, as in '{ACT}':"
    return "\n".join(["\b", "What a [[case]] says:", *said, "", "\b", head, *verbs, "", RULES])


ACT = "2024-01-05 10:00:00 | Ann | opens | T1 on Talk:Alpha"


def test(catalog: Catalog, folders: Sequence[Path], ids: Sequence[str], url: str | None, credentials: Path | None) -> int:
    """Runs the cases of ``ids``, or all, and prints those that fail; 1 if any does. Raises UsageError for an unknown id."""
    for id in ids:
        if id not in catalog.ids:
            raise UsageError(f"there is no dataset '{id}'; {near(id, catalog.ids)}")
    files = {path.stem: path.with_suffix(".toml") for path in find_scripts(list(folders))}
    chosen = {id: files[id] for id in ids or catalog.ids if ids or files[id].is_file()}
    with ExitStack() as stack:
        fills = _fills(stack, url, credentials)
        failed = [id for id, path in chosen.items() if not _is_well(catalog, id, path, fills)]
    lacking = [id for id in catalog.ids if not files[id].is_file()] if not ids else []
    if lacking:
        terminal.aside(f"without a case: {', '.join(lacking)}")
    return 1 if failed else 0


def _fills(stack: ExitStack, url: str | None, credentials: Path | None) -> dict[str, Fill]:
    """What makes the wiki of a case, by the name of each engine that is asked for; made once."""
    from flow.cases.run import in_mariadb, in_sqlite

    fills = {"sqlite": in_sqlite(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cases"))))}
    if url:
        from flow.engines.scratch import open_scratch
        from flow.simulate.load import into_mariadb

        connection = stack.enter_context(open_scratch(url, credentials))
        into_mariadb(connection)
        fills["mariadb"] = in_mariadb(connection, url, credentials)
    return fills


def _is_well(catalog: Catalog, id: str, path: Path, fills: Mapping[str, Fill]) -> bool:
    """Runs the cases of one dataset on each engine; prints a line, or what is wrong with each that fails."""
    try:
        catalog.get(id)
        outcomes = list(_run(catalog, id, load(path), fills))
    except FlowError as error:
        terminal.verdict("fail", f"{id}: {error}")
        return False
    bad = [(engine, outcome) for engine, outcome in outcomes if not outcome.is_well]
    for engine, outcome in bad:
        _show(id, engine, outcome)
    if not bad:
        many = len(outcomes) // len(fills)
        terminal.verdict("ok", f"{id}: {many} case{'s' * (many != 1)} on {' and '.join(fills)}")
    return not bad


def _run(catalog: Catalog, id: str, cases: Sequence[Case], fills: Mapping[str, Fill]) -> Iterator[tuple[str, Outcome]]:
    from flow.cases.run import run

    for engine, fill in fills.items():
        yield from ((engine, run(catalog, id, case, fill)) for case in cases)


def _show(id: str, engine: str, outcome: Outcome) -> None:
    from flow.cases.difference import tabulate

    case = outcome.case
    where = "" if isinstance(outcome.error, BadCase) else f"{case.path}:{case.line}: "
    terminal.verdict("fail", f"{id}, on {engine}: {where}{case.name}{f': {outcome.error}' if outcome.error else ''}")
    if not outcome.error:
        terminal.table(*tabulate(case.expected, outcome.got), numbers=True)
