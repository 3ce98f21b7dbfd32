"""Whatever people write as titles, names and comments: the numbers are the same, and no published byte holds it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.faults.conftest import load
from tests.support.few import numbers
from tests.support.mariadb import Server
from tests.support.planting import PLACES, plant
from tests.support.project import Project

HOSTILE = [
    b"<script>alert(1)</script><img src=x onerror=alert(1)>", b"=SUM(A1:A9)", b"@SUM(1+9)*cmd|' /C calc'!A0", b"'; DROP TABLE revision; --",
    b'Comma, "quoted"', b"line\nbreak\r\nand tab\t", "\u202eright-to-left\u202c\u200f".encode(), b"\xff\xfe invalid \xc3\x28 \xed\xa0\x80",
    b"N" * 255, "\N{PILE OF POO}".encode() * 63, b"nul\0nul", b"{{ 7 * 7 }} {% raw %} :start %s %(name)s", b"../../etc/passwd", b"\\' backslash \\",
]  # fmt: skip
#: What of each is long and odd enough to be told from what is published anyway.
MARKS = [text[:12] for text in HOSTILE]
#: What the log says of moves and which tag an edit bears is read, and decides what counts.
LEFT = {"log_title", "log_params", "page_title", "ar_title"}


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
def test_hostile_titles_names_and_comments_change_no_number_and_are_nowhere(project: Project, mariadb: Server, engine: str):
    where: Path | tuple[Server, str] = project.folder / "testwiki.sqlite"
    if engine == "mariadb":
        where = (mariadb, f"hostile{mariadb.port}")
        mariadb.execute(f"DROP DATABASE IF EXISTS {where[1]}")
        load(mariadb, where[1])
        mariadb.execute("UPDATE flow_workflow SET workflow_wiki = 'testwiki'", "UPDATE flow_revision SET rev_user_wiki = 'testwiki'", database=where[1])
        mariadb.execute("UPDATE flow_tree_revision SET tree_orig_user_wiki = 'testwiki'", database=where[1])
        project.settings(f'[wikis.testwiki]\ncore = "{mariadb.url(where[1])}"\n', wikis=(), grains='["month"]')
    else:
        project.settings(grains='["month"]')
    assert project.generate("run").code == 0
    before = numbers(project)
    assert any(b",0" not in line and line.count(b",") for line in before["datafiles/testwiki/month/talk_edits.csv"].splitlines()[1:])
    assert plant(where, HOSTILE, [place for place in PLACES if place[2] not in LEFT]) > 200
    said = project.generate("run", "--again")
    assert said.code == 0, said.err
    assert "SUM(" not in said.err
    assert numbers(project) == before
    written = [path.read_bytes() for path in (project.folder / "output").rglob("*") if path.is_file()]
    assert not [mark for mark in MARKS for content in written if mark in content]
    assert plant(where, HOSTILE, [place for place in PLACES if place[2] in LEFT]) > 20
    assert project.generate("run", "--again", "--allow-shrink").code in (0, 4)
    written = [path.read_bytes() for path in (project.folder / "output").rglob("*") if path.is_file()]
    assert not [mark for mark in MARKS for content in written if mark in content]


def test_a_wiki_named_in_the_database_by_bytes_that_are_no_text_is_no_wiki_of_ours(project: Project):
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        file.execute("UPDATE flow_revision SET rev_user_wiki = X'FF00FE'")
        file.execute("UPDATE flow_workflow SET workflow_wiki = X'FF00FE'")
    file.close()
    said = project.generate("run", "--grain", "month")
    assert said.code == 0, said.err
    assert project.published()["datafiles/testwiki/month/new_topics.csv"].count(b"\n") == 1
