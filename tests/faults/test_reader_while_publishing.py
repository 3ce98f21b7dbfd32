"""Somebody who follows the link once and copies everything, over and over, while runs publish: whole sets, never mixtures."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flow.limn import contract
from flow.shelf.inspection import faults
from tests.support.project import Project

RUNS = 15
FIRST = datetime(2024, 3, 4, 12, tzinfo=UTC)

#: Copies what the link leads to, resting so long at each file, until a file ``stop`` appears; tells of each copy whether it was finished.
READER = """
import itertools, pathlib, shutil, sys, time
link, to = map(pathlib.Path, sys.argv[1:3])
def slowly(source, target):
    time.sleep(float(sys.argv[3]))
    return shutil.copy2(source, target)
for number in itertools.count():
    if (to / "stop").exists():
        break
    try:
        shutil.copytree(link.resolve(strict=True), to / str(number), copy_function=slowly)
        print(number, "whole", flush=True)
    except (OSError, shutil.Error):
        print(number, "failed", flush=True)
"""


def kept(public: Path) -> dict[str, bytes]:
    """What a release holds, but for its status, which is renewed while it is live."""
    paths = (path for path in sorted(public.rglob("*")) if path.is_file() and path.name != "status.json")
    return {str(path.relative_to(public)): path.read_bytes() for path in paths}


def changed(project: Project, night: int) -> None:
    """Late data: some old edits are gone each night."""
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM revision WHERE rev_id % 40 = ? AND rev_timestamp > '20240215'", (night,))
    file.close()


def reading(public: Path, copies: Path, rest: str) -> subprocess.Popen[str]:
    copies.mkdir()
    return subprocess.Popen([sys.executable, "-c", READER, str(public), str(copies), rest], stdout=subprocess.PIPE, text=True)


def finished(reader: subprocess.Popen[str], copies: Path) -> tuple[list[Path], int]:
    """The copies that were finished, and how many failed midway."""
    (copies / "stop").touch()
    told = [line.split() for line in reader.communicate(timeout=60)[0].splitlines()]
    return [copies / number for number, how in told if how == "whole"], sum(how == "failed" for _, how in told)


def night_after_night(project: Project) -> list[dict[str, bytes]]:
    """Publishes each night; gives what each release held."""
    releases = [kept(project.public)]
    for night in range(1, RUNS + 1):
        changed(project, night)
        project.settings("[privacy]\nthreshold = 4\n", now=(FIRST + timedelta(days=night)).isoformat())
        path = project.folder / "settings.toml"
        path.write_text(path.read_text().replace("[output]\n", "[output]\nreleases = 2\n"))
        assert project.generate("run", "--again").code == 0
        releases.append(kept(project.public))
    return releases


def test_every_finished_copy_is_one_whole_release(few: Project):
    few.settings("[privacy]\nthreshold = 4\n", now=FIRST.isoformat())
    assert few.generate("run").code == 0
    fast, slow = few.folder / "fast", few.folder / "slow"
    readers = [reading(few.public, fast, "0.002"), reading(few.public, slow, "0.1")]
    releases = night_after_night(few)
    (whole, failed), (slowly_whole, slowly_failed) = map(finished, readers, (fast, slow))
    seen = set()
    for copy in [*whole, *slowly_whole]:
        assert faults(copy) == []
        assert contract.complaints(copy) == []
        assert kept(copy) in releases
        assert json.loads((copy / "status.json").read_text())["format"] == 1
        seen.add(releases.index(kept(copy)))
    assert slowly_failed, "a slow reader's release was removed, which it notices"
    assert len(seen) > RUNS // 3
    print(f"{len(whole) + len(slowly_whole)} copies of {len(seen)} releases whole; {failed + slowly_failed} stopped, their release was removed")
