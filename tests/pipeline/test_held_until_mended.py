"""What is held back stays held in later runs until it is mended or accepted."""

from __future__ import annotations

import pytest

from tests.commands.test_publication import JUMPY
from tests.support.project import Project, wiki
from tests.support.settled import MINE, MONTHLY, raise_january, rows


def test_what_is_held_stays_held_in_later_runs_until_it_is_accepted(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    old = rows(january, "mine")["2024-01-01"]["n"]
    for arguments in ([], ["mine"], ["talk_edits"]):
        said = january.generate("run", *arguments)
        assert (said.code, "held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises" in said.err) == (4, True), arguments
        assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"
    assert rows(january, "mine")["2024-01-01"]["n"] == old
    assert january.generate("run", "--accept", "mine").code == 0
    assert rows(january, "mine")["2024-01-01"]["n"] == str(int(old) + 1000)
    assert january.generate("run").code == 0
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"] is None


def test_what_is_held_is_forgotten_once_its_source_is_mended(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    raise_january(january, -1000)
    assert "held back before" in january.generate("run", "--dry-run").out
    assert january.generate("run").code == 0
    assert january.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."


def test_a_number_that_is_held_is_not_tried_again_where_the_range_leaves_it_out_but_is_told(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    said = january.generate("run", "mine", "--again", "--since", "2024-02-01")
    assert (said.code, "2024-01-01" in said.err) == (4, True)


def test_a_new_dataset_that_is_held_is_held_again_until_it_is_mended(few: Project):
    check = "\n\ndef fine(table):\n    return ['there is an odd number'] if (table['n'] % 2).any() else []\n\n\n"
    text = JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "jump=0, check=fine,")
    few.script("talk/mine.py", text.replace("ELSE 40", "ELSE 41"))
    few.settings(grains='["month"]')
    for arguments in ([], ["talk_edits"], []):
        said = few.generate("run", *arguments)
        assert (said.code, "mine, testwiki, month: there is an odd number" in said.err) == (4, True), arguments
    few.script("talk/mine.py", text)
    assert few.generate("run").code == 0
    assert few.generate("run").code == 0


@pytest.mark.parametrize("text", ["", "nothing", "[]", '[{"dataset": "mine"}]', '{"a": 1}', "[[[[", '[{"dataset": "x", "wiki": 3, "grain": "day", "dates": [1], "why": 0}]'])
def test_a_damaged_list_of_what_is_held_is_as_none(january: Project, text: str):
    (january.folder / "output" / "held.json").write_text(text)
    assert january.generate("run").code == 0


def test_an_accepted_number_that_is_not_computed_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    assert january.generate("run", "--accept", "mine", "--since", "2024-02-01").code == 4
    said = january.generate("run")
    assert (said.code, rows(january, "mine")["2024-01-01"]) == (4, before)
    assert january.generate("run", "--accept", "mine").code == 0


def test_what_is_held_of_a_wiki_that_is_away_for_a_night_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    wiki(january.folder / "otherwiki.sqlite")
    january.settings(now="2024-04-02T13:00:00Z", grains='["month"]', wikis=("otherwiki",))
    assert january.generate("run").code == 4
    january.settings(now="2024-04-02T14:00:00Z", grains='["month"]')
    for _ in range(2):
        said = january.generate("run")
        assert (said.code, "held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises" in said.err) == (4, True)
    assert rows(january, "mine")["2024-01-01"] == before
    assert january.status()["datasets"]["mine", "testwiki", "month"]["failed"]["kind"] == "HeldBack"


def test_what_is_held_of_a_script_that_is_away_for_a_night_stays_held(january: Project):
    raise_january(january, 1000)
    before = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "mine", "--again").code == 4
    (january.folder / "queries/talk/mine.py").unlink()
    assert january.generate("run").code == 4
    january.script("talk/mine.py", MINE)
    said = january.generate("run")
    assert (said.code, rows(january, "mine")["2024-01-01"]) == (4, before)


def test_what_is_held_is_forgotten_with_a_csv_that_is_let_go(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    (january.folder / "queries/talk/mine.py").unlink()
    assert january.generate("run", "--allow-shrink").code == 0
    assert january.generate("run").code == 0


def test_a_complaint_that_is_no_text_of_utf8_holds_back_its_own_dataset_only(few: Project):
    check = "\n\ndef fine(table):\n    return ['odd: \\ud800']\n\n\n"
    few.script("talk/mine.py", JUMPY.replace("\nmine = ", check + "mine = ").replace("jump=3,", "jump=0, check=fine,"))
    few.settings(grains='["month"]')
    for _ in range(2):
        said = few.generate("run")
        assert (said.code, "held back: mine, testwiki, month: odd: \\ud800" in said.err) == (4, True)
    assert f"{MONTHLY}talk_edits.csv" in few.published()
