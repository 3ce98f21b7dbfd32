"""The graphs of a release follow from its published numbers, and from nothing else."""

from __future__ import annotations

import json

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
