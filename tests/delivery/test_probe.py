"""The dashboard is asked as a reader would ask it, and a web page is no CSV."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow.datasets.period import Grain
from flow.delivery.probe import one_each, probe
from flow.delivery.release import Release
from flow.errors import HeldBack
from tests.shelf.test_manifest import KEY
from tests.support.dashboard import PREFIX, Dashboard
from tests.support.release import REPLIES, months, release


@pytest.fixture
def made(tmp_path, dashboard: Dashboard) -> Release:
    dashboard.public = tmp_path / "output" / "public"
    return release(tmp_path / "output", "r1")


def test_a_csv_that_comes_as_it_was_published_is_well(made: Release, dashboard: Dashboard):
    assert probe(dashboard.url, "flow", made, []) == 1
    assert dashboard.asked == [f"{PREFIX}testwiki/month/new_topics.csv"]


def test_a_web_page_with_status_200_is_no_csv(made: Release, dashboard: Dashboard):
    with pytest.raises(HeldBack, match=r"/talk/testwiki/month/new_topics.csv: a web page came, as Limn answers for"):
        probe(dashboard.url, "talk", made, [])


def test_other_bytes_are_not_what_was_published(made: Release, dashboard: Dashboard, tmp_path):
    release(tmp_path / "output", "r2", months(4))
    with pytest.raises(HeldBack, match="other bytes came than were published"):
        probe(dashboard.url, "flow", made, [])


@pytest.mark.parametrize("status", [204, 404, 503])
def test_a_status_is_said(made: Release, dashboard: Dashboard, status: int):
    dashboard.status = status
    with pytest.raises(HeldBack, match=f"status {status} came"):
        probe(dashboard.url, "flow", made, [])


def test_no_server_is_said(made: Release):
    with pytest.raises(HeldBack, match=r"http://127.0.0.1:1/data/datafiles/.*: no answer came: .*refused"):
        probe("http://127.0.0.1:1", "flow", made, [])


def test_one_csv_of_each_wiki_and_grain_is_asked_for_and_rather_one_that_changed():
    week, other = replace(KEY, grain=Grain.WEEK), replace(KEY, wiki="otherwiki")
    assert one_each([KEY, REPLIES, week, other], [REPLIES]) == sorted([REPLIES, week, other])
    assert one_each([KEY, REPLIES], []) == [KEY]
