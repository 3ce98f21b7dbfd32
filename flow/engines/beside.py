"""The core tables of a wiki beside another of its sources: joined where both are in one database, on one server, or files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flow.errors import AbsentSource, DatasetError, SchemaError
from flow.settings import Wiki
from flow.sql.beside import CoreTables, own

if TYPE_CHECKING:
    from flow.engines.source import Source


def name_core_tables(wiki: Wiki, source: Source, core: Source) -> CoreTables:
    """How queries of ``source`` can name the tables of ``core``.

    Raises AbsentSource where both are on different servers, SchemaError where the account of the one cannot read the other.
    """
    if wiki.sources[source.kind] == wiki.sources["core"]:
        return own(core.profile)
    if not wiki.joins_core(source.kind):
        raise AbsentSource(f"wiki '{wiki.id}': {wiki.describe_apart(source.kind)}")
    source.engine.open_beside(wiki.sources["core"])
    tables = CoreTables(core.profile, core.engine.qualify)
    try:
        source.engine.read(f"SELECT 1 AS one FROM {tables.name('user')} LIMIT 1", {})
    except DatasetError as error:
        what = f"wiki '{wiki.id}': the account of its {source.kind.capitalize()} tables cannot read its core tables"
        raise SchemaError(f"{what}, which a dataset joins: {error}; grant it SELECT on their database") from error
    return tables
