"""``check`` names the columns of people of which a query script says nothing."""

from __future__ import annotations

import pytest

from tests.support.project import Project

SCRIPT = '''"""Who was there."""
from flow import Dataset, People

mine = Dataset(title="Mine", source="flow", columns=[{columns}], sql="SELECT '2024-01-01' AS date, 1 AS a, 1 AS b")
'''


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ('People("a", "A"), People("b", "B", acts=())', ["a"]),
        ('People("a", "A", acts=["flow_edits.topics"]), People("b", "B", among="a")', []),
        ('People("a", "A", groups=["b"]), People("b", "B")', []),
        ('People("a", "A"), People("b", "B")', ["a", "b"]),
    ],
)
def test_people_of_whom_nothing_is_said_are_named(project: Project, columns: str, named: list[str]):
    project.script("flow/mine.py", SCRIPT.format(columns=columns))
    said = project.generate("check")
    told = [line for line in said.out.splitlines() if "nothing is said of what its numbers depend on" in line]
    assert [line.partition(": nothing")[0] for line in told] == [f"mine: column '{id}'" for id in named]
    assert said.code == (4 if named else 0)


def test_all_of_this_checkout_say_what_their_people_depend_on(project: Project):
    assert project.generate("check").code == 0


def test_a_group_that_is_no_column_is_a_fault(project: Project):
    project.script("flow/mine.py", SCRIPT.format(columns='People("a", "A", groups=["c"]), People("b", "B", acts=())'))
    assert "groups of 'a' names 'c', which is no column" in project.generate("check").out


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ('People("a", "A", acts=["flow_edit.topics"])', "acts of 'a' names 'flow_edit.topics', and there is no dataset 'flow_edit'; did you mean 'flow_edits'?"),
        ('People("a", "A", acts=["flow_edits.topic"])', "acts of 'a' names 'flow_edits.topic', and flow_edits has no column 'topic'; did you mean 'topics'?"),
        ('People("a", "A", among="flow_people.person")', "among of 'a' names 'flow_people.person', and flow_people has no column 'person'; "),
        ('People("a", "A", groups=["flow_peple.people"])', "groups of 'a' names 'flow_peple.people', and there is no dataset 'flow_peple'; did you mean 'flow_people'?"),
        ('Share("a", "A", of=["flow_edits.topic"])', "of of 'a' names 'flow_edits.topic', and flow_edits has no column 'topic'; did you mean 'topics'?"),
        ('People("a", "A", acts=["mine.c"])', "acts of 'a' names 'c', and mine has no column 'c'; "),
    ],
)  # fmt: skip
def test_a_column_of_another_dataset_that_is_not_there_is_a_fault_when_the_script_is_loaded(project: Project, columns: str, fault: str):
    project.script("flow/mine.py", SCRIPT.format(columns=columns).replace("import", "import Share,"))
    assert any(line.startswith(f"mine: {fault}") for line in project.generate("check").out.splitlines())
    said = project.generate("run", "mine")
    assert (said.code, f"failed: mine: {fault}" in said.err) == (1, True)


def test_a_column_of_a_broken_dataset_is_no_fault_of_who_names_it(project: Project):
    project.script("flow/mine.py", SCRIPT.format(columns='People("a", "A", acts=["flow_edits.anything"])'))
    project.script("flow/flow_edits.py", "1 / 0")
    assert "mine: " not in project.generate("check").out
