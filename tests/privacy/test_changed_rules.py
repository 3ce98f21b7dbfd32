"""Rules that change while numbers are published: what must be withheld from now on is, also where nothing can be computed."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest

from tests.support.project import Project

GRAINS = '["month", "week", "day"]'
NIGHTS = ("2024-03-20T12:00:00Z", "2024-03-21T12:00:00Z")
ACTIONS = "[privacy]\nwithhold_actions = true\n"


def few(project: Project, below: int, units: set[str]) -> list[tuple[str, str, str]]:
    """Every published number from 1 to below ``below`` of a column of such a unit, in any release."""
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


def test_a_deletion_below_the_threshold_is_held_until_accepted_and_then_no_loss(project: Project):
    import sqlite3

    project.settings(ACTIONS, NIGHTS[0], grains='["week"]')
    assert project.generate("run").code == 0
    with sqlite3.connect(project.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM revision WHERE rev_timestamp > '20240311' AND rev_timestamp < '20240318' AND rowid % 9")
    file.close()
    project.settings(ACTIONS, NIGHTS[1], grains='["week"]')
    said = project.generate("run", "talk_edits", "--again")
    assert said.code == 4
    assert "edits of 1 published week falls from 23 to 4 or fewer" in said.err
    said = project.generate("run", "talk_edits", "--again", "--accept", "talk_edits")
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
    assert project.generate("check").code == (3 if fault == "database gone" else 1)


def reasons(project: Project) -> set[str]:
    """Every reason that any release gives for a withheld cell."""
    files = (project.folder / "output/releases").glob("*/suppressed.csv")
    return {line.split(",")[5] for path in files for line in path.read_text().splitlines()[1:]}


def test_no_release_says_why_a_cell_is_withheld(project: Project):
    project.settings("[privacy]\npeople_by_day = true\n", NIGHTS[0], grains=GRAINS)
    project.generate("run")
    project.settings(now=NIGHTS[1], grains=GRAINS)
    assert project.generate("run").code == 0
    assert len(project.releases()) == 2
    assert reasons(project) == {"withheld"}
    for path in (project.folder / "output").rglob("*.json"):
        assert not [why for why in ("few", "protects others", "not by this grain") if f'"{why}"' in path.read_text()], path


def test_reasons_that_were_published_once_are_dropped(project: Project):
    project.settings(now=NIGHTS[0], grains=GRAINS)
    project.generate("run")
    live = project.public.resolve()
    manifest = json.loads((live / "manifest.json").read_text())
    for entry in manifest["datasets"]:
        entry["withheld"] = {column: dict.fromkeys(dates, "few") for column, dates in entry["withheld"].items()}
    text = (live / "suppressed.csv").read_text().replace(",withheld\n", ",few\n")
    manifest["files"]["suppressed.csv"] = hashlib.sha256(text.encode()).hexdigest()
    (live / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    (live / "suppressed.csv").write_text(text)
    withheld = {path: content for path, content in project.published().items() if path.startswith("datafiles")}
    said = project.generate("run")
    assert said.code == 0, said.err
    assert reasons(project) == {"withheld"}
    assert live.name not in project.releases()
    assert '"few"' not in (project.public / "manifest.json").read_text()
    assert withheld == {path: content for path, content in project.published().items() if path.startswith("datafiles")}
