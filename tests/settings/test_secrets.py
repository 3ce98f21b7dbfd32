"""No password of the settings, of a URL or of an option file is printed, logged or published, whatever is wrong."""

from __future__ import annotations

import pytest

from tests.support.project import Project

SECRET = "hunter2xyz"
WRONG = [
    f'core = ["mysql+pymysql://u:{SECRET}@127.0.0.1:1/db"]',
    f'core = "mysql+pymysql://u:p@{SECRET}@127.0.0.1:1/db"',
    f'core = "mysql+pymysql://u/x:{SECRET}@127.0.0.1:1/db"',
    f'core = "mysql+pymysql://u:{SECRET}/x@127.0.0.1:1/db"',
    f'core = "mysql+pymysql://u:{SECRET}@127.0.0.1:1/db"',
    f'core = "mysql+pymysql://u:{SECRET}@127.0.0.1:x{SECRET}/db"',
    f'core = "mysql+pymysql://127.0.0.1:1/db?password={SECRET}"',
    f'core = "mysql+pymysql://127.0.0.1:1/db?nothing={SECRET}"',
    f'core = "postgres://u:{SECRET}@127.0.0.1/db"',
    f'core = {{ url = "mysql+pymysql://u:{SECRET}@h/db" }}',
    f'core = "sqlite:///testwiki.sqlite"\ngrace = ["{SECRET}"]',
    f'core = "sqlite:///testwiki.sqlite"\nsince = "{SECRET}"',
    'core = "mysql+pymysql://127.0.0.1:1/db"\ncredentials = "my.cnf"',
    f'core = "sqlite:///testwiki.sqlite"\n[targets.a]\nrsync = "u:{SECRET}@h"',
    f'core = "sqlite:///testwiki.sqlite"\n[targets.a]\nfolder = "x"\nurl = "https://u:{SECRET}@h/?a"',
    f'core = "sqlite:///testwiki.sqlite"\n[targets.a]\nrsync = "h:/a"\nssh = "sshpass -p \'{SECRET}"',
    f'core = "sqlite:///testwiki.sqlite"\n[output]\ngrains = ["mysql://u:{SECRET}@h"]',
]


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_password_is_never_printed_or_written(project: Project, text: str, command: str):
    (project.folder / "my.cnf").write_text(f"[client]\nuser = u\npassword = '{SECRET}\nwhat is {SECRET}\n")
    (project.folder / "settings.toml").write_text(f"[wikis.testwiki]\n{text}\n")
    said = project.generate(command)
    assert SECRET not in said.out + said.err
    written = [path for path in (project.folder / "output").rglob("*") if path.is_file()]
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_doctor_warns_of_a_password_that_everybody_may_read(project: Project):
    path = project.folder / "settings.toml"
    path.write_text(f'[wikis.testwiki]\ncore = "mysql+pymysql://127.0.0.1:1/db?password={SECRET}"\n')
    path.chmod(0o644)
    assert "there is a password in it, and everybody on this host may read it" in project.generate("doctor").out
    path.chmod(0o640)
    assert "there is a password in it" not in project.generate("doctor").out
