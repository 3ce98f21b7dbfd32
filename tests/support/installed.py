"""The program as it is installed: built from a copy of this checkout, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

#: What is in a checkout and goes into no package.
OTHERS = ".*", "__pycache__", "demo", "output", "build", "dist", "*.egg-info", "work"
BUILD = "from setuptools.build_meta import build_{kind}; build_{kind}({folder!r})"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution of a copy of this checkout, ``checkout``."""
    folder = tmp_path_factory.mktemp("packages")
    copy = shutil.copytree(CHECKOUT, folder / "checkout", ignore=shutil.ignore_patterns(*OTHERS))
    shutil.copytree(CHECKOUT / ".ci", copy / ".ci")
    for kind in ("sdist", "wheel"):
        build(kind, copy, folder)
    return folder


def build(kind: str, checkout: Path, folder: Path) -> None:
    """Writes the ``wheel`` or the ``sdist`` of a checkout to ``folder``."""
    command = [sys.executable, "-c", BUILD.format(kind=kind, folder=str(folder))]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)


@pytest.fixture(scope="session")
def installed(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed program in a folder; what it depends on is that of this environment."""
    environment = tmp_path_factory.mktemp("environment")
    python = environment / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", *map(str, packages.glob("*.whl"))], check=True)
    paths = subprocess.run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True)
    (Path(paths.stdout.strip()) / "dependencies.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n")

    def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environ = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "FLOW_SETTINGS")}
        command = [str(environment / "bin" / "limn-flow-data"), *arguments]
        return subprocess.run(command, cwd=folder, env=environ | {"LC_ALL": "C"} | more, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def demo(installed: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was empty, and in which the installed program has built its demo."""
    folder = tmp_path_factory.mktemp("demo")
    built = installed(folder, "demo")
    assert built.returncode == 0, built.stderr
    assert "are published in demo/output/public" in built.stdout
    assert "  limn-flow-data --settings demo/settings.toml run" in built.stdout
    return folder
