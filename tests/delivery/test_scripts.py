"""What a host is told is one whole script of POSIX sh, and says what the host lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from flow.delivery import scripts


def told(text: bytes, path: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "PATH": str(path)} if path else None
    return subprocess.run([shutil.which("sh") or "sh", "-s"], input=text, capture_output=True, check=False, env=environ)


def test_words_arrive_as_they_are():
    word = "a 'quoted' \"$HOME\" `id` $(id) \\ * ;é"
    assert told(scripts.script('printf %s "$word"', word=word)).stdout.decode() == word


def test_half_a_script_does_nothing(tmp_path: Path):
    text = scripts.script('touch "$folder/a"\ntouch "$folder/b"', folder=str(tmp_path))
    for length in range(len(text) - len("main\n")):
        told(text[:length])
        assert not list(tmp_path.iterdir())
    told(text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_host_without_rsync_is_told_so(tmp_path: Path):
    (tmp_path / "mkdir").symlink_to(shutil.which("mkdir") or "")
    done = told(scripts.script(scripts.PREPARE, folder=str(tmp_path / "there")), tmp_path)
    assert (done.returncode, done.stderr) == (1, b"rsync is missing: install the package rsync there\n")


def test_a_host_without_flock_and_find_still_switches(tmp_path: Path):
    for program in ("mv", "ln", "rm", "ls", "sort", "sync"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    (tmp_path / "there" / "releases" / ".r1.partial").mkdir(parents=True)
    words = {"folder": str(tmp_path / "there"), "partial": ".r1.partial", "id": "r1", "before": "", "most": "3"}
    assert told(scripts.script(scripts.DELIVER, **words), tmp_path).stdout == b"r1\n"
    assert (tmp_path / "there" / "public").readlink() == Path("releases/r1")
