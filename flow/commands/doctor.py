"""``doctor``: a line for each thing that a run needs, and what to do about those that are not as they should be."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flow import terminal
from flow.doctor.database import of_server, of_tables
from flow.doctor.finding import Finding, fail, ok, warn
from flow.doctor.folder import of_folder
from flow.engines import Engine
from flow.engines.source import probe
from flow.engines.sources import Sources
from flow.errors import AbsentSource, FlowError, SchemaError, Unreachable, UsageError
from flow.settings import Settings, Wiki, load
from flow.wiki.names import of_toolforge
from flow.wiki.schema import PROBED, SOURCES, Kind


def doctor(path: Path | None, as_json: bool) -> int:
    """Prints the findings; 2 for settings that cannot be read, 3 if no database answers, 1 if anything fails, else 0."""
    try:
        settings = load(path)
    except UsageError as error:
        _print([Finding("fail", "settings", str(error))], as_json)
        return error.exit_code
    with Sources(settings) as sources:
        findings = [*_settings(settings), *_Examiner(sources).wikis(settings), *of_folder(settings.output.folder)]
        reached = sources.reached()
    _print(findings, as_json)
    if not reached:
        return Unreachable.exit_code
    return 1 if any(finding.level == "fail" for finding in findings) else 0


def _print(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1, ensure_ascii=False))
        return
    for finding in findings:
        terminal.verdict(finding.level, str(finding))


def _settings(settings: Settings) -> Iterator[Finding]:
    where = f"settings {settings.path}"
    yield ok(where, f"{len(settings.wikis)} {'wiki' if len(settings.wikis) == 1 else 'wikis'}")
    if settings.now:
        yield warn(f"{where}: now", f"the time stands still at {settings.now:%Y-%m-%d}", "remove demo and now, but for demos")
    for id in filter(of_toolforge, settings.wikis):
        what = f"call the section as MediaWiki calls the wiki{of_toolforge(id)}"
        yield warn(f"{where}: wikis.{id}", "no wiki is called so", what)
    if has_password(settings) and settings.path.stat().st_mode & stat.S_IRWXO:
        yield warn(where, "there is a password in it, and everybody on this host may read it", f"chmod o= {settings.path}")
    for file in {wiki.credentials: None for wiki in settings.wikis.values() if wiki.credentials}:
        if file.stat().st_mode & stat.S_IRWXO:
            yield warn(f"credentials {file}", "everybody on this host may read it", f"chmod o= {file}")


def has_password(settings: Settings) -> bool:
    """Whether the settings hold the password of any database."""
    urls = [url for wiki in settings.wikis.values() for url in wiki.sources.values()]
    return any(re.search(r"://[^/@]*:[^@]*@|[?&]passw(or)?d=", url) for url in urls)


@dataclass(slots=True)
class _Examiner:
    """Asks each database about itself once, however many wikis are in it."""

    sources: Sources
    asked: list[Engine] = field(default_factory=list)

    def wikis(self, settings: Settings) -> Iterator[Finding]:
        for wiki in settings.wikis.values():
            for source in SOURCES:
                if source in wiki.sources:
                    yield from self._kind(wiki, source)
                else:
                    yield ok(f"{wiki.id} {source}", "it has none, say the settings")

    def _kind(self, wiki: Wiki, kind: Kind) -> Iterator[Finding]:
        where = f"{wiki.id} {kind}"
        try:
            yield from self._found(where, wiki, kind, self.sources.engine(wiki.id, kind))
        except Unreachable as error:
            what = str(error).removeprefix(f"wiki '{wiki.id}': ")
            yield fail(f"{where}: connection", what, f"check its URL in [wikis.{wiki.id}], its credentials, and that it runs")
        except AbsentSource as error:
            yield Finding("ok" if kind in wiki.implied else "fail", f"{where}: tables", str(error))
        except SchemaError as error:
            yield Finding("fail", f"{where}: tables", str(error))
        except FlowError as error:
            yield fail(where, f"it cannot be examined: {error}", "let the account read its tables")

    def _found(self, where: str, wiki: Wiki, kind: Kind, engine: Engine) -> Iterator[Finding]:
        found = engine.examine(PROBED[kind])
        yield ok(f"{where}: connection", found.product)
        if engine not in self.asked:
            self.asked.append(engine)
            yield from of_server(where, found, engine.behind())
        yield from of_tables(where, kind, probe(wiki.id, kind, engine), found)
        if kind == "flow":
            yield from self._boards(where, wiki)

    def _boards(self, where: str, wiki: Wiki) -> Iterator[Finding]:
        """Whether the wiki is called what MediaWiki calls it; nothing else would tell."""
        source = self.sources.get(wiki.id, "flow")
        others = source.flow_wikis()
        if source.first_day() is None and others:
            what = f"there is nothing of '{wiki.id}', but of {', '.join(others)}"
            yield warn(f"{where}: wiki id", what, f"call the section as MediaWiki calls the wiki{of_toolforge(wiki.id)}")
