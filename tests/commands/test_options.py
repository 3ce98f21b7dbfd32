"""Each option does what its help says, or is refused."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.project import Project

RANGE = ["--since", "2024-01-01", "--until", "2024-04-01"]


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["query", "new_topics", "--wiki", "testwiki", "--wiki", "otherwiki", *RANGE], "--wiki"),
        (["query", "new_topics", "--wiki", "testwiki", *RANGE, "--since", "2024-02-01"], "--since"),
        (["sql", "new_topics", "--wiki", "testwiki", "--wiki", "testwiki", *RANGE], "--wiki"),
        (["run", "--grain", "month", "--grain", "week"], "--grain"),
        (["status", "--fail-if-stale", "1h", "--fail-if-stale", "2h"], "--fail-if-stale"),
    ],
)
def test_an_option_that_takes_one_value_is_not_given_twice(few: Project, arguments: list[str], option: str):
    said = few.generate(*arguments)
    assert (said.code, said.out) == (2, "")
    assert f"{option} is given more than once, and takes one value" in said.err


def test_a_span_is_set_once(project: Project):
    said = project.generate("query", "first_response", "--wiki", "testwiki", *RANGE, "--set", "window=1h", "--set", "window=7d")
    assert (said.code, said.out) == (2, "")
    assert "--set window is given twice" in said.one_line()


def test_a_wiki_that_is_named_twice_is_planned_once(few: Project):
    said = few.generate("run", "--dry-run", "--wiki", "testwiki", "--wiki", "testwiki", "--grain", "month")
    assert len(said.out.splitlines()) == 6


@pytest.mark.parametrize(
    "arguments",
    [
        ["--again", "--since", "2024-04-01"],
        ["--since", "2031-01-01"],
        ["--until", "2023-01-01", "--again"],
        ["new_topics", "--since", "2024-02-02", "--until", "2024-02-04"],
    ],
)
def test_a_run_over_nothing_is_refused_and_not_up_to_date(few: Project, arguments: list[str]):
    few.generate("run")
    for more in ([], ["--dry-run"]):
        said = few.generate("run", *arguments, *more)
        assert said.code == 2
        assert "there is no whole period from " in said.err
        assert "up to date" not in said.err


def test_a_range_that_is_up_to_date_is_no_fault(few: Project):
    few.generate("run")
    said = few.generate("run", *RANGE)
    assert (said.code, said.err.splitlines()[-1]) == (0, "Nothing to do: everything is up to date.")


def test_a_dataset_that_the_wiki_does_not_have_is_refused_when_it_is_named(few: Project):
    few.settings("flow = false\n")
    said = few.generate("run", "new_topics")
    assert (said.code, "new_topics: testwiki: its wiki has no Flow, say the settings, so that there is nothing to compute" in said.err) == (2, True)
    assert few.generate("run", "talk_edits").code == 0


def test_a_grain_that_the_settings_do_not_publish_is_refused(few: Project):
    said = few.generate("run", "--grain", "day")
    assert (said.code, "--grain day: output.grains of the settings has only month, week" in said.err) == (2, True)
    assert not (few.folder / "output" / "public").exists()


def test_accepting_what_the_run_does_not_compute_is_refused(few: Project):
    said = few.generate("run", "new_topics", "--accept", "talk_edits")
    assert (said.code, "--accept talk_edits: this run does not compute it; name it, too" in said.err) == (2, True)


def test_a_range_that_a_changed_definition_does_not_keep_to_is_said(few: Project):
    few.settings(grains='["month"]')
    few.generate("run")
    path = few.folder / "queries/flow/new_topics.py"
    path.write_text(path.read_text().replace("SUM(by_bot)", "SUM(by_bot) + 0"))
    said = few.generate("run", "new_topics", "--since", "2024-03-01")
    assert "new_topics, testwiki, month: 2024-01-01 to 2024-03-01 is computed too, whatever --since and --until say: the definition changed" in said.err


def test_a_query_gives_nothing_from_before_since(few: Project):
    few.settings("since = 2024-02-01\n")
    said = few.generate("query", "new_topics", "--wiki", "testwiki", *RANGE, "--grain", "month", "--format", "csv")
    assert said.code == 0
    assert [row["date"] for row in csv.DictReader(io.StringIO(said.out))] == ["2024-02-01", "2024-03-01"]
    assert "2024-01-01 to 2024-02-01 is before its since, and left out" in said.err
    said = few.generate("query", "talk_versus_flow", "--wiki", "testwiki", "--since", "2010-01-01", "--until", "2013-01-01")
    assert (said.code, said.out) == (2, "")


def test_releases_tell_of_numbers_that_changed_though_the_older_release_withholds_them_too(few: Project):
    few.settings("[privacy]\nthreshold = 1\n", now="2024-03-01T12:00:00Z", grains='["month"]')
    few.generate("run")
    few.settings("[privacy]\nthreshold = 30\n", now="2024-03-01T13:00:00Z", grains='["month"]')
    said = few.generate("run")
    number = said.err.splitlines()[-1].partition(" published numbers changed")[0].rpartition(" ")[2]
    assert int(number) > 0
    newest = few.generate("releases").out.splitlines()[1]
    assert f"{number} published numbers changed" in newest
    assert "no numbers" not in newest
