"""Rows whose time is none are left out and said once; all else of the wiki counts, on both engines alike."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, date, datetime

import pytest

from flow.datasets.period import Grain, Range, whole_periods
from flow.engines.rhythm import newest_row
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.scribe import Emit, Scribe
from flow.sql.request import choices
from tests.commands.test_publication import change
from tests.queries.test_traps import at, made, some_flow  # noqa: F401  a fixture
from tests.support.project import Project

NOW = datetime(2024, 6, 1, tzinfo=UTC)
NEVER = [
    "20231301000000", "20230332000000", "20230300000000", "20230304250000", "20230304006100", "20230230000000", "20230305",
    "2023-03-05 00:", "2023030x000000", "00000000000000", "19690101000000", "19700101000000", "infinity", "19990000000000",
]  # fmt: skip
ZERO, FAR = "00" * 11, "ff" * 11


def talk(emit: Emit, scribe: Scribe) -> None:
    """Two edits of a live page and two of one since deleted in March; in each, the second is to lose its time."""
    ann, page, doomed = scribe.person("Ann"), scribe.page(1, "Live"), scribe.page(1, "Doomed", doomed=True)
    for number, each in enumerate((page, page, doomed, doomed)):
        scribe.save(at("2023-03-02") + number, ann, each, f"text {number}")
    scribe.finish()


def settings(url: str) -> Settings:
    return Settings({"trapwiki": Wiki("trapwiki", {"core": url, "flow": url})})


def counted(queries, url: str, ids: list[str], grain: Grain = Grain.MONTH) -> dict[str, int]:
    run = whole_periods(Range(date(2023, 1, 1), date(2024, 1, 1)), grain)
    found = {}
    with Sources(settings(url)) as sources:
        for id in ids:
            dataset = queries.get(id)
            cells = Reader(queries, sources).rows(dataset, "trapwiki", run, Choices(*choices(dict(dataset.spans), {})))
            found[id] = sum(int(texts[0] or 0) for texts in cells.values())
    return found


def warnings(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize("stamp", NEVER)
def test_a_revision_without_a_time_is_left_out_and_said_once(queries, made, stamp, caplog):  # noqa: F811
    padded = f"UPDATE revision SET rev_timestamp = '{stamp}' WHERE rev_id = 2"
    url = made(talk, padded, f"UPDATE archive SET ar_timestamp = '{stamp}' WHERE ar_rev_id = 4")
    assert counted(queries, url, ["talk_edits", "talk_edits"], Grain.DAY) == {"talk_edits": 2}
    assert counted(queries, url, ["talk_edits"], Grain.WEEK) == {"talk_edits": 2}
    assert [line.count("wiki 'trapwiki', core tables: some rows bear no time") for line in warnings(caplog)] == [1, 1]
    assert stamp not in caplog.text


@pytest.mark.parametrize("stamp", NEVER)
def test_a_wiki_begins_and_ends_with_rows_that_have_a_time(made, stamp):  # noqa: F811
    url = made(talk, f"UPDATE revision SET rev_timestamp = '{stamp}' WHERE rev_id = 2", f"UPDATE archive SET ar_timestamp = '{stamp}'")
    with Sources(settings(url)) as sources:
        source = sources.get("trapwiki", "core")
        assert source.first_day() == date(2023, 3, 2)
        assert newest_row([source], NOW) == datetime(2023, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("id", [ZERO, FAR])
def test_a_flow_id_that_tells_no_time_is_left_out_and_said_once(queries, made, id, caplog):  # noqa: F811
    ids = ["replies", "new_topics", "flow_people", "flow_edits", "first_response", "replies_per_topic", "unanswered_topics"]
    whole = counted(queries, made(some_flow), ids)
    assert not warnings(caplog)
    columns = "rev_id, rev_type, rev_type_id, rev_user_id, rev_user_wiki, rev_change_type"
    post = f"INSERT INTO flow_revision ({columns}) SELECT X'{id}', 'post', X'{id}', rev_user_id, rev_user_wiki, 'reply' FROM flow_revision LIMIT 1"
    topic = (
        "INSERT INTO flow_workflow (workflow_id, workflow_wiki, workflow_page_id, workflow_type)"
        f" VALUES (X'{id}', 'trapwiki', 1, 'topic')"
    )
    url = made(some_flow, post, topic)
    assert counted(queries, url, ids) == whole
    assert [line.count("wiki 'trapwiki', flow tables: some rows bear no time") for line in warnings(caplog)] == [1]
    with Sources(settings(url)) as sources:
        source = sources.get("trapwiki", "flow")
        assert source.first_day() == date(2023, 3, 1)
        assert newest_row([source], NOW) == datetime(2023, 3, 5, 12, tzinfo=UTC)


def test_who_first_wrote_at_no_time_is_new_with_the_first_post_that_has_one(queries, made):  # noqa: F811
    columns = "rev_id, rev_type, rev_type_id, rev_user_id, rev_user_wiki, rev_change_type"
    posts = f"INSERT INTO flow_revision ({columns}) SELECT X'{ZERO}', 'post', X'{ZERO}', MIN(rev_user_id), 'trapwiki', 'reply' FROM flow_revision"
    run = whole_periods(Range(date(2023, 3, 1), date(2023, 4, 1)), Grain.MONTH)
    url = made(some_flow, posts)
    with Sources(settings(url)) as sources:
        cells = Reader(queries, sources).rows(queries.get("flow_people"), "trapwiki", run, Choices({}))
    assert cells["2023-03-01"] == ["2", "2"]


@pytest.mark.parametrize("stamp", ["20231301000000", "19990000000000", "infinity"])
def test_a_run_publishes_all_else_and_says_it_once(few: Project, stamp: str):
    few.generate("run")
    whole = few.published()
    shutil.rmtree(few.folder / "output")
    change(few, f"INSERT INTO revision (rev_id, rev_page, rev_actor, rev_timestamp, rev_parent_id) SELECT 999999, rev_page, rev_actor, '{stamp}', 0 FROM revision LIMIT 1")
    said = few.generate("run")
    assert said.code == 0
    assert len([line for line in said.err.splitlines() if "wiki 'testwiki', core tables: some rows bear no time" in line]) == 1
    assert stamp not in said.err
    assert {name: text for name, text in few.published().items() if name.startswith("datafiles/")} == {
        name: text for name, text in whole.items() if name.startswith("datafiles/")
    }
