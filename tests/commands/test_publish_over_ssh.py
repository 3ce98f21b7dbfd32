"""What is published here is brought to another host over ssh; what the host refuses is one clear line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.dashboard import Dashboard
from tests.support.project import Project
from tests.support.release import files
from tests.support.sshd import Sshd

DATASETS = ("new_topics", "talk_edits")


@pytest.fixture
def ran(project: Project) -> Project:
    """A project with a first release."""
    project.settings(grains='["month"]')
    assert project.generate("run", *DATASETS).code == 0
    return project


def host(project: Project, sshd: Sshd, folder: Path, ssh: str, more: str = "", now: str = "2024-04-01T12:00:00Z") -> None:
    rsync = json.dumps(f"{sshd.host}:{folder}")
    project.settings(f"[targets.stats]\nrsync = {rsync}\nssh = {json.dumps(ssh)}\n{more}", now=now, grains='["month"]')


def test_another_host_gets_it_over_ssh(ran: Project, sshd: Sshd, dashboard: Dashboard, tmp_path: Path):
    folder = tmp_path / "its folder"
    dashboard.public = folder / "public"
    host(ran, sshd, folder, sshd.ssh, f'url = "{dashboard.url}"\n')
    assert ran.generate("publish", "stats", "--dry-run").out.count("new ") == 2
    assert not folder.exists()
    said = ran.generate("publish", "stats")
    assert said.code == 0, said.err
    assert files(folder / "public") == ran.everything()
    assert ran.generate("publish", "stats").out == ""
    before = files(folder / "public")
    dashboard.public = None
    host(ran, sshd, folder, sshd.ssh, f'url = "{dashboard.url}"\n', now="2024-05-01T12:00:00Z")
    ran.seem_alive("2024-05-01T11:00:00Z")
    assert ran.generate("run", *DATASETS).code == 0
    said = ran.generate("publish", "stats")
    assert said.code == 4
    assert said.one_line().endswith("switched back to 20240401T120000Z")
    assert files(folder / "public") == before


def test_a_host_that_refuses_or_does_not_answer_is_unreachable(ran: Project, sshd: Sshd, tmp_path: Path):
    for ssh, line in (
        (sshd.with_key("stranger"), "Permission denied (publickey)."),
        ("ssh -F /dev/null -p 1 -o BatchMode=yes", "Connection refused"),
        (sshd.ssh.replace("known_hosts", "no_hosts"), "Host key verification failed."),
    ):
        host(ran, sshd, tmp_path / "there", ssh)
        said = ran.generate("publish", "stats")
        assert said.code == 3, said.err
        assert f"error: {sshd.host}: ssh does not get through: " in said.one_line()
        assert line in said.one_line()
        assert "; try by hand: ssh -F" in said.one_line()


def test_a_folder_there_that_cannot_be_made_is_said(ran: Project, sshd: Sshd, tmp_path: Path):
    (tmp_path / "file").touch()
    host(ran, sshd, tmp_path / "file" / "sub", sshd.ssh)
    said = ran.generate("publish", "stats")
    assert said.code == 2
    assert "/file/sub: the target's folder cannot take a release: mkdir: cannot create directory" in said.one_line()


def test_a_program_that_is_missing_is_said_with_its_package(ran: Project, sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = sshd.ssh.replace("ssh", shutil.which("ssh") or "", 1)
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    for ssh, line in (
        ("sshh", "sshh: this program cannot be run: No such file or directory; correct the target's ssh in the settings"),
        ("ssh", "ssh: this program cannot be run: No such file or directory; install the package openssh-client"),
        (whole, "rsync: this program cannot be run: No such file or directory; install the package rsync"),
    ):
        host(ran, sshd, tmp_path / "there", ssh)
        said = ran.generate("publish", "stats")
        assert said.code == 2
        assert line in said.one_line()


def test_a_delivery_that_breaks_off_is_not_seen_and_the_next_one_takes_it_up(ran: Project, sshd: Sshd, tmp_path: Path):
    folder = tmp_path / "there"
    (folder / "releases").mkdir(parents=True)
    (folder / "releases" / ".20240401T120000Z.partial").write_text("no folder")
    host(ran, sshd, folder, sshd.ssh)
    said = ran.generate("publish", "stats")
    assert said.code in (1, 3)
    assert "rsync" in said.one_line()
    assert not (folder / "public").exists()
    (folder / "releases" / ".20240401T120000Z.partial").unlink()
    assert ran.generate("publish", "stats").code == 0
