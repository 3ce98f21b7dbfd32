"""A dataset made from others can do without some of them: what is made from these are gaps."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.support.project import Project

THANKS = '''
"""Notifications that people got."""
from flow import Count, Dataset

notifications = Dataset(
    title="Notifications", source="echo", columns=[Count("sent", "Sent")],
    sql="SELECT {{ period('notification_timestamp') }} AS date, COUNT(*) AS sent FROM echo_notification"
        " WHERE {{ within('notification_timestamp') }} GROUP BY 1",
)
'''
MINE = '''
"""Edits, and the notifications of those who have any."""
from flow import Count, Share, dataset

@dataset(
    title="Mine",
    columns=[Count("edits", "Edits"), Count("sent", "Sent", gaps=True), Share("share", "Share", of=["sent", "edits"])],
)
def mine(talk_edits, notifications=None):
    """``date,edits,sent,share``: one row a period."""
    both = talk_edits.merge(notifications, on="date")
    total = both["sent"] + both["edits"]
    return both[["date", "edits", "sent"]].assign(share=(both["sent"] / total).where(total > 0))
'''
TABLES = """
CREATE TABLE echo_event (event_id INTEGER PRIMARY KEY, event_type BLOB, event_agent_id INTEGER);
CREATE TABLE echo_notification (notification_event INTEGER, notification_user INTEGER, notification_timestamp BLOB);
"""
ROWS = "INSERT INTO echo_notification VALUES (1, 7, '20240210120000'), (2, 8, '20240211120000'), (3, 7, '20240305120000')"
PATH = "datafiles/testwiki/month/mine.csv"
MONTHS = ["2024-01-01", "2024-02-01", "2024-03-01"]


def put(project: Project, *scripts: str) -> None:
    with sqlite3.connect(project.folder / "testwiki.sqlite") as connection:
        for script in scripts:
            connection.executescript(script)
    connection.close()


def sent(project: Project) -> dict[str, str]:
    """The number of notifications of each month, as published."""
    lines = project.published()[PATH].decode().splitlines()[1:]
    return {line.split(",")[0]: line.split(",")[2] for line in lines}


def gaps(project: Project) -> dict[str, list[str]]:
    return next(each for each in json.loads(project.published()["manifest.json"])["datasets"] if each["dataset"] == "mine")["gaps"]


@pytest.fixture
def mine(project: Project) -> Project:
    project.script("talk/notifications.py", THANKS)
    project.script("talk/mine.py", MINE)
    project.settings(grains='["month"]')
    return project


@pytest.mark.parametrize("text", ["", "echo = false\n"])
def test_a_wiki_without_an_optional_input_gets_gaps(mine: Project, text: str):
    mine.settings(grains='["month"]', text=text)
    assert mine.generate("run").code == 0
    assert sent(mine) == dict.fromkeys(MONTHS, "")
    assert gaps(mine) == {"sent": MONTHS, "share": MONTHS}
    assert mine.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."
    arguments = ["mine", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-02-01"]
    assert json.loads(mine.generate("query", *arguments, "--format", "json").out)[0]["sent"] is None
    assert "-- notifications: left out, wiki 'testwiki' has no Echo" in mine.generate("sql", *arguments).out
    assert "notifications (if there)" in mine.generate("list", "mine").out


def test_before_an_optional_input_begins_there_are_gaps_and_then_its_numbers(mine: Project):
    put(mine, TABLES, ROWS)
    assert mine.generate("run").code == 0
    assert sent(mine) == {"2024-01-01": "", "2024-02-01": "2", "2024-03-01": "1"}
    assert gaps(mine) == {"sent": ["2024-01-01"], "share": ["2024-01-01"]}


def test_an_optional_input_that_comes_later_fills_the_gaps(mine: Project):
    mine.generate("run")
    put(mine, TABLES, ROWS)
    mine.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    said = mine.generate("run")
    assert (said.code, "made from periods that are due" in said.err) == (0, True)
    assert sent(mine) == {"2024-01-01": "", "2024-02-01": "2", "2024-03-01": "1"}


def test_an_optional_input_that_is_there_and_has_never_had_a_row_is_a_gap(mine: Project):
    put(mine, TABLES)
    mine.settings(now="2024-03-01T12:00:00Z", grains='["month"]')
    assert mine.generate("run").code == 0
    mine.settings(grains='["month"]')
    said = mine.generate("run")
    assert (said.code, sent(mine)) == (0, dict.fromkeys(MONTHS, "")), said.err


def test_an_optional_input_that_fails_is_no_gap(mine: Project):
    put(mine, TABLES, ROWS)
    mine.settings(now="2024-03-02T12:00:00Z", grains='["month"]')
    mine.generate("run")
    mine.script("talk/notifications.py", THANKS.replace("COUNT(*) AS sent", "COUNT(nothing) AS sent"))
    mine.settings(grains='["month"]')
    said = mine.generate("run")
    assert said.code == 1
    assert sent(mine) == {"2024-01-01": "", "2024-02-01": "2"}


def test_periods_that_an_optional_input_will_have_wait_for_it(mine: Project):
    put(mine, TABLES, ROWS)
    mine.settings(text="echo_grace = '3d'\n", grains='["month"]', now="2024-04-03T12:00:00Z")
    assert mine.generate("run").code == 0
    assert list(sent(mine)) == ["2024-01-01", "2024-02-01"]
    mine.settings(text="echo_grace = '3d'\n", grains='["month"]', now="2024-04-04T12:00:00Z")
    assert mine.generate("run").code == 0
    assert sent(mine)["2024-03-01"] == "1"


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ("talk_edits=None, notifications=None", "its function names no dataset as a parameter without =None"),
        ("talk_edits, notifications=3", "parameter 'notifications' of its function must be a dataset's id alone, or with =None"),
        ("talk_edits, *notifications", "parameter 'notifications' of its function must be a dataset's id alone, or with =None"),
        ("talk_edits, notification=None", "is made from 'notification', which does not exist"),
    ],
)
def test_parameters_that_name_no_input_are_told(mine: Project, parameters: str, why: str):
    mine.script("talk/mine.py", MINE.replace("talk_edits, notifications=None", parameters))
    said = mine.generate("check")
    assert (said.code, why in said.out) == (1, True)
