"""How often a run does what costs, counted: nights stay short however many wikis there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest

from flow import limn
from flow.shelf import csvfile, history, manifest
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


def test_a_run_with_nothing_to_do_renders_nothing_and_reads_no_old_release(
    two_wikis: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_wikis.generate("run").code == 0
    rendered = count(monkeypatch, limn, "files", lambda *_: "all")
    read = count(monkeypatch, manifest, "read", lambda path: path)
    histories = count(monkeypatch, history, "_expand", lambda *_: "one")
    assert "Nothing to do" in two_wikis.generate("run").err
    assert not rendered
    assert [path.parent.name for path in read] == ["public"]
    assert histories["one"] <= 3 * len([path for path in two_wikis.datafiles() if "talk_versus_flow" in path])


@pytest.mark.parametrize("what", ["dashboard", "settings", "published file", "old release", "mark"])
def test_whatever_decides_what_is_published_makes_it_anew(two_wikis: Project, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    assert two_wikis.generate("run").code == 0
    two_wikis.settings(wikis=TWO, text='[privacy.datasets.flow_people]\nthreshold = 6\n')
    assert two_wikis.generate("run").code == 0
    before = two_wikis.published()
    card, old = two_wikis.folder / "reportcard.json", two_wikis.public.parent / "releases" / two_wikis.releases()[0]
    if what == "dashboard":
        card.write_text(card.read_text("utf-8").replace('"headline": "', '"headline": "Now: '), "utf-8")
    elif what == "settings":
        two_wikis.settings(wikis=TWO[::-1], text='[privacy.datasets.flow_people]\nthreshold = 6\n')
    elif what == "published file":
        (two_wikis.public / "suppressed.csv").write_text("date\n", "utf-8")
    elif what == "old release":
        (old / "manifest.json").write_text("{", "utf-8")
    else:
        (two_wikis.public.parent / "made_from.txt").write_text("another\n", "utf-8")
    rendered = count(monkeypatch, limn, "files", lambda *_: "all")
    assert two_wikis.generate("run").code == 0
    assert rendered["all"] == 1
    assert not (what == "old release" and old.exists())
    assert (two_wikis.published() == before) is (what in ("old release", "mark"))
    assert (two_wikis.public / "suppressed.csv").read_text("utf-8") == before["suppressed.csv"].decode()
