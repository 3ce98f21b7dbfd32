"""Targets are read from the settings, and what cannot be one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.errors import UsageError
from flow.settings import load
from flow.settings.targets import SSH, Remote, Target

WIKI = '[wikis.w]\ncore = "sqlite:////srv/w.sqlite"\n'


def targets(tmp_path: Path, text: str) -> dict[str, Target]:
    (tmp_path / "settings.toml").write_text(text + WIKI)
    return dict(load(tmp_path / "settings.toml").targets)


def test_a_folder_is_beside_the_settings_file(tmp_path):
    text = '[targets.local]\nfolder = "limn"\nurl = "https://stats.example.org/limn/"\n'
    assert targets(tmp_path, text) == {"local": Target("local", tmp_path / "limn", "https://stats.example.org/limn")}


def test_a_host_has_an_ssh_command_unless_told(tmp_path):
    text = '[targets.a]\nrsync = "deploy@stats.example.org:/srv/limn data/"\n[targets.b]\nrsync = "h:/d"\nssh = "ssh -i ~/k"\n'
    found = targets(tmp_path, text)
    assert found["a"].place == Remote("deploy@stats.example.org", "/srv/limn data", SSH)
    assert found["b"].place == Remote("h", "/d", "ssh -i ~/k")
    assert found["b"].url == ""


def test_an_ipv6_address_is_in_brackets_for_rsync_and_without_for_ssh():
    remote = Remote("deploy@[::1]", "/srv", "ssh -o 'User x'")
    assert remote.command == ["ssh", "-o", "User x", "deploy@::1"]
    assert str(remote) == "deploy@[::1]:/srv"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "targets.x: must say either folder = "),
        ('folder = "a"\nrsync = "h:/a"', "targets.x: must say either folder = "),
        ('folder = "a"\nssh = "ssh"', "targets.x: ssh is for rsync"),
        ("folder = 5", "targets.x.folder: must be a text in quotes, not 5"),
        ('folders = "a"', "targets.x.folders: is no setting; did you mean 'folder'?"),
        ('rsync = "h"', "rsync: 'h' is no user@host:/folder"),
        ('rsync = "h:data"', "rsync: 'h:data' is no user@host:/folder; the folder must be a whole path"),
        ('rsync = "h:~/data"', "is no user@host:/folder"),
        ('rsync = "h::module"', "is no user@host:/folder"),
        ('rsync = "rsync://h/module"', "is no user@host:/folder"),
        ('rsync = "-oProxyCommand=x:/a"', "is no user@host:/folder"),
        ('rsync = "[-oProxyCommand=x]:/a"', "is no user@host:/folder"),
        ('rsync = "[-oProxyCommand=x@h:/a"', "is no user@host:/folder"),
        ('rsync = "me@[-V]:/a"', "is no user@host:/folder"),
        ('rsync = "[h]:/a"', "is no user@host:/folder"),
        ('rsync = "h:/a\\nb"', "is no user@host:/folder"),
        ('rsync = "h:/a"\nssh = "ssh \'"', "is no command: No closing quotation"),
        ('rsync = "h:/a"\nssh = ""', "ssh: '' is no command; leave it out"),
        ('folder = "a"\nurl = "stats.example.org"', "url: 'stats.example.org' is no address such as"),
        ('folder = "a"\nurl = "file:///etc"', "is no address such as"),
        ('folder = "a"\nurl = "http://h:port"', "is no address such as"),
        ('folder = "a"\nurl = "http://h/a b"', "is no address such as"),
        ('folder = "a"\nurl = "http://h/?a=b"', "is no address such as"),
        ('folder = "a"\nurl = "http://me:word@h/"', "url: must hold no user and password"),
    ],
)
def test_a_target_that_is_wrong(tmp_path, text, line):
    with pytest.raises(UsageError) as error:
        targets(tmp_path, f"[targets.x]\n{text}\n")
    assert line in str(error.value)
    assert "word" not in str(error.value).replace("password", "")


def test_a_target_is_a_section(tmp_path):
    with pytest.raises(UsageError, match=r"targets\.folder: must be a section"):
        targets(tmp_path, '[targets]\nfolder = "a"\n')
