"""Nothing stays published from after a closed wiki's last day; what is older than ``since`` goes when a person says so."""

from __future__ import annotations

from tests.support.few import assert_whole
from tests.support.project import Project

NIGHT = "2024-05-20T12:00:00Z"


def settings(project: Project, text: str, now: str = NIGHT) -> None:
    project.settings(f'[wikis.testwiki]\ncore = "sqlite:///testwiki.sqlite"\n{text}', now, wikis=(), grains='["day", "month"]')


def dates(project: Project, dataset: str, grain: str) -> list[str]:
    lines = project.published()[f"datafiles/testwiki/{grain}/{dataset}.csv"].decode().splitlines()[1:]
    return [line[:10] for line in lines]


def published(few: Project) -> None:
    """Zeros of a month and more after the last row, which nobody knew to be the last."""
    few.seem_alive("2024-05-20T11:00:00Z")
    settings(few, "")
    assert few.generate("run").code == 0
    assert dates(few, "talk_edits", "month")[-1] == "2024-04-01"


def test_what_was_published_after_the_last_day_goes_at_once(few: Project):
    published(few)
    settings(few, "until = 2024-03-31\n")
    said = few.generate("run")
    assert said.code == 0, said.err
    assert "periods are outside of its since and until, and no longer published" in said.err
    for dataset in ("talk_edits", "flow_edits", "talk_versus_flow"):
        assert dates(few, dataset, "month")[-1] == "2024-03-01"
        assert dates(few, dataset, "day")[-1] == "2024-03-31"
    assert_whole(few)
    assert "Nothing to do" in few.generate("run").err


def test_one_source_that_is_closed_takes_what_needs_it(few: Project):
    published(few)
    settings(few, "flow_until = 2024-02-10\n")
    assert few.generate("run").code == 0
    assert dates(few, "flow_edits", "month")[-1] == dates(few, "talk_versus_flow", "month")[-1] == "2024-02-01"
    assert dates(few, "talk_edits", "month")[-1] == "2024-04-01"


def test_what_is_older_than_since_stays_until_a_person_lets_it_go(few: Project):
    published(few)
    settings(few, "since = 2024-02-01\n")
    said = few.generate("run")
    assert said.code == 4
    assert "CSVs have periods from before its since, 2024-02-01; they stay as they are, until 'run --allow-shrink'" in said.err
    assert dates(few, "talk_edits", "month")[0] == "2024-01-01"
    assert few.generate("run", "--allow-shrink").code == 0
    assert dates(few, "talk_edits", "month")[0] == dates(few, "flow_edits", "month")[0] == "2024-02-01"
    assert dates(few, "talk_versus_flow", "day")[0] == "2024-02-01"
    assert few.generate("run").code == 0


def test_a_query_leaves_out_what_comes_after_the_last_day(few: Project):
    settings(few, "until = 2024-02-10\n")
    said = few.generate("query", "talk_edits", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-05-01", "--grain", "month")
    assert "what comes after its until, 2024-02-10, is left out" in said.err
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ["2024-01-01", "2024-02-01"]
