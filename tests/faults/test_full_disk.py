"""A disk that is full: the run says so and ends, what is published is whole, and once there is room the next run goes on."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.few import assert_whole, numbers, process, undisturbed
from tests.support.project import Project


@pytest.fixture
def small_disk(few: Project) -> Iterator[Callable[[int], None]]:
    """The output folder on a file system of its own; what is given makes it so many KiB large."""
    output = few.folder / "output"
    output.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(output)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield lambda kib: resize(output, kib)
    subprocess.run(["umount", "-l", str(output)], check=True)


def resize(output: Path, kib: int) -> None:
    used = os.statvfs(output)
    size = (used.f_blocks - used.f_bfree) * used.f_frsize // 1024 + kib
    subprocess.run(["mount", "-o", f"remount,size={max(size, 4)}k", str(output)], check=True)


@pytest.mark.parametrize("kib", [0, 8, 40, 80, 120])
def test_a_full_disk_ends_the_run_and_nothing_published_is_lost(few: Project, small_disk: Callable[[int], None], kib: int):
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    before = few.published()
    few.settings()
    small_disk(kib)
    told = few.folder / "told"
    run = process(few, "run", "--log-format", "json", "--on-failure", f"cat > {told}")
    _, errors = run.communicate(timeout=60)
    lines = [json.loads(line)["message"] for line in errors.splitlines()]
    assert run.returncode in (1, 2), errors
    assert [line for line in lines if line.startswith("error: ")] == lines[-1:]
    assert "No space left on device" in lines[-1]
    assert str(few.folder / "output") in lines[-1]
    assert lines[-1] in told.read_text()
    assert f"\nlimn_flow_data_last_run_exit_code {run.returncode}.0\n" in (few.folder / "output" / "metrics.prom").read_text()
    assert not [path.name for path in (few.folder / "output").rglob("*.partial") if path.is_file() and path.name != ".holder.partial"]
    assert few.published() == before
    assert_whole(few)
    small_disk(4096)
    assert few.generate("run").code == 0
    assert_whole(few)
    assert numbers(few) == undisturbed(few)


def test_what_an_interrupted_run_left_makes_room_for_the_next_one(few: Project, small_disk: Callable[[int], None]):
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    few.settings()
    left = few.folder / "output" / "releases" / ".20240320T120000Z.partial"
    left.mkdir()
    (left / "half").write_bytes(b"x" * 1_000_000)
    small_disk(0)
    said = few.generate("run")
    assert said.code == 0, said.err
    assert not left.exists()
    assert numbers(few) == undisturbed(few)
