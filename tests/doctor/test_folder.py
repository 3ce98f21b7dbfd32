"""The output folder is judged, and left as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from flow.doctor import folder as folders
from flow.doctor.folder import of_folder


def told(folder: Path) -> dict[str, tuple[str, str]]:
    return {each.where.rpartition(": ")[2]: (each.level, str(each)) for each in of_folder(folder)}


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path: Path):
    found = told(tmp_path / "a" / "b")
    assert {level for level, _ in found.values()} == {"ok"}
    assert "the first run makes it" in found["folder"][1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [lambda path: path.write_text(""), lambda path: path.symlink_to("/proc/self")])
def test_a_folder_that_cannot_be_written_fails(tmp_path: Path, make):
    make(tmp_path / "file")
    level, text = told(tmp_path / "file")["folder"]
    assert level == "fail"
    assert "it cannot be written: " in text
    assert "; make it a folder that this user may write" in text


def test_the_link_leads_somewhere(tmp_path: Path):
    (tmp_path / "releases" / "1").mkdir(parents=True)
    link = tmp_path / "public"
    link.symlink_to("releases/1")
    assert told(tmp_path)["link"] == ("ok", f"output {tmp_path}: link: it leads to releases/1")
    (tmp_path / "releases" / "1").rmdir()
    assert told(tmp_path)["link"][0] == "fail"
    link.unlink()
    link.mkdir()
    assert told(tmp_path)["link"][0] == "fail"


def test_who_holds_the_lock_is_named_and_not_disturbed(tmp_path: Path):
    assert told(tmp_path)["lock"][0] == "ok"
    script = f"from filelock import FileLock; lock = FileLock({str(tmp_path / '.lock')!r}); lock.acquire(); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        run.stdout.readline()
        level, text = told(tmp_path)["lock"]
        run.communicate("\n")
    assert level == "warn"
    assert f"held by process {run.pid}: a run is at work" in text
    assert told(tmp_path)["lock"][0] == "ok"
    with FileLock(tmp_path / ".lock", timeout=0):
        pass


def test_a_full_disk_is_told_beforehand(tmp_path: Path, monkeypatch):
    assert told(tmp_path)["space"][0] == "ok"
    monkeypatch.setattr(folders, "LEAST_FREE", 10**18)
    level, text = told(tmp_path)["space"]
    assert level == "warn"
    assert "make room" in text
