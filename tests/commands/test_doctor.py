"""``doctor`` looks at real databases and folders, says a line of each thing, and changes nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date

import pytest

from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from tests.support.mariadb import Server
from tests.support.project import Project, Said

LIFE = Life(3, date(2024, 1, 1), date(2024, 2, 1), topics=2, edits=5, people=5)


@pytest.fixture
def database(mariadb: Server) -> str:
    name = mariadb.database()
    with mariadb.connect(name) as connection, into_mariadb(connection) as emit:
        live(Scribe("testwiki", emit), LIFE)
    return name


def on(project: Project, url: str, more: str = "") -> Said:
    """What doctor says of a wiki at ``url``."""
    text = f'[output]\nfolder = "output"\n[wikis.testwiki]\ncore = "{url}"\n{more}'
    path = project.folder / "settings.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o640)
    return project.generate("doctor")


def line(said: Said, where: str) -> str:
    found = [each for each in said.out.splitlines() if f" {where}: " in each]
    assert len(found) == 1, said.out
    return found[0]


def bad(said: Said) -> list[str]:
    return [each for each in said.out.splitlines() if not each.startswith("ok ")]


def test_a_mariadb_wiki_in_good_health(project: Project, mariadb: Server, database: str):
    said = on(project, mariadb.url(database))
    assert (said.code, bad(said), said.err) == (0, [], "")
    assert re.search(rf"connection: MariaDB \d+\.\d+\.\d+, {database} on 127\.0\.0\.1$", line(said, "testwiki core: connection"))
    assert line(said, "testwiki core: tables").endswith("all there; MediaWiki 1.39 or 1.40")
    for what in ("account", "clock", "time zone", "replication", "indexes"):
        assert line(said, f"testwiki core: {what}").startswith("ok    ")
    assert line(said, "testwiki flow: indexes").startswith("ok    ")
    assert not (project.folder / "output").exists()


def test_a_sqlite_wiki_that_may_be_written_is_a_warning(project: Project):
    before = (project.folder / "testwiki.sqlite").read_bytes()
    said = on(project, "sqlite:///testwiki.sqlite")
    assert said.code == 0
    assert [each.split(": the ")[0] for each in bad(said)] == ["warn  testwiki core: account"]
    assert "journal mode delete" in line(said, "testwiki core: connection")
    assert (project.folder / "testwiki.sqlite").read_bytes() == before


def test_an_account_that_can_write_is_a_warning(project: Project, mariadb: Server, database: str):
    mariadb.execute(
        "CREATE OR REPLACE USER writer@'%' IDENTIFIED BY 'writes'", f"GRANT SELECT, INSERT, DROP ON `{database}`.* TO writer@'%'",
        "GRANT ALL ON `writers_own`.* TO writer@'%'",
    )  # fmt: skip
    said = on(project, mariadb.url(database).replace("reader:reads", "writer:writes"))
    assert said.code == 0
    assert "the account can write: INSERT, DROP; " in line(said, "testwiki core: account")
    assert "writes" not in said.out


def test_a_missing_index_is_a_warning_and_a_missing_table_a_failure(project: Project, mariadb: Server, database: str):
    mariadb.execute("ALTER TABLE revision DROP INDEX rev_timestamp", "ALTER TABLE flow_topic_list RENAME away", database=database)
    said = on(project, mariadb.url(database))
    assert said.code == 1
    assert len(bad(said)) == 2
    assert "warn  testwiki core: indexes: none that begins with revision(rev_timestamp); " in said.out
    assert "fail  testwiki flow: tables: wiki 'testwiki', flow tables: flow_topic_list missing; " in said.out


def test_a_missing_index_in_a_file_is_found_too(project: Project):
    with sqlite3.connect(project.folder / "testwiki.sqlite") as connection:
        connection.execute("DROP INDEX rev_timestamp")
    connection.close()
    assert "revision(rev_timestamp); " in line(on(project, "sqlite:///testwiki.sqlite"), "testwiki core: indexes")


def test_views_are_not_blamed_for_indexes_that_cannot_be_seen(project: Project, mariadb: Server, database: str):
    views = mariadb.database()
    connection = mariadb.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        names = [name for (name,) in cursor.fetchall()]
    mariadb.execute(*(f"CREATE VIEW {name} AS SELECT * FROM `{database}`.{name}" for name in map(_text, names)), database=views)
    said = on(project, mariadb.url(views))
    assert (said.code, bad(said)) == (0, [])
    assert "tables are views, whose indexes cannot be seen" in line(said, "testwiki core: indexes")


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name


def test_a_server_that_is_down_is_a_failure_and_the_rest_is_looked_at(project: Project):
    away = '[wikis.deadwiki]\ncore = "mysql+pymysql://reader:secret@127.0.0.1:1/deadwiki"\n'
    said = on(project, "sqlite:///testwiki.sqlite", away)
    assert said.code == 1
    assert "Can't connect to MySQL server on '127.0.0.1'" in line(said, "deadwiki core: connection")
    assert "check its URL in [wikis.deadwiki]" in line(said, "deadwiki core: connection")
    assert line(said, "testwiki flow: tables").startswith("ok ")
    assert "secret" not in said.out + said.err


def test_no_database_at_all_is_3_and_no_settings_2(project: Project):
    said = on(project, "sqlite:////nowhere/at/all.sqlite")
    assert said.code == 3
    assert "there is no such file" in line(said, "testwiki core: connection")
    (project.folder / "settings.toml").unlink()
    said = project.generate("doctor")
    assert (said.code, said.out[:24]) == (2, f"fail  settings: {project.folder}"[:24])


def test_an_output_folder_that_cannot_be_written_is_a_failure(project: Project):
    (project.folder / "output").write_text("")
    said = on(project, "sqlite:///testwiki.sqlite")
    assert said.code == 1
    assert "it cannot be written: Not a directory; " in line(said, f"output {project.folder}/output: folder")


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
def test_a_credentials_file_that_everybody_may_read_is_a_warning(project: Project, mode: int):
    path = project.folder / "replica.my.cnf"
    path.write_text("[client]\nuser = a\n")
    path.chmod(mode)
    said = on(project, "sqlite:///testwiki.sqlite", 'credentials = "replica.my.cnf"\n')
    assert f"chmod o= {path}" in line(said, f"credentials {path}")


def test_settings_with_a_password_that_everybody_may_read_are_a_warning(project: Project, mariadb: Server, database: str):
    assert "there is a password" not in on(project, mariadb.url(database)).out
    (project.folder / "settings.toml").chmod(0o644)
    said = project.generate("doctor")
    path = project.folder / "settings.toml"
    assert f"warn  settings {path}: there is a password in it, and everybody on this host may read it; chmod o= {path}" in said.out
    assert "reads" not in said.out
    on(project, "sqlite:///testwiki.sqlite")
    path.chmod(0o644)
    assert "there is a password" not in project.generate("doctor").out


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o400])
def test_files_as_deploy_installs_them_are_well(project: Project, mariadb: Server, database: str, mode: int):
    path = project.folder / "replica.my.cnf"
    path.write_text("[client]\nuser = a\n")
    path.chmod(mode)
    said = on(project, mariadb.url(database), 'credentials = "replica.my.cnf"\n')
    assert "credentials" not in said.out
    assert "there is a password" not in said.out


def test_findings_as_json(project: Project):
    project.settings()
    said = project.generate("doctor", "--json")
    findings = json.loads(said.out)
    assert {"level": "ok", "where": "testwiki flow: indexes", "what": "all that queries need are there", "todo": ""} in findings
    assert {finding["level"] for finding in findings} == {"ok", "warn"}


def test_nothing_is_written(project: Project):
    before = sorted(path.name for path in project.folder.rglob("*"))
    on(project, "sqlite:///testwiki.sqlite")
    assert sorted(path.name for path in project.folder.rglob("*")) == before


def test_a_wiki_that_is_called_something_else_is_a_warning(project: Project):
    (project.folder / "otherwiki.sqlite").write_bytes((project.folder / "testwiki.sqlite").read_bytes())
    project.settings(wikis=("otherwiki",))
    said = project.generate("doctor")
    assert "otherwiki flow: wiki id: there is nothing of 'otherwiki', but of testwiki; call the section as MediaWiki" in said.out
    project.settings()
    assert "wiki id" not in project.generate("doctor").out
