"""A project of few datasets, so that a test can run it often; and its runs as real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from flow.limn import contract
from flow.shelf.inspection import faults
from tests.conftest import CHECKOUT
from tests.support.project import Project

KEPT = ("new_topics", "flow_people", "flow_edits", "talk_edits", "talk_versus_flow")


@pytest.fixture
def few(project: Project) -> Project:
    """A project with both sources, people, and a dataset made from others; and a ``generate.py`` of its own."""
    for path in project.folder.glob("queries/*/*.py"):
        if path.stem not in KEPT:
            path.unlink()
    tabs = [{"name": "Talk", "graph_ids": list(KEPT)}]
    (project.folder / "reportcard.json").write_text(json.dumps({"id": "reportcard", "headline": "Flow", "tabs": tabs}))
    shutil.copy(CHECKOUT / "generate.py", project.folder)
    return project


def process(project: Project, *arguments: str, **options: object) -> subprocess.Popen[str]:
    """A real process of ``generate.py`` over the project."""
    command = [sys.executable, str(project.folder / "generate.py"), "--settings", str(project.folder / "settings.toml"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload, no-any-return]


def assert_whole(project: Project) -> None:
    """What readers see is as it was written, and Limn can read it."""
    live = project.public.resolve()
    assert faults(live) == []
    assert contract.complaints(live) == []


def numbers(project: Project, output: str = "output") -> dict[str, bytes]:
    """Every published file that tells numbers, and none that tells when or how often it was tried."""
    public = project.folder / output / "public"
    skipped = ("manifest.json", "restatements.csv", "status.json")
    paths = (path for path in sorted(public.rglob("*")) if path.is_file())
    return {name: path.read_bytes() for path in paths if (name := str(path.relative_to(public))) not in skipped}


def undisturbed(project: Project) -> dict[str, bytes]:
    """What a run publishes at this moment in another output folder, of the same settings."""
    settings = project.folder / "settings.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('folder = "output"', 'folder = "undisturbed"'), "utf-8")
    try:
        said = project.generate("run")
    finally:
        settings.write_text(text, "utf-8")
    assert said.code == 0, said.err
    return numbers(project, "undisturbed")
