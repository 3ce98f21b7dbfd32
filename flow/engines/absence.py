"""Why a wiki's tables are not where its settings say, as far as the database shows it."""

from __future__ import annotations

from flow.engines import Engine
from flow.engines.examination import Whereabouts
from flow.wiki.schema import REQUIRED, Kind

MOST_TOLD = 3


def cause(wiki: str, kind: Kind, engine: Engine) -> str:
    """What to do about a database without any of the tables of ``kind``, in the order of what is surest."""
    table = max(REQUIRED[kind], key=len)
    found, setting = engine.whereabouts(table), f"set {kind} in [wikis.{wiki}]"
    if found.database is None:
        return f"its URL names no database: {setting} to one such as mysql+pymysql://host/database"
    if not found.tables:
        return f"the account sees no table at all there: grant it SELECT, or {setting} to the URL of another database"
    prefixes = _prefixes(kind, table, found)
    if prefixes:
        return f"there are such tables {_with(prefixes, wiki)}"
    if found.others:
        return f"database {_some(found.others)} has them: {setting} to its URL"
    return f"{setting} to the URL of the database that holds them"


def _prefixes(kind: Kind, table: str, found: Whereabouts) -> list[str]:
    """Each text that stands before all of the tables of ``kind``."""
    candidates = sorted(name.removesuffix(table) for name in found.tables if name.endswith(table))
    return [prefix for prefix in candidates if all(prefix + name in found.tables for name in REQUIRED[kind])]


def _with(prefixes: list[str], wiki: str) -> str:
    if prefixes == [""]:
        return f"without a prefix: remove prefix from [wikis.{wiki}]"
    shown = _some(tuple(prefix for prefix in prefixes if prefix))
    return f"with the prefix {shown}: set prefix in [wikis.{wiki}] to that of this wiki, $wgDBprefix in its LocalSettings.php"


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:MOST_TOLD])
    return f"{shown} and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else shown
