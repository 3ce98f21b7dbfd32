"""A database is known by its oldest rows, wherever it stands."""

from __future__ import annotations

from flow.shelf.fingerprint import digest_of_row, fingerprint, is_other

ROWS = [digest_of_row(number, f"2024010100000{number}") for number in range(10)]
OTHERS = [digest_of_row(number, f"2019010100000{number}") for number in range(10)]


def test_a_source_that_grows_or_loses_some_rows_is_the_same():
    young = fingerprint(ROWS[:2])
    grown = young.follow(ROWS)
    assert grown.id == young.id
    assert grown.rows == tuple(ROWS)
    assert grown.follow(ROWS[4:]).id == young.id
    assert grown.follow([*ROWS[4:], *OTHERS[:4]]).id == young.id


def test_rows_that_go_one_by_one_never_make_another_source():
    found = fingerprint(ROWS[:4])
    for first in range(1, 7):
        found = found.follow(ROWS[first : first + 4])
    assert found.id == fingerprint(ROWS[:4]).id


def test_another_wiki_is_another_source_and_the_same_each_time():
    found = fingerprint(ROWS).follow(OTHERS)
    assert found == fingerprint(OTHERS)
    assert found.follow(ROWS) == fingerprint(ROWS)
    assert fingerprint(ROWS).follow([*ROWS[:5], *OTHERS[:5]]).id != fingerprint(ROWS).id, "half is not most"


def test_no_rows_tell_nothing():
    assert fingerprint(ROWS).follow([]) == fingerprint(ROWS)
    assert fingerprint([]).follow(ROWS).id == fingerprint([]).id


def test_a_source_that_comes_or_goes_makes_no_other_database_of_the_rest():
    assert is_other("core:a", "core:b")
    assert is_other("core:a flow:c", "flow:d")
    assert not is_other("core:a", "core:a echo:b")
    assert not is_other("core:a echo:b", "core:a")
    assert not is_other("", "core:a")
    assert not is_other("core:a", "")
