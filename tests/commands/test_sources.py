"""A wiki's sources are named; a dataset reads one of them, and a wiki without it does without the dataset."""

from __future__ import annotations

import sqlite3

import pytest

from tests.support.project import Project

ECHO = '''
"""Notifications that people got."""
from flow import Count, Dataset

notifications = Dataset(
    title="Notifications", source="echo", columns=[Count("sent", "Notifications sent")],
    sql="SELECT {{ period('notification_timestamp') }} AS date, COUNT(*) AS sent FROM echo_notification"
        " WHERE {{ within('notification_timestamp') }} GROUP BY 1",
)
'''
TABLES = """
CREATE TABLE echo_event (event_id INTEGER PRIMARY KEY, event_type BLOB, event_agent_id INTEGER);
CREATE TABLE echo_notification (notification_event INTEGER, notification_user INTEGER, notification_timestamp BLOB);
"""
ROWS = "INSERT INTO echo_notification VALUES (1, 7, '20240210120000'), (2, 8, '20240211120000'), (3, 7, '20240305120000')"
PATH = "datafiles/testwiki/month/notifications.csv"


def put(project: Project, file: str, *scripts: str) -> None:
    with sqlite3.connect(project.folder / file) as connection:
        for script in scripts:
            connection.executescript(script)
    connection.close()


@pytest.fixture
def echo(project: Project) -> Project:
    """A project with a dataset of Echo's."""
    project.script("talk/notifications.py", ECHO)
    project.settings(grains='["month"]')
    return project


def test_echo_is_looked_for_beside_the_core_tables(echo: Project):
    put(echo, "testwiki.sqlite", TABLES, ROWS)
    assert echo.generate("run").code == 0
    assert echo.published()[PATH].decode() == "date,sent\n2024-02-01,2\n2024-03-01,1\n"


def test_a_source_is_read_where_its_url_says(echo: Project):
    put(echo, "elsewhere.sqlite", TABLES, ROWS)
    echo.settings(grains='["month"]', text='echo = "sqlite:///elsewhere.sqlite"\n')
    assert echo.generate("run", "notifications").code == 0
    assert echo.published()[PATH].decode() == "date,sent\n2024-02-01,2\n2024-03-01,1\n"


def test_a_wiki_without_an_extension_does_without_its_datasets_and_nothing_fails(echo: Project):
    said = echo.generate("run")
    assert (said.code, "notifications" in said.err, PATH in echo.published()) == (0, False, False)
    assert ("notifications", "testwiki", "month") not in echo.status()["datasets"]
    assert echo.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."
    said = echo.generate("run", "notifications")
    why = "notifications: testwiki: wiki 'testwiki' has no Echo tables in its database"
    assert (said.code, why in said.err) == (2, True)


def test_tables_that_are_gone_are_a_failure_where_they_were_published(echo: Project):
    put(echo, "testwiki.sqlite", TABLES, ROWS)
    echo.generate("run")
    before = echo.published()
    put(echo, "testwiki.sqlite", "DROP TABLE echo_notification; DROP TABLE echo_event")
    said = echo.generate("run", "notifications", "--again")
    assert said.code == 1
    assert "failed: wiki 'testwiki' has no Echo tables in its database" in said.err
    assert echo.published() == before


def test_a_source_whose_url_is_given_must_have_its_tables(echo: Project):
    put(echo, "elsewhere.sqlite", "CREATE TABLE other (id)")
    echo.settings(grains='["month"]', text='echo = "sqlite:///elsewhere.sqlite"\n')
    said = echo.generate("run", "notifications")
    assert said.code == 1
    assert "failed: wiki 'testwiki' has no Echo tables in its database" in said.err


def test_list_says_for_a_wiki_from_when_on_or_why_not(echo: Project):
    put(echo, "testwiki.sqlite", TABLES)
    echo.settings(text="flow = false\n")
    table = {line.split()[0]: " ".join(line.split()) for line in echo.generate("list", "--wiki", "testwiki").out.splitlines()}
    assert table["dataset"].endswith("on testwiki")
    assert table["new_topics"].endswith("left out: its wiki has no Flow, say the settings")
    assert table["talk_versus_flow"].endswith("left out: its wiki has no Flow, say the settings")
    assert table["talk_edits"].endswith("from 2024-01-01")
    assert table["notifications"].endswith("nothing yet")
    put(echo, "testwiki.sqlite", ROWS)
    said = echo.generate("list", "notifications", "--wiki", "testwiki")
    assert (said.code, said.out.split()[-2:]) == (0, ["from", "2024-02-10"])
    echo.settings(text="echo = false\n")
    assert "left out: its wiki has no Echo, say the settings" in echo.generate("list", "--wiki", "testwiki").out
    assert echo.generate("list", "--wiki", "nowiki").code == 2


def test_list_says_where_a_database_does_not_answer(echo: Project):
    (echo.folder / "testwiki.sqlite").unlink()
    said = echo.generate("list", "--wiki", "testwiki")
    assert said.code == 3
    assert "failed: wiki 'testwiki': " in said.out


BEGINS = ECHO.replace('source="echo",', 'source="core", begins="first_thanks",').replace("echo_notification", "thanks")
BEGINS = BEGINS.replace("notification_timestamp", "thanked_timestamp")
FIRST = "-- The first thanks.\nSELECT {{ seconds('MIN(thanked_timestamp)', kind='timestamp') }} AS first FROM thanks\n"


def test_a_dataset_begins_with_the_first_row_of_its_own_kind(echo: Project):
    echo.script("talk/notifications.py", BEGINS)
    echo.script("relations/first_thanks.sql", FIRST)
    put(echo, "testwiki.sqlite", "CREATE TABLE thanks (thanked_timestamp BLOB)")
    assert echo.generate("run").code == 0
    assert echo.published()[PATH].decode() == "date,sent\n", "no years of zeros for what has never happened"
    put(echo, "testwiki.sqlite", "INSERT INTO thanks VALUES ('20240210120000')")
    assert echo.generate("run").code == 0
    assert echo.published()[PATH].decode() == "date,sent\n2024-02-01,1\n2024-03-01,0\n"


def test_a_relation_that_is_changed_is_asked_anew(echo: Project):
    echo.script("talk/notifications.py", BEGINS)
    echo.script("relations/first_thanks.sql", FIRST)
    put(echo, "testwiki.sqlite", "CREATE TABLE thanks (thanked_timestamp BLOB)", "INSERT INTO thanks VALUES ('20240210120000')")
    echo.generate("run")
    echo.script("relations/first_thanks.sql", FIRST.replace("'MIN(thanked_timestamp)'", '"\'20240105120000\'"'))
    assert echo.generate("run").code == 0
    assert echo.published()[PATH].decode() == "date,sent\n2024-01-01,0\n2024-02-01,1\n2024-03-01,0\n"


@pytest.mark.parametrize("first", ["'never'", "1e30"])
def test_a_beginning_that_is_no_time_fails_its_dataset_only(echo: Project, first: str):
    echo.script("talk/notifications.py", BEGINS)
    echo.script("relations/first_thanks.sql", f"SELECT {first} AS first")
    said = echo.generate("run")
    assert (said.code, "failed: notifications: relation first_thanks: its first is no second after 1970" in said.err) == (1, True)
    assert "datafiles/testwiki/month/talk_edits.csv" in echo.published()


def test_a_beginning_that_is_no_relation_is_named(echo: Project):
    echo.script("talk/notifications.py", BEGINS)
    said = echo.generate("check")
    assert said.code == 1
    assert "talk/notifications.py: begins names 'first_thanks', which is no relation; there is flow_changes," in said.out
