"""A release is whole, and switched at once."""

from dataclasses import replace

import pytest

from flow.errors import HeldBack
from flow.shelf import Shelf
from flow.shelf.manifest import Manifest
from tests.shelf.test_manifest import ENTRY, KEY

ROWS = {"2024-01-01": ["1"], "2024-02-01": ["2"], "2024-03-01": ["3"]}


def opened(tmp_path) -> Shelf:
    return Shelf(tmp_path / "output", pytest.fail).open().inspect()


def fine(folder):
    return []


def test_a_published_csv_is_there_again_for_the_next_run(tmp_path):
    shelf = opened(tmp_path)
    entry = shelf.stage(ENTRY, ROWS)
    shelf.publish("r1", Manifest({KEY: entry}), {"graphs/a.json": "{}"}, {}, fine)
    shelf.tidy()
    again = opened(tmp_path)
    assert again.live.entries == {KEY: entry}
    assert again.staged == {}
    assert again.rows(KEY) == ROWS
    assert (again.link / "graphs/a.json").read_text() == "{}"


def test_staged_work_outlives_its_run(tmp_path):
    entry = opened(tmp_path).stage(ENTRY, ROWS)
    again = opened(tmp_path)
    assert again.current() == {KEY: entry}
    assert again.rows(KEY) == ROWS
    again.unstage(KEY)
    assert opened(tmp_path).current() == {}


def test_a_release_with_complaints_is_not_published(tmp_path):
    shelf = opened(tmp_path)
    entry = shelf.stage(ENTRY, ROWS)
    shelf.publish("r1", Manifest({KEY: entry}), {}, {}, fine)
    with pytest.raises(HeldBack, match="one; two"):
        shelf.publish("r2", Manifest({KEY: entry}), {"b": "2"}, {}, lambda folder: ["one", "two"])
    assert shelf.link.resolve().name == "r1"
    assert [path.name for path in (shelf.folder / "releases").iterdir()] == ["r1"]


def test_a_reader_who_resolved_the_link_keeps_one_whole_set(tmp_path):
    shelf = opened(tmp_path)
    entry = shelf.stage(ENTRY, ROWS)
    shelf.publish("r1", Manifest({KEY: entry}), {}, {}, fine)
    seen = shelf.link.resolve()
    before = (seen / KEY.path).read_text()
    changed = shelf.stage(replace(ENTRY, title="Other"), ROWS | {"2024-03-01": ["9"]})
    shelf.publish("r2", Manifest({KEY: changed}), {}, {}, fine)
    assert (seen / KEY.path).read_text() == before
    assert "2024-03-01,9" in (shelf.link / KEY.path).read_text()


def test_an_unchanged_csv_is_linked_and_not_copied(tmp_path):
    shelf = opened(tmp_path)
    entry = shelf.stage(ENTRY, ROWS)
    first = shelf.publish("r1", Manifest({KEY: entry}), {}, {}, fine)
    second = shelf.publish("r2", Manifest({KEY: entry}), {"a": ""}, {}, fine)
    assert (first / KEY.path).samefile(second / KEY.path)


def test_two_releases_in_one_second_and_only_the_last_ones_kept(tmp_path):
    shelf = opened(tmp_path)
    entry = shelf.stage(ENTRY, ROWS)
    for number in range(7):
        shelf.publish("20240401T120000Z", Manifest({KEY: entry}), {"a": str(number)}, {}, fine)
    shelf.releases.forget(4)
    assert shelf.releases.ids() == [f"20240401T120000Z-{number}" for number in (4, 5, 6, 7)]
    assert shelf.releases.live == "20240401T120000Z-7"
