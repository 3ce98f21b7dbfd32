"""A web server that answers as Limn does: the CSVs of a folder, and 200 with a web page for whatever it does not know."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PREFIX = "/limn/data/datafiles/flow/"
PAGE = b"<!DOCTYPE html>\n<title>Limn</title>"


@dataclass(slots=True)
class Dashboard:
    """A running server. It serves what ``public`` leads to, if that is set. ``asked``: each path that it was asked for."""

    port: int = 0
    public: Path | None = None
    status: int = 200
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/limn"

    def answer(self, path: str) -> bytes:
        self.asked.append(path)
        file = self.public / "datafiles" / path.removeprefix(PREFIX) if self.public and path.startswith(PREFIX) else None
        return file.read_bytes() if file and file.is_file() else PAGE


@contextmanager
def running() -> Iterator[Dashboard]:
    made = Dashboard()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = made.answer(self.path)
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


@pytest.fixture
def dashboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """A dashboard on loopback, with no proxy in between."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with running() as made:
        yield made
