"""How far a run is: a line on a terminal, a line a wiki in a log, and fields in a JSON log."""

from __future__ import annotations

import json
import re

import pytest

from flow.terminal.progress import Progress, clock
from tests.support.project import Project
from tests.support.screen import plain, see


def test_a_log_has_a_line_for_each_wiki_and_the_summary(few: Project):
    few.settings(grains='["month"]')
    lines = few.generate("run").err.splitlines()
    assert re.fullmatch(r"testwiki: 5 CSVs, 15 periods \(missing\), in \d+:\d\d", lines[0])
    assert lines[1].startswith("5 CSVs brought up to date, 15 periods; published in ")
    assert len(lines) == 2
    assert few.generate("run").err.splitlines() == ["Nothing to do: everything is up to date."]


def test_a_problem_has_its_own_line_and_is_counted_in_its_wikis(few: Project):
    few.settings(grains='["month"]')
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text().replace("{{ topics() }}", "no_such_table"))
    lines = few.generate("run").err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["failed", "testwiki", "4 CSVs brought up to date, 12 periods; 1 failures; published in " + str(few.folder / "output/public.")]
    assert lines[1].startswith("testwiki: 4 of 5 CSVs, 12 periods (missing), in ")


def test_verbose_has_a_line_for_each_csv(few: Project):
    few.settings(grains='["month"]')
    lines = few.generate("run", "-v").err.splitlines()
    assert "new_topics, testwiki, month: 3 months, 2024-01-01 to 2024-04-01 (missing)" in lines
    assert len(lines) == 5 + 2


def test_a_json_log_tells_of_which_csv_a_line_is(few: Project):
    few.settings(grains='["month"]')
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text().replace("{{ topics() }}", "no_such_table"))
    lines = [json.loads(line) for line in few.generate("run", "--log-format", "json").err.splitlines()]
    made = next(line for line in lines if line.get("dataset") == "talk_edits")
    assert {name: made[name] for name in ("level", "wiki", "grain", "rows")} == {"level": "debug", "wiki": "testwiki", "grain": "month", "rows": 3}
    assert isinstance(made["seconds"], float)
    failed = next(line for line in lines if line["level"] == "error")
    assert {name: failed[name] for name in ("dataset", "wiki", "grain")} == {"dataset": "new_topics", "wiki": "testwiki", "grain": "month"}
    done = next(line for line in lines if "rows" in line and "dataset" not in line)
    assert (done["level"], done["wiki"], done["rows"]) == ("info", "testwiki", 12)
    assert "wiki" not in lines[-1]


def test_what_all_csvs_of_a_line_have_in_common_is_a_field_of_it(few: Project):
    (few.folder / "testwiki.sqlite").rename(few.folder / "away")
    lines = [json.loads(line) for line in few.generate("run", "--log-format", "json").err.splitlines()]
    failed = next(line for line in lines if line["level"] == "error")
    assert (failed["wiki"], "dataset" in failed, "grain" in failed) == ("testwiki", False, False)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_terminal_has_one_line_that_changes(few: Project, columns: int):
    few.settings(grains='["month"]')
    said, code = see(few, "run", columns=columns)
    assert code == 0
    shown = plain(said).splitlines()
    live = [line for line in shown if re.match("reading  |testwiki  |checking", line)]
    assert max(map(len, live)) <= columns
    assert all(re.search(r"…$|  \d+:\d\d(, about \d+:\d\d left)?$", line) for line in live)
    assert columns < 80 or any(re.search(r"\d/5 CSVs  \d+:\d\d", line) for line in live), said
    assert shown[-1].endswith(f"published in {few.folder}/output/public.")


def test_the_time_left_follows_from_the_time_taken():
    progress = Progress()
    assert re.fullmatch(r"reading  \d+:\d\d", progress.line())
    progress.expect(["awiki"] * 3 + ["bwiki"])
    progress.begin("awiki", "topics, day")
    assert re.fullmatch(r"awiki  topics, day  0/4 CSVs  \d+:\d\d", progress.line())
    progress.end("awiki", ["missing"])
    progress._first = (progress._first or 0) - 100
    assert re.fullmatch(r"awiki  topics, day  1/4 CSVs  \d+:\d\d, about [45]:\d\d left", progress.line())


def test_wikis_that_are_not_planned_yet_are_taken_to_be_like_the_others():
    progress = Progress(wikis=10)
    progress.expect(["awiki"] * 3)
    progress.begin("awiki", "topics, day")
    assert "0/30 CSVs" in progress.line()


def test_a_length_of_time_is_read_like_a_clock():
    assert [clock(seconds) for seconds in (0.9, 61, 3661)] == ["0:00", "1:01", "1:01:01"]
