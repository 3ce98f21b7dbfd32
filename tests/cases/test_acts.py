from __future__ import annotations

import pytest

from flow.cases.acts import BadAct, acts, place
from flow.cases.stage import VERBS, Stage
from flow.simulate.scribe import Row, Scribe


def _performed(*lines: str) -> list[tuple[str, Row]]:
    rows: list[tuple[str, Row]] = []
    stage = Stage(Scribe("casewiki", lambda table, row: rows.append((table, row))))
    for act in acts("\n".join(lines)):
        stage.play(act)
    return rows


def _of(table: str, rows: list[tuple[str, Row]]) -> list[Row]:
    return [row for name, row in rows if name == table]


def test_blank_lines_and_remarks_say_nothing() -> None:
    assert acts("\n  \n# a remark\n") == []


def test_an_unknown_verb_is_an_error_that_names_the_verbs() -> None:
    with pytest.raises(BadAct, match=r"Ann \| juggles \| T1: there is no verb 'juggles'; there is .*opens"):
        _performed("2024-01-05 10:00:00 | Ann | juggles | T1")


def test_a_verb_that_is_nearly_one_is_told_which() -> None:
    with pytest.raises(BadAct, match=r"Ann \| opnes \| T1 on Talk:A: there is no verb 'opnes'; did you mean 'opens'"):
        _performed("2024-01-05 10:00:00 | Ann | opnes | T1 on Talk:A")


def test_a_time_that_is_none_is_an_error() -> None:
    with pytest.raises(BadAct, match="'2024-02-30 10:00:00' is no time; write YYYY-MM-DD HH:MM:SS"):
        _performed("2024-02-30 10:00:00 | Ann | saves | Talk:A")


def test_an_account_is_registered_when_it_says_so_and_never_after_it_did_something() -> None:
    acting = ("2024-01-05 10:00:00 | Ann | saves | Talk:A", "2024-01-06 10:00:00 | Ann | registers | an account")
    with pytest.raises(BadAct, match=r"registers \| an account: Ann has done something before; write it before"):
        _performed(*acting)
    with pytest.raises(BadAct, match=r"'192.0.2.1' is an address"):
        _performed("2024-01-05 10:00:00 | 192.0.2.1 | registers | an account")


def test_every_verb_says_what_it_does_and_its_example_is_one() -> None:
    assert all(verb.says.endswith(".") for verb in VERBS.values())
    for name, verb in VERBS.items():
        before = ["2024-01-05 10:00:00 | Ann | opens | T1 on Talk:Alpha", "2024-01-05 10:00:00 | Ann | replies | p1 to T1", "2024-01-05 10:00:00 | Ann | saves | Talk:Page"]
        needed = [line for line in before if name not in ("registers", "enables", "opens", "replies") or (name == "replies" and " opens " in line)]
        _performed(*needed, f"2024-01-05 10:00:01 | Ann | {verb.example}")


def test_an_object_of_the_wrong_form_is_an_error_that_shows_the_right_one() -> None:
    with pytest.raises(BadAct, match=r"write it as in 'opens \| T1 on Talk:Alpha"):
        _performed("2024-01-05 10:00:00 | Ann | opens | T1 at Talk:Alpha")


def test_what_was_never_written_cannot_be_replied_to() -> None:
    with pytest.raises(BadAct, match=r"replies \| p1 to T1: there is no 'T1' yet"):
        _performed("2024-01-05 10:00:00 | Ann | replies | p1 to T1")


def test_acts_out_of_order_are_an_error() -> None:
    with pytest.raises(BadAct, match="earlier than the line above"):
        acts("2024-01-05 10:00:00 | Ann | saves | Talk:A\n2024-01-05 09:59:59 | Ann | saves | Talk:A")


def test_a_line_without_a_verb_is_an_error() -> None:
    with pytest.raises(BadAct, match=r"person \| verb \| object"):
        acts("2024-01-05 10:00:00 | Ann")


def test_a_name_is_given_once() -> None:
    with pytest.raises(BadAct, match="'p1' is named twice"):
        _performed(
            "2024-01-05 10:00:00 | Ann | opens   | T1 on Talk:Alpha",
            "2024-01-05 10:00:01 | Bob | replies | p1 to T1",
            "2024-01-05 10:00:02 | Bob | replies | p1 to T1's post",
        )


def test_somebody_named_like_an_address_has_no_account() -> None:
    rows = _performed("2024-01-05 10:00:00 | 2001:DB8::7 | saves | Talk:A", "2024-01-05 10:00:00 | ~2024-1 | saves | Talk:A")
    assert [row[1:] for row in _of("actor", rows)[1:]] == [(None, "2001:DB8::7"), (2, "~2024-1")]


def test_a_title_has_a_namespace_and_an_unknown_prefix_is_part_of_it() -> None:
    assert [place("User talk:Ann B"), place("Alien: Part 3"), place("Talk")] == [(3, "Ann_B"), (0, "Alien:_Part_3"), (0, "Talk")]
