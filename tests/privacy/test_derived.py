"""What is made from other datasets tells nothing of what is withheld in them to protect others."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from flow.pipeline.suppressing import PutOff
from flow.publication import suppression
from tests.privacy.test_attack import simulated
from tests.support.project import Project

GRAINS = '["month", "week"]'
MEAN = '''"""Posters for each topic, and whether there are any."""
from flow import Count, Ratio, dataset

@dataset(title="Posters a topic", columns=[Ratio("mean", "Mean"), Count("some", "Some", additive=False)])
def posters_a_topic(flow_people, flow_edits):
    both = flow_people.merge(flow_edits, on="date")
    mean = both["posters"].astype("Float64") / both["topics"].astype("Float64").where(both["topics"] > 0)
    return both[["date"]].assign(mean=mean, some=(both["posters"] >= 1).astype("Int64"))
'''
A_PERSON = '''"""Edits a person, and whether there is any."""
from flow import Count, Ratio, dataset

@dataset(title="Edits a person", columns=[Ratio("mean", "Mean"), Count("some", "Some", additive=False)])
def edits_a_person(talk_edits):
    mean = talk_edits["edits"].astype("Float64") / talk_edits["editors"].astype("Float64")
    return talk_edits[["date"]].assign(mean=mean, some=(talk_edits["editors"] >= 1).astype("Int64"))
'''
AGAIN = '''"""The same once more, made from what is made from others."""
from flow import Ratio, dataset

@dataset(title="Twice", columns=[Ratio("twice", "Twice the mean")])
def twice(posters_a_topic):
    return posters_a_topic[["date"]].assign(twice=posters_a_topic["mean"] * 2)
'''


def rows(project: Project, grain: str, dataset: str) -> dict[str, dict[str, str]]:
    with (project.public / "datafiles" / "testwiki" / grain / f"{dataset}.csv").open() as file:
        return {row["date"]: row for row in csv.DictReader(file)}


def withheld(path: Path, dataset: str, column: str) -> set[tuple[str, str]]:
    with (path / "suppressed.csv").open() as file:
        lines = [line for line in csv.DictReader(file) if (line["dataset"], line["column"]) == (dataset, column)]
    return {(line["grain"], line["date"]) for line in lines}


def test_what_protects_others_is_withheld_in_all_that_is_made_from_it(project: Project, monkeypatch: pytest.MonkeyPatch):
    simulated(project, 1, 0.3, 5)
    project.script("flow/posters_a_topic.py", MEAN)
    project.script("flow/twice.py", AGAIN)
    chosen: set[str] = set()

    def complement(facts, *_):
        found = {cell for cell in facts.published() if cell.column == "flow_people.posters" and not chosen}
        chosen.update(str(cell.period) for cell in found)
        return found

    monkeypatch.setattr(suppression, "complement", complement)
    project.settings(grains=GRAINS)
    said = project.generate("run", "flow_people", "flow_edits", "posters_a_topic", "twice")
    assert said.code == 0, said.err
    assert chosen
    for grain, day in withheld(project.public, "flow_people", "posters"):
        edits = rows(project, grain, "flow_edits")[day]
        assert rows(project, grain, "twice")[day]["twice"] == "", (grain, day, edits)
        assert rows(project, grain, "posters_a_topic")[day]["mean"] == ""
        assert rows(project, grain, "posters_a_topic")[day]["some"] == ""


def test_a_function_over_hidden_people_publishes_nothing_that_it_made_up(project: Project):
    project.script("talk/edits_a_person.py", A_PERSON)
    project.settings(grains='["day"]')
    said = project.generate("run", "talk_edits", "edits_a_person")
    assert said.code == 0, said.err
    found = rows(project, "day", "edits_a_person")
    assert {row["edits"] for row in rows(project, "day", "talk_edits").values()} >= {"0", "1"}
    assert {(row["mean"], row["some"]) for row in found.values()} == {("", "")}


def test_what_cannot_be_computed_again_is_withheld_with_all_that_it_may_be_made_from(project: Project):
    project.script("flow/posters_a_topic.py", MEAN)
    project.settings(grains=GRAINS, now=f"{date(2024, 3, 20)}T12:00:00Z")
    assert project.generate("run", "flow_people", "flow_edits", "posters_a_topic").code == 0
    assert any(row["some"] for row in rows(project, "week", "posters_a_topic").values())
    project.script("flow/posters_a_topic.py", MEAN.replace("both[\"posters\"] >= 1", "both['none']"))
    project.settings(grains=GRAINS, now=f"{date(2024, 3, 20) + timedelta(days=8)}T12:00:00Z")
    assert project.generate("run", "flow_people", "flow_edits", "posters_a_topic").code == 1
    assert not any(row["some"] or row["mean"] for row in rows(project, "week", "posters_a_topic").values())


def test_where_the_budget_ends_before_all_is_protected_what_is_live_stays_and_the_next_run_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    def ended(*_):
        raise PutOff

    project.settings(grains=GRAINS, now="2024-03-20T12:00:00Z")
    assert project.generate("run", "flow_people", "flow_edits").code == 0
    before = project.datafiles(), rows(project, "week", "flow_people")
    project.settings(grains=GRAINS, now="2024-03-28T12:00:00Z")
    with monkeypatch.context() as patch:
        patch.setattr(suppression, "complement", ended)
        said = project.generate("run", "flow_people", "flow_edits")
    assert "testwiki: the budget is used up before what protects withheld numbers is found" in said.err
    assert (project.datafiles(), rows(project, "week", "flow_people")) == before
    assert project.generate("run", "flow_people", "flow_edits").code == 0
    assert len(rows(project, "week", "flow_people")) == len(before[1]) + 1
