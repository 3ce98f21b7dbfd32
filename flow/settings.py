"""The settings file: which wikis, where their databases are, and where to publish."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flow.errors import UsageError
from flow.period import FIRST_DAY, LAST_DAY, Grain
from flow.span import seconds_of
from flow.target import KEYS, Target, target

FILE = "settings.toml"
VARIABLE = "FLOW_SETTINGS"
SCHEMES = ("mysql+pymysql://", "sqlite:///")
WIKI_ID = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Wiki:
    """Where one wiki's tables are. ``flow`` is None for a wiki without Flow."""

    id: str
    core: str
    flow: str | None
    credentials: Path | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """Where datasets are published, in which grains, and the link name under which Limn serves them."""

    folder: Path = Path("output")
    grains: tuple[Grain, ...] = (Grain.DAY, Grain.WEEK, Grain.MONTH)
    default_grain: Grain = Grain.MONTH
    limn_name: str = "flow"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the settings file says. ``now`` stands still only in demos and tests."""

    wikis: Mapping[str, Wiki]
    output: Output = Output()
    time_limit: int = 1800
    threshold: int = 5
    now: datetime | None = None
    targets: Mapping[str, Target] = field(default_factory=dict)
    path: Path = field(default=Path(FILE), compare=False)

    def wiki(self, id: str) -> Wiki:
        """The wiki ``id``. Raises UsageError, naming the wikis there are."""
        if id not in self.wikis:
            raise UsageError(f"{self.path}: there is no wiki '{id}'; there is {', '.join(self.wikis)}")
        return self.wikis[id]


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of ``path``, else of $FLOW_SETTINGS, else of ./settings.toml.

    Relative paths in it are relative to its folder. Raises UsageError for what is missing, unknown or wrong.
    """
    found = path or Path(environ.get(VARIABLE, FILE))
    try:
        text = found.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{found}: {why}; 'generate.py init' writes settings to start from") from error
    try:
        return _Reader(found, tomllib.loads(text)).settings()
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{found}: no valid TOML: {error}") from error


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one parsed file, key by key, and refuses what it does not know."""

    path: Path
    root: dict[str, Any]

    def settings(self) -> Settings:
        self._only(self.root, {"wikis", "output", "privacy", "run", "targets", "now"}, "")
        run, privacy = self._table("run", {"time_limit"}), self._table("privacy", {"threshold"})
        now = self._value(self.root, "now", datetime, None, "")
        if now is not None and not FIRST_DAY < now.date() < LAST_DAY:
            raise self._fault("now", f"must be from {FIRST_DAY} to {LAST_DAY}")
        return Settings(
            wikis=self._wikis(),
            output=self._output(self._table("output", {"folder", "grains", "default_grain", "limn_name"})),
            time_limit=self._span(run, "time_limit", "30m", "run"),
            threshold=self._at_least(privacy, "threshold", 5, 1, "privacy"),
            now=now if now is None or now.tzinfo else now.replace(tzinfo=UTC),
            targets={name: self._target(name, table) for name, table in self._value(self.root, "targets", dict, {}, "").items()},
            path=self.path,
        )

    def _wikis(self) -> dict[str, Wiki]:
        tables = self._value(self.root, "wikis", dict, {}, "")
        if not tables:
            raise self._fault("wikis", "there is no wiki; write a section [wikis.<wiki id>] with core = \"…\"")
        seen: dict[str, str] = {}
        for id in tables:
            if seen.setdefault(id.lower(), id) != id:
                raise self._fault("wikis", f"'{seen[id.lower()]}' and '{id}' are the same to Limn; rename one")
        return {id: self._wiki(id, table) for id, table in tables.items()}

    def _wiki(self, id: str, table: Any) -> Wiki:
        place = f"wikis.{id}"
        if not WIKI_ID.fullmatch(id):
            raise self._fault(place, "a wiki id is letters, digits, _ and -")
        if not isinstance(table, dict):
            raise self._fault(place, "it must be a section")
        self._only(table, {"core", "flow", "credentials", "since"}, place)
        core = self._url(table, "core", place)
        flow = None if table.get("flow") is False else self._url(table, "flow", place, core)
        since = self._value(table, "since", date, None, place)
        if isinstance(since, datetime) or not FIRST_DAY <= (since or FIRST_DAY) <= LAST_DAY:
            raise self._fault(f"{place}.since", f"must be a day such as 2014-01-01, from {FIRST_DAY} to {LAST_DAY}")
        return Wiki(id, core, flow, self._file(table, "credentials", place), since)

    def _target(self, name: str, table: Any) -> Target:
        place = f"targets.{name}"
        if not isinstance(table, dict):
            raise self._fault(place, "it must be a section")
        self._only(table, KEYS, place)
        texts = {key: self._value(table, key, str, None, place) for key in table}
        try:
            return target(name, texts, self._beside(texts["folder"]) if "folder" in texts else None)
        except UsageError as error:
            raise self._fault(place, str(error)) from error

    def _url(self, table: dict[str, Any], key: str, place: str, default: str | None = None) -> str:
        url: str | None = self._value(table, key, str, default, place)
        if url is None:
            raise self._fault(f"{place}.{key}", "is missing; write a URL such as mysql+pymysql://host/database")
        if not url.startswith(SCHEMES):
            raise self._fault(f"{place}.{key}", f"must begin with {' or '.join(SCHEMES)}")
        if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
            return f"sqlite:///{self._beside(url.removeprefix('sqlite:///')).absolute()}"
        return url

    def _output(self, table: dict[str, Any]) -> Output:
        grains = tuple(self._grain(grain, "output.grains") for grain in self._value(table, "grains", list, [*Grain], "output"))
        if not grains or len(set(grains)) < len(grains):
            raise self._fault("output.grains", "must name day, week or month, each once")
        usual = Grain.MONTH if Grain.MONTH in grains else grains[0]
        default = self._grain(table.get("default_grain", usual), "output.default_grain")
        if default not in grains:
            raise self._fault("output.default_grain", f"'{default}' is not among grains")
        name = self._value(table, "limn_name", str, "flow", "output")
        if not WIKI_ID.fullmatch(name):
            raise self._fault("output.limn_name", "is letters, digits, _ and -")
        folder = self._beside(self._value(table, "folder", str, "output", "output"))
        return Output(folder, grains, default, name)

    def _grain(self, text: Any, place: str) -> Grain:
        if not isinstance(text, str) or text not in set(Grain):
            raise self._fault(place, f"'{text}' is no grain; there is {', '.join(Grain)}")
        return Grain(text)

    def _span(self, table: dict[str, Any], key: str, default: str, place: str) -> int:
        try:
            return seconds_of(self._value(table, key, str, default, place))
        except UsageError as error:
            raise self._fault(f"{place}.{key}", str(error)) from error

    def _at_least(self, table: dict[str, Any], key: str, default: int, least: int, place: str) -> int:
        number: int = self._value(table, key, int, default, place)
        if isinstance(number, bool) or number < least:
            raise self._fault(f"{place}.{key}", f"must be a whole number, {least} or more")
        return number

    def _file(self, table: dict[str, Any], key: str, place: str) -> Path | None:
        name = self._value(table, key, str, None, place)
        if name is None:
            return None
        path = self._beside(name)
        if not path.is_file():
            raise self._fault(f"{place}.{key}", f"there is no file {path}")
        return path

    def _beside(self, name: str) -> Path:
        if "\0" in name:
            raise self._fault(repr(name), "is no path")
        try:
            return self.path.parent / Path(name).expanduser()
        except RuntimeError as error:
            raise self._fault(name, f"is no path: {error}") from error

    def _table(self, name: str, known: set[str]) -> dict[str, Any]:
        table: dict[str, Any] = self._value(self.root, name, dict, {}, "")
        self._only(table, known, name)
        return table

    def _value(self, table: dict[str, Any], key: str, kind: type, default: Any, place: str) -> Any:
        value = table.get(key, default)
        if key in table and not isinstance(value, kind):
            raise self._fault(f"{place}.{key}".strip("."), f"must be a {_SAID[kind]}, not {value!r}")
        return value

    def _only(self, table: dict[str, Any], known: set[str], place: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}"
                raise self._fault(f"{place}.{key}".strip("."), f"is no setting; {hint}")

    def _fault(self, place: str, what: str) -> UsageError:
        return UsageError(f"{self.path}: {place}: {what}")


_SAID = {str: "text in quotes", int: "whole number", dict: "section", list: "list", date: "day such as 2014-01-01"}
_SAID |= {datetime: "time such as 2014-01-01T00:00:00Z"}
