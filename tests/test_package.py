"""What is installed is whole: it needs no checkout."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

from flow.commands.group import version
from tests.conftest import CHECKOUT
from tests.support.installed import Run, build


def test_the_wheel_holds_the_program_and_all_that_it_reads(packages: Path, tmp_path: Path):
    dashboards = packages / "checkout" / "dashboards"
    added = dashboards / "one_more.json"
    dashboards.mkdir(exist_ok=True)
    added.write_text("{}")
    build("wheel", packages / "checkout", tmp_path)
    [wheel] = tmp_path.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    program = {str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / "flow").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    queries = {str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / "queries").glob("*/*.[pst]*") if path.is_file()}
    beside = {"generate.py", "reportcard.json"} | queries | {f"dashboards/{path.name}" for path in dashboards.iterdir()}
    added.unlink()
    assert "dashboards/one_more.json" in beside
    assert names == program | {f"limn_flow_data/{name}" for name in beside}


def test_the_source_distribution_holds_the_tests_too(packages: Path):
    [archive] = packages.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    wanted = {"generate.py", "setup.cfg", "queries/flow/new_topics.py", "queries/relations/topics.sql", "reportcard.json", ".ci/run", "Makefile"}
    wanted |= {"tests/test_package.py", "tests/data/realwiki/realwiki.sql.gz", "deploy/README.md", "setup/venv.sh", "constraints.txt"}
    assert wanted <= names
    assert not [name for name in names if "__pycache__" in name]


def test_a_host_gets_no_test_tools(tmp_path: Path):
    for name in ("Makefile", "setup.cfg", "setup.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(CHECKOUT / name, tmp_path)
    shutil.copytree(CHECKOUT / "setup", tmp_path / "setup")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$*" >> asked\n')
    python.chmod(0o755)
    for target, what in (("install", "."), ("tools", ".[test]")):
        subprocess.run(["make", target], cwd=tmp_path, check=True, capture_output=True)
        asked = (tmp_path / "asked").read_text().splitlines()[-1]
        assert asked.endswith(f"--constraint constraints.txt --editable {what}")


def test_the_installed_program_has_its_query_scripts_with_it(installed: Run, tmp_path: Path):
    assert installed(tmp_path, "--version").stdout == f"limn-flow-data {version()}\n"
    listed = installed(tmp_path, "list")
    ids = {path.stem for path in CHECKOUT.glob("queries/*/*.py")}
    assert (listed.returncode, listed.stderr) == (0, "")
    assert ids <= set(listed.stdout.split())


def test_the_installed_program_publishes(installed: Run, demo: Path):
    before = sorted(demo.iterdir())
    again = installed(demo, "run", "--settings", "demo/settings.toml")
    assert (again.returncode, "Nothing to do" in again.stderr) == (0, True), again.stderr
    assert sorted(demo.iterdir()) == before


def test_the_installed_program_calls_itself_by_its_name(installed: Run, tmp_path: Path):
    for arguments in ((), ("--help",), ("run", "--help"), ("doctor", "--help"), ("status",), ("check",)):
        said = installed(tmp_path, *arguments)
        assert "limn-flow-data" in said.stdout + said.stderr, arguments
        assert "generate.py" not in said.stdout + said.stderr, arguments
    assert installed(tmp_path, "init").returncode == 0
    assert "generate.py" not in (tmp_path / "settings.toml").read_text()


def test_the_shell_completes_its_commands(installed: Run, tmp_path: Path):
    said = installed(tmp_path, COMP_WORDS="limn-flow-data r", COMP_CWORD="1", _LIMN_FLOW_DATA_COMPLETE="bash_complete")
    assert {"plain,run", "plain,releases", "plain,rollback"} <= set(said.stdout.split())
    assert "_limn_flow_data_completion" in installed(tmp_path, _LIMN_FLOW_DATA_COMPLETE="zsh_source").stdout


def test_who_installed_it_has_query_scripts_of_their_own(installed: Run, tmp_path: Path):
    refused = installed(tmp_path, "new", "mine")
    assert refused.returncode == 2
    assert 'write queries = "queries" at the top of the settings' in refused.stderr
    assert installed(tmp_path, "init").returncode == 0
    settings = tmp_path / "settings.toml"
    settings.write_text(settings.read_text().replace("# queries", "queries"))
    made = installed(tmp_path, "new", "mine")
    assert (made.returncode, made.stdout) == (0, "queries/flow/mine.py\nqueries/flow/mine.toml\n"), made.stderr
    tested = installed(tmp_path, "test", "mine", "new_topics")
    assert (tested.returncode, tested.stdout.splitlines()[0]) == (0, "ok    mine: 1 case on sqlite"), tested.stderr
    listed = installed(tmp_path, "list")
    assert listed.returncode == 0
    assert {"mine", "new_topics"} <= set(listed.stdout.split())
