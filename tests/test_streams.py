"""Standard output and error of any shell and locale: what is asked for is done, and nothing is a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.support.project import Project

LOCALES = [
    {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1:strict"},
]


@pytest.fixture
def project_in_french(few: Project) -> Project:
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text("utf-8").replace('"New topics"', '"Sujets créés 用户"').replace('"""Topics', '"""Créés'), "utf-8")
    return few


def shell(project: Project, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell says of ``line``, in which ``$generate`` is the program."""
    program = f"'{sys.executable}' '{project.folder / 'generate.py'}' --settings '{project.folder / 'settings.toml'}'"
    settings = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    return subprocess.run(["bash", "-c", line.replace("$generate", program)], env=settings, capture_output=True, check=False)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_title_is_printed_in_any_locale(project_in_french: Project, locale: dict[str, str]):
    for command in ("list", "list new_topics", "query new_topics --wiki testwiki --since 2024-01-01 --until 2024-02-01 --format json"):
        said = shell(project_in_french, f"$generate {command}", **locale)
        assert (said.returncode, said.stderr) == (0, b"")
        assert "Sujets créés 用户".encode() in said.stdout or "query" in command


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_a_run_whose_output_is_closed_publishes_what_others_do(few: Project, closed: str):
    assert shell(few, f"$generate run --on-failure 'echo told' {closed}").returncode == 0
    found = few.published()
    few.generate("run", "--again")
    same = [name for name in found if name.startswith("datafiles/")]
    assert same
    assert {name: found[name] for name in same} == {name: few.published()[name] for name in same}
    assert few.generate("check").code == 0


def test_a_list_into_nothing_is_no_error(few: Project):
    assert (shell(few, "$generate list >&-").returncode, shell(few, "$generate list >&-").stderr) == (0, b"")


@pytest.mark.parametrize("reader", ["true", "head -c 1"])
def test_a_reader_that_leaves_early_is_no_error(few: Project, reader: str):
    said = shell(few, f"(sleep 0.2; $generate list; echo $? >&2) | {reader}")
    assert said.stderr == b"0\n"


def test_a_log_whose_reader_leaves_stops_no_run(few: Project, tmp_path: Path):
    said = shell(few, f"($generate run 2>&1; echo $? > '{tmp_path / 'code'}') | true")
    assert said.stderr == b""
    assert (tmp_path / "code").read_text() == "0\n"
