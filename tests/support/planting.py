"""Texts that are planted wherever people write something in a wiki's database, and the search for them in what was written."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pymysql

from tests.support.mariadb import Server

#: Where people's names and words are: a table, its key, and the column. What a wiki lacks is passed over.
PLACES = [
    ("actor", "actor_id", "actor_name"), ("user", "user_id", "user_name"), ("comment", "comment_id", "comment_text"),
    ("page", "page_id", "page_title"), ("archive", "ar_id", "ar_title"), ("logging", "log_id", "log_title"), ("logging", "log_id", "log_params"),
    ("recentchanges", "rc_id", "rc_title"), ("flow_workflow", "workflow_id", "workflow_title_text"),
    ("flow_revision", "rev_id", "rev_content"), ("flow_revision", "rev_id", "rev_mod_reason"),
]  # fmt: skip
TAGS = ("change_tag_def", "ctd_id", "ctd_name")
IPS = [("rev_user_id", "rev_user_ip"), ("rev_mod_user_id", "rev_mod_user_ip"), ("rev_edit_user_id", "rev_edit_user_ip")]


def plant(where: Path | tuple[Server, str], texts: Sequence[bytes], places: Iterable[tuple[str, str, str]] = PLACES) -> int:
    """Writes ``texts`` by turns into all ``places`` of a SQLite file, or of a database of a server; gives how often."""
    many = 0
    with closing(_connection(where)) as connection, closing(connection.cursor()) as cursor:
        for table, key, column in places:
            many += _plant(cursor, isinstance(where, Path), table, key, column, texts)
        connection.commit()
    return many


def plant_address(where: Path | tuple[Server, str], address: str) -> None:
    """Lets whoever had no account in Flow have had this address."""
    with closing(_connection(where)) as connection, closing(connection.cursor()) as cursor:
        for user, ip in IPS:
            cursor.execute(f"UPDATE flow_revision SET {ip} = '{address}' WHERE {user} = 0 AND {ip} IS NOT NULL")
        cursor.execute(f"UPDATE flow_tree_revision SET tree_orig_user_ip = '{address}' WHERE tree_orig_user_id = 0")
        cursor.execute(f"UPDATE actor SET actor_name = '{address}' WHERE actor_id = (SELECT least FROM (SELECT MIN(actor_id) AS least FROM actor WHERE actor_user IS NULL) AS a)")
        connection.commit()


def _connection(where: Path | tuple[Server, str]) -> Any:
    return sqlite3.connect(where) if isinstance(where, Path) else where[0].connect(where[1])


def _plant(cursor: Any, is_sqlite: bool, table: str, key: str, column: str, texts: Sequence[bytes]) -> int:
    try:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {column} IS NOT NULL")
    except (sqlite3.OperationalError, pymysql.err.OperationalError, pymysql.err.ProgrammingError):  # no such table or column
        return 0
    ids = [row[0] for row in cursor.fetchall()]
    mark = "?" if is_sqlite else "%s"
    for number, id in enumerate(ids):
        suffix = str(number).encode()
        text = texts[number % len(texts)][: 255 - len(suffix)] + suffix
        value = text.decode("utf-8", "surrogateescape") if is_sqlite and _is_text(text) else text
        cursor.execute(f"UPDATE {table} SET {column} = {mark} WHERE {key} = {mark}", (value, id))
    return len(ids)


def _is_text(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def forms(text: str) -> Iterator[bytes]:
    """``text`` as it may stand in a file: plain, in UTF-16, in hexadecimal, in base64 from any place on."""
    plain = text.encode()
    yield from (plain, text.encode("utf-16-le"), text.encode("utf-16-be"), plain.hex().encode(), plain.hex().upper().encode())
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain)
        yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def found(folder: Path, texts: Iterable[str], but: Iterable[Path] = ()) -> list[str]:
    """The files and names below ``folder``, without those of ``but``, in which any form of ``texts`` stands."""
    needles = [form for text in texts for form in forms(text)]
    passed = list(but)
    hits = []
    for path in sorted(folder.rglob("*")):
        if any(path.is_relative_to(each) for each in passed):
            continue
        content = bytes(path.relative_to(folder)) + (path.read_bytes() if path.is_file() else b"")
        hits += [f"{path}: {needle!r}" for needle in needles if needle in content]
    return hits
