"""How often a run does what costs, counted: nights stay short however many wikis there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest

from flow.shelf import csvfile
from flow.sql import macros
from tests.support.project import Project, wiki

TWO = ("testwiki", "otherwiki")


@pytest.fixture
def two_wikis(project: Project) -> Project:
    wiki(project.folder / "otherwiki.sqlite")
    for id in TWO:
        project.seem_alive("2024-04-01T06:00:00", id)
    project.settings(wikis=TWO)
    return project


def count(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, what: Callable[..., object]) -> Counter[object]:
    """Counts the calls of a function, which goes on as it is, by ``what`` they are about."""
    calls: Counter[object] = Counter()
    original = getattr(owner, name)

    def counted(*arguments: Any, **options: Any) -> Any:
        calls[what(*arguments)] += 1
        return original(*arguments, **options)

    monkeypatch.setattr(owner, name, counted)
    return calls


def test_a_run_with_nothing_to_do_parses_no_csv_and_reads_each_once(
    two_wikis: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_wikis.generate("run").code == 0
    parsed = count(monkeypatch, csvfile, "parse", lambda columns, text: text)
    read = count(monkeypatch, Path, "read_bytes", lambda path: path.resolve())
    assert "Nothing to do" in two_wikis.generate("run").err
    assert not parsed
    csvs = {path: many for path, many in read.items() if str(path).endswith(".csv") and "datafiles" in str(path)}
    assert len(csvs) == len(two_wikis.datafiles())
    assert {*csvs.values()} == {1}


def test_a_run_compiles_each_template_once_for_all_wikis_grains_and_periods(
    two_wikis: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    macros.compile_template.cache_clear()
    compiled = count(monkeypatch, jinja2.Environment, "compile", lambda environment, source, *rest: str(source))
    assert two_wikis.generate("run").code == 0
    assert compiled
    assert {*compiled.values()} == {1}


def test_a_run_with_nothing_to_do_compiles_no_template(two_wikis: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert two_wikis.generate("run").code == 0
    macros.compile_template.cache_clear()
    compiled = count(monkeypatch, jinja2.Environment, "compile", lambda environment, source, *rest: str(source))
    assert "Nothing to do" in two_wikis.generate("run").err
    assert not compiled
