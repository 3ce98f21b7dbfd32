"""``sql`` shows beside each line where it comes from, and stays plain where it is piped on."""

from __future__ import annotations

import pytest

from tests.support.project import Project

ASKED = ["--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-02-01", "--grain", "month"]


def test_each_line_has_the_line_of_its_file_beside_it(project: Project):
    plain = project.generate("sql", "new_topics", *ASKED).out.splitlines()
    shown = project.generate("sql", "new_topics", *ASKED, "--lines").out.splitlines()
    assert [line.partition(" | ")[2] for line in shown[1:]] == [line.rstrip() for line in plain[1:]]
    for line in shown[1:]:
        label, _, text = line.partition(" | ")
        name, _, number = label.strip().partition(":")
        if name:
            path = next(project.folder.glob(f"queries/*/{name}"))
            first = text.split()[0]
            assert first in path.read_text("utf-8").split("\n")[int(number) - 1] or "{{" in path.read_text("utf-8").split("\n")[int(number) - 1]
    labels = {line.partition(" | ")[0].strip().partition(":")[0] for line in shown[1:]}
    assert labels >= {"new_topics.py", "topics.sql"}


def test_the_last_line_is_that_of_its_script(project: Project):
    last = project.generate("sql", "new_topics", *ASKED, "--lines").out.splitlines()[-1]
    label, _, text = last.partition(" | ")
    lines = (project.folder / "queries/flow/new_topics.py").read_text("utf-8").split("\n")
    assert text.strip().rstrip(";") == lines[int(label.rpartition(":")[2]) - 1].strip() == "GROUP BY 1"


@pytest.mark.parametrize("option", [[], ["--no-lines"]])
def test_it_is_plain_where_no_terminal_is(project: Project, option: list[str]):
    assert " | " not in project.generate("sql", "new_topics", *ASKED, *option).out.split("SELECT")[0]
