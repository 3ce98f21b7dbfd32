"""Small numbers of people are empty before anything is written, and so is what is made from them."""

from __future__ import annotations

from flow.datasets.column import Count, People, Share
from flow.datasets.dataset import Dataset
from flow.privacy.policy import Rules
from flow.privacy.primary import add_dependent_marks, blanked, withhold

MADE = Dataset(
    title="Made",
    id="made",
    columns=[
        Count("edits", "Edits"),
        People("editors", "Editors"),
        Share("new", "New among them", of=["editors"]),
        Share("other", "Of what it does not say"),
        Share("bold", "Bold among edits", of=["edits"]),
    ],
)


def test_from_one_to_below_the_threshold_is_withheld_and_zero_is_not():
    rows = {f"2024-01-0{n + 1}": ["9", str(n), "", "", ""] for n in range(7)}
    kept, marks = withhold(MADE, Rules(), rows)
    assert [texts[1] for texts in kept.values()] == ["0", "", "", "", "", "5", "6"]
    assert marks["editors"] == {"2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"}


def test_what_is_made_from_a_withheld_number_goes_with_it_and_what_is_not_stays():
    kept, marks = withhold(MADE, Rules(), {"2024-01-01": ["9", "2", "0.5000", "0.2500", "0.1111"]})
    assert kept == {"2024-01-01": ["9", "", "", "", "0.1111"]}
    assert marks == {id: {"2024-01-01"} for id in ("editors", "new", "other")}


def test_a_gap_is_not_marked():
    _, marks = withhold(MADE, Rules(), {"2024-01-01": ["0", "0", "", "", ""]})
    assert marks == {}


def test_what_is_withheld_already_takes_what_is_made_from_it_along():
    rows = {"2024-01-01": ["9", "", "0.5000", "0.2500", "0.1111"]}
    kept, marks = withhold(MADE, Rules(), rows, {"editors": {"2024-01-01"}})
    assert kept == {"2024-01-01": ["9", "", "", "", "0.1111"]}
    assert set(marks) == {"editors", "new", "other"}


def test_a_threshold_of_one_withholds_nothing():
    rows = {"2024-01-01": ["9", "1", "0.5000", "0.2500", "0.1111"]}
    assert withhold(MADE, Rules(threshold=1), rows) == (rows, {})


def test_actions_are_withheld_where_asked_for():
    kept, _ = withhold(MADE, Rules(withhold_actions=True), {"2024-01-01": ["3", "0", "", "", "0.3333"]})
    assert kept == {"2024-01-01": ["", "0", "", "", ""]}


def test_marks_reach_what_is_made_from_their_cells():
    marks = add_dependent_marks(MADE, Rules(), {"editors": {"2024-01-01"}})
    assert blanked(MADE.column_ids, {"2024-01-01": ["9", "2", "0.5", "0.2", "0.1"]}, marks) == {"2024-01-01": ["9", "", "", "", "0.1"]}
