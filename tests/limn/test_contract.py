"""The published folder is what Limn reads, and each breach of its contract is named."""

import json

import pytest

from flow.datasets import board
from flow.limn import contract
from tests.conftest import CHECKOUT
from tests.support.project import Project


@pytest.fixture
def public(project: Project):
    project.generate("run", "replies", "new_topics", "--grain", "month")
    return project.public.resolve()


def edit(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.unlink()
    path.write_text(json.dumps(content))


def test_what_is_published_keeps_the_contract(public):
    assert contract.complaints(public) == []


def test_labels_ids_and_lines_come_from_one_column_list(public):
    source = json.loads((public / "datasources/replies-testwiki-month.json").read_text())
    graph = json.loads((public / "graphs/replies-testwiki-month.json").read_text())
    header = (public / "datafiles/testwiki/month/replies.csv").read_text().splitlines()[0].split(",")
    assert source["columns"]["ids"] == header
    assert source["format"] == "csv"
    assert source["url"] == "/data/datafiles/flow/testwiki/month/replies.csv"
    lines = [line for group in graph["root"]["children"] if group["nodeType"] == "line-group" for line in group["children"]]
    for line in lines:
        place = line["metric"]["source_col"]
        assert line["options"]["label"] == source["columns"]["labels"][place]


def test_the_dashboard_shows_only_graphs_that_are_there(public):
    content = json.loads((public / "dashboards/reportcard.json").read_text())
    assert {tab["name"]: tab["graph_ids"] for tab in content["tabs"]} == {
        "Engagement": ["new_topics-testwiki-month", "replies-testwiki-month", "replies_topics-testwiki-month"],
        "Boards": ["new_topics_boards-testwiki-month", "replies_boards-testwiki-month"],
        "Bots": ["new_topics_bots-testwiki-month", "replies_bots-testwiki-month"],
    }


SOURCE, GRAPH, PAGE = "datasources/replies-testwiki-month.json", "graphs/replies-testwiki-month.json", "dashboards/reportcard.json"


def line(graph):
    return graph["root"]["children"][-1]["children"][0]


@pytest.mark.parametrize(
    ("path", "change", "complaint"),
    [
        (SOURCE, lambda c: c.pop("format"), "format must say csv"),
        (SOURCE, lambda c: c.update(type="pie"), "type must say timeseries"),
        (SOURCE, lambda c: c.update(id="other"), "its id is 'other', not its file's name"),
        (SOURCE, lambda c: c["columns"]["types"].pop(), "columns must have as many ids and labels as types"),
        (SOURCE, lambda c: c["columns"]["labels"].__setitem__(1, "a # b"), "label 'a # b': Limn cannot read"),
        (SOURCE, lambda c: c["columns"]["ids"].reverse(), "header is not the datasource's ids"),
        (SOURCE, lambda c: c.update(url="/x.csv"), "url '/x.csv' is not"),
        (GRAPH, lambda c: c["root"].update(nodeType="paper"), "root must be a node of type canvas"),
        (GRAPH, lambda c: c["root"]["children"].append({"nodeType": "sparkle"}), "node type 'sparkle' is unknown"),
        (GRAPH, lambda c: c["root"]["children"][-1]["children"][0]["metric"].update(source_id="x"), "datasource 'x' is missing"),
        (GRAPH, lambda c: c["root"]["children"][-1]["children"][0]["metric"].update(source_col=99), "has no column 99"),
        (GRAPH, lambda c: c["root"].update(x={"scaleType": "cubic"}), "root.x.scaleType 'cubic' is unknown"),
        (GRAPH, lambda c: c["root"].update(y={"domain": [0, "9"]}), "root.y.domain must be two finite numbers"),
        (GRAPH, lambda c: c["root"].update(y={"domain": [0, float("nan")]}), "root.y.domain must be two finite numbers"),
        (GRAPH, lambda c: c["root"].update(y={"domain": [1]}), "root.y.domain must be two finite numbers"),
        (GRAPH, lambda c: c["root"].update(y={"domain": [1, 1]}), "root.y.domain must go up"),
        (GRAPH, lambda c: c["root"].update(x={"domain": [2, 1]}), "root.x.domain must go up"),
        (GRAPH, lambda c: c["root"].update(y={"domain": [0, 1], "scaleType": "log"}), "where a logarithm ends"),
        (GRAPH, lambda c: c["root"]["children"].append({"nodeType": "scatterplot"}), "a scatterplot has no metric"),
        (GRAPH, lambda c: line(c)["metric"].update(timespan={"start": "01/02/2024"}), "timespan.start '01/02/2024' is no date"),
        (GRAPH, lambda c: c["root"]["children"].append({"nodeType": "callout", "metricRef": 0}), "would say Infinity or NaN"),
        (GRAPH, lambda c: c["root"]["children"].append({"nodeType": "callout", "metricRef": 7}), "callout is of line 7, which is none"),
        (GRAPH, lambda c: c.update(notes="See [here](/dashboards/lost)."), "link to the dashboard 'lost', which is missing"),
        (GRAPH, lambda c: c["root"].update(y=[]) or c["root"].update(x="left"), "of a kind that Limn does not expect"),
        (PAGE, lambda c: c.update(tabs=[]), "it has no list of tabs, which is a blank page"),
        (PAGE, lambda c: c["tabs"][0].update(graph_ids=[]), "tab 'Engagement' shows nothing"),
        (PAGE, lambda c: c["tabs"].append(dict(c["tabs"][0], name="ENGAGEMENT")), "tabs 'Engagement' and 'ENGAGEMENT' are one"),
        (PAGE, lambda c: c["tabs"].append(dict(c["tabs"][0])), "tabs 'Engagement' and 'Engagement' are one to Limn"),
        (PAGE, lambda c: c["tabs"][0].update(name="Talk vs. Flow"), "tab 'Talk vs. Flow' cannot be opened"),
        (PAGE, lambda c: c["tabs"][0]["graph_ids"].append("lost"), "graph 'lost' is missing"),
        (PAGE, lambda c: c.pop("tabs"), "it has no list of tabs"),
    ],
)
def test_a_breach_in_json_is_named(public, path, change, complaint):
    edit(public / path, change)
    found = contract.complaints(public)
    assert any(complaint in line and line.startswith(path) for line in found), found


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: text.replace("2024-02-01", "20240201"), "'20240201' is no date that Limn reads rightly"),
        (lambda text: text.replace("2024-02-01", "2023-02-01"), "2023-02-01 does not come after 2024-01-01"),
        (lambda text: text.replace("2024-02-01,", '2024-02-01,"1",'), "not 4 plain numbers"),
        (lambda text: "", "it is empty, at which Limn throws"),
    ],
)
def test_a_breach_in_a_csv_is_named(public, change, complaint):
    path = public / "datafiles/testwiki/month/replies.csv"
    text = path.read_text()
    path.unlink()
    path.write_text(change(text))
    assert any(complaint in line for line in contract.complaints(public))


def test_a_graph_on_a_dashboard_has_two_values(public):
    path = public / "datafiles/testwiki/month/replies.csv"
    rows = path.read_text().splitlines()
    path.unlink()
    path.write_text("\n".join([rows[0], rows[1], *(f"{row.split(',')[0]},,,," for row in rows[2:])]) + "\n")
    found = contract.complaints(public)
    assert "dashboards/reportcard.json: graph 'replies-testwiki-month' has fewer than two values, and would be blank" in found


def test_a_logarithmic_axis_has_no_0(public):
    edit(public / GRAPH, lambda c: c["root"].update(y={"scaleType": "log"}))
    assert contract.complaints(public) == []
    path = public / "datafiles/testwiki/month/replies.csv"
    rows = path.read_text().splitlines()
    path.unlink()
    path.write_text("\n".join([*rows[:-1], f"{rows[-1].split(',')[0]},0,0,0,0"]) + "\n")
    assert f"{GRAPH}: column 'replies' has a 0, which vanishes on a logarithmic axis" in contract.complaints(public)


def test_a_callout_needs_months(public):
    for kind in ("datasources", "graphs"):
        text = (public / f"{kind}/replies-testwiki-month.json").read_text()
        (public / f"{kind}/replies-testwiki-week.json").write_text(text.replace("testwiki-month", "testwiki-week").replace("/month/", "/week/"))
    (public / "datafiles/testwiki/week").mkdir()
    weeks = [f"2024-{month:02}-{day:02},{month},{month},1,0" for month in range(1, 8) for day in (1, 8)]
    (public / "datafiles/testwiki/week/replies.csv").write_text("\n".join(["date,replies,topics,boards,by_bots", *weeks]) + "\n")
    assert contract.complaints(public) == []
    edit(public / "graphs/replies-testwiki-week.json", lambda c: c["root"]["children"].append({"nodeType": "callout", "metricRef": 0}))
    assert [found for found in contract.complaints(public) if "its callout takes each row for a month" in found]


def test_a_file_that_is_no_json_and_a_missing_page_are_named(public):
    (public / "graphs/junk.json").write_text("{")
    (public / "dashboards/reportcard.json").unlink()
    (public / "datasources/REPLIES-testwiki-month.json").write_text("{}")
    found = contract.complaints(public)
    assert any("graphs/junk.json: no valid JSON object" in line for line in found)
    assert any("dashboards/reportcard.json: missing" in line for line in found)
    assert any("are the same to Limn" in line for line in found)


def test_the_default_reportcard_has_its_tabs(queries):
    page = board.read(CHECKOUT / "reportcard.json", queries.graphs)
    assert [tab.name for tab in page.tabs] == ["Engagement", "Answers", "Talk and Flow", "Boards", "Moderation", "Bots"]
    assert sorted(id for tab in page.tabs for id in tab.graphs) == queries.graphs



@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([], "it is not an object"),
        ({"id": "x", "tabs": [{"name": "A", "graph_ids": ["a"]}]}, "its id must be 'reportcard'"),
        ({"id": "reportcard"}, "it has no tabs"),
        ({"id": "reportcard", "headline": 3, "tabs": [{"name": "A", "graph_ids": ["a"]}]}, "headline must be text"),
        ({"id": "reportcard", "tabs": [{"graph_ids": ["a"]}]}, "a tab has no name"),
        ({"id": "reportcard", "tabs": [{"name": "A", "graph_ids": []}]}, "tab 'A' names no graph"),
        ({"id": "reportcard", "tabs": [{"name": "A: b", "graph_ids": ["a"]}]}, "Limn can open letters"),
        ({"id": "reportcard", "tabs": [{"name": "A", "graph_ids": ["b"]}]}, "names 'b', which is no dataset"),
        ({"id": "reportcard", "tabs": [{"name": "A", "graph_ids": [["b"]]}]}, "which is no dataset"),
    ],
)
def test_a_fault_of_the_reportcard_is_named(content, fault):
    assert any(fault in line for line in board.faults(content, ["a"]))
