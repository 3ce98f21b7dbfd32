"""The open databases of a run: each connected once, when first asked, and remembered when it cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flow.engines import Engine, connect, optionfile
from flow.engines.beside import name_core_tables
from flow.engines.prefixed import prefixed
from flow.engines.source import Source, probe, read_bots
from flow.errors import AbsentSource, FlowError, SchemaError, Unreachable
from flow.settings import Settings, Wiki
from flow.sql.beside import CoreTables
from flow.wiki.bots import Bots
from flow.wiki.schema import PROBED, REQUIRED, Kind


@dataclass(slots=True)
class Sources:
    """The sources of all wikis in ``settings``; a context manager that closes what it opened.

    ``bots_before``: how many accounts each wiki's groups of bots listed before, where that is known.
    """

    settings: Settings
    bots_before: dict[str, int] = field(default_factory=dict)
    _engines: dict[str, Engine | Unreachable] = field(default_factory=dict)
    _sources: dict[tuple[str, Kind], Source | FlowError] = field(default_factory=dict)
    _cores: dict[tuple[str, Kind], CoreTables] = field(default_factory=dict)
    _bots: dict[str, Bots] = field(default_factory=dict)
    _clocked: set[int] = field(default_factory=set)

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *failure: object) -> None:
        for engine in self._engines.values():
            if not isinstance(engine, Unreachable):
                engine.close()

    def get(self, wiki: str, kind: Kind) -> Source:
        """The ``kind`` tables of ``wiki``. Raises Unreachable or SchemaError, the same each time it is asked."""
        if (wiki, kind) not in self._sources:
            self._sources[wiki, kind] = self._found(wiki, kind)
        found = self._sources[wiki, kind]
        if isinstance(found, FlowError):
            raise found
        return found

    def on_same_server(self, wiki: str, kind: Kind) -> list[Source]:
        """The sources of ``wiki`` on the server of ``kind``, its own first: a new row in one shows that all are alive."""
        found = [self.get(wiki, kind)]
        for other in PROBED:
            if other != kind and self._server(wiki, other) == self._server(wiki, kind):
                with suppress(FlowError):
                    found.append(self.get(wiki, other))
        return found

    def engine(self, wiki: str, kind: Kind) -> Engine:
        """What the ``kind`` tables of ``wiki`` are read through, whatever tables there are. Raises Unreachable, SchemaError."""
        found = self.settings.wiki(wiki)
        if kind not in found.sources:
            raise AbsentSource(f"wiki '{wiki}' has no {kind.capitalize()}, say the settings")
        engine = self._engine(found, found.sources[kind])
        return self._prefixed(found, kind, engine) if found.prefix else engine

    def _prefixed(self, wiki: Wiki, kind: Kind, engine: Engine) -> Engine:
        """The wiki's tables behind a database; without the prefix, where a source has a database of its own that has them so."""
        found = prefixed(engine, wiki.prefix)
        is_shared = wiki.sources[kind] == wiki.sources["core"]
        return found if is_shared or found.tables.intersection(REQUIRED[kind]) else engine

    def bots(self, wiki: str) -> list[int]:
        """The user ids of the bots of ``wiki``, read once from its core tables.

        Raises SchemaError if some of those that were there before are missing, for they would be counted as people.
        """
        if wiki not in self._bots:
            self._bots[wiki] = read_bots(self.get(wiki, "core").engine)
        found, before = self._bots[wiki], self.bots_before.get(wiki, 0)
        if found.lacks_some(before):
            what = f"wiki '{wiki}': user_groups and user_former_groups list {found.ever} bots, and listed {before} before"
            raise SchemaError(f"{what}; mend these tables, or 'run --allow-shrink' if that is right")
        return found.ids

    def bots_listed(self) -> dict[str, int]:
        """How many bots each wiki's groups list, of those that were read and lack none."""
        return {wiki: found.ever for wiki, found in self._bots.items() if not found.lacks_some(self.bots_before.get(wiki, 0))}

    def clocks(self) -> Iterator[tuple[str, datetime]]:
        """What the clocks of all servers say that have answered, and whose they are."""
        for (wiki, kind), source in self._sources.items():
            if isinstance(source, Source) and id(source.engine) not in self._clocked:
                self._clocked.add(id(source.engine))
                at = source.engine.clock()
                if at is not None:
                    yield f"the server of wiki '{wiki}', {kind}", at

    def connect(self) -> None:
        """Opens all databases that answer."""
        for wiki in self.settings.wikis.values():
            for kind in wiki.sources:
                with suppress(FlowError):
                    self.get(wiki.id, kind)

    def reached(self) -> int:
        """How many databases have answered."""
        return sum(not isinstance(engine, Unreachable) for engine in self._engines.values())

    def unreached(self) -> int:
        """How many databases have not."""
        return len(self._engines) - self.reached()

    def url(self, wiki: str, kind: Kind) -> str:
        """Where a source is, as the settings say; empty for one that the wiki does not have."""
        return self.settings.wiki(wiki).sources.get(kind, "")

    def place(self, wiki: str, kind: Kind) -> list[object]:
        """All that the settings say of where a source is, and nothing of who reads it."""
        found, url = self.settings.wiki(wiki), urlsplit(self.url(wiki, kind))
        where = [url.scheme, url.hostname, url.port, url.path, url.query, found.prefix]
        options: dict[str, object] = {}
        if found.credentials and url.scheme.startswith("mysql"):
            with suppress(FlowError):  # it is reported where the database is opened
                options = optionfile.read(found.credentials)
        return [*where, *(options.get(name) for name in ("host", "port", "unix_socket", "database"))]

    def _server(self, wiki: str, kind: Kind) -> tuple[object, ...]:
        """What is alike in the URLs of databases on one server; for SQLite, of one file."""
        parts = urlsplit(self.url(wiki, kind))
        return (parts.hostname, parts.port) if parts.hostname else (parts.path, parts.query)

    def _found(self, wiki: str, kind: Kind) -> Source | FlowError:
        try:
            engine = self.engine(wiki, kind)
            bots, core = lambda: self.bots(wiki), lambda: self._core_tables(wiki, kind)
            return Source(wiki, kind, engine, probe(wiki, kind, engine), bots, core)
        except AbsentSource as error:
            wanted = kind in self.settings.wiki(wiki).sources and kind not in self.settings.wiki(wiki).implied
            return SchemaError(str(error)) if wanted else error
        except FlowError as error:
            return error

    def _core_tables(self, wiki: str, kind: Kind) -> CoreTables:
        """How queries of a source can name the wiki's core tables, asked once. Raises AbsentSource, SchemaError, Unreachable."""
        if (wiki, kind) not in self._cores:
            self._cores[wiki, kind] = name_core_tables(self.settings.wiki(wiki), self.get(wiki, kind), self.get(wiki, "core"))
        return self._cores[wiki, kind]

    def _engine(self, wiki: Wiki, url: str) -> Engine:
        """The open database of a URL. A SQLite file is opened for each core file that may be attached to it."""
        key = f"{url} {wiki.credentials} {wiki.sources['core'] if url.startswith('sqlite') else ''}"
        if key not in self._engines:
            try:
                self._engines[key] = connect(url, wiki.credentials, self.settings.time_limit)
            except Unreachable as error:
                self._engines[key] = Unreachable(f"wiki '{wiki.id}': {error}")
        found = self._engines[key]
        if isinstance(found, Unreachable):
            raise found
        return found
