"""The graphs of a release follow from its published numbers, and from nothing else."""

from __future__ import annotations

import json

from flow.limn import contract
from flow.limn.graph import describe_graph, graph_id
from flow.shelf import manifest
from flow.shelf.inspection import read_whole, seal
from tests.support.project import Project


def graphs(project: Project) -> dict[str, bytes]:
    return {path: content for path, content in project.published().items() if path.startswith(("graphs/", "dashboards/"))}


def test_a_release_of_an_earlier_version_gets_its_graphs_with_the_next_run(project: Project):
    project.generate("run", "first_response", "talk_edits")
    wanted = graphs(project)
    path = project.public.resolve() / "manifest.json"
    content = json.loads(path.read_text())
    for item in content["datasets"]:
        del item["graphs"], item["extents"]
        item["drawn"] = [1, 2]
    path.unlink()
    path.write_text(json.dumps(content))
    assert project.generate("run").code == 0
    assert {path: text for path, text in graphs(project).items() if path in wanted and path.startswith("graphs/")} == {
        path: text for path, text in wanted.items() if path.startswith("graphs/")
    }


def test_an_idle_run_publishes_nothing_though_a_column_has_no_value_at_all(project: Project):
    text = (project.folder / "queries/flow/new_topics.py").read_text()
    script = text.replace('Count("by_bots", "Opened by bots and not counted")', 'Count("by_bots", "Opened by bots and not counted", gaps=True)')
    project.script("flow/new_topics.py", script.replace("SUM(by_bot) AS", "NULL AS"))
    assert project.generate("run", "new_topics").code == 0
    before = project.releases()
    assert project.generate("run", "new_topics").code == 0
    assert project.releases() == before


def test_what_a_release_tells_in_its_graphs_is_withheld_too_once_its_numbers_are(project: Project):
    project.settings("[privacy]\npeople_by_day = true\n", "2024-03-20T12:00:00Z", grains='["week", "day"]')
    assert project.generate("run", "flow_people", "talk_edits").code == 0
    before = project.published()
    project.settings("[privacy]\nthreshold = 12\n", "2024-03-21T12:00:00Z", grains='["week", "day"]')
    assert project.generate("run", "flow_people", "talk_edits").code == 0
    (old,) = [path for path in (project.folder / "output/releases").iterdir() if path.name.endswith("w")]
    found = manifest.read(old / "manifest.json")
    for entry in found.entries.values():
        assert entry == seal(entry, read_whole(entry, old / entry.key.path))[0]
        for fact in entry.graphs:
            content = json.loads((old / f"graphs/{graph_id(entry.key, fact)}.json").read_text())
            assert content["root"] == describe_graph(entry, fact, "")["root"]
    people = "graphs/talk_edits_people-testwiki-day.json"
    assert json.loads((old / people).read_text())["root"]["y"] == {"domain": [0, 1]} != json.loads(before[people])["root"]["y"]
    assert contract.complaints(old) == []


def test_what_is_on_no_dashboard_is_in_the_status_and_in_the_log(project: Project):
    project.settings(now="2024-02-01T12:00:00Z")
    said = project.generate("run", "new_topics")
    assert said.code == 0
    assert "on no dashboard, with fewer than two values: Boards with a new topic (1 CSV)" in said.err
    status = project.status()["datasets"]
    assert status["new_topics", "testwiki", "month"]["undrawn"] == "New topics; Boards with a new topic; Topics opened by bots"
    assert status["new_topics", "testwiki", "week"]["undrawn"] is None
    page = json.loads((project.public / "dashboards/reportcard.json").read_text())
    assert page["subhead"].endswith("testwiki, by ISO week")
    assert "on no dashboard" not in project.generate("run", "new_topics").err
