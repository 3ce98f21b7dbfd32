"""A database that lost its rows, as one that is being rebuilt has, takes nothing that is published with it."""

from __future__ import annotations

import sqlite3

from tests.support.few import numbers, undisturbed
from tests.support.project import Project

EMPTY = ["DELETE FROM revision", "DELETE FROM archive", "DELETE FROM flow_revision", "DELETE FROM flow_tree_revision", "DELETE FROM flow_topic_list"]


def test_an_emptied_database_changes_no_published_number(few: Project):
    few.settings(now="2024-03-01T12:00:00Z")
    few.generate("run")
    before = numbers(few)
    path = few.folder / "testwiki.sqlite"
    whole = path.read_bytes()
    with sqlite3.connect(path) as file:
        for statement in EMPTY:
            file.execute(statement)
    file.close()
    few.settings()
    said = few.generate("run")
    assert said.code == 1
    for kind in ("core", "flow"):
        assert f"wiki 'testwiki': its {kind} tables are empty now, though numbers of them are published" in said.err
    assert numbers(few) == before
    path.write_bytes(whole)
    assert few.generate("run").code == 0
    assert numbers(few) == undisturbed(few)
