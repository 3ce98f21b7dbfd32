"""A proxy on loopback in front of a database server, which breaks connections as a test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: After how many bytes of answers a connection is cut; None for never. Asked with each connection's number, from 1.
Limit = Callable[[int], int | None]


@dataclass(slots=True)
class Proxy:
    """A running proxy. ``connections``: how many were made. ``refusal``: a packet that answers each first query that holds ``marked``."""

    port: int
    limit: Limit
    connections: int = 0
    cuts: int = 0
    refusal: bytes = b""
    marked: bytes = b""
    refusals: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, url: str, port: int) -> str:
        """``url``, led through the proxy."""
        return url.replace(f":{port}/", f":{self.port}/")


@contextmanager
def before(port: int, limit: Limit) -> Iterator[Proxy]:
    """A proxy in front of the server on ``port``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Proxy(listener.getsockname()[1], limit)
        threading.Thread(target=_serve, args=(made, listener, port), daemon=True).start()
        yield made
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def error_packet(number: int, state: str, text: str) -> bytes:
    """The server's first answer to a query, an error. Source: MariaDB, Client/Server Protocol, ERR_Packet."""
    body = b"\xff" + number.to_bytes(2, "little") + b"#" + state.encode() + text.encode()
    return len(body).to_bytes(3, "little") + b"\x01" + body


def _serve(made: Proxy, listener: socket.socket, port: int) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            made.connections += 1
            server = socket.create_connection(("127.0.0.1", port))
            limit = made.limit(made.connections)
            threading.Thread(target=_questions, args=(made, client, server), daemon=True).start()
            threading.Thread(target=_answers, args=(made, server, client, limit), daemon=True).start()


def _questions(made: Proxy, client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while data := client.recv(1 << 16):
            if made.refusals and made.marked in data:
                with made.lock:
                    made.refusals -= 1
                client.sendall(made.refusal)
            else:
                server.sendall(data)
    _close(client, server)


def _answers(made: Proxy, server: socket.socket, client: socket.socket, limit: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while data := server.recv(1 << 12):
            passed += len(data)
            if limit is not None and passed > limit:
                client.sendall(data[: max(0, len(data) - (passed - limit))])
                made.cuts += 1
                break
            client.sendall(data)
    _close(client, server)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
