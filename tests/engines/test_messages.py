"""An error's message names tables and columns, and nobody."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pymysql
import pytest
import sqlalchemy as sa

from flow.engines import connect
from flow.engines.messages import reason
from flow.errors import QueryError, Unreachable
from tests.support.mariadb import Server

NAMES = ["Alice", "!!!", "O'Brien", 'Comma, "Esq."', "用户甲", "x' at line 3 'y", "Back\\slash `tick`"]
WORDS = ["Alice", "!!!", "Brien", "Esq", "用户甲", "line 3", "slash", "tick"]

ROUTINES = [
    "CREATE FUNCTION numbered(n INT) RETURNS INT RETURN n",
    "CREATE FUNCTION short(n CHAR(1)) RETURNS INT RETURN 1",
    "CREATE FUNCTION refused(name VARCHAR(99)) RETURNS INT BEGIN"
    " DECLARE said VARCHAR(99) DEFAULT CONCAT('never ', name); SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = said; RETURN 1; END",
]

MARIADB = [
    "SELECT EXTRACTVALUE(1, CONCAT('~', (SELECT name FROM person LIMIT 1))) AS a",
    "SELECT UPDATEXML(1, CONCAT('~', (SELECT name FROM person LIMIT 1)), 1) AS a",
    "SELECT numbered(name) AS a FROM person",
    "SELECT short(name) AS a FROM person",
    "SELECT refused(name) AS a FROM person",
    "SELECT t.a FROM person, JSON_TABLE(name, '$' COLUMNS (a INT PATH '$.a' ERROR ON ERROR)) AS t",
    "SELECT 1 AS a FROM person WHERE name = :name AND",
    "SELECT CASE WHEN name = :name THEN 1 AS a FROM person",
]

SQLITE = [
    "SELECT json_extract('{}', name) AS a FROM person",
    "SELECT json(name) AS a FROM person",
    "SELECT value FROM person, json_each('{}', name)",
    "SELECT 1 AS a FROM words WHERE words MATCH (SELECT name FROM person)",
    "SELECT 1 AS a FROM words WHERE words MATCH (SELECT 'nobody:' || name FROM person)",
    "SELECT 1 AS a FROM words WHERE words MATCH (SELECT replace(name, ' ', '') || ':a' FROM person)",
    "SELECT 1 AS a FROM old_words WHERE old_words MATCH (SELECT '\"' || name FROM person)",
    "SELECT 1 AS a FROM person WHERE name = :name AND",
]


@pytest.fixture(scope="module")
def database(mariadb: Server) -> str:
    name = mariadb.database()
    mariadb.execute("CREATE TABLE person (name VARBINARY(255))", *ROUTINES, f"GRANT EXECUTE ON `{name}`.* TO reader@'%'", database=name)
    return name


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE person (name TEXT)")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    connection.execute("CREATE VIRTUAL TABLE old_words USING fts4(word)")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("name", NAMES)
def test_mariadb_names_nobody(mariadb: Server, database: str, name: str, caplog):
    connection = mariadb.connect(database, autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM person")
        cursor.execute("INSERT INTO person VALUES (%s)", (name,))
    engine = connect(mariadb.url(database), None, 60)
    said = [_refusal(engine, sql, name) for sql in MARIADB]
    engine.close()
    _assert_nobody(said, caplog)
    assert "error 1644" in said[4]


@pytest.mark.parametrize("name", NAMES)
def test_sqlite_names_nobody(file: Path, name: str, caplog):
    connection = sqlite3.connect(file)
    connection.execute("INSERT INTO person VALUES (?)", (name,))
    connection.commit()
    connection.close()
    engine = connect(f"sqlite:///{file}", None, 60)
    said = [_refusal(engine, sql, name) for sql in SQLITE]
    engine.close()
    _assert_nobody(said, caplog)


def _refusal(engine, sql: str, name: str) -> str:
    try:
        engine.read(sql, {"name": name} if ":name" in sql else {})
    except QueryError as error:
        return str(error)
    return "not refused"


def _assert_nobody(said: list[str], caplog) -> None:
    assert sum(text != "not refused" for text in said) > len(said) / 2, said
    for text in [*said, caplog.text]:
        assert not any(word in text for word in WORDS), text
        assert "\n" not in text.strip()


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT nothing FROM person", "nothing"),
        ("SELECT 1 FROM nowhere", "nowhere"),
        ("SELECT nosuch(1) FROM person", "nosuch"),
        ("SELECT name FROM person AS a, person AS b", "name"),
        ("SELECT 1 FROM person WEHRE name = 1", "name"),
    ],
)
@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_what_the_sql_itself_names_is_told(mariadb: Server, database: str, file: Path, kind: str, sql: str, words: str):
    engine = connect(mariadb.url(database) if kind == "mariadb" else f"sqlite:///{file}", None, 60)
    with pytest.raises(QueryError, match=words):
        engine.read(sql, {})
    engine.close()


def test_an_account_is_not_named_but_its_host_is(mariadb: Server):
    with pytest.raises(Unreachable, match=r"Access denied for user '…'@'127\.0\.0\.1'") as caught:
        connect(f"mysql+pymysql://some_one:x@127.0.0.1:{mariadb.port}/wiki", None, 60)
    assert "some_one" not in str(caught.value)


def test_a_credentials_file_is_not_quoted(mariadb: Server, tmp_path: Path):
    path = tmp_path / "replica.my.cnf"
    path.write_text("user = some_one\npassword = secret\n")
    with pytest.raises(Unreachable, match="no option file") as caught:
        connect(f"mysql+pymysql://127.0.0.1:{mariadb.port}/wiki", path, 60)
    assert "some_one" not in str(caught.value)


def test_a_limit_of_an_account_is_told_and_tried_again(mariadb: Server, database: str, caplog):
    account = "CREATE OR REPLACE USER some_one@'%' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1"
    mariadb.execute(account, "GRANT SELECT ON *.* TO some_one@'%'")
    url = mariadb.url(database).replace("reader:reads", "some_one:x")
    first = connect(url, None, 60)
    with pytest.raises(Unreachable, match=r"User '…' has exceeded the 'max_user_connections' resource \(current value: 1\)") as caught:
        connect(url, None, 60)
    first.close()
    assert "some_one" not in f"{caught.value}{caplog.text}"
    assert caplog.text.count("trying again") == 3


REFUSALS = {
    1203: ("User some_one already has more than 'max_user_connections' active connections",
           "User '…' already has more than 'max_user_connections' active connections"),
    3118: ("Access denied for user 'some_one'@'10.0.0.1'. Account is locked.", "Access denied for user '…'@'10.0.0.1'. Account is locked."),
    4151: ("Access denied, this account is locked", "Access denied, this account is locked"),
    1524: ("Plugin 'ed25519' is not loaded", "Plugin 'ed25519' is not loaded"),
    1062: ("Duplicate entry 'Alice' for key 'user_name'", "Duplicate entry '…'"),
    1292: ("Truncated incorrect DOUBLE value: 'x' at line 3 'y'", "Truncated incorrect DOUBLE value: '…'"),
    3819: ("Check constraint 'Alice' is violated.", "Check constraint '…'"),
}  # fmt: skip


@pytest.mark.parametrize("number", REFUSALS)
def test_the_servers_own_sentence_is_kept_where_it_quotes_no_row(number: int):
    text, kept = REFUSALS[number]
    assert reason(sa.exc.OperationalError("", {}, pymysql.err.OperationalError(number, text))) == kept


def test_a_missing_package_is_named():
    text = "'cryptography' package is required for sha256_password or caching_sha2_password auth methods"
    assert reason(RuntimeError(text)) == f"{text}; install it beside this program"
    assert reason(ModuleNotFoundError("No module named 'pymysql'")) == "No module named 'pymysql'; install it beside this program"
