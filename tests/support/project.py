"""A checkout's worth of settings, query scripts and a small wiki in a folder, and the command line over them."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import generate
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from tests.conftest import CHECKOUT

SINCE, UNTIL = date(2024, 1, 1), date(2024, 4, 1)
#: What a log line begins with where nobody watches.
TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ ", re.MULTILINE)
NOW = "2024-04-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int

    def one_line(self, start: str = "error: ") -> str:
        """The one line of standard error that begins so."""
        found = [line for line in self.err.splitlines() if line.startswith(start)]
        assert len(found) == 1, self.err
        return found[0]


@dataclass(frozen=True, slots=True)
class Project:
    """Its folder; ``generate`` runs a command over it."""

    folder: Path
    generate: Callable[..., Said]

    @property
    def public(self) -> Path:
        return self.folder / "output" / "public"

    def settings(self, text: str = "", now: str = NOW, wikis: tuple[str, ...] = ("testwiki",), grains: str = '["month", "week"]') -> None:
        """Writes the settings; ``text`` goes below."""
        sections = "".join(f'[wikis.{wiki}]\ncore = "sqlite:///{wiki}.sqlite"\n' for wiki in wikis)
        content = f'demo = true\nnow = {now}\n[output]\nfolder = "output"\ngrains = {grains}\n{sections}{text}'
        (self.folder / "settings.toml").write_text(content, "utf-8")

    def seem_alive(self, at: str, wiki: str = "testwiki") -> None:
        """Puts a row of the instant ``at`` into a wiki's log: without a newer row its source would be taken to stand still."""
        columns = "log_type, log_action, log_timestamp, log_actor, log_namespace, log_title, log_page"
        values = f"'rights', '', '{re.sub('[^0-9]', '', at)}', 1, 0, '', 0"
        with sqlite3.connect(self.folder / f"{wiki}.sqlite") as file:
            file.execute(f"INSERT INTO logging ({columns}) VALUES ({values})")
        file.close()

    def script(self, name: str, text: str) -> None:
        """Writes a query script, such as ``flow/mine.py``."""
        (self.folder / "queries" / name).write_text(text, "utf-8")

    def published(self) -> dict[str, bytes]:
        """Every file of the live release, by path, but for the status, which each run writes anew."""
        return {path: content for path, content in self.everything().items() if path != "status.json"}

    def everything(self) -> dict[str, bytes]:
        """Every file of the live release, by path."""
        return {str(path.relative_to(self.public)): path.read_bytes() for path in sorted(self.public.rglob("*")) if path.is_file()}

    def datafiles(self) -> list[str]:
        """The paths of the published datasets."""
        return [path for path in self.published() if path.startswith("datafiles/")]

    def status(self) -> dict[str, Any]:
        """The published status, with its datasets by dataset, wiki and grain."""
        found = json.loads((self.public / "status.json").read_text("utf-8"))
        return found | {"datasets": {(each["dataset"], each["wiki"], each["grain"]): each for each in found["datasets"]}}

    def releases(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "output" / "releases").iterdir())


def wiki(path: Path, until: date = UNTIL) -> None:
    """Writes a small wiki."""
    with into_sqlite(path) as emit:
        live(Scribe(path.stem, emit), Life(3, SINCE, until, topics=2, edits=5, people=5))


@pytest.fixture(scope="session")
def small_wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "testwiki.sqlite"
    wiki(path)
    return path


@pytest.fixture
def project(tmp_path: Path, small_wiki: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with one small wiki and the query scripts of this checkout."""
    shutil.copy(small_wiki, tmp_path)
    shutil.copytree(CHECKOUT / "queries", tmp_path / "queries", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "reportcard.json", tmp_path)
    monkeypatch.setattr(generate, "QUERIES", tmp_path / "queries")
    monkeypatch.setattr(generate, "REPORTCARD", tmp_path / "reportcard.json")
    monkeypatch.setattr(generate, "HERE", tmp_path)

    def run(*arguments: str) -> Said:
        result = CliRunner().invoke(generate.cli, ["--settings", str(tmp_path / "settings.toml"), *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return Said(result.stdout, TIME.sub("", result.stderr), result.exit_code)

    made = Project(tmp_path, run)
    made.settings()
    return made
