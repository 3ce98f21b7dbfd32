"""``make demo`` removes nothing that it did not write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flow.commands import demo
from flow.simulate.life import Life
from tests.support.project import Project

SMALL = {"tinywiki": Life(1, date(2025, 11, 1), date(2026, 1, 1), topics=1, edits=2, people=3)}


@pytest.fixture
def small(few: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose demo is of one small wiki, and was made in the folder ``demo``."""
    monkeypatch.setattr(demo, "LIVES", SMALL)
    assert make(few) == 0
    return few


def make(project: Project) -> int:
    return project.generate("demo", "--folder", str(project.folder / "demo")).code


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_demo_is_built_anew_where_one_is_and_after_runs_over_it(small: Project):
    folder = small.folder / "demo"
    before = contents(folder / "output/public")
    with (folder / "output/public").resolve().joinpath("status.json").open("a") as file:
        file.write(" ")
    (folder / "output/staging/tinywiki/day").mkdir(parents=True, exist_ok=True)
    assert make(small) == 0
    assert contents(folder / "output/public") == before


PLACES = [".", "output", "output/releases", "output/public", "output/public/datafiles/tinywiki/day", "output/staging", "mine"]


def test_a_file_of_somebody_else_is_named_and_nothing_is_removed(small: Project):
    folder = small.folder / "demo"
    for place in PLACES:
        (folder / place).mkdir(exist_ok=True)
        path = folder / place / "precious.csv"
        path.write_text("x")
        before = contents(folder)
        said = small.generate("demo", "--folder", str(folder))
        assert said.code == 2
        assert f"{path.parent.resolve() / path.name}: the demo did not write this" in said.one_line()
        assert contents(folder) == before
        path.unlink()


def test_what_was_changed_since_is_somebodys_too(small: Project):
    folder = small.folder / "demo"
    for name in ("settings.toml", ".demo.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(f"{text}# mine\n")
        before = contents(folder)
        assert make(small) == 2
        assert contents(folder) == before
        (folder / name).write_text(text)


def test_a_demo_that_was_stopped_early_is_built_anew_and_a_link_to_elsewhere_is_not_followed(small: Project):
    (small.folder / "demo/settings.toml").unlink()
    (small.folder / "demo/flow.sqlite").unlink()
    assert make(small) == 0
    elsewhere = small.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x")
    (small.folder / "demo/linked").symlink_to(elsewhere)
    assert make(small) == 2
    assert (elsewhere / "precious").read_text() == "x"
