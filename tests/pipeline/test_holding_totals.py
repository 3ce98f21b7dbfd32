"""Totals that are not the sum of other datasets' columns are held back until they are, and their parts are not."""

from __future__ import annotations

import pytest

from tests.commands.test_publication import JUMPY, change
from tests.support.few import numbers, undisturbed
from tests.support.project import Project, Said
from tests.support.settled import MONTHLY, rows

TOTAL = '''
"""Topics, as another dataset counts them."""
from flow import Count, Dataset

total = Dataset(
    title="Total", source="flow", jump=0, FACTS columns=[Count("topics", "T")], adds_up={"topics": ["flow_edits.topics"]},
    sql="SELECT {{ period('topic_id') }} AS date, SUM(counts)EXTRA AS topics FROM {{ topics() }} AS topic GROUP BY 1",
)
'''
LAST_MONTH = " * CASE WHEN {{ period('topic_id') }} = '2024-03-01' THEN 2 ELSE 1 END"

#: The first and the last topic go.
LOST_TOPICS = """
DELETE FROM flow_workflow WHERE workflow_id IN (SELECT MIN(workflow_id) FROM flow_workflow WHERE workflow_type = 'topic'
                                                UNION ALL SELECT MAX(workflow_id) FROM flow_workflow WHERE workflow_type = 'topic')
"""


def total(facts: str = "", extra: str = "") -> str:
    return TOTAL.replace("FACTS", facts).replace("EXTRA", extra)


def test_what_did_not_add_up_stays_held_where_it_can_no_longer_be_compared(few: Project):
    few.settings(grains='["month"]', now="2024-03-02T12:00:00Z")
    few.script("flow/total.py", total())
    assert few.generate("run").code == 0
    few.settings(grains='["month"]', now="2024-04-01T01:00:00Z")
    few.script("flow/total.py", total(extra=LAST_MONTH))
    few.seem_alive("2024-04-01T00:59:00Z")
    assert few.generate("run", "--again").code == 4
    before = few.published().get(f"{MONTHLY}total.csv")
    for arguments in (["total"], ["total", "--again"], ["total"]):
        assert few.generate("run", *arguments).code == 4
        assert few.published().get(f"{MONTHLY}total.csv") == before
    few.script("flow/total.py", total())
    assert few.generate("run", "--again").code == 0


def test_what_did_not_add_up_stays_held_while_a_part_is_away(few: Project):
    few.settings(grains='["month"]')
    few.script("flow/total.py", total(extra=" * 2"))
    assert few.generate("run").code == 4
    assert f"{MONTHLY}total.csv" not in few.published()
    few.script("flow/flow_edits.py", "1 / 0")
    for _ in range(2):
        assert few.generate("run").code == 1
        assert f"{MONTHLY}total.csv" not in few.published()


def test_a_new_total_beside_settled_parts_must_be_their_sum(few: Project):
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    few.script("flow/total.py", total(extra=" + 1"))
    for _ in range(2):
        said = few.generate("run")
        assert (said.code, "held back: total, testwiki, month: 2024-01-01 to 2024-03-01 (3 months): topics" in said.err) == (4, True)
    assert few.generate("run", "--accept", "total").code == 0
    assert few.generate("run", "--again").code == 4, "what is computed at once has no late rows"


def test_a_new_total_that_still_changes_is_compared_with_settled_parts(few: Project):
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    few.script("flow/total.py", total('spans={"window": "90d"}, settles="window",', " * 2"))
    for _ in range(2):
        said = few.generate("run")
        assert (said.code, "held back: total, testwiki, month" in said.err) == (4, True)
    few.script("flow/total.py", total('spans={"window": "90d"}, settles="window",'))
    assert few.generate("run").code == 0


def test_a_new_total_that_is_wrong_holds_back_none_of_its_parts(few: Project):
    few.settings(grains='["month"]', now="2024-03-02T12:00:00Z")
    assert few.generate("run").code == 0
    few.script("flow/total.py", total(extra=" * 3"))
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    said = few.generate("run")
    assert [line.split(", ")[0] for line in said.err.splitlines() if line.startswith("held back")] == ["held back: total"]
    assert {"2024-03-01"} < {*rows(few, "flow_edits")} & {*rows(few, "talk_versus_flow")}
    assert f"{MONTHLY}total.csv" not in few.published()


@pytest.mark.parametrize(
    ("parts", "said"),
    [('["flow_edit.topics"]', "names 'flow_edit.topics', and there is no dataset 'flow_edit'; did you mean 'flow_edits'?"),
     ('["flow_edits.topic"]', "names 'flow_edits.topic', and flow_edits has no column 'topic'; did you mean 'topics'?"),
     ('["total.topic"]', "names 'topic', and total has no column 'topic'; did you mean 'topics'?"),
     ('["talk_versus_flow.flow_share"]', "names 'talk_versus_flow.flow_share', which is no number of things, people or bytes")],
)  # fmt: skip
def test_a_part_that_is_not_there_or_no_number_is_its_total_s_own_fault(few: Project, parts: str, said: str):
    few.settings(grains='["month"]')
    few.script("flow/total.py", total().replace('["flow_edits.topics"]', parts))
    line = f"total: adds_up 'topics' {said}"
    assert line in few.generate("check").out.splitlines()
    ran = few.generate("run")
    assert (ran.code, f"failed: {line}" in ran.err) == (1, True)
    assert f"{MONTHLY}flow_edits.csv" in few.published()


def test_a_total_of_something_else_is_a_fault(few: Project):
    few.script("flow/total.py", total().replace('{"topics":', '{"flow_edits.topics":'))
    assert "total: adds_up 'flow_edits.topics' names 'flow_edits.topics', and total has no column" in few.generate("check").out


def test_a_part_of_a_broken_dataset_is_no_fault_of_its_total(few: Project):
    few.settings(grains='["month"]')
    few.script("flow/total.py", total())
    few.script("flow/flow_edits.py", "1 / 0")
    assert few.generate("run").code == 1
    assert f"{MONTHLY}total.csv" in few.published()


def test_parts_that_name_their_own_dataset_must_add_up_too(few: Project):
    few.settings(grains='["month"]')
    text = total(extra=" AS topics, SUM(counts) AS some, 1").replace("1 AS topics", "1 AS more")
    text = text.replace("columns=[", 'columns=[Count("more", "M"), Count("some", "S"), ')
    few.script("flow/total.py", text.replace('["flow_edits.topics"]', '["total.some", "total.more"]'))
    said = few.generate("run", "total")
    assert (said.code, "topics is not the sum of some, more" in said.err) == (4, True)

def held(said: Said) -> list[str]:
    """The datasets of which a run holds something back."""
    return [line.split(", ")[0].removeprefix("held back: ") for line in said.err.splitlines() if line.startswith("held back")]


@pytest.mark.parametrize("asked", [[], ["total"]])
def test_a_wrong_new_total_of_a_month_that_no_newer_row_has_proved_is_held_at_once_without_its_parts(few: Project, asked: list[str]):
    few.settings(grains='["month"]')
    assert few.generate("run").code == 0
    before = rows(few, "flow_edits")
    few.script("flow/total.py", total(extra=LAST_MONTH))
    for hour in (13, 14, 15):
        few.settings(grains='["month"]', now=f"2024-04-01T{hour}:00:00Z")
        said = few.generate("run", *asked)
        assert (said.code, held(said)) == (4, ["total"])
        assert f"{MONTHLY}total.csv" not in few.published()
        few.seem_alive(f"2024-04-01T{hour}:30:00Z")
    assert rows(few, "flow_edits") == before


def restated(project: Project) -> list[str]:
    return project.published()["restatements.csv"].decode().splitlines()[1:]


@pytest.mark.parametrize("asked", [[], ["total"]])
def test_a_right_new_total_is_compared_with_its_parts_as_they_are_now(few: Project, asked: list[str]):
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    before = rows(few, "flow_edits")
    change(few, LOST_TOPICS)
    few.settings(grains='["month"]', now="2024-04-02T13:00:00Z")
    few.script("flow/total.py", total())
    said = few.generate("run", *asked)
    assert said.code == 0, said.err
    assert "compared with a new script" in said.err
    assert {line.split(",")[-1] for line in restated(few) if line.split(",")[1] == "flow_edits"} == {"compared with a new script"}
    assert rows(few, "flow_edits") != before
    assert {day: row["topics"] for day, row in rows(few, "total").items()} == {day: row["topics"] for day, row in rows(few, "flow_edits").items()}
    for id in ("flow_edits", "talk_versus_flow"):
        path = f"{MONTHLY}{id}.csv"
        assert numbers(few)[path] == undisturbed(few)[path]


def test_a_wrong_new_total_is_held_though_a_published_part_cannot_be_computed_again(few: Project):
    few.settings(grains='["month"]')
    assert few.generate("run").code == 0
    few.script("flow/flow_edits.py", "1 / 0")
    few.script("flow/total.py", total(extra=LAST_MONTH))
    few.settings(grains='["month"]', now="2024-04-01T13:00:00Z")
    said = few.generate("run")
    assert (said.code, held(said)) == (1, ["total"]), said.err
    assert f"{MONTHLY}total.csv" not in few.published()


def test_a_total_is_no_fault_of_this_program_where_a_published_part_is_broken(few: Project):
    few.script("flow/total.py", total())
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 0
    few.script("flow/flow_edits.py", "1 / 0")
    change(few, LOST_TOPICS)
    few.settings(grains='["month"]', now="2024-04-02T13:00:00Z")
    said = few.generate("run", "total", "--again")
    assert said.code == 0, said.err


DOUBLING = ("FROM {{ topics() }} AS topic", "FROM {{ topics() }} AS topic JOIN (SELECT 1 AS one UNION ALL SELECT 2) AS twice")


def test_a_join_that_doubles_a_total_is_held_though_it_is_new(few: Project):
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text().replace(*DOUBLING))
    few.settings(grains='["month"]')
    for _ in range(2):
        said = few.generate("run")
        assert said.code == 4
        assert "held back: new_topics, testwiki, month: 2024-01-01 to 2024-03-01 (3 months): topics of new_topics is" in said.err
        assert f"{MONTHLY}new_topics.csv" not in few.published()


def test_a_join_that_doubles_a_published_total_is_held_and_the_other_dataset_is_not(few: Project):
    few.settings(grains='["month"]')
    few.generate("run")
    before = rows(few, "new_topics"), rows(few, "flow_edits")
    path = few.folder / "queries/flow/new_topics.py"
    text = path.read_text()
    path.write_text(text.replace(*DOUBLING))
    said = few.generate("run")
    assert (said.code, "held back: flow_edits" in said.err) == (4, False)
    assert "topics of new_topics is 118, and flow_edits.topics is 59 on 2024-03-01" in said.err
    assert "--accept new_topics" not in said.err, "what is computed at once has no late rows"
    assert (rows(few, "new_topics"), rows(few, "flow_edits")) == before
    path.write_text(text)
    assert few.generate("run").code == 0


def test_days_that_do_not_add_up_to_their_month_are_held_with_it(few: Project):
    few.script("talk/mine.py", JUMPY.replace("jump=3", "jump=0"))
    few.settings(grains='["month", "day"]')
    said = few.generate("run", "mine", "new_topics")
    assert said.code == 4
    for grain in ("day", "month"):
        assert f"held back: mine, testwiki, {grain}: 2024-01-01 to 2024-03-01 (3 months): n of mine is" in said.err
    assert {path.rpartition("/")[2] for path in few.datafiles()} == {"new_topics.csv"}
