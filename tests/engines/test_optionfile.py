"""Option files as people have them: what the servers' own clients read, we read."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.engines import connect, optionfile
from flow.errors import Unreachable
from tests.support.mariadb import Server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.my.cnf"


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("password = reads", "reads"),
        ("password=\"re'ads\"", "re'ads"),
        ('password = "re\\"ads"', 're"ads'),
        ("password = 're#ads' # not mine", "re#ads"),
        ("password = reads # a comment", "reads"),
        ("password = re\\\\ads", "re\\ads"),
        ("password = re\\ads", "re\\ads"),
        ("password = re\\sads", "re ads"),
        ("password = re%ads", "re%ads"),
        ("password = a=b", "a=b"),
        ("password =", ""),
        ("; said\npassword = reads\nskip-ssl\n!includedir /etc/mysql/conf.d\n[mysql]\npassword = other", "reads"),
    ],
)
def test_a_password_is_what_the_client_would_send(path: Path, text: str, password: str):
    path.write_text(f"# réplique\n[client]\nuser = reader\n{text}\n", "latin-1")
    assert optionfile.read(path) == {"user": "reader", "password": password}


def test_places_and_certificates_are_read(path: Path):
    path.write_text("[client]\nhost=db\nport = 3307\nsocket = /s\nssl-ca = /ca.pem\nssl_key=/key.pem\ndefault-character-set = latin1\n")
    assert optionfile.read(path) == {"host": "db", "port": 3307, "unix_socket": "/s", "ssl": {"ca": "/ca.pem", "key": "/key.pem"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("user = some_one\n", "are no option file: a line stands before any group"),
        ("[client]\npassword = secret\n", r"name no user in \[client\]; write \[client\], user = … and password = …"),
        ("[mysql]\nuser = some_one\n", r"name no user in \[client\]"),
        ("[client]\nuser = some_one\nport = secret\n", "port is no number"),
    ],
)
def test_what_is_lacking_is_one_line_that_quotes_nothing(mariadb: Server, path: Path, text: str, said: str):
    path.write_text(text)
    with pytest.raises(Unreachable, match=said) as caught:
        connect(f"mysql+pymysql://127.0.0.1:{mariadb.port}/mysql", path, 60)
    assert "some_one" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_the_url_says_comes_first(mariadb: Server, path: Path):
    path.write_text("# é\n[client]\nuser = nobody\npassword = 'reads'\nport = 1\nhost = nowhere\n", "latin-1")
    connect(f"mysql+pymysql://reader@127.0.0.1:{mariadb.port}/mysql", path, 60).close()
    path.write_text(f"[client]\nuser = reader\npassword = reads\nport = {mariadb.port}\nhost = 127.0.0.1\n")
    connect("mysql+pymysql:///mysql", path, 60).close()
