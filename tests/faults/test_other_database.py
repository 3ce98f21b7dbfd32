"""A source is what its oldest rows are, not where it stands: another database makes all of it due, another place nothing."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from tests.pipeline.test_optional_inputs import ROWS, TABLES, THANKS
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.project import SINCE, UNTIL, Project

NIGHT, NEXT = "2024-03-10T12:00:00Z", "2024-03-11T12:00:00Z"
SAID = "wiki 'testwiki': its {} tables hold other data than before; all of it is computed again"


def settings(project: Project, path: str, now: str = NIGHT) -> None:
    project.settings(f'[wikis.testwiki]\ncore = "sqlite:///{path}"\n', now, wikis=())


@pytest.fixture
def mistaken(few: Project) -> Project:
    """A project that has published the numbers of another wiki, which stands in ``wrong.sqlite``."""
    with into_sqlite(few.folder / "wrong.sqlite") as emit:
        live(Scribe("testwiki", emit), Life(9, SINCE, UNTIL, topics=4, edits=2, people=3))
    settings(few, "wrong.sqlite")
    assert few.generate("run").code == 0
    return few


@pytest.mark.parametrize("now", [NIGHT, NEXT])
def test_a_url_that_is_set_right_makes_all_of_it_due(mistaken: Project, now: str):
    settings(mistaken, "testwiki.sqlite", now)
    said = mistaken.generate("run")
    assert said.code == 0, said.err
    assert SAID.format("core") in said.err
    assert SAID.format("flow") in said.err
    assert "its database holds other data than before" in said.err
    assert numbers(mistaken) == undisturbed(mistaken)
    assert "its database holds other data than before" in mistaken.published()["restatements.csv"].decode()
    assert_whole(mistaken)
    assert "hold other data" not in mistaken.generate("run").err


def test_what_is_beside_the_core_tables_is_computed_again_with_them(few: Project):
    for name, month in (("wrong", "01"), ("testwiki", "02")):
        if name == "wrong":
            with into_sqlite(few.folder / "wrong.sqlite") as emit:
                live(Scribe("testwiki", emit), Life(9, SINCE, UNTIL, topics=4, edits=2, people=3))
        with sqlite3.connect(few.folder / f"{name}.sqlite") as file:
            file.executescript(f"{TABLES}{ROWS.replace('2024021', f'2024{month}1')}")
        file.close()
    few.script("talk/notifications.py", THANKS)
    settings(few, "wrong.sqlite")
    assert few.generate("run").code == 0
    settings(few, "testwiki.sqlite")
    said = few.generate("run")
    assert SAID.format("echo") in said.err
    assert numbers(few) == undisturbed(few)


def test_another_wiki_in_the_same_place_is_found_out_with_the_next_night(mistaken: Project):
    shutil.copy(mistaken.folder / "testwiki.sqlite", mistaken.folder / "wrong.sqlite")
    settings(mistaken, "wrong.sqlite", NEXT)
    said = mistaken.generate("run")
    assert said.code == 0, said.err
    assert SAID.format("core") in said.err
    assert numbers(mistaken) == undisturbed(mistaken)


def test_what_is_put_right_in_place_is_found_out_the_next_day_though_nothing_else_is_due(mistaken: Project):
    mistaken.seem_alive("2024-03-10T11:00:00Z", "wrong")
    month = '[wikis.testwiki]\ncore = "sqlite:///wrong.sqlite"\n'
    mistaken.settings(month, "2024-03-20T12:00:00Z", wikis=(), grains='["month"]')
    assert mistaken.generate("run", "--allow-shrink").code == 0
    shutil.copy(mistaken.folder / "testwiki.sqlite", mistaken.folder / "wrong.sqlite")
    mistaken.settings(month, "2024-03-21T12:00:00Z", wikis=(), grains='["month"]')
    said = mistaken.generate("run")
    assert SAID.format("core") in said.err
    assert numbers(mistaken) == undisturbed(mistaken)
    assert "Nothing to do" in mistaken.generate("run").err


def test_a_prefix_that_is_set_right_is_another_database(few: Project):
    wrong, tables = few.folder / "both.sqlite", few.folder / "testwiki.sqlite"
    shutil.copy(tables, wrong)
    with into_sqlite(few.folder / "second.sqlite") as emit:
        live(Scribe("testwiki", emit), Life(9, SINCE, UNTIL, topics=4, edits=2, people=3))
    with sqlite3.connect(wrong) as file:
        file.execute("ATTACH ? AS second", (str(few.folder / "second.sqlite"),))
        for (name,) in file.execute("SELECT name FROM second.sqlite_master WHERE type = 'table'").fetchall():
            file.execute(f'CREATE TABLE "x_{name}" AS SELECT * FROM second."{name}"')
    file.close()
    section = '[wikis.testwiki]\ncore = "sqlite:///both.sqlite"\n'
    few.settings(f'{section}prefix = "x_"\n', NIGHT, wikis=())
    assert few.generate("run").code == 0
    few.settings(section, NIGHT, wikis=())
    said = few.generate("run")
    assert SAID.format("core") in said.err
    assert numbers(few) == undisturbed(few)


def test_one_dataset_at_a_time_ends_in_the_same_numbers(mistaken: Project):
    settings(mistaken, "testwiki.sqlite")
    for dataset in ("talk_edits", "flow_edits", "new_topics", "flow_people"):
        assert mistaken.generate("run", dataset).code == 0
    assert mistaken.generate("run").code == 0
    assert numbers(mistaken) == undisturbed(mistaken)


@pytest.mark.parametrize(
    "statements",
    [[], ["DELETE FROM user WHERE user_id IN (2, 5, 7)"], ["DELETE FROM flow_workflow WHERE workflow_id IN (SELECT workflow_id FROM flow_workflow WHERE workflow_type = 'discussion' ORDER BY workflow_id LIMIT 2)"]],
    ids=["as it is", "without some accounts", "without some boards"],
)  # fmt: skip
def test_a_database_that_moves_or_loses_some_rows_is_the_same(few: Project, statements: list[str]):
    few.settings(now=NIGHT)
    few.generate("run")
    before = few.published()
    moved = few.folder / "elsewhere" / "moved.sqlite"
    moved.parent.mkdir()
    shutil.copy(few.folder / "testwiki.sqlite", moved)
    change(moved, *statements)
    settings(few, "elsewhere/moved.sqlite")
    said = few.generate("run")
    assert said.code == 0, said.err
    assert "hold other data" not in said.err
    assert "Nothing to do" in said.err
    assert few.published() == before


def change(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as file:
        for statement in statements:
            file.execute(statement)
    file.close()


def test_nothing_that_tells_where_a_database_is_is_published(few: Project):
    few.settings(now=NIGHT)
    few.generate("run")
    assert (few.folder / "output" / "sources.json").is_file()
    for content in few.everything().values():
        assert b"testwiki.sqlite" not in content
        assert str(few.folder).encode() not in content
    assert "sources.json" not in few.everything()


def test_a_note_of_places_that_is_damaged_or_lost_costs_a_look_and_no_more(few: Project):
    few.settings(now=NIGHT)
    few.generate("run")
    before = few.published()
    for text in ("{", "[]", "", None):
        path = few.folder / "output" / "sources.json"
        path.unlink()
        if text is not None:
            path.write_text(text)
        assert "Nothing to do" in few.generate("run").err
        assert few.published() == before
