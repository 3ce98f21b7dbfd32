"""How fresh the published numbers are, for people, for programs and for Prometheus."""

from __future__ import annotations

import json
import re

from prometheus_client.parser import text_string_to_metric_families

from tests.support.project import Project, wiki
from tests.support.screen import plain, see
from tests.support.settled import raise_january


def test_the_status_of_a_fresh_wiki(project: Project):
    project.settings(grains='["month", "week"]')
    project.generate("run")
    state = project.status()
    assert (state["at"], state["exit_code"]) == ("2024-04-01T12:00:00Z", 0)
    assert state["datasets"]["first_response", "testwiki", "week"] == {
        "dataset": "first_response", "wiki": "testwiki", "grain": "week",
        "last_success": "2024-04-01T12:00:00Z", "last_attempt": "2024-04-01T12:00:00Z",
        "through": "2024-03-31", "provisional_from": "2024-03-25", "expected_by": "2024-04-08T06:00:00Z",
        "rows": 13, "waits": None, "failed": None, "undrawn": None,
    }  # fmt: skip
    provisional = state["datasets"]["new_topics", "testwiki", "month"]["provisional_from"]
    assert provisional == "2024-03-01", "no row is from after March, which is computed again when one comes"
    assert json.loads(project.generate("status", "--json").out) == json.loads((project.public / "status.json").read_text())


def test_a_failure_is_told_with_its_beginning_until_it_is_over(project: Project):
    project.generate("run")
    path = project.folder / "queries/flow/new_topics.py"
    text = path.read_text()
    path.write_text(text.replace("{{ topics() }}", "no_such_table"))
    for now in ("2024-04-02T12:00:00Z", "2024-04-03T12:00:00Z"):
        project.settings(now=now)
        assert project.generate("run").code == 1
    state = project.status()["datasets"]["new_topics", "testwiki", "month"]
    assert (state["failed"]["kind"], state["failed"]["since"], state["last_attempt"]) == ("QueryError", "2024-04-02T12:00:00Z", "2024-04-03T12:00:00Z")
    assert state["last_success"] == "2024-04-01T12:00:00Z"
    assert "failed: new_topics; testwiki; week, month: since 2024-04-02 12:00: QueryError: its query failed" in project.generate("status").out
    assert "failed since 2024-04-02 12:00: QueryError" in project.generate("status", "new_topics", "--wiki", "testwiki").out
    path.write_text(text)
    assert project.generate("run").code == 0
    assert project.status()["datasets"]["new_topics", "testwiki", "month"]["failed"] is None


def test_a_first_run_that_fails_has_a_status_too(project: Project):
    (project.folder / "testwiki.sqlite").rename(project.folder / "away")
    assert project.generate("status").code == 2
    assert project.generate("run").code == 3
    said = project.generate("status")
    assert (said.code, "Unreachable" in said.out) == (0, True)


def test_staleness_is_an_exit_code(project: Project):
    project.generate("run")
    assert project.generate("status", "--fail-if-stale", "36h").code == 0
    project.settings(now="2024-04-03T00:00:01Z")
    said = project.generate("status", "--fail-if-stale", "36h")
    assert said.code == 1
    assert "stale: new_topics, testwiki, month: last success 2024-04-01 12:00, next expected by 2024-05-01 06:00" in said.err
    project.generate("run", "new_topics")
    assert project.generate("status", "--fail-if-stale", "36h").code == 1, "the others are still as stale"
    project.generate("run")
    assert project.generate("status", "--fail-if-stale", "36h").code == 0


def test_prometheus_can_read_the_metrics(project: Project):
    project.generate("run")
    text = (project.folder / "output/metrics.prom").read_text()
    samples = {(s.name, s.labels.get("dataset"), s.labels.get("grain")): s.value for f in text_string_to_metric_families(text) for s in f.samples}
    assert samples["limn_flow_data_last_run_exit_code", None, None] == 0
    assert samples["limn_flow_data_failed", "replies", "week"] == 0
    assert samples["limn_flow_data_rows", "replies", "week"] == 13
    assert samples["limn_flow_data_last_success_timestamp_seconds", "replies", "month"] == 1711972800


def test_a_night_on_which_nothing_could_be_published_is_no_success(project: Project):
    project.settings(now="2024-03-31T12:00:00Z")
    project.generate("run")
    board = project.folder / "reportcard.json"
    text = board.read_text()
    board.write_text("{")
    project.settings()
    assert project.generate("run").code == 4
    state = project.status()["datasets"]["new_topics", "testwiki", "week"]
    assert (state["last_success"], state["failed"]["kind"]) == ("2024-03-31T12:00:00Z", "HeldBack")
    board.write_text(text)
    assert project.generate("run").code == 0
    assert project.status()["datasets"]["new_topics", "testwiki", "week"]["failed"] is None


def test_a_young_wiki_is_not_stale(project: Project):
    project.settings("since = 2024-03-20\n", "2024-03-22T12:00:00Z", grains='["week", "month"]')
    assert project.generate("run").code == 0
    assert project.generate("status", "--fail-if-stale", "36h").code == 0


def test_what_is_left_by_a_budget_says_so_and_comes_first_the_next_time(project: Project, monkeypatch):
    from flow.stopping import Stop

    project.settings(now="2024-03-01T12:00:00Z", grains='["month"]')
    project.generate("run")
    for number, now in enumerate(("2024-04-01T12:00:00Z", "2024-04-02T12:00:00Z", "2024-04-03T12:00:00Z")):
        project.settings(now=now, grains='["month"]')
        asked: list[int] = []
        monkeypatch.setattr(Stop, "is_over", lambda self, asked=asked: asked.append(1) or len(asked) > 4)
        said = project.generate("run", "--budget", "1h")
        assert said.code == 0, said.err
        left = [key[0] for key, state in project.status()["datasets"].items() if state["waits"]]
        assert len(left) == (6, 3, 0)[number], said.err
    monkeypatch.undo()


def test_a_run_of_a_part_leaves_what_waits_waiting_until_it_is_there(few: Project):
    few.settings(grains='["month"]', now="2024-05-02T12:00:00Z")
    assert few.generate("run").code == 4
    key = ("talk_edits", "testwiki", "month")
    waits = few.status()["datasets"][key]["waits"]
    assert waits and waits.startswith("the database of its core tables is complete only until 2024-03-31")
    few.settings(grains='["month"]', now="2024-05-02T13:00:00Z")
    few.generate("run", "--until", "2024-03-01", "--again")
    state = few.status()["datasets"][key]
    assert (state["waits"], state["last_success"]) == (waits, None)
    few.seem_alive("2024-05-02T13:30:00Z")
    few.settings(grains='["month"]', now="2024-05-02T14:00:00Z")
    few.generate("run", "--until", "2024-05-01", "--again")
    state = few.status()["datasets"][key]
    assert (state["waits"], state["last_success"]) == (None, "2024-05-02T14:00:00Z")


def test_the_status_sums_up_in_a_line_where_all_is_well(few: Project):
    few.settings(grains='["week", "month"]')
    few.generate("run")
    assert few.generate("status").out == "10 of 10 CSVs current (weeks through 2024-03-31, months through 2024-03-31); last run 2024-04-01 12:00, exit code 0\n"


def test_what_is_held_back_is_told_with_its_reason_and_the_remedy_once(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "--again").code == 4
    headline, line, remedy = january.generate("status").out.splitlines()
    assert headline == "5 of 6 CSVs current (months through 2024-03-31), 1 held back; last run 2024-04-02 12:00, exit code 4"
    assert line.startswith("held back: mine; testwiki; month: since 2024-04-02 12:00: 2024-01-01: n of 1 published month rises from ")
    assert remedy.endswith("accept with: generate.py run --accept mine")
    said, _ = see(january, "status")
    assert "\x1b[33mheld back: mine; testwiki; month: " in said
    assert all(len(line) <= 80 for line in plain(said).splitlines())
    assert " ".join(plain(said).split()) == " ".join([headline, line, remedy])
    full = january.generate("status", "mine", "--wiki", "testwiki").out
    assert "held back since 2024-04-02 12:00: 2024-01-01: n of 1 published month rises" in full
    assert len(full.splitlines()) == 2


def test_what_is_the_same_for_many_is_one_line(few: Project):
    wiki(few.folder / "otherwiki.sqlite")
    few.settings(grains='["week", "month"]', wikis=("testwiki", "otherwiki"))
    few.generate("run")
    (few.folder / "otherwiki.sqlite").rename(few.folder / "away")
    few.settings(grains='["week", "month"]', wikis=("testwiki", "otherwiki"), now="2024-04-02T12:00:00Z")
    assert few.generate("run").code == 1
    lines = few.generate("status").out.splitlines()
    assert lines[1:] == ["failed: flow_edits, flow_people, new_topics, talk_edits, talk_versus_flow; otherwiki; week, month: since 2024-04-02 12:00: Unreachable: its database does not answer"]


def test_a_dataset_in_full_counts_its_gaps_and_withheld_numbers(few: Project):
    few.settings(grains='["month"]')
    few.generate("run")
    header, row = few.generate("status", "flow_people", "--wiki", "testwiki").out.splitlines()
    assert header.split("  ")[0] == "dataset"
    withheld = few.published()["suppressed.csv"].decode().count("flow_people,testwiki,month")
    assert withheld > 0
    assert sum(int(number) for number in re.findall(r"[a-z_]+ (\d+)", row.split("none", 1)[1])) == withheld
    said = few.generate("status", "nothing")
    assert (said.code, "there is no status of nothing; there is flow_edits, " in said.one_line()) == (2, True)
    assert few.generate("status", "flow_people", "--json").code == 2
