"""Names, addresses and texts that are planted in real wikis stand in no byte that is ever written, whatever fails."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest

from tests.commands.test_bad_input import SCRIPT
from tests.conftest import REAL_WIKIS
from tests.support.few import process
from tests.support.mariadb import Server
from tests.support.planting import PLACES, TAGS, forms, found, plant, plant_address
from tests.support.project import Project

ADDRESS, TEMPORARY = "203.0.113.77", "~2077-77777"
PLANTED = ["ZZPLANTED", ADDRESS, TEMPORARY, "ЩЩПОСАЖЕНО"]
TEXTS = ["ZZPLANTEDname ", "ZZPLANTED' at line 1 'x", 'ZZPLANTED "quoted" (x', f"{TEMPORARY} ", "ЩЩПОСАЖЕНО", f"{ADDRESS} "]
NAME = "(SELECT actor_name FROM actor ORDER BY actor_id LIMIT 1 OFFSET {offset})"
SOME = "SELECT '2025-08-01' AS date, {value} AS topics"
ROWS = "SELECT {name} AS date, 1 AS topics"

#: What an analyst may write that fails, and whose error may quote a value.
BOTH = [
    "SELECT actor_name AS date, 1 AS topics FROM actor",
    "SELECT comment_text AS date, 1 AS topics FROM comment",
    SOME.format(value=NAME),
    "SELECT {{ period('actor_name') }} AS date, 1 AS topics FROM actor",
    "SELECT '2025-08-01' AS date, 1 AS topics, 1 AS more FROM actor WHERE actor_name = 'ZZ",
]
FAILING = {
    "mariadb": [
        SOME.format(value=f"EXTRACTVALUE(1, CONCAT('~', {NAME}))"),
        SOME.format(value=f"UPDATEXML(1, CONCAT('~', {NAME}), 1)"),
        SOME.format(value=f"JSON_VALUE('{{{{}}}}', CONVERT({NAME} USING utf8mb4))"),
        SOME.format(value=f"'x' REGEXP CONCAT('(', CONVERT({NAME} USING utf8mb4))"),
        SOME.format(value=f"ST_X(ST_GeomFromText({NAME}))"),
        SOME.format(value=f"CAST({NAME} AS UNSIGNED) - 9"),
        SOME.format(value=f"COLUMN_GET({NAME}, 'a' AS INT)"),
        SOME.format(value=f"CONVERT(CONCAT(X'FF', {NAME}) USING utf8mb4) COLLATE utf8mb4_bin"),
        "SELECT '2025-08-01' AS date, t.a AS topics FROM actor, JSON_TABLE(CONVERT(actor_name USING utf8mb4), '$' COLUMNS (a INT PATH '$.a' ERROR ON ERROR)) AS t",
    ],
    "sqlite": [
        SOME.format(value=f"json({NAME})"),
        SOME.format(value=f"json_extract('{{{{}}}}', {NAME})"),
        SOME.format(value=f"(SELECT value FROM json_each('{{{{}}}}', {NAME}))"),
        SOME.format(value=f"'x' REGEXP {NAME}"),
        SOME.format(value=f"'x' LIKE 'x' ESCAPE {NAME}"),
        SOME.format(value=f"load_extension({NAME})"),
        SOME.format(value=f"zeroblob(length({NAME}) * 1000000000)"),
    ],
}
FUNCTION = '''"""Mine."""
from flow import Count, dataset

@dataset(title="M", columns=[Count("a", "A")]{facts})
def {id}(talk_edits):
    {body}
'''
CHECK = ", check=lambda table: [str(table), 1 / 0]"
FUNCTIONS = ["return talk_edits[['date']].assign(a=1)", "raise ValueError(str(talk_edits))", "return talk_edits", "return talk_edits.rename(columns=str)[['date']].assign(a=talk_edits['date'])"]


def scripts(project: Project, engine: str) -> list[str]:
    """Writes every failing script; gives their ids."""
    ids = []
    for number, text in enumerate([*BOTH, *FAILING[engine]]):
        ids.append(f"planted{number}")
        sql = text.replace("{offset}", str(number % 5)).replace("{{}}", "{}" if text not in BOTH else "{{}}")
        project.script(f"flow/{ids[-1]}.py", SCRIPT.format(sql=sql.replace('"', '\\"')).replace("mine", ids[-1]).replace('source="flow"', 'source="core"'))
    for number, body in enumerate(FUNCTIONS):
        ids.append(f"function{number}")
        project.script(f"talk/{ids[-1]}.py", FUNCTION.format(id=ids[-1], body=body, facts=CHECK))
    return ids


@pytest.fixture(params=["mariadb", "sqlite"])
def planted(request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch) -> tuple[Project, list[str], str, Path]:
    """A project over a real wiki in which all that people wrote is planted; its scripts' ids, its wiki, its database."""
    server = request.getfixturevalue("mariadb") if request.param == "mariadb" else None
    temporary = project.folder / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (project.folder / "testwiki.sqlite").unlink()
    database = project.folder / "database"
    database.mkdir()
    if request.param == "sqlite":
        wiki, path = "sqlitewiki", database / "wiki.sqlite"
        path.write_bytes(gzip.decompress((REAL_WIKIS / wiki / "sqlitewiki.sqlite.gz").read_bytes()))
        where, url = path, f"sqlite:///{path}"
    else:
        wiki = "realwiki"
        assert isinstance(server, Server)
        name = server.database()
        server.load(name, gzip.decompress((REAL_WIKIS / wiki / "realwiki.sql.gz").read_bytes()))
        where, url = (server, name), server.url(name)
    assert plant(where, [text.encode() for text in TEXTS], [*PLACES, TAGS]) > 500
    plant_address(where, ADDRESS)
    project.settings(f'[wikis.{wiki}]\ncore = "{url}"\n[targets.folder]\nfolder = "elsewhere"\n', "2026-01-10T12:00:00Z", wikis=())
    return project, scripts(project, request.param), wiki, database


def test_nothing_that_was_planted_is_ever_written(planted):
    project, ids, wiki, database = planted
    folder = project.folder
    logs = folder / "logs"
    logs.mkdir()
    run = process(project_with_program(project), "run", "--log-format", "json", "--on-failure", f"cat > {logs / 'told'}")
    out, err = run.communicate(timeout=120)
    (logs / "run").write_text(out + err)
    assert run.returncode == 1, err
    failed = {id for id in ids if f"failed: {id}, {wiki}" in err or f"held back: {id}, {wiki}" in err}
    assert len(failed) > len(ids) * 2 / 3, sorted(set(ids) - failed)
    asked = ["--wiki", wiki, "--since", "2025-07-01", "--until", "2025-11-01", "--grain", "month"]
    commands = [["query", id, *asked] for id in [*ids, "flow_people", "first_response"]]
    commands += [["sql", id, *asked] for id in [*ids, "flow_people"]]
    commands += [["doctor"], ["doctor", "--json"], ["check"], ["status"], ["status", "--json"], ["releases"], ["list"], ["publish", "folder"], ["run", "--again"]]
    for number, command in enumerate(commands):
        said = project.generate(*command)
        (logs / str(number)).write_text(f"{command[0]} {said.code}\n{said.out}{said.err}")
    assert (folder / "elsewhere" / "public" / "datafiles" / wiki / "month" / "flow_people.csv").is_file()
    if list(database.iterdir()):
        assert found(database, PLANTED), "they are in the database"
    assert found(folder, PLANTED, but=[database, folder / "queries"]) == []


def project_with_program(project: Project) -> Project:
    """The project, with a ``generate.py`` of its own."""
    import shutil

    from tests.conftest import CHECKOUT

    shutil.copy(CHECKOUT / "generate.py", project.folder)
    return project


def test_the_search_finds_what_is_there(tmp_path: Path):
    hidden = tmp_path / "output" / "staging" / "deep"
    hidden.mkdir(parents=True)
    for text in PLANTED:
        for number, form in enumerate(forms(text)):
            (hidden / "file").write_bytes(b"date,a\n" + form + b"\n")
            assert found(tmp_path, PLANTED), (text, number)
    (hidden / "file").unlink()
    (hidden / "ZZPLANTED").touch()
    assert found(tmp_path, PLANTED)
    assert found(tmp_path, PLANTED, but=[hidden]) == []
