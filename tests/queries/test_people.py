"""Accounts beside what they did: the relation people, and the macros anonymous and edits_before, from each source."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Range
from flow.engines.sources import Sources
from flow.errors import AbsentSource, QueryError, SchemaError
from flow.settings import Settings, Wiki
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from flow.simulate.tables import CORE, FLOW
from flow.sql.request import Request
from flow.wiki.stamps import timestamp_seconds
from tests.conftest import REAL_WIKIS
from tests.support import shapes
from tests.support.mariadb import Server

ALWAYS = Range(date(2000, 1, 1), date(2030, 1, 1))
START = timestamp_seconds("20240101000000")
DAY = 86400
#: Who wrote each reply, how many days after having registered, after how many edits, and with what kind of account.
REPLIERS = """
    SELECT reply.account_id AS who, {{ seconds('post_id') }} - person.registered_seconds AS age,
           {{ edits_before('reply.account_id', 'post_id') }} AS edits,
           person.temporary AS temporary, {{ anonymous('reply.account_id') }} AS anonymous
      FROM {{ replies() }} AS reply
      LEFT JOIN {{ people() }} AS person ON person.account_id = reply.account_id
     ORDER BY post_id
"""
EDITORS = """
    SELECT edit.account_id AS who, {{ seconds('saved_timestamp') }} - person.registered_seconds AS age,
           {{ edits_before('edit.account_id', 'saved_timestamp') }} AS edits,
           person.temporary AS temporary, {{ anonymous('edit.account_id') }} AS anonymous
      FROM {{ talk_edits() }} AS edit
      LEFT JOIN {{ people() }} AS person ON person.account_id = edit.account_id
     ORDER BY saved_timestamp
"""

Row = tuple[object, ...]


def read(queries: Catalog, sources: Sources, sql: str, source: str, wiki: str = "talkwiki") -> list[Row]:
    dataset = Dataset(id="x", title="T", source=source, columns=[Count("a", "A")], sql=sql)
    found = sources.get(wiki, source).read(dataset, Request(wiki, Grain.MONTH, ALWAYS), queries.relations)
    return [tuple(row) for row in found.itertuples(index=False, name=None)]


def talk(emit: Callable[[str, Row], None], wiki: str = "talkwiki") -> None:
    """Ann, registered 10 days before; Bob, of whose registration nothing is known; a temporary account; an address."""
    scribe = Scribe(wiki, emit)
    ann, bob, temporary, address = scribe.person("Ann"), scribe.person("Bob"), scribe.person("~2024-1"), scribe.address("192.0.2.1")
    scribe.accounts.register(ann, START - 10 * DAY)
    scribe.accounts.register(temporary, START)
    page, doomed = scribe.page(1, "Live"), scribe.page(1, "Doomed", doomed=True)
    board = scribe.board(START - DAY, bob, 1, "Board", header=False)
    for number, (person, where) in enumerate([(ann, page), (ann, doomed), (bob, page), (temporary, page), (address, page)]):
        scribe.save(START + number, person, where, f"text {number}")
    topic = scribe.topic(START + DAY, bob, board)
    for number, person in enumerate((ann, bob, temporary, address), 1):
        scribe.reply(START + DAY + 10 * number, person, topic.title)
    scribe.finish()


REPLIES = [(2, 11 * DAY + 10, 2, 0, 0), (3, None, 1, 0, 0), (4, DAY + 30, 1, 1, 0), (0, None, 0, None, 1)]
EDITS = [(2, 10 * DAY, 0, 0, 0), (2, 10 * DAY + 1, 1, 0, 0), (3, None, 0, 0, 0), (4, 3, 0, 1, 0), (0, None, 0, None, 1)]

Place = Callable[[], tuple[dict[str, str], str]]


def _sqlite(path: Path, statements: list[str]) -> None:
    file = sqlite3.connect(path)
    for statement in statements:
        file.execute(statement)
    file.commit()
    file.close()


@pytest.fixture(params=["sqlite, one file", "sqlite, two files", "sqlite, two files, prefix", "mariadb, one", "mariadb, two", "mariadb, two, prefix"])
def wiki(request: pytest.FixtureRequest, tmp_path: Path) -> Wiki:
    """The same talk, with the Flow tables beside the core tables or elsewhere on the server."""
    prefix = "mw-a_" if "prefix" in request.param else ""
    renames = [f"ALTER TABLE `{name}` RENAME TO `{prefix}{name}`" for name in CORE if prefix]
    if "sqlite" in request.param:
        core, flow = tmp_path / "it's core.sqlite", tmp_path / "flow.sqlite" if "two" in request.param else None
        with into_sqlite(core, flow) as emit:
            talk(emit)
        _sqlite(core, renames)
        return Wiki("talkwiki", {"core": f"sqlite:///{core}", "flow": f"sqlite:///{flow or core}"}, prefix=prefix)
    server: Server = request.getfixturevalue("mariadb")
    core_name, flow_name = server.database(), server.database() + "-flow"
    server.execute(f"CREATE DATABASE `{flow_name}` CHARACTER SET binary")
    with server.connect(core_name) as connection, into_mariadb(connection) as emit:
        talk(emit)
    if "two" in request.param:
        server.execute(*(f"ALTER TABLE {core_name}.{name} RENAME TO `{flow_name}`.{name}" for name in FLOW), *renames, database=core_name)
    return Wiki("talkwiki", {"core": server.url(core_name), "flow": server.url(flow_name if "two" in request.param else core_name)}, prefix=prefix)


@pytest.fixture
def sources(wiki: Wiki) -> Iterator[Sources]:
    with Sources(Settings({wiki.id: wiki})) as found:
        yield found


def test_who_wrote_a_reply_is_known_by_account(queries: Catalog, sources: Sources):
    assert read(queries, sources, REPLIERS, "flow") == REPLIES


def test_who_saved_a_talk_page_is_known_by_account(queries: Catalog, sources: Sources):
    assert read(queries, sources, EDITORS, "core") == EDITS


@pytest.mark.parametrize(("most", "edits"), [(1, [1, 1, 1, 0]), (2, [2, 1, 1, 0]), (3, [2, 1, 1, 0])])
def test_edits_are_counted_no_further_than_is_asked(queries: Catalog, sources: Sources, most: int, edits: list[int]):
    sql = REPLIERS.replace("'post_id') }} AS edits", f"'post_id', most={most}) }}}} AS edits")
    assert [row[2] for row in read(queries, sources, sql, "flow")] == edits


@pytest.mark.parametrize("most", ["0", "'x'"])
def test_a_limit_that_is_none_is_refused(queries: Catalog, sources: Sources, most: str):
    with pytest.raises(QueryError, match="edits_before: most="):
        read(queries, sources, REPLIERS.replace("'post_id') }} AS edits", f"'post_id', most={most}) }}}} AS edits"), "flow")


def test_a_connection_that_was_lost_is_made_again_with_both(queries: Catalog, sources: Sources):
    assert read(queries, sources, REPLIERS, "flow") == REPLIES
    engine = sources.get("talkwiki", "flow").engine
    getattr(engine, "engine", engine)._session.close()
    assert read(queries, sources, REPLIERS, "flow") == REPLIES


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
@pytest.mark.parametrize("version", shapes.SHAPES)
def test_edits_before_are_the_same_in_every_version(queries: Catalog, tmp_path, request, version: str, engine: str):
    if engine == "sqlite":
        with into_sqlite(tmp_path / "w.sqlite") as emit:
            talk(emit)
        _sqlite(tmp_path / "w.sqlite", shapes.statements(version, "sqlite"))
        url = f"sqlite:///{tmp_path / 'w.sqlite'}"
    else:
        server: Server = request.getfixturevalue("mariadb")
        name = server.database()
        with server.connect(name) as connection, into_mariadb(connection) as emit:
            talk(emit)
        server.execute(*shapes.statements(version, "mariadb"), database=name)
        url = server.url(name)
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": url, "flow": url})})) as sources:
        assert read(queries, sources, REPLIERS, "flow") == REPLIES
        assert read(queries, sources, EDITORS, "core") == EDITS


def test_an_edit_that_is_live_and_in_archive_counts_once(queries: Catalog, tmp_path: Path):
    with into_sqlite(tmp_path / "w.sqlite") as emit:
        talk(emit)
    row = "SELECT 99, 1, 'Live', rev_actor, rev_timestamp, 0, rev_id, rev_page, NULL, '' FROM revision WHERE rev_timestamp = '20240101000000'"
    columns = "ar_id, ar_namespace, ar_title, ar_actor, ar_timestamp, ar_minor_edit, ar_rev_id, ar_page_id, ar_parent_id, ar_sha1"
    _sqlite(tmp_path / "w.sqlite", [f"INSERT INTO archive ({columns}) {row}"])
    url = f"sqlite:///{tmp_path / 'w.sqlite'}"
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": url, "flow": url})})) as sources:
        assert read(queries, sources, REPLIERS, "flow") == REPLIES


def test_a_schema_that_tells_temporary_accounts_is_believed(queries: Catalog, tmp_path: Path):
    with into_sqlite(tmp_path / "w.sqlite") as emit:
        talk(emit)
    _sqlite(tmp_path / "w.sqlite", ["ALTER TABLE user ADD COLUMN user_is_temp INTEGER NOT NULL DEFAULT 0", "UPDATE user SET user_is_temp = 1 WHERE user_name = 'Bob'"])
    url = f"sqlite:///{tmp_path / 'w.sqlite'}"
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": url, "flow": url})})) as sources:
        assert [row[3] for row in read(queries, sources, REPLIERS, "flow")] == [0, 1, 0, None]


def test_an_account_of_another_wiki_is_nobody_here(queries: Catalog, tmp_path: Path):
    with into_sqlite(tmp_path / "w.sqlite") as emit:
        talk(emit)
    _sqlite(tmp_path / "w.sqlite", ["UPDATE flow_revision SET rev_user_wiki = 'other'"])
    url = f"sqlite:///{tmp_path / 'w.sqlite'}"
    topics = "SELECT account_id, {{ anonymous('account_id') }} AS anonymous FROM {{ topics() }} AS topic"
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": url, "flow": url})})) as sources:
        assert read(queries, sources, topics, "flow") == [(None, 0)]
        assert read(queries, sources, REPLIERS, "flow") == [(None, None, 0, None, 0)] * 3 + [(0, None, 0, None, 1)]


# Where they cannot be joined


@pytest.mark.parametrize(
    ("core", "flow", "joins"),
    [
        ("mysql+pymysql://a@h/w", "mysql+pymysql://b@H:3306/f", True),
        ("mysql+pymysql:///w?unix_socket=/s", "mysql+pymysql:///f?unix_socket=/s&charset=utf8mb4", True),
        ("sqlite:////a/w.sqlite", "sqlite:////b/f.sqlite", True),
        ("mysql+pymysql://a@h/w", "mysql+pymysql://a@i/f", False),
        ("mysql+pymysql://a@h/w", "mysql+pymysql://a@h:3307/f", False),
        ("mysql+pymysql:///w?unix_socket=/s", "mysql+pymysql:///f?unix_socket=/t", False),
        ("mysql+pymysql://a@h/w", "sqlite:////b/f.sqlite", False),
    ],
)
def test_tables_are_joined_on_one_server_only(core: str, flow: str, joins: bool):
    assert Wiki("w", {"core": core, "flow": flow}).joins_core("flow") is joins


@pytest.mark.parametrize("source", ["core", "flow"])
def test_a_join_over_two_servers_is_refused(queries: Catalog, mariadb: Server, tmp_path: Path, source: str):
    name = mariadb.database()
    with mariadb.connect(name) as connection, into_mariadb(connection) as emit:
        talk(emit)
    with into_sqlite(tmp_path / "w.sqlite") as emit:
        talk(emit)
    wiki = Wiki("talkwiki", {"core": mariadb.url(name), "flow": f"sqlite:///{tmp_path / 'w.sqlite'}"})
    with Sources(Settings({"talkwiki": wiki})) as sources:
        if source == "core":
            assert read(queries, sources, EDITORS, "core") == EDITS
            return
        with pytest.raises(AbsentSource, match=r"wiki 'talkwiki': its flow and core tables are on different servers, this machine and 127.0.0.1:"):
            read(queries, sources, REPLIERS, "flow")


def test_an_account_that_may_not_read_the_core_tables_is_told_what_to_grant(queries: Catalog, mariadb: Server):
    core, flow = mariadb.database(), mariadb.database()
    with mariadb.connect(core) as connection, into_mariadb(connection) as emit:
        talk(emit)
    mariadb.execute(*(f"ALTER TABLE {core}.{name} RENAME TO {flow}.{name}" for name in FLOW))
    mariadb.execute("CREATE OR REPLACE USER flowonly@'%' IDENTIFIED BY 'reads'", f"GRANT SELECT ON {flow}.* TO flowonly@'%'")
    url = mariadb.url(flow).replace("reader:", "flowonly:")
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": mariadb.url(core), "flow": url})})) as sources:
        assert len(read(queries, sources, "SELECT topic_id FROM {{ topics() }} AS topic", "flow")) == 1
        with pytest.raises(SchemaError, match=r"wiki 'talkwiki': the account of its Flow tables cannot read its core tables.*denied.*grant it SELECT"):
            read(queries, sources, REPLIERS, "flow")


# On real wikis


@pytest.fixture(params=["sqlitewiki", "realwiki"])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, str], Callable[[str], list[Row]]]:
    """A real wiki's id, its URLs with Flow in a database apart, and what asks the wiki directly."""
    name = str(request.param)
    if name == "sqlitewiki":
        core, flow = tmp_path / "core.sqlite", tmp_path / "flow.sqlite"
        core.write_bytes(gzip.decompress((REAL_WIKIS / name / f"{name}.sqlite.gz").read_bytes()))
        shutil.copy(core, flow)
        _sqlite(core, [f"DROP TABLE {table}" for table in FLOW])
        _sqlite(flow, ["DROP TABLE user"])

        def ask(sql: str) -> list[Row]:
            with sqlite3.connect(core) as file:
                return file.execute(sql).fetchall()

        return name, {"core": f"sqlite:///{core}", "flow": f"sqlite:///{flow}"}, ask
    server: Server = request.getfixturevalue("mariadb")
    core_name, flow_name = server.database(), server.database()
    server.load(core_name, gzip.decompress((REAL_WIKIS / name / f"{name}.sql.gz").read_bytes()))
    server.execute(*(f"ALTER TABLE {core_name}.{table} RENAME TO {flow_name}.{table}" for table in FLOW))

    def ask(sql: str) -> list[Row]:
        with server.connect(core_name) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return name, {"core": server.url(core_name), "flow": server.url(flow_name)}, ask


def text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def test_real_accounts_are_as_their_wiki_says(queries: Catalog, real):
    name, urls, ask = real
    known = ask("SELECT user_id, user_registration, user_name FROM user ORDER BY user_id")
    expected = [(id, timestamp_seconds(text(stamp)), int(text(who).startswith("~2"))) for id, stamp, who in known]
    with Sources(Settings({name: Wiki(name, urls)})) as sources:
        for source in ("core", "flow"):
            sql = "SELECT account_id, registered_seconds, temporary FROM {{ people() }} AS person ORDER BY account_id"
            assert read(queries, sources, sql, source, name) == expected
    assert any(temporary for _, _, temporary in expected) == (name == "realwiki")


def test_real_posters_have_accounts_and_the_edits_that_the_wiki_has_of_them(queries: Catalog, real):
    name, urls, ask = real
    revisions = ask("SELECT actor_user, rev_timestamp FROM revision JOIN actor ON actor_id = rev_actor WHERE actor_user > 0")
    revisions += ask("SELECT actor_user, ar_timestamp FROM archive JOIN actor ON actor_id = ar_actor WHERE actor_user > 0")
    with Sources(Settings({name: Wiki(name, urls)})) as sources:
        sql = REPLIERS.replace("SELECT reply", "SELECT {{ seconds('post_id') }} AS at, reply")
        found = read(queries, sources, sql, "flow", name)
    assert len(found) > 50
    for at, who, age, edits, temporary, anonymous in found:
        assert edits == sum(user == who and timestamp_seconds(text(stamp)) < at for user, stamp in revisions)
        assert (age is None, temporary is None, anonymous) == ((True, True, 1) if who == 0 else (False, False, 0))


# In a run

MINE: Mapping[str, str] = {"flow/newcomers.py": '''
"""Replies by people who had registered less than 30 days before."""
from flow import Count, Dataset

newcomers = Dataset(
    title="Newcomers", source="flow", spans={"new": "30d"}, columns=[Count("replies", "Replies")],
    sql="""SELECT {{ period('post_id') }} AS date, COUNT(*) AS replies
             FROM {{ replies() }} AS reply
             JOIN {{ people() }} AS person ON person.account_id = reply.account_id
            WHERE {{ seconds('post_id') }} - person.registered_seconds < {{ value('new') }}
            GROUP BY 1""",
)
'''}

BOTH = '''
"""Talk edits, and the replies of newcomers where these can be told."""
from flow import Count, dataset

@dataset(title="Both", columns=[Count("edits", "Edits"), Count("replies", "Replies", gaps=True)])
def both(talk_edits, newcomers=None):
    """``date,edits,replies``: one row a period."""
    return talk_edits.merge(newcomers, on="date")[["date", "edits", "replies"]]
'''


@pytest.fixture
def newcomers(project):
    for name, script in MINE.items():
        project.script(name, script)
    return project


def test_a_dataset_that_joins_is_read_from_both_sources(newcomers):
    assert newcomers.generate("run").code == 0
    assert (newcomers.public / "datafiles/testwiki/month/newcomers.csv").is_file()
    entry = next(each for each in json.loads(newcomers.published()["manifest.json"])["datasets"] if each["dataset"] == "newcomers")
    assert {part.partition(":")[0] for part in entry["origin"].split()} == {"core", "flow"}


def test_a_dataset_that_joins_waits_for_both_sources(newcomers, tmp_path: Path):
    """The core tables of a wiki whose Flow is read elsewhere stand still; what reads Flow alone goes on."""
    shutil.copy(tmp_path / "testwiki.sqlite", tmp_path / "flow.sqlite")
    old = tmp_path / "testwiki.sqlite"
    _sqlite(old, ["DELETE FROM revision WHERE rev_timestamp > '20240205'", "DELETE FROM logging WHERE log_timestamp > '20240205'", "DELETE FROM archive WHERE ar_timestamp > '20240205'"])
    _sqlite(old, [f"DROP TABLE {table}" for table in FLOW])
    newcomers.settings(grains='["month"]', text='flow = "sqlite:///flow.sqlite"\n')
    said = newcomers.generate("run", "newcomers", "new_topics")
    assert said.code == 4, said.err
    lines = {name: newcomers.published()[f"datafiles/testwiki/month/{name}.csv"].decode().splitlines() for name in ("newcomers", "new_topics")}
    assert [line[:7] for line in lines["newcomers"][1:]] == ["2024-01"]
    assert [line[:7] for line in lines["new_topics"][1:]] == ["2024-01", "2024-02", "2024-03"]


def test_a_wiki_that_cannot_join_is_left_out_and_told_why_when_asked(newcomers):
    newcomers.settings(grains='["month"]', text='flow = "mysql+pymysql://a@flow.example.org/f"\n')
    said = newcomers.generate("list", "newcomers", "--wiki", "testwiki")
    assert "left out: its flow and core tables are on different servers, flow.example.org and this machine" in " ".join(said.out.split())
    said = newcomers.generate("run", "newcomers")
    assert said.code == 2
    assert "newcomers: testwiki: its flow and core tables are on different servers" in said.err


def test_what_is_joined_is_named_in_the_sql_that_is_printed(newcomers, tmp_path: Path):
    shutil.copy(tmp_path / "testwiki.sqlite", tmp_path / "flow.sqlite")
    newcomers.settings(grains='["month"]', text='flow = "sqlite:///flow.sqlite"\n')
    asked = ("newcomers", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-02-01")
    said = newcomers.generate("sql", *asked)
    assert said.code == 0, said.err
    assert f"ATTACH '{tmp_path / 'testwiki.sqlite'}' AS beside;" in said.out


def test_settings_that_name_no_flow_are_no_join(newcomers):
    newcomers.settings(grains='["month"]', text="flow = false\n")
    assert newcomers.generate("run").code == 0
    assert "datafiles/testwiki/month/newcomers.csv" not in newcomers.published()


def test_a_dataset_made_from_one_that_cannot_join_can_do_without(newcomers):
    newcomers.script("talk/both.py", BOTH)
    newcomers.settings(grains='["month"]', text='flow = "mysql+pymysql://a@flow.example.org/f"\n')
    said = newcomers.generate("run", "both")
    assert said.code == 0, said.err
    lines = newcomers.published()["datafiles/testwiki/month/both.csv"].decode().splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["", "", ""]
