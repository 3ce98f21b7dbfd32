"""A manifest is read as it was written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.period import Grain, Range, whole_periods
from flow.shelf import manifest
from flow.shelf.csvfile import Damaged
from flow.shelf.entry import ColumnFact, Entry, GraphFact, Key
from flow.shelf.extent import Extent
from flow.shelf.fingerprint import fingerprint
from flow.shelf.history import Computation, Computed, computed_runs
from flow.shelf.manifest import Manifest

KEY = Key("new_topics", "testwiki", Grain.MONTH)
ENTRY = Entry(
    KEY, "abc", "New topics", (ColumnFact("topics", "Topics opened", "count", "int"),), (GraphFact("", "Topics", ("topics",)),),
    (Computed("2024-01-01", "2024-03-01", "2024-04-02T00:00:00Z"),), "0" * 64, extents={"topics": Extent(3, "1", "3")},
)  # fmt: skip
PERIODS = whole_periods(Range(date(2024, 1, 1), date(2027, 1, 1)), Grain.WEEK)
instants = st.integers(0, 3).map(lambda number: datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=number))
computations = st.builds(Computation, instants, st.sampled_from(["missing", "not settled"]), st.none() | instants)
histories = st.dictionaries(st.sampled_from(PERIODS), computations)


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    facts = {"testwiki flow": "2024-01-01"}, {"graphs/a.json": "1"}, {"testwiki flow": fingerprint(["a1", "b2"])}
    whole = Manifest({KEY: ENTRY}, *facts, "20240402T000000Z")
    (tmp_path / "manifest.json").write_text(whole.text())
    assert manifest.read(tmp_path / "manifest.json") == whole


@given(histories)
def test_times_are_kept_in_runs_and_none_is_lost(history):
    key = Key("d", "w", Grain.WEEK)
    entry = Entry(key, "", "", (), (), computed_runs(history))
    assert entry.history == history


@pytest.mark.parametrize(
    "run",
    [Computed("2024-01-02", "2024-01-02", "2024-01-01T00:00:00Z"), Computed("2024-02-01", "2024-01-01", "2024-01-01T00:00:00Z"),
     Computed("then", "now", "2024-01-01T00:00:00Z"), Computed("2024-01-01", "2024-01-01", "sometime")],
)  # fmt: skip
def test_times_that_cannot_be_are_damage(tmp_path, run):
    broken = Manifest({KEY: Entry(KEY, "", "", ENTRY.columns, ENTRY.graphs, (run,))})
    (tmp_path / "manifest.json").write_text(broken.text())
    with pytest.raises(Damaged):
        manifest.read(tmp_path / "manifest.json")
