"""Somebody who follows the link once and copies everything, over and over, while runs publish: whole sets, never mixtures."""

from __future__ import annotations

import json
import shutil
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

#: Copies what the link leads to until a file ``stop`` appears; prints each copy's number, and whether it was finished.
READER = """
import itertools, pathlib, shutil, sys
link, to = map(pathlib.Path, sys.argv[1:])
for number in itertools.count():
    if (to / "stop").exists():
        break
    try:
        shutil.copytree(link.resolve(strict=True), to / str(number))
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


def test_every_finished_copy_is_one_whole_release(few: Project):
    few.settings('[privacy]\nthreshold = 4\n', now=FIRST.isoformat())
    assert few.generate("run").code == 0
    releases, copies = [kept(few.public)], few.folder / "copies"
    copies.mkdir()
    reader = subprocess.Popen([sys.executable, "-c", READER, str(few.public), str(copies)], stdout=subprocess.PIPE, text=True)
    for night in range(1, RUNS + 1):
        changed(few, night)
        now = (FIRST + timedelta(days=night)).isoformat()
        few.settings("[privacy]\nthreshold = 4\n", now=now)
        text = (few.folder / "settings.toml").read_text().replace("[output]\n", "[output]\nreleases = 2\n")
        (few.folder / "settings.toml").write_text(text)
        assert few.generate("run", "--again").code == 0
        releases.append(kept(few.public))
    (copies / "stop").touch()
    told = [line.split() for line in reader.communicate(timeout=60)[0].splitlines()]
    whole = [copies / number for number, how in told if how == "whole"]
    assert len(whole) > RUNS
    seen = set()
    for copy in whole:
        assert faults(copy) == []
        assert contract.complaints(copy) == []
        assert kept(copy) in releases
        assert json.loads((copy / "status.json").read_text())["format"] == 1
        seen.add(releases.index(kept(copy)))
    failed = sum(how == "failed" for _, how in told)
    print(f"{len(whole)} copies of {len(seen)} releases whole, {failed} stopped because their release was removed")
    assert len(seen) > RUNS // 2
    shutil.rmtree(copies)
