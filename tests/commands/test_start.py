"""What new, init and demo make works as it is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.support.project import Project


@pytest.mark.parametrize(("subject", "source"), [("flow", "flow"), ("talk", "core")])
def test_a_new_dataset_is_listed_and_computed_and_its_case_is_true(project: Project, subject, source):
    said = project.generate("new", "mine", "--subject", subject, "--source", source)
    assert said.code == 0
    script, case = map(Path, said.out.splitlines())
    assert (script, case) == (project.folder / f"queries/{subject}/mine.py", project.folder / f"queries/{subject}/mine.toml")
    assert "mine" in project.generate("list").out
    assert project.generate("run", "mine").code == 0
    assert tomllib.loads(case.read_text())["case"]
    assert project.generate("test", "mine").out == "ok    mine: 1 case on sqlite\n"
    again = project.generate("new", "mine", "--subject", subject)
    assert again.code == 2
    assert "this name is taken" in again.one_line()


@pytest.mark.parametrize("name", ["New", "a-b", "1a", "../x"])
def test_a_new_dataset_needs_a_name(project: Project, name):
    said = project.generate("new", name)
    assert said.code == 2
    assert "lower-case letters, digits and _" in said.one_line()


def test_init_writes_settings_that_load_and_never_over_others(project: Project):
    path = project.folder / "settings.toml"
    assert project.generate("init").code == 2
    path.unlink()
    assert project.generate("init").code == 0
    said = project.generate("query", "new_topics", "--wiki", "nowiki", "--since", "2024-01-01", "--until", "2024-02-01")
    assert "there is no wiki 'nowiki'; there is examplewiki" in said.one_line()


def test_the_demo_is_up_to_date_and_keeps_the_contract(demo: Path):
    for command, said in (("run", "Nothing to do"), ("check", "All is well")):
        arguments = [sys.executable, str(CHECKOUT / "generate.py"), "--settings", "demo/settings.toml", command]
        done = subprocess.run(arguments, cwd=demo, capture_output=True, text=True, check=True)
        assert said in done.stderr
    assert len(list((demo / "demo/output/public").rglob("*.csv"))) == 87 + 2


def test_the_commands_of_the_docs_run(demo: Path):
    text = "".join(path.read_text("utf-8") for path in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))))
    blocks = text.split("```sh\n")[1:]
    commands = [line for block in blocks for line in block.split("```")[0].splitlines() if line.startswith(".venv/bin/python generate.py")]
    assert len(commands) >= 5
    for command in commands:
        words = command.replace(".venv/bin/python generate.py", f"{sys.executable} {CHECKOUT / 'generate.py'}")
        if " new " not in command and " demo" not in command.split("--settings")[0]:
            subprocess.run(["sh", "-c", words], cwd=demo, capture_output=True, check=True)


def test_the_readmes_two_commands_are_what_ci_runs():
    text = (CHECKOUT / "README.md").read_text("utf-8")
    ran = [line for line in (CHECKOUT / ".ci/run").read_text().splitlines() if line.startswith("make ")]
    assert ran == ["make demo", "make test"]
    assert all(f"\n{line}" in text for line in ran)


def test_a_folder_with_something_else_in_it_is_left_alone(project: Project):
    (project.folder / "mine").mkdir()
    (project.folder / "mine" / "precious").write_text("x")
    said = project.generate("demo", "--folder", str(project.folder / "mine"))
    assert said.code == 2
    assert (project.folder / "mine" / "precious").read_text() == "x"
