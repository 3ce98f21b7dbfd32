"""A folder of query scripts of one's own stands beside those that came with the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import generate
from tests.commands.test_bad_input import GOOD, SCRIPT
from tests.conftest import CHECKOUT
from tests.support.project import NOW, Project, Said


@pytest.fixture
def owner(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose settings name a folder ``own``, which is there; the other scripts are those of the checkout."""
    monkeypatch.setattr(generate, "QUERIES", CHECKOUT / "queries")
    monkeypatch.setattr(generate, "REPORTCARD", CHECKOUT / "reportcard.json")
    path = project.folder / "settings.toml"
    path.write_text('queries = "own"\n' + path.read_text("utf-8"), "utf-8")
    (project.folder / "own" / "flow").mkdir(parents=True)
    return project


def one_more(owner: Project, name: str, sql: str = GOOD) -> Path:
    path = owner.folder / "own" / "flow" / f"{name}.py"
    path.write_text(SCRIPT.format(sql=sql).replace("mine", name), "utf-8")
    return path


def test_both_are_published(owner: Project):
    one_more(owner, "mine")
    said = owner.generate("run", "--grain", "month")
    assert said.code == 0, said.err
    assert {"datafiles/testwiki/month/mine.csv", "datafiles/testwiki/month/new_topics.csv"} <= set(owner.datafiles())
    assert owner.generate("check").code == 0


def test_a_script_of_the_same_name_takes_the_place_of_the_other(owner: Project):
    one_more(owner, "new_topics", GOOD)
    said = owner.generate("list", "new_topics")
    assert said.code == 0, said.err
    assert said.out.startswith("new_topics: Mine\n")


def test_a_relation_of_the_same_name_does_too(owner: Project):
    (owner.folder / "own" / "relations").mkdir()
    (owner.folder / "own" / "relations" / "topics.sql").write_text("-- Mine alone.\nSELECT 1\n")
    assert "Mine alone." in owner.generate("list", "new_topics").out


def test_a_broken_one_is_named_by_its_place(owner: Project):
    one_more(owner, "mine").write_text("x = (\n")
    assert "own/flow/mine.py:1: " in owner.generate("list").err


def test_a_dashboard_beside_it_takes_the_place_of_the_other(owner: Project):
    one_more(owner, "mine")
    tabs = [{"name": "Mine", "graph_ids": ["mine"]}]
    (owner.folder / "reportcard.json").write_text(json.dumps({"id": "reportcard", "headline": "Ours", "tabs": tabs}))
    assert owner.generate("run", "--grain", "month").code == 0
    assert json.loads(owner.published()["dashboards/reportcard.json"])["headline"] == "Ours"


def test_new_writes_there_and_what_it_writes_is_found(owner: Project):
    (owner.folder / "own" / "flow").rmdir()
    (owner.folder / "own").rmdir()
    said = owner.generate("new", "more")
    assert (said.code, said.out) == (0, f"{owner.folder / 'own/flow/more.py'}\n{owner.folder / 'own/flow/more.toml'}\n")
    assert owner.generate("test", "more").code == 0
    assert "more" in owner.generate("list").out.split()
    assert owner.generate("new", "new_topics").code == 2


def test_a_folder_that_is_not_there_is_said(owner: Project):
    (owner.folder / "own" / "flow").rmdir()
    (owner.folder / "own").rmdir()
    said = owner.generate("run")
    assert said.code == 2
    assert f"{owner.folder / 'own'}: there is no such folder of query scripts" in said.one_line()


@pytest.mark.parametrize("command", [["list"], ["check"], ["run", "--dry-run"], ["status"], ["releases"], ["sql", "replies", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-02-01"]])
def test_the_settings_are_named_before_the_command_or_after_it(project: Project, command: list[str], tmp_path: Path):
    assert project.generate("run", "new_topics").code == 0
    before = project.generate(*command)
    after = after_it(tmp_path / "settings.toml", command)
    assert before.code == 0, before.err
    assert (after.out, after.code) == (before.out, before.code)


def after_it(path: Path, command: list[str]) -> Said:
    from click.testing import CliRunner

    result = CliRunner().invoke(generate.cli, [*command, "--settings", str(path)])
    return Said(result.stdout, result.stderr, result.exit_code)


def test_settings_that_are_named_twice_must_be_the_same(project: Project):
    path = str(project.folder / "settings.toml")
    assert project.generate("list", "--settings", path).code == 0
    said = project.generate("run", "--settings", "other.toml")
    assert said.code == 2
    assert f"--settings is given as {path} and as other.toml; give it once" in said.err
    assert not (project.folder / "output").exists()


def test_settings_that_are_named_must_be_there(project: Project):
    assert project.generate("list", "--settings", "/nowhere").code == 2
    assert NOW in (project.folder / "settings.toml").read_text()
