"""The settings file: which wikis, where their databases are, and where to publish."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flow.datasets.period import Grain
from flow.errors import UsageError
from flow.privacy.policy import Policy
from flow.settings.targets import Target

FILE = "settings.toml"
VARIABLE = "FLOW_SETTINGS"
GRACE = 6 * 3600


def _server(url: str) -> str:
    """The server of a database, by the words of its URL; SQLite's files are all at hand."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return "this machine"
    socket = "".join(parse_qs(parts.query).get("unix_socket", []))
    return socket or parts.netloc.rpartition("@")[2].lower().removesuffix(":3306")


@dataclass(frozen=True, slots=True)
class Wiki:
    """Where one wiki's tables are: the URL of each of its ``sources``, by name; ``core`` is always there.

    ``prefix``: what the names of its tables begin with, $wgDBprefix.
    ``implied``: those of which the settings say nothing, so that they are looked for where the core tables are.
    ``graces``: how many seconds after its end a period is taken to be complete in each source.
    ``last_days``: of each source that is closed, the last day on which it got rows.
    """

    id: str
    sources: Mapping[str, str]
    credentials: Path | None = None
    since: date | None = None
    graces: Mapping[str, int] = field(default_factory=dict)
    implied: frozenset[str] = frozenset()
    last_days: Mapping[str, date] = field(default_factory=dict)
    prefix: str = ""

    def grace(self, source: str) -> int:
        """The seconds after its end at which a period is taken to be complete in ``source``."""
        return self.graces.get(source, GRACE)

    def joins_core(self, source: str) -> bool:
        """Whether one query can read the tables of ``source`` and the core tables: on one server, or in files of SQLite."""
        return _server(self.sources[source]) == _server(self.sources["core"])

    def describe_apart(self, source: str) -> str:
        """Why no query can read both, and what to do."""
        servers = f"{_server(self.sources[source])} and {_server(self.sources['core'])}"
        what = f"its {source} and core tables are on different servers, {servers}, so that no query can join them"
        return f"{what}; name the server alike in both URLs if it is one, else the wiki is left out of what joins them"

    def last_day(self, source: str) -> date | None:
        """The last day on which a source got rows; None for one that still gets some."""
        return self.last_days.get(source)


@dataclass(frozen=True, slots=True)
class Output:
    """Where datasets are published, in which grains, how many releases are kept, and the name under which Limn serves them."""

    folder: Path = Path("output")
    grains: tuple[Grain, ...] = (Grain.DAY, Grain.WEEK, Grain.MONTH)
    default_grain: Grain = Grain.MONTH
    limn_name: str = "flow"
    releases: int = 14


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the settings file says. ``queries``: a folder of query scripts besides those that came with the program.

    ``demo``: the time stands still at ``now``, and no clock is compared with it.
    ``solver_seconds``: how long to look for the cells of a wiki that protect others.
    """

    wikis: Mapping[str, Wiki]
    output: Output = Output()
    time_limit: int = 1800
    privacy: Policy = field(default_factory=Policy)
    solver_seconds: int = 300
    targets: Mapping[str, Target] = field(default_factory=dict)
    queries: Path | None = None
    demo: bool = False
    now: datetime | None = None
    path: Path = field(default=Path(FILE), compare=False)

    def wiki(self, id: str) -> Wiki:
        """The wiki ``id``. Raises UsageError, naming the wikis there are."""
        if id not in self.wikis:
            raise UsageError(f"{self.path}: there is no wiki '{id}'; there is {', '.join(self.wikis)}")
        return self.wikis[id]


def load_if_there(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings | None:
    """The settings as ``load`` finds them; None if nobody named a file and there is no ./settings.toml."""
    is_named = path is not None or VARIABLE in environ
    return load(path, environ) if is_named or Path(FILE).exists() else None


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of ``path``, else of $FLOW_SETTINGS, else of ./settings.toml.

    Relative paths in it are relative to its folder. Raises UsageError for what is missing, unknown or wrong.
    """
    from flow.settings.section import Section
    from flow.settings.sections import settings

    found = path or Path(environ.get(VARIABLE, FILE))
    try:
        text = found.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{found}: {why}; 'generate.py init' writes settings to start from") from error
    try:
        return settings(Section(found, tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{found}: no valid TOML: {error}") from error
