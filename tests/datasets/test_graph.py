"""The graphs of a dataset have one unit each, and an id that nothing else has."""

from __future__ import annotations

import pytest

from flow.datasets.catalog import load
from flow.datasets.column import Count, Duration, Share
from flow.datasets.dataset import Dataset
from flow.datasets.graph import Graph, faults

COLUMNS = [Count("topics", "Topics"), Duration("median", "Median"), Duration("p90", "90th"), Share("share", "Share")]


def test_a_dataset_without_graphs_has_one_for_each_unit_and_the_first_bears_its_id():
    drawn = Dataset("Waits", COLUMNS).drawn
    assert [(graph.id, list(graph.columns)) for graph in drawn] == [("", ["topics"]), ("durations", ["median", "p90"]), ("shares", ["share"])]


def test_graphs_of_one_unit_have_no_fault():
    assert faults([Graph("Topics", ["topics"]), Graph("Waits", ["median", "p90"], id="wait", unit="seconds", scale="log")], COLUMNS) == []


@pytest.mark.parametrize(
    ("graphs", "fault"),
    [
        ([Graph("Topics", ["topics", "median"])], "graph 'Topics' shows a count and a duration on one axis"),
        ([Graph("Topics", ["topic"])], "graph 'Topics' names 'topic', which is no column"),
        ([Graph("Topics", ["topics", "topics"])], "names 'topics' twice"),
        ([Graph("Topics", [])], "needs a list of columns"),
        ([Graph("Topics", "topics")], "needs a list of columns"),
        ([Graph("a # b", ["topics"])], "needs a title"),
        ([Graph("Topics", ["topics"], id="topics")], "the first of graphs bears the dataset's id"),
        ([Graph("Topics", ["topics"]), Graph("Waits", ["p90"])], "graph 'Waits': its id '' must be lower-case letters"),
        ([Graph("A", ["topics"]), Graph("B", ["p90"], id="b"), Graph("C", ["share"], id="b")], "graphs has two called 'b'"),
        ([Graph("Topics", ["topics"], unit="x" * 25)], "too long for its axis"),
        ([Graph("Topics", ["topics"], scale="cubic")], "the scale 'cubic', which is none"),  # type: ignore[arg-type]
        ([Graph("Share", ["share"], scale="log")], "a share, which is drawn from 0 to 1"),
        (["topics"], "graphs must be a list of Graph"),
    ],
)
def test_a_fault_of_a_graph_is_named(graphs, fault):
    assert any(fault in line for line in faults(graphs, COLUMNS)), faults(graphs, COLUMNS)


def test_a_rise_is_not_told_of_numbers_that_still_change():
    graphs = [Graph("Topics", ["topics"], more_is_better=True)]
    assert faults(graphs, COLUMNS) == []
    assert ["has more_is_better, but the newest numbers still change" in line for line in faults(graphs, COLUMNS, is_unsettled=True)] == [True]


def script(folder, id: str, facts: str = "") -> None:
    (folder / "flow").mkdir(exist_ok=True)
    text = f'"""About."""\nfrom flow import Count, Dataset, Graph, Share, ShareOf\n{id} = Dataset(title="A", source="flow", sql="SELECT 1", {facts})\n'
    (folder / "flow" / f"{id}.py").write_text(text)


COUNT = 'columns=[Count("a", "A"), Share("b", "B", of=["a"])]'


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ('graphs=[Graph("A", ["a"]), Graph("B", ["b"], id="share")], derived=[ShareOf("a", total="a")]', "two of its graphs would be called 'mine_share'"),
        ('graphs=[Graph("A", ["a"]), Graph("B", ["b"], id="more")]', "a graph of it would be called 'mine_more', which is a dataset"),
        ('graphs=[Graph("A", ["a"]), Graph("B", ["b"], id="more_b")]', "would be called 'mine_more_b', as one of mine_more is"),
    ],
)
def test_an_id_that_something_else_has_is_refused(tmp_path, facts, fault):
    script(tmp_path, "mine", f"{COUNT}, {facts}")
    script(tmp_path, "mine_more", f'{COUNT}, graphs=[Graph("A", ["a"]), Graph("B", ["b"], id="b")]')
    broken = load(tmp_path).broken
    assert fault in str(broken["mine"]), broken


def test_a_dataset_may_have_a_share_and_shares_that_are_derived(tmp_path):
    script(tmp_path, "mine", f'{COUNT}, derived=[ShareOf("a", total="a")]')
    catalog = load(tmp_path)
    assert (catalog.broken, catalog.graphs) == ({}, ["mine", "mine_share", "mine_shares"])
