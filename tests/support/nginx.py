"""An nginx of the tests' own, as an ordinary process on loopback, that includes one file of ``deploy/``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.port import SECONDS_TO_START, free_port, wait

CONFIG = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        include {folder}/included;
    }}
}}
"""


@contextmanager
def running(folder: Path, included: str) -> Iterator[str]:
    """The address of a server whose ``server`` block holds the text ``included``."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        raise RuntimeError("nginx is missing: install nginx")
    port = free_port()
    # Only root's server has users to choose from, and only root reads root's folders.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "included").write_text(included)
    (folder / "config").write_text(CONFIG.format(user=user, folder=folder, port=port))
    command = [program, "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "config")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if tested.returncode:
        raise RuntimeError(f"nginx -t: {tested.stderr}")
    process = subprocess.Popen(command)
    try:
        wait(port, process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)
