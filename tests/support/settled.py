"""A project of which two months are published, and settled, and a dataset whose number a test changes."""

from __future__ import annotations

import csv
import io
import sqlite3

import pytest

from tests.commands.test_publication import change
from tests.support.project import Project

MONTHLY = "datafiles/testwiki/month/"
#: A number that follows the highest id of a page, which a test changes.
MINE = '''
"""A number that the test sets."""
from flow import Count, Dataset

mine = Dataset(
    title="Mine", source="core", jump=0, columns=[Count("n", "N")],
    sql="SELECT {{ period('saved_timestamp') }} AS date, "
        "(SELECT MAX(page_id) FROM page) * CASE WHEN {{ period('saved_timestamp') }} = '2024-01-01' THEN 1 ELSE 0 END + 40 AS n "
        "FROM {{ talk_edits() }} AS edit GROUP BY 1",
)
'''


def rows(project: Project, id: str, grain: str = "month") -> dict[str, dict[str, str]]:
    text = project.published()[f"datafiles/testwiki/{grain}/{id}.csv"].decode()
    return {row["date"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def january(few: Project) -> Project:
    """A project of which January and February are published, and settled."""
    few.script("talk/mine.py", MINE)
    few.settings(now="2024-03-02T12:00:00Z", grains='["month"]')
    assert few.generate("run").code == 0
    few.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    return few


def raise_january(project: Project, by: int) -> None:
    change(project, f"UPDATE page SET page_id = page_id + {by} WHERE page_id = (SELECT MAX(page_id) FROM page)")


def top_page(project: Project) -> int:
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        found: int = file.execute("SELECT MAX(page_id) FROM page").fetchone()[0]
    file.close()
    return found
