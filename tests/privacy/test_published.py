"""What is published and printed withholds small numbers, and says which."""

from __future__ import annotations

import csv
import io

from tests.support.project import Project

QUERY = ("query", "flow_people", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-04-01", "--grain", "week", "--format", "csv")


def numbers(text: str) -> list[int]:
    return [int(row[name]) for row in csv.DictReader(io.StringIO(text)) for name in ("posters", "first_timers") if row[name]]


def test_a_query_withholds_small_numbers(project: Project):
    said = project.generate(*QUERY)
    assert said.code == 0, said.err
    assert not [number for number in numbers(said.out) if 0 < number < 5]
    assert "are withheld; see PRIVACY.md" in said.err


def test_a_threshold_of_one_withholds_none(project: Project):
    project.settings("[privacy]\nthreshold = 1\n")
    assert [number for number in numbers(project.generate(*QUERY).out) if 0 < number < 5]
    project.generate("run", "flow_people")
    assert (project.public / "suppressed.csv").read_text().count("\n") == 1


def test_a_threshold_of_two_is_refused(project: Project):
    project.settings("[privacy]\nthreshold = 2\n")
    assert project.generate("run").code == 2


def test_suppressed_lists_exactly_the_empty_cells_of_people(project: Project):
    project.generate("run")
    with (project.public / "suppressed.csv").open() as file:
        listed = {(line["dataset"], line["grain"], line["date"], line["column"]) for line in csv.DictReader(file)}
    empty = set()
    for dataset, columns in (("flow_people", ["posters", "first_timers"]), ("talk_edits", ["editors"])):
        for grain in ("week", "month"):
            with (project.public / "datafiles" / "testwiki" / grain / f"{dataset}.csv").open() as file:
                empty |= {(dataset, grain, row["date"], id) for row in csv.DictReader(file) for id in columns if row[id] == ""}
    assert listed == empty
