"""An output folder that an ordinary user may not write: one line, and nothing is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.few import assert_whole
from tests.support.project import Project, Said

NOBODY = 65534


def reached_by_all(folder: Path) -> None:
    """Lets every user pass through the folders above, as a host's folders do."""
    for each in [folder, *folder.parents]:
        if each.stat().st_uid == os.geteuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o055)


def run_as_ordinary_user(project: Project) -> Said:
    """What a run says in a child that gave up root's rights; all that it imports was imported by an earlier run."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        said = project.generate("run")
        os.write(writing, json.dumps([said.out, said.err, said.code]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = Said(*json.loads(pipe.read()))
    os.waitpid(child, 0)
    return found


@pytest.mark.parametrize("part", ["", "staging", "releases", "public/datafiles"])
def test_a_folder_that_may_not_be_written_ends_in_one_line(few: Project, part: str):
    few.settings(now="2024-03-01T12:00:00Z")
    few.generate("run")
    before = few.published()
    few.settings()
    output = few.folder / "output"
    reached_by_all(few.folder)
    for path in [output, *output.rglob("*")]:
        if not path.is_symlink():
            os.chown(path, *(NOBODY, NOBODY)) if os.geteuid() == 0 else None
    (output / part).chmod(0o555)
    said = run_as_ordinary_user(few)
    (output / part).chmod(0o755)
    if part == "public/datafiles":
        assert said.code == 0, "the live release is never written, but for its status"
    else:
        assert said.code in (1, 2), said.err
        assert "Permission denied" in said.one_line()
        assert few.published() == before
    assert_whole(few)
