"""What is published stays when the settings or scripts no longer make it, until a person lets it go."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.project import Project


def csvs(project: Project) -> dict[str, bytes]:
    return {path: content for path, content in project.published().items() if path.startswith("datafiles/")}


def test_a_mistyped_wiki_keeps_what_is_published_and_ends_with_4_until_it_is_mended(few: Project):
    few.generate("run")
    before = csvs(few)
    shutil.copy(few.folder / "testwiki.sqlite", few.folder / "testwikki.sqlite")
    few.settings(wikis=("testwikki",), text='flow = "sqlite:///testwiki.sqlite"\n')
    for _ in range(2):
        said = few.generate("run", "talk_edits")
        assert said.code == 4, said.err
        assert (
            "held back: testwiki: its wiki is no longer in the settings; 10 CSVs that are published stay as they are,"
            " until 'retire testwiki' or 'run --allow-shrink' lets them go" in said.err
        )
        assert before.items() <= csvs(few).items()
        state = few.status()["datasets"]["talk_edits", "testwiki", "month"]
        assert state["failed"]["kind"] == "HeldBack"
    few.settings()
    assert few.generate("run", "talk_edits").code == 4, "now the other one would vanish"
    assert few.generate("retire", "testwikki").code == 0
    assert csvs(few) == before
    assert few.generate("run").code == 0


def test_two_settings_files_over_one_folder_lose_neither_its_history(few: Project):
    shutil.copy(few.folder / "testwiki.sqlite", few.folder / "otherwiki.sqlite")
    few.generate("run", "talk_edits")
    before = csvs(few)
    few.settings(wikis=("otherwiki",))
    assert few.generate("run", "talk_edits").code == 4
    assert before.items() <= csvs(few).items()
    few.settings()
    assert few.generate("run", "talk_edits").code == 4
    assert len(csvs(few)) == 2 * len(before)


def test_flow_that_is_switched_off_keeps_its_history_until_allow_shrink(few: Project):
    few.generate("run")
    before = csvs(few)
    few.settings("flow = false\n")
    said = few.generate("run")
    assert said.code == 4
    assert (
        "testwiki: its wiki has no Flow, say the settings; 8 CSVs that are published stay as they are, until 'run --allow-shrink' lets"
        in said.err
    )
    assert csvs(few) == before
    assert few.generate("run", "--allow-shrink").code == 0
    assert {path.rpartition("/")[2] for path in csvs(few)} == {"talk_edits.csv"}
    assert few.generate("run").code == 0


def test_a_renamed_script_keeps_what_it_published_and_retire_lets_it_go(few: Project):
    few.generate("run")
    script = few.folder / "queries/flow/new_topics.py"
    script.with_name("opened_topics.py").write_text(script.read_text().replace("new_topics = ", "opened_topics = "))
    script.unlink()
    board = few.folder / "reportcard.json"
    board.write_text(board.read_text().replace("new_topics", "opened_topics"))
    said = few.generate("run")
    assert (said.code, "new_topics: its query script is gone; 2 CSVs" in said.err) == (4, True)
    assert {f"datafiles/testwiki/month/{id}.csv" for id in ("new_topics", "opened_topics")} <= csvs(few).keys()
    said = few.generate("retire", "new_topics")
    assert said.code == 0, said.err
    assert "retired: new_topics, testwiki, month" in said.out
    assert not [path for path in csvs(few) if "new_topics" in path]
    assert few.generate("check").code == 0
    assert few.generate("run").code == 0


def test_a_grain_that_leaves_stays_until_it_is_retired(few: Project):
    few.generate("run")
    before = csvs(few)
    few.settings(grains='["month"]')
    said = few.generate("run")
    assert (said.code, "week: its grain is no longer in the settings; 5 CSVs" in said.err) == (4, True)
    assert csvs(few) == before
    assert few.generate("retire", "--grain", "week").code == 0
    assert csvs(few).keys() == {path for path in before if "/month/" in path}
    assert few.generate("run").code == 0


def test_retire_takes_only_the_grain_that_is_named(few: Project):
    few.generate("run")
    said = few.generate("retire", "talk_edits", "--grain", "week")
    assert said.code == 0
    assert "talk_edits, testwiki, week" in said.out
    assert "queries still make talk_edits: the next run publishes it again" in said.err
    assert "datafiles/testwiki/month/talk_edits.csv" in csvs(few)
    assert "datafiles/testwiki/week/talk_edits.csv" not in csvs(few)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["tesstwiki"], "nothing of 'tesstwiki' is published; did you mean 'testwiki'?"),
        (["new_topic"], "nothing of 'new_topic' is published; did you mean 'new_topics'?"),
        (["zzz"], "nothing of 'zzz' is published; there is"),
        ([], "name a wiki, a dataset or a --grain"),
        (["talk_edits", "--grain", "day"], "nothing of talk_edits is published by day"),
    ],
)
def test_retire_refuses_what_is_not_published(few: Project, arguments: list[str], line: str):
    few.generate("run")
    before = few.published()
    said = few.generate("retire", *arguments)
    assert (said.code, line in said.one_line()) == (2, True), said.err
    assert few.published() == before


def test_what_a_privacy_rule_removes_goes_at_once(few: Project):
    people_by_day = "[privacy]\npeople_by_day = true\n"
    few.settings(people_by_day, grains='["month", "day"]')
    few.generate("run")
    assert "datafiles/testwiki/day/flow_people.csv" in csvs(few)
    assert b"editors" in csvs(few)["datafiles/testwiki/day/talk_edits.csv"]
    few.settings(grains='["month", "day"]')
    said = few.generate("run")
    assert said.code == 0, said.err
    assert "flow_people, testwiki, day: numbers of people are not published by day; it is no longer published" in said.err
    assert "datafiles/testwiki/day/flow_people.csv" not in csvs(few)
    rows = csvs(few)["datafiles/testwiki/day/talk_edits.csv"].decode().splitlines()
    place = rows[0].split(",").index("editors") if "editors" in rows[0] else None
    assert place is None or {row.split(",")[place] for row in rows[1:]} == {""}


def test_what_a_privacy_rule_removes_goes_though_its_wiki_has_gone_too(few: Project):
    few.settings("[privacy]\npeople_by_day = true\n", grains='["month", "day"]')
    few.generate("run", "flow_people")
    shutil.copy(few.folder / "testwiki.sqlite", few.folder / "otherwiki.sqlite")
    few.settings(wikis=("otherwiki",), grains='["month", "day"]')
    board = json.loads((few.folder / "reportcard.json").read_text())
    assert board
    assert few.generate("run", "talk_edits").code == 4
    assert "datafiles/testwiki/day/flow_people.csv" not in csvs(few)
    assert "datafiles/testwiki/month/flow_people.csv" in csvs(few)
