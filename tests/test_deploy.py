"""The files in deploy/ do what they say, as far as that can be tried without a host of their own."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from flow.delivery.probe import probe
from tests.conftest import CHECKOUT
from tests.shelf.test_manifest import KEY
from tests.support.nginx import running
from tests.support.release import months, release

DEPLOY = CHECKOUT / "deploy"
UNITS = ("limn-flow-data.service", "limn-flow-data.timer")
#: systemd's own measure, from 0 for a service that can do nothing to 10. Version 252 said 1.7 when this was written.
MOST_EXPOSED = 2.0

with_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing: install systemd")


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """Copies of the units that name the Python and the checkout of this test, for systemd looks whether they are there."""
    for name in UNITS:
        text = (DEPLOY / name).read_text().replace("/srv/limn-flow-data/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text.replace("/srv/limn-flow-data", str(CHECKOUT)))
    return [str(tmp_path / name) for name in UNITS]


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})


@with_systemd
def test_systemd_accepts_the_units(units):
    done = ran("systemd-analyze", "verify", *units)
    ours = [line for line in done.stderr.splitlines() if "limn-flow-data" in line]
    assert (done.returncode, ours) == (0, [])


@with_systemd
def test_the_service_can_do_little_else(units):
    done = ran("systemd-analyze", "security", "--offline=true", "--no-pager", units[0])
    level = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= MOST_EXPOSED


@with_systemd
def test_the_timer_goes_every_morning_in_utc():
    when = re.search(r"^OnCalendar=(.*)$", (DEPLOY / UNITS[1]).read_text(), re.M)
    assert when
    done = ran("systemd-analyze", "calendar", "--iterations=2", when[1])
    assert done.returncode == 0
    assert set(re.findall(r"\d\d:\d\d:\d\d UTC", done.stdout)) == {"06:30:00 UTC"}


def lines(name: str) -> list[str]:
    return [line for line in (DEPLOY / name).read_text().splitlines() if line.strip() and not line.startswith("#")]


def cron_line() -> str:
    found = [line for line in lines("limn-flow-data.cron") if not re.match(r"[A-Z]+=", line)]
    assert len(found) == 1
    return found[0]


def test_the_cron_file_is_one_that_cron_takes():
    path = DEPLOY / "limn-flow-data.cron"
    assert path.read_text().endswith("\n"), "cron drops a last line without an end"
    # Cron takes no file that others could write, and none with a dot in its name.
    assert re.search(r"install -m 644 deploy/limn-flow-data.cron /etc/cron.d/([A-Za-z0-9_-]+)$", (DEPLOY / "README.md").read_text(), re.M)
    minute, hour, *days, user, command = cron_line().split(maxsplit=6)
    assert (int(minute) in range(60), int(hour) in range(24), days) == (True, True, ["*"] * 3)
    assert user == "limn-data"
    assert "%" not in command, "cron would take what follows as the command's input"


@pytest.mark.parametrize(("code", "mail"), [(0, ""), (75, ""), (1, "limn-flow-data: a run ended with 1; see "), (4, "limn-flow-data: a run ended with 4; see ")])
def test_cron_mails_only_what_failed_and_all_else_is_in_the_log(tmp_path: Path, code: int, mail: str):
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho "$*"\necho aside >&2\nexit {code}\n')
    program.chmod(0o755)
    command = cron_line().split(maxsplit=6)[6].replace("/srv/limn-flow-data/.venv/bin/python", str(program))
    done = ran("sh", "-c", command.replace("/var/log/limn-data", str(tmp_path)))
    assert done.stdout.startswith(mail)
    assert (bool(done.stdout), done.stderr) == (bool(mail), "")
    log = (tmp_path / "limn-flow-data.log").read_text()
    assert log == "/srv/limn-flow-data/generate.py --settings /etc/limn-flow-data/settings.toml run\naside\n"


def test_cron_and_systemd_run_the_same_command():
    started = re.search(r"^ExecStart=(.*)$", (DEPLOY / UNITS[0]).read_text(), re.M)
    assert started
    assert f"; {started[1]} >>" in cron_line()


def test_logs_are_rotated(tmp_path: Path):
    program = shutil.which("logrotate", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "logrotate is missing: install logrotate"
    user = pwd.getpwuid(os.getuid())
    own = f"{user.pw_name} {os.getgid()}"
    text = (DEPLOY / "limn-flow-data.logrotate").read_text().replace("/var/log/limn-data", str(tmp_path))
    config = tmp_path / "config"
    config.write_text(text.replace("limn-data limn-data", own))
    config.chmod(0o644)
    (tmp_path / "limn-flow-data.log").write_text("one run\n")
    state = ("--state", str(tmp_path / "state"))
    tried = ran(program, "--debug", *state, str(config))
    assert (tried.returncode, "error" in tried.stderr) == (0, False), tried.stderr
    assert ran(program, "--force", *state, str(config)).returncode == 0
    assert (tmp_path / "limn-flow-data.log.1").read_text() == "one run\n"
    assert (tmp_path / "limn-flow-data.log").read_text() == ""


def answer(url: str, **headers: str):
    with urlopen(Request(url, headers=headers), timeout=10) as came:
        return came.status, came.headers, came.read()


def test_nginx_serves_what_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    made = release(tmp_path / "output", "r1")
    (made.folder / ".status.json.partial").write_text("{")
    text = (DEPLOY / "limn-flow-data.nginx").read_text().replace("/var/lib/limn-flow-data", str(tmp_path / "output"))
    with running(tmp_path, text) as url:
        for place, kind in ((KEY.path, "text/csv; charset=utf-8"), ("manifest.json", "application/json"), (f"graphs/{KEY.id}.json", "application/json")):
            status, headers, body = answer(f"{url}/flow/{place}")
            assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, kind, "no-cache")
            assert body == (made.folder / place).read_bytes()
        assert probe(url, "flow", made, []) == 1
        for place, status in (("", 403), ("datafiles/", 403), ("datafiles/none.csv", 404), (".status.json.partial", 404), ("../.lock", 404)):
            with pytest.raises(HTTPError) as error:
                answer(f"{url}/flow/{place}")
            assert error.value.code == status, place
            error.value.close()
        _, headers, _ = answer(f"{url}/flow/manifest.json")
        with pytest.raises(HTTPError) as error:
            answer(f"{url}/flow/manifest.json", **{"If-None-Match": headers["ETag"]})
        assert error.value.code == 304
        error.value.close()
        later = release(tmp_path / "output", "r2", months(4))
        assert probe(url, "flow", later, []) == 1, "the link is followed anew"
