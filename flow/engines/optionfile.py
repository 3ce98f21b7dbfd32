"""A MySQL option file, as the servers' own clients read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flow.errors import Unreachable

GROUP = "client"
#: What an option is called in a file, and by PyMySQL.
OPTIONS = {name: name for name in ("user", "password", "host", "port", "database")} | {"socket": "unix_socket"}
OF_TLS = {"ssl_ca": "ca", "ssl_capath": "capath", "ssl_cert": "cert", "ssl_key": "key", "ssl_cipher": "cipher"}
#: Source: MySQL, Using Option Files. A space may be written as backslash and s; before any other letter a backslash is one.
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "r": "\r", "s": " ", "\\": "\\", '"': '"', "'": "'"}

#: A value up to a comment, which begins with # outside of quotes.
VALUE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^#])*""")
HOW = "write [client], user = … and password = …"


def read(path: Path) -> dict[str, Any]:
    """What the group [client] says, by the names of PyMySQL's arguments.

    Bytes that are no UTF-8, as in comments, are taken as Latin-1. Raises Unreachable for a file that is none, naming nobody.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreachable(f"the credentials {path} cannot be read: {error.strerror}") from error
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found = dict(_options(path, text))
    tls = {argument: found[name] for name, argument in OF_TLS.items() if name in found}
    arguments: dict[str, Any] = {OPTIONS[name]: value for name, value in found.items() if name in OPTIONS}
    if "port" in arguments:
        arguments["port"] = _port(path, arguments["port"])
    return arguments | ({"ssl": tls} if tls else {})


def _options(path: Path, text: str) -> Iterator[tuple[str, str]]:
    group = None
    for line in map(str.strip, text.lstrip("\ufeff").splitlines()):
        if line.startswith("[") and "]" in line:
            group = line[1 : line.index("]")].strip()
        elif line and line[0] not in "#;!":
            if group is None:
                raise Unreachable(f"the credentials {path} are no option file: a line stands before any group; {HOW}")
            name, equals, value = line.partition("=")
            if group == GROUP and equals:
                yield name.strip().replace("-", "_"), _value(value.strip())


def _value(text: str) -> str:
    found = VALUE.match(text)
    value = (found[0] if found else text).strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[0]), value)


def _port(path: Path, text: str) -> int:
    if not text.isdecimal():
        raise Unreachable(f"the credentials {path}: port is no number")
    return int(text)
