"""Rows that only direct SQL can make: imports, slow moves, old names, flags that were lost; on both engines alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Period, Range, midnight, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Emit, Scribe
from flow.sql.request import choices
from flow.wiki.stamps import epoch_seconds, timestamp
from tests.support.mariadb import Server

Write = Callable[[Emit, Scribe], None]
RECENT_CHANGES = "CREATE TABLE recentchanges (rc_id BIGINT, rc_timestamp VARBINARY(14), rc_this_oldid BIGINT)"
NOON = 12 * 3600


def at(day: str) -> int:
    return epoch_seconds(midnight(date.fromisoformat(day))) + NOON


@pytest.fixture(params=["sqlite", "mariadb"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., str]:
    """Writes a wiki, then runs statements over it; gives its URL."""

    def make(write: Write, *statements: str) -> str:
        if request.param == "sqlite":
            path = tmp_path / f"{len([*tmp_path.iterdir()])}.sqlite"
            with into_sqlite(path) as emit:
                write(emit, Scribe("trapwiki", emit))
            file = sqlite3.connect(path)
            for statement in statements:
                file.execute(statement)
            file.commit()
            file.close()
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("mariadb")
        database = server.database()
        with server.connect(database) as connection, into_mariadb(connection) as emit:
            write(emit, Scribe("trapwiki", emit))
        server.execute(*statements, database=database)
        return server.url(database)

    make.engine = request.param  # type: ignore[attr-defined]
    return make


def rows(queries: Catalog, url: str, dataset: str, since: str, until: str) -> dict[str, dict[str, str]]:
    found = queries.get(dataset)
    run: list[Period] = whole_periods(Range(date.fromisoformat(since), date.fromisoformat(until)), Grain.MONTH)
    with Sources(Settings({"trapwiki": Wiki("trapwiki", {"core": url, "flow": url})})) as sources:
        cells = Reader(queries, sources).rows(found, "trapwiki", run, Choices(*choices(dict(found.spans), {})))
    return {day: dict(zip(found.column_ids, texts, strict=True)) for day, texts in cells.items()}


def deleted_then_imported(emit: Emit, scribe: Scribe, logged: bool) -> None:
    """Ten edits of March to a page since deleted; after them, 60 revisions of February imported."""
    ann = scribe.person("Ann")
    doomed, page, imported = scribe.page(1, "Doomed", doomed=True), scribe.page(1, "Live"), scribe.page(1, "Imported")
    scribe.save(at("2023-01-10"), ann, page, "first")
    for number in range(10):
        scribe.save(at("2023-03-05") + number, ann, doomed, f"text {number}")
    scribe.save(at("2023-04-05"), ann, page, "second")
    for number in range(60):
        scribe.save(at("2023-02-20") + number, ann, imported, f"import {number}")
    if logged:
        emit("logging", (1, "import", "upload", timestamp(at("2023-04-06")), ann.actor_id, 1, "Imported", imported.id))
    scribe.finish()


@pytest.mark.parametrize("since", ["2023-01-01", "2023-02-01", "2023-03-01"])
def test_what_was_imported_hides_no_edit_of_a_deleted_page(queries, made, since):
    url = made(lambda emit, scribe: deleted_then_imported(emit, scribe, logged=True))
    assert rows(queries, url, "talk_edits", since, "2023-04-01")["2023-03-01"]["edits"] == "10"


@pytest.mark.parametrize("since", ["2023-01-01", "2023-02-01", "2023-03-01"])
def test_an_import_that_no_log_tells_of_hides_no_edit_of_a_deleted_page(queries, made, since):
    url = made(lambda emit, scribe: deleted_then_imported(emit, scribe, logged=False))
    assert rows(queries, url, "talk_edits", since, "2023-04-01")["2023-03-01"]["edits"] == "10"


def test_recent_changes_that_were_rebuilt_hide_no_edit_of_a_deleted_page(queries, made):
    rebuilt = f"INSERT INTO recentchanges VALUES (1, '{timestamp(at('2023-02-20'))}', 60)"
    url = made(lambda emit, scribe: deleted_then_imported(emit, scribe, logged=False), RECENT_CHANGES, rebuilt)
    assert rows(queries, url, "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == "10"


@pytest.mark.parametrize("twice", ["undeleted", "archived again"])
def test_a_revision_that_is_in_two_tables_or_twice_in_one_counts_once(queries, made, twice):
    def write(emit: Emit, scribe: Scribe) -> None:
        ann, page, doomed = scribe.person("Ann"), scribe.page(1, "Live"), scribe.page(1, "Doomed", doomed=True)
        for day in ("2023-03-01", "2023-03-02"):
            scribe.save(at(day), ann, page, day)
        scribe.save(at("2023-03-03"), ann, doomed, "gone")
        scribe.finish()

    source = "revision" if twice == "undeleted" else "archive"
    id, actor, stamp = ("rev_id", "rev_actor", "rev_timestamp") if source == "revision" else ("ar_rev_id", "ar_actor", "ar_timestamp")
    copy = (
        "INSERT INTO archive (ar_id, ar_namespace, ar_title, ar_actor, ar_timestamp, ar_rev_id, ar_page_id, ar_parent_id)"
        f" SELECT 900 + {id}, 1, 'Live', {actor}, {stamp}, {id}, 1, 0 FROM {source}"
    )
    drop = "DROP INDEX ar_revid_uniq" if made.engine == "sqlite" else "DROP INDEX ar_revid_uniq ON archive"
    url = made(write, drop, copy)
    assert rows(queries, url, "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == "3"


def test_what_was_imported_and_then_deleted_counts_at_its_time(queries, made):
    def write(emit: Emit, scribe: Scribe) -> None:
        ann = scribe.person("Ann")
        page, doomed = scribe.page(1, "Live"), scribe.page(1, "Doomed", doomed=True)
        for month in (1, 2, 3, 4, 5):
            scribe.save(at(f"2023-0{month}-10"), ann, page, f"month {month}")
        for number in range(5):
            scribe.save(at("2023-03-15") + number, ann, doomed, f"import {number}")
        scribe.finish()

    assert rows(queries, made(write), "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == "6"


@pytest.mark.parametrize(("late", "edits"), [(0, "1"), (1, "1"), (2, "1"), (3, "2")])
def test_the_redirect_of_a_move_that_took_two_seconds_is_no_edit(queries, made, late, edits):
    def write(emit: Emit, scribe: Scribe) -> None:
        ann, page = scribe.person("Ann"), scribe.page(1, "Alpha")
        scribe.save(at("2023-03-01"), ann, page, "text")
        scribe.move(at("2023-03-02"), ann, page, 1, "Beta")
        scribe.finish()

    url = made(write, f"UPDATE logging SET log_timestamp = '{timestamp(at('2023-03-02') + late)}'")
    assert rows(queries, url, "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == edits


def test_a_page_moved_right_after_it_was_made_was_made_by_an_edit(queries, made):
    def write(emit: Emit, scribe: Scribe) -> None:
        ann, page = scribe.person("Ann"), scribe.page(1, "Alpha")
        scribe.save(at("2023-03-02"), ann, page, "text")
        scribe.move(at("2023-03-02") + 1, ann, page, 1, "Beta", redirect=False)
        scribe.finish()

    assert rows(queries, made(write), "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == "1"


def some_flow(emit: Emit, scribe: Scribe) -> None:
    ann, bob = scribe.person("Ann"), scribe.person("Bob")
    board = scribe.board(at("2023-03-01"), ann, 1, "Alpha", header=False)
    topic = scribe.topic(at("2023-03-02"), ann, board)
    post = scribe.reply(at("2023-03-03"), bob, topic.title)
    scribe.edit(at("2023-03-04"), bob, post)
    scribe.edit(at("2023-03-04"), ann, topic.title)
    for action in ("hide", "restore", "delete", "restore", "suppress"):
        scribe.moderate(at("2023-03-05"), ann, post, action)
    scribe.finish()


@pytest.mark.parametrize("change", ["NULL", "'flow-rev-message-new-post'", "'create-header'"])
def test_a_title_is_no_reply_whatever_its_change_is_called(queries, made, change):
    url = made(some_flow, f"UPDATE flow_revision SET rev_change_type = {change} WHERE rev_change_type = 'new-post'")
    assert rows(queries, url, "replies", "2023-03-01", "2023-04-01")["2023-03-01"]["replies"] == "1"
    assert rows(queries, url, "new_topics", "2023-03-01", "2023-04-01")["2023-03-01"]["topics"] == "1"


OLD_NAMES = {
    "edit-post": "flow-rev-message-edit-post", "edit-title": "flow-edit-title", "hide-post": "flow-post-hidden",
    "restore-post": "flow-rev-message-restored-post", "delete-post": "flow-rev-message-deleted-post", "suppress-post": "flow-post-censored",
}  # fmt: skip


def test_the_names_of_2013_mean_what_todays_mean(queries, made):
    renamed = [f"UPDATE flow_revision SET rev_change_type = '{old}' WHERE rev_change_type = '{new}'" for new, old in OLD_NAMES.items()]
    url = made(some_flow, *renamed)
    edits = rows(queries, url, "flow_edits", "2023-03-01", "2023-04-01")["2023-03-01"]
    assert (edits["post_edits"], edits["title_edits"], edits["replies"]) == ("1", "1", "1")
    moderation = rows(queries, url, "moderation_actions", "2023-03-01", "2023-04-01")["2023-03-01"]
    assert [moderation[f"{action}_post"] for action in ("hide", "delete", "suppress", "restore")] == ["1", "1", "1", "2"]


def test_a_deleted_revision_without_a_time_does_not_stop_the_rest(queries, made):
    def write(emit: Emit, scribe: Scribe) -> None:
        ann, doomed = scribe.person("Ann"), scribe.page(1, "Doomed", doomed=True)
        for day in ("2023-03-01", "2023-03-02"):
            scribe.save(at(day), ann, doomed, day)
        scribe.finish()

    url = made(write, "UPDATE archive SET ar_timestamp = '' WHERE ar_rev_id = 1")
    with Sources(Settings({"trapwiki": Wiki("trapwiki", {"core": url, "flow": url})})) as sources:
        assert sources.get("trapwiki", "core").first_day() == date(2023, 3, 2)
    assert rows(queries, url, "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["edits"] == "1"
