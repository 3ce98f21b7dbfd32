"""No check holds anything back of two real wikis, night after night."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import REAL_WIKIS
from tests.support.project import Project

GRAINS = '["month", "week", "day"]'
#: The newest row of each wiki.
LAST = {"realwiki": datetime(2023, 6, 28, 16, tzinfo=UTC), "sqlitewiki": datetime(2023, 1, 2, 12, tzinfo=UTC)}


def url(wiki: str, project: Project, request: pytest.FixtureRequest) -> str:
    if wiki == "sqlitewiki":
        (project.folder / "sqlitewiki.sqlite").write_bytes(gzip.decompress((REAL_WIKIS / "sqlitewiki/sqlitewiki.sqlite.gz").read_bytes()))
        return "sqlite:///sqlitewiki.sqlite"
    server = request.getfixturevalue("mariadb")
    database = server.database()
    server.load(database, gzip.decompress((REAL_WIKIS / "realwiki/realwiki.sql.gz").read_bytes()))
    return server.url(database)


@pytest.mark.parametrize("wiki", list(LAST))
def test_no_check_holds_back_anything_of_a_real_wiki(wiki: str, project: Project, request: pytest.FixtureRequest):
    core = f'[wikis.{wiki}]\ncore = "{url(wiki, project, request)}"\n'
    for days, arguments in ((90, []), (60, []), (59, ["--again"]), (1, []), (0, []), (0, ["--again"])):
        project.settings(core, now=f"{LAST[wiki] - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}", wikis=(), grains=GRAINS)
        said = project.generate("run", *arguments)
        assert said.code == 0, said.err
    assert project.generate("check").code == 0
