"""Rules that change while numbers are published: what must be withheld from now on is, also where nothing can be computed."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.project import Project

GRAINS = '["month", "week", "day"]'
NIGHTS = ("2024-03-20T12:00:00Z", "2024-03-21T12:00:00Z")
ACTIONS = "[privacy]\nwithhold_actions = true\n"


def few(project: Project, below: int, units: set[str]) -> list[tuple[str, str, str]]:
    """Every published number from 1 to below ``below`` of a column of such a unit, in any release."""
    import json

    found = []
    for manifest in (project.folder / "output" / "releases").glob("*/manifest.json"):
        for entry in json.loads(manifest.read_text())["datasets"]:
            wanted = {column["id"] for column in entry["columns"] if column["unit"] in units}
            for row in csv.DictReader(io.StringIO((manifest.parent / entry["file"]).read_text())):
                cells = ((column, row[column]) for column in wanted)
                found += [(entry["file"], row["date"], column) for column, text in cells if text and 1 <= int(text) < below]
    return found


def test_counts_of_actions_are_withheld_from_the_run_on_that_is_told_so(project: Project):
    project.settings(now=NIGHTS[0], grains=GRAINS)
    assert project.generate("run").code == 0
    assert few(project, 5, {"count"})
    project.settings(ACTIONS, NIGHTS[1], grains=GRAINS)
    said = project.generate("run")
    assert said.code == 0, said.err
    assert not few(project, 5, {"count", "people"})
    assert not [path for path in project.datafiles() if "/day/" in path]
    assert project.generate("check").code == 0


def test_a_deletion_below_the_threshold_is_no_loss(project: Project):
    import sqlite3

    project.settings(ACTIONS, NIGHTS[0], grains='["week"]')
    assert project.generate("run").code == 0
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM revision WHERE rev_timestamp > '20240311' AND rev_timestamp < '20240318' AND rowid % 9")
    file.close()
    project.settings(ACTIONS, NIGHTS[1], grains='["week"]')
    said = project.generate("run", "talk_edits", "--again")
    assert said.code == 0, said.err


@pytest.mark.parametrize("fault", ["database gone", "script broken"])
def test_stricter_rules_reach_what_cannot_be_computed_again(project: Project, fault: str):
    project.settings("[privacy]\npeople_by_day = true\n", NIGHTS[0], grains=GRAINS)
    assert project.generate("run").code == 0
    assert few(project, 12, {"people"})
    if fault == "database gone":
        (project.folder / "testwiki.sqlite").rename(project.folder / "away")
    else:
        for name in ("flow/flow_people.py", "talk/talk_edits.py"):
            project.script(name, "not python")
    project.settings("[privacy]\nthreshold = 12\n", NIGHTS[1], grains=GRAINS)
    assert project.generate("run").code in (1, 3)
    assert not few(project, 12, {"people"})
    header = (project.public / "datafiles/testwiki/day/talk_edits.csv").read_text().splitlines()[0].split(",")
    rows = csv.DictReader(io.StringIO((project.public / "datafiles/testwiki/day/talk_edits.csv").read_text()))
    assert "editors" not in header or {row["editors"] for row in rows} == {""}
    assert project.generate("check").code in (0, 1)


def test_a_day_that_is_not_published_any_more_has_a_reason_of_its_own(project: Project):
    project.settings("[privacy]\npeople_by_day = true\n", NIGHTS[0], grains=GRAINS)
    project.generate("run")
    project.settings(now=NIGHTS[1], grains=GRAINS)
    assert project.generate("run").code == 0
    (old,) = [path for path in (project.folder / "output/releases").iterdir() if path.name.endswith("w")]
    lines = [line.split(",") for line in (old / "suppressed.csv").read_text().splitlines()[1:]]
    assert {why for _, _, grain, _, _, why in lines if grain == "day"} >= {"not by this grain", "few"}
