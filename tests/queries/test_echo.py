"""A third source, Echo, on a real wiki: beside the core tables, from its first row on, and in a dataset that can do without."""

from __future__ import annotations

import gzip

import pytest

from tests.conftest import REAL_WIKIS
from tests.pipeline.test_optional_inputs import MINE, THANKS
from tests.support.mariadb import Server
from tests.support.project import Project

#: Counted apart, with the database's own client.
SENT = {"2023-01-01": 92, "2023-02-01": 132, "2023-03-01": 122, "2023-04-01": 195, "2023-05-01": 81, "2023-06-01": 101}


@pytest.fixture
def realwiki(project: Project, mariadb: Server) -> Project:
    """A project whose wiki is the real one on MariaDB, with its tables of Echo."""
    database = mariadb.database()
    mariadb.load(database, gzip.decompress((REAL_WIKIS / "realwiki/realwiki.sql.gz").read_bytes()))
    (project.folder / "settings.toml").write_text(
        f'now = 2023-07-01T12:00:00Z\ndemo = true\n[output]\nfolder = "output"\ngrains = ["month"]\n[wikis.realwiki]\ncore = "{mariadb.url(database)}"\n'
    )
    for name, text in (("notifications", THANKS), ("mine", MINE)):
        project.script(f"talk/{name}.py", text)
    return project


def column(project: Project, dataset: str, place: int) -> dict[str, int]:
    lines = (project.public / f"datafiles/realwiki/month/{dataset}.csv").read_text().splitlines()[1:]
    return {line.split(",")[0]: int(line.split(",")[place]) for line in lines}


def test_notifications_are_read_from_a_real_wikis_echo(realwiki: Project):
    said = realwiki.generate("run", "mine")
    assert said.code == 0, said.err
    assert column(realwiki, "notifications", 1) == SENT
    assert column(realwiki, "mine", 2) == SENT
    assert "from 2023-01-" in realwiki.generate("list", "notifications", "--wiki", "realwiki").out
    lines = [line for line in realwiki.generate("doctor").out.splitlines() if " realwiki echo" in line]
    assert [line.split()[0] for line in lines] == ["ok"] * len(lines)
    assert any("all that queries need are there" in line for line in lines)
