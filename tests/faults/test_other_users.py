"""A run as somebody else than the output folder's owner is refused before it leaves anything; who may run is not hindered."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.shelf import disk
from tests.faults.test_read_only_folder import NOBODY, reached_by_all, run_as_ordinary_user
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.project import Project

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others, or mount")


@pytest.fixture
def ran(few: Project) -> Project:
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    few.settings()
    return few


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in [folder, *folder.rglob("*")]}


def give_away(output: Path) -> None:
    for path in [output, *output.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


@as_root
@pytest.mark.parametrize("command", [["run"], ["run", "--dry-run"], ["rollback"]])
def test_root_leaves_nothing_in_the_folder_of_another(ran: Project, command: list[str]):
    give_away(ran.folder / "output")
    before = ran.everything()
    said = ran.generate(*command)
    assert said.code == 2
    line = said.one_line()
    assert f"{ran.folder / 'output'}: it belongs to nobody, and this run is root's; run as nobody, or give it all away with 'chown -R 0 " in line
    assert owners(ran.folder / "output") == {NOBODY}
    assert ran.everything() == before


@as_root
def test_an_ordinary_user_is_told_whose_it_is(ran: Project):
    reached_by_all(ran.folder)
    (ran.folder / "output").chmod(0o777)
    said = run_as_ordinary_user(ran)
    assert said.code == 2
    assert "it belongs to root, and this run is nobody's; run as root, or " in said.one_line()


@as_root
def test_doctor_says_whose_it_is_and_what_in_it_is_not(ran: Project):
    output = ran.folder / "output"
    assert f"ok    output {output}: owner: it belongs to this user, and so does all in it" in ran.generate("doctor").out
    os.chown(output / "status.json", NOBODY, NOBODY)
    assert f"warn  output {output}: owner: 1 files in it are not root's, such as {output}/status.json; chown -R root {output}" in ran.generate("doctor").out
    give_away(output)
    said = ran.generate("doctor")
    assert said.code == 1
    assert f"fail  output {output}: owner: it belongs to nobody, and this run is root's; run as nobody" in said.out


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EACCES, errno.EINVAL])
def test_a_release_is_published_where_files_cannot_have_two_names(ran: Project, number: int, monkeypatch: pytest.MonkeyPatch):
    expected = undisturbed(ran)

    def refuse(*arguments: object, **facts: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    said = ran.generate("run")
    assert said.code == 0, said.err
    assert numbers(ran) == expected
    assert_whole(ran)
    assert all(path.stat().st_nlink == 1 for path in ran.public.resolve().rglob("*.csv"))


def test_a_file_that_is_gone_is_not_linked(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        disk.link(tmp_path / "gone", tmp_path / "new")


@pytest.fixture
def mounted(ran: Project) -> Iterator[Path]:
    """The live release, over whose border no file gets a second name."""
    live = ran.public.resolve()
    if subprocess.run(["mount", "--bind", str(live), str(live)], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield live
    subprocess.run(["umount", "-l", str(live)], check=True)


@as_root
def test_a_release_on_another_mount_is_copied(ran: Project, mounted: Path):
    with pytest.raises(OSError, match="Invalid cross-device link"):
        os.link(mounted / "manifest.json", ran.folder / "one_more")
    expected = undisturbed(ran)
    assert ran.generate("run").code == 0
    assert ran.public.resolve() != mounted
    assert numbers(ran) == expected
    assert_whole(ran)
