"""What a person can do about what is held back is said once."""

from __future__ import annotations

import json
from datetime import date, timedelta

from flow.publication import held
from flow.publication.held import Held
from flow.publication.remedies import ACCEPT, SHRINK, describe
from tests.commands.test_publication import change
from tests.pipeline.test_holding import JANUARY
from tests.publication.test_checks import table, told
from tests.support.project import Project


def held_of(dataset: str, *remedies: str) -> Held:
    return Held(dataset, "awiki", "day", ("2024-01-01",), "it jumps", {}, remedies)


def test_all_that_is_held_is_looked_at_and_accepted_with_one_command_each():
    assert describe([held_of("b", ACCEPT), held_of("a", ACCEPT), held_of("b", ACCEPT)]) == (
        "look with: generate.py diff a b; accept with: generate.py run --accept a --accept b"
    )
    assert describe([held_of("a", SHRINK)]) == "look with: generate.py diff a; accept with: generate.py run a --allow-shrink"
    assert describe([held_of("a")]) == "look with: generate.py diff a", "what is plainly wrong can only be mended"
    assert describe([]) == ""


def test_remedies_are_kept_and_an_older_file_has_none():
    one = held_of("a", ACCEPT)
    assert held.parse(held.render([one])) == {one.key: one}
    older = json.dumps([{name: value for name, value in json.loads(held.render([one]))[0].items() if name != "remedies"}])
    assert held.parse(older)[one.key].remedies == ()
    joined = one.joined_with_reason(held_of("a", SHRINK))
    assert (joined.remedies, joined.why) == ((ACCEPT, SHRINK), "it jumps")


def test_days_that_jump_are_one_range_with_their_numbers_and_what_is_usual():
    usual, days = [55, 61, 58, 60, 57, 59, 55], [str(date(2024, 1, 8) + timedelta(days=number)) for number in range(7)]
    found = told(table(*usual), table(*usual, 118, 140, 130, 119, 121, 138, 122), days, jump=2)
    assert found == ["2024-01-08 to 2024-01-14 (7 days): all is 118 to 140, usually 55 to 61"]


def test_several_that_are_held_have_a_line_each_and_the_remedy_once_at_the_end(january: Project):
    change(january, f"DELETE FROM revision WHERE {JANUARY} AND rev_id % 2 = 0")
    said = january.generate("run", "--again")
    lines = [line for line in said.err.splitlines() if line.startswith("held back: ")]
    assert [line.split(", ")[0] for line in lines[:-1]] == ["held back: talk_edits", "held back: talk_versus_flow"]
    assert not any("accept with" in line for line in lines[:-1])
    assert lines[-1] == "held back: look with: generate.py diff talk_edits talk_versus_flow; accept with: generate.py run --accept talk_edits"
    assert "2 held back" in said.err.splitlines()[-1]
