"""A place is named as file and line, and shown with a caret."""

from __future__ import annotations

from pathlib import Path

from flow.datasets.place import Place, find_raised


def test_a_place_is_its_file_and_line_and_shows_it(tmp_path: Path):
    path = tmp_path / "queries" / "flow" / "mine.py"
    path.parent.mkdir(parents=True)
    path.write_text("one\n    two three\n")
    place = Place(path, 2, 9, 5)
    assert str(place) == "queries/flow/mine.py:2"
    assert place.excerpt() == "2 | two three\n        ^^^^^"


def test_a_line_that_is_gone_is_not_shown(tmp_path: Path):
    assert Place(tmp_path / "mine.py", 2, 1).excerpt() == ""


def test_a_tab_is_as_wide_as_its_caret_takes_it(tmp_path: Path):
    (tmp_path / "mine.py").write_text("\ta\tb\n")
    assert Place(tmp_path / "mine.py", 1, 4).excerpt() == "1 | a b\n      ^"


def test_the_last_line_of_the_file_that_an_error_passed_is_its_place(tmp_path: Path):
    path = tmp_path / "mine.py"
    path.write_text("def fail():\n    return [].pop()\n\nfail()\n")
    try:
        exec(compile(path.read_text(), path, "exec"), {})
    except IndexError as error:
        found = find_raised(error, path)
        assert found is not None
        assert found.line == 2
        assert find_raised(error, tmp_path / "other.py") is None
