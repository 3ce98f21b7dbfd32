"""Periods are whole, half-open and without gaps."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.period import Grain, Period, Range, covered, left_over, runs, whole_periods

days = st.dates(date(2001, 1, 1), date(2040, 1, 1))
grains = st.sampled_from(Grain)
ranges = st.tuples(days, st.integers(1, 900)).map(lambda pair: Range(pair[0], pair[0] + timedelta(pair[1])))


@given(ranges, grains)
def test_whole_periods_and_what_is_left_over_cover_a_range_exactly(wanted, grain):
    whole = [Range(period.start, period.end) for period in whole_periods(wanted, grain)]
    parts = sorted([*whole, *left_over(wanted, grain)])
    assert parts[0].since == wanted.since
    assert parts[-1].until == wanted.until
    assert all(left.until == right.since for left, right in pairwise(parts))


@given(days, grains)
def test_a_day_lies_in_the_period_that_its_floor_begins(day, grain):
    period = Period(grain.floor(day), grain)
    assert period.start <= day < period.end
    assert grain.ceil(day) in (period.start, period.end)


@given(days)
def test_a_week_is_the_iso_week(day):
    assert Grain.WEEK.floor(day) == date.fromisocalendar(day.isocalendar().year, day.isocalendar().week, 1)


@given(st.sets(st.integers(0, 60)), st.integers(1, 10), grains)
def test_runs_hold_every_period_once_in_order_and_are_bounded(places, most, grain):
    everything = whole_periods(Range(date(2019, 1, 1), date(2025, 1, 1)), grain)
    chosen = [everything[place] for place in places]
    found = runs(chosen, most)
    assert [period for run in found for period in run] == sorted(chosen)
    for run in found:
        assert len(run) <= most
        assert whole_periods(covered(run), grain) == run


def test_a_leap_day_and_week_53_have_their_periods():
    assert Period(date(2024, 2, 29), Grain.DAY).end == date(2024, 3, 1)
    assert Period(date(2020, 12, 28), Grain.WEEK).end == date(2021, 1, 4)
    assert Grain.WEEK.floor(date(2021, 1, 3)) == date(2020, 12, 28)
