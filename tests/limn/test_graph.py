"""A graph's axes, lines, points and callout follow from its unit and from what is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flow.datasets.period import Grain
from flow.limn.graph import COLOURS, describe_graph, is_blank
from flow.shelf.entry import Entry
from tests.support.entries import entry


def root(made: Entry, **facts: Any) -> dict[str, Any]:
    found: dict[str, Any] = describe_graph(made, replace(made.graphs[0], **facts), "")["root"]
    return found


def nodes(made: Entry, kind: str, **facts: Any) -> list[dict[str, Any]]:
    return [node for node in root(made, **facts)["children"] if node["nodeType"] == kind]


def lines(made: Entry, kind: str = "line-group") -> list[dict[str, Any]]:
    return [line for group in nodes(made, kind) for line in group["children"]]


def test_a_count_is_drawn_from_0_to_above_its_highest():
    assert root(entry(topics=["10", "40"]))["y"] == {"domain": [0, 44.0]}


@pytest.mark.parametrize("cells", [["0", "0"], ["", ""]])
def test_a_count_without_any_height_is_drawn_up_to_1(cells):
    assert root(entry(topics=cells))["y"] == {"domain": [0, 1]}


def test_a_share_is_drawn_from_0_to_1():
    assert root(entry(share=["0.1000", "0.2000"]))["y"] == {"domain": [0, 1]}


def test_durations_above_0_are_drawn_on_a_logarithmic_axis():
    assert root(entry(wait=["1.5", "400000.0"], long=["3.0", "9.0"]))["y"] == {"scaleType": "log"}


def test_durations_with_a_0_are_drawn_on_a_square_root_axis_where_it_shows():
    assert root(entry(wait=["1.5", "400000.0"], long=["0.0", ""]))["y"] == {"scaleType": "sqrt", "domain": [0, 440000.0]}


def test_a_graph_can_ask_for_another_scale():
    assert root(entry(wait=["1.5", "10.0"]), scale="linear")["y"] == {"domain": [0, 11.0]}
    assert root(entry(topics=["1", "100"]), scale="sqrt")["y"] == {"scaleType": "sqrt", "domain": [0, 110.0]}
    assert root(entry(topics=["0", "100"]), scale="log")["y"] == {"scaleType": "sqrt", "domain": [0, 110.0]}


def test_the_y_axis_says_its_unit():
    made = entry(wait=["1.0", "2.0"])
    assert [node["options"].get("label") for node in nodes(made, "axis")] == [None, "seconds"]
    assert nodes(made, "axis", unit="to answer")[1]["options"]["label"] == "to answer"


@pytest.mark.parametrize(("grain", "format"), [(Grain.DAY, "D MMM YYYY"), (Grain.WEEK, "D MMM YYYY"), (Grain.MONTH, None)])
def test_dates_by_day_and_week_say_their_day(grain, format):
    (legend,) = nodes(entry(grain, topics=["1", "2"]), "legend")
    assert legend.get("options", {}).get("dateFormat") == format


def test_by_day_each_line_shows_the_last_180_days():
    made = entry(Grain.DAY, topics=["1"] * 200, share=["0.5000", ""] * 100)
    metrics = [line["metric"] for line in [*lines(made), *lines(made, "series-group")]]
    assert [metric["timespan"] for metric in metrics] == [{"start": "2024-01-21"}] * 3
    assert "timespan" not in lines(entry(topics=["1"] * 200))[0]["metric"]


def test_fewer_days_are_shown_whole():
    assert lines(entry(Grain.DAY, topics=["1"] * 3))[0]["metric"]["timespan"] == {"start": "2024-01-01"}


def test_isolated_values_are_points_too_of_the_column_and_colour_that_has_them():
    made = entry(topics=["1", "2", "3"], wait=["1.0", "", "3.0"])
    (points,) = lines(made, "series-group")
    assert points["nodeType"] == "scatterplot"
    assert points["metric"] == {"source_id": "mine-a_wiki-month", "source_col": 2}
    assert points["options"] == {"label": "Wait", "noLegend": True, "radius": 2.5, "fill": COLOURS[1]}
    assert nodes(entry(topics=["1", "2"]), "series-group") == []


def test_a_single_period_has_its_x_domain_and_a_point():
    made = entry(topics=["3"], wait=["1.0"])
    assert root(made)["x"] == {"domain": [1704067200000, 1704067200000]}
    assert len(lines(made, "series-group")) == 2
    assert "x" not in root(entry(topics=["3", "4"]))


YEAR = ["7"] * 13


def test_a_rise_is_told_by_month_where_more_is_better():
    assert nodes(entry(topics=YEAR), "callout", more_is_better=True) == [{"nodeType": "callout", "metricRef": 0}]
    assert nodes(entry(topics=YEAR), "callout") == []
    assert nodes(entry(Grain.WEEK, topics=YEAR), "callout", more_is_better=True) == []
    assert nodes(entry(topics=["0", *YEAR[1:]]), "callout", more_is_better=True) == []
    assert nodes(entry(topics=[""] * 13, share=["0.5000"] * 13), "callout", more_is_better=True) == []


def test_a_column_without_any_value_is_no_line_and_the_notes_say_so():
    made = entry(topics=["1", "2"], share=["", ""])
    assert [line["options"]["label"] for line in lines(made)] == ["Topics"]
    assert describe_graph(made, made.graphs[0], "Links.")["notes"] == "No values yet: Share.\n\nLinks."


def test_a_graph_of_fewer_than_two_values_is_blank():
    for cells, blank in ((["", ""], True), (["1", ""], True), (["1", "2"], False)):
        made = entry(topics=cells)
        assert is_blank(made, made.graphs[0]) is blank
