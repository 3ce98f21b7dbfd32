"""An ssh server of the tests' own on loopback: its host key, its one client key, its free port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.port import SECONDS_TO_START, free_port, wait

PROGRAM = "/usr/sbin/sshd"  # it starts itself again for each connection, and insists on a whole path

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile {folder}/pid
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """A running server. ``host``: the user and address that it takes."""

    folder: Path
    port: int

    @property
    def host(self) -> str:
        return f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1"

    @property
    def ssh(self) -> str:
        """The ssh command that gets in."""
        return self.with_key("client")

    def with_key(self, name: str) -> str:
        """The ssh command with another key; only ``client`` is let in."""
        options = (f"UserKnownHostsFile={self.folder}/known_hosts", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "BatchMode=yes")
        return f"ssh -F /dev/null -p {self.port} -i {self.folder}/{name} " + " ".join(f"-o {option}" for option in options)


@contextmanager
def running(folder: Path) -> Iterator[Sshd]:
    """A server that lives in ``folder``. Raises RuntimeError, saying what to install, where there is none."""
    for program in (PROGRAM, "ssh", "ssh-keygen", "rsync"):
        if not shutil.which(program):
            raise RuntimeError(f"{program} is missing: install openssh-server, openssh-client and rsync")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where a server of root's keeps its unprivileged half
    server = Sshd(folder, free_port())
    for name in ("host", "client", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {(folder / 'host.pub').read_text()}")
    (folder / "config").write_text(CONFIG.format(port=server.port, folder=folder))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, "-D", "-e", "-f", str(folder / "config")], stderr=log)
    try:
        wait(server.port, process, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)


@pytest.fixture(scope="session")
def sshd() -> Iterator[Sshd]:
    """The tests' own ssh server."""
    with tempfile.TemporaryDirectory(prefix="flow") as folder, running(Path(folder)) as server:
        yield server
