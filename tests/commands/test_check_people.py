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
