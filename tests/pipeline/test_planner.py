"""What is due, and what is not: periods are over, missing or not settled, and together with the published ones whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.period import Grain, Period, Range, midnight, whole_periods
from flow.pipeline.plan import AGES, LATE, MISSING, REPLACED, UNSETTLED, Selection
from flow.shelf.entry import Entry, Key
from tests.support.plans import COUNTED, FIRST, GRACE, HOUR, MARCH, carried_out, months_due, planner, reasons

instants = st.datetimes(datetime(2024, 1, 1), datetime(2024, 9, 1)).map(lambda instant: instant.replace(tzinfo=UTC))
grains = st.sampled_from(Grain)


@given(st.lists(instants, min_size=1, max_size=5), grains)
def test_planned_and_published_periods_cover_the_time_exactly(nows, grain):
    held: dict[Key, Entry] = {}
    for now in sorted(nows):
        held = carried_out(now, grain, held)
    last = (max(nows) - GRACE).date()
    expected = whole_periods(Range(grain.floor(FIRST), last), grain)
    assert sorted(held[Key("count", "w", grain)].times) == expected
    assert sorted(held[Key("sum", "w", grain)].times) == expected
    assert sorted(held[Key("late", "w", grain)].times) == [p for p in expected if p.start >= date(2024, 2, 10)]


@given(instants, grains)
def test_after_a_run_nothing_is_due(now, grain):
    assert not planner(now, grain, carried_out(now, grain, {})).plan(Selection()).due


@given(instants, st.integers(0, 40), grains)
def test_only_what_is_new_or_not_settled_is_due_later(now, later, grain):
    held = carried_out(now, grain, {})
    then = now + timedelta(days=later)
    for due in planner(then, grain, held).plan(Selection()).due:
        for period, why in due.why.items():
            if why == MISSING:
                assert period not in held[due.key].times
                assert period.ends + GRACE <= then
            elif why == UNSETTLED:
                assert due.key.dataset == "cohort"
                assert held[due.key].times[period] < period.ends + timedelta(days=7) + GRACE
            elif why == LATE:
                ages = [period.ends + age + GRACE for age in AGES]
                assert any(held[due.key].times[period] < at <= then for at in ages)


@given(instants, grains, st.dates(date(2024, 1, 1), date(2024, 9, 1)), st.integers(1, 200))
def test_a_range_given_in_parts_ends_where_a_run_without_one_does(now, grain, since, length):
    selection = Selection(since=since, until=since + timedelta(days=length))
    parts = carried_out(now, grain, carried_out(now, grain, {}, selection))
    whole = carried_out(now, grain, {})
    assert {key: entry.times for key, entry in parts.items()} == {key: entry.times for key, entry in whole.items()}


def test_a_period_is_due_six_hours_after_its_end():
    ends = midnight(date(2024, 2, 1))
    for now, due in ((ends + GRACE - timedelta(seconds=1), []), (ends + GRACE, ["2024-01-01"])):
        plan = planner(now, Grain.MONTH, {}).plan(Selection(("count",)))
        assert [str(period) for each in plan.due for period in each.periods] == due


def test_nothing_begins_before_the_wikis_since_and_its_first_period_is_whole():
    plan = planner(midnight(date(2024, 6, 1)) + GRACE, Grain.WEEK, {}, since=date(2024, 3, 6)).plan(Selection(("count",)))
    assert plan.due[0].periods[0] == Period(date(2024, 3, 11), Grain.WEEK)


def test_an_empty_wiki_has_no_period_but_its_dataset_is_due_once():
    plan = planner(midnight(date(2024, 6, 1)), Grain.DAY, {}, first=None).plan(Selection(("count",)))
    assert [due.why for due in plan.due] == [{}]


def test_a_grace_is_the_wikis_own():
    assert months_due(MARCH + 23 * HOUR, graces=(0, 24 * 3600)) == ["2024-01-01"]
    assert months_due(MARCH, graces=(24 * 3600, 0)) == ["2024-01-01", "2024-02-01"]


def test_a_settled_period_is_looked_at_again_at_seven_and_thirty_days():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {})
    found = []
    for day in range(40):
        now = MARCH + 7 * HOUR + timedelta(days=day)
        if months_due(now, held=held):
            found.append((day, months_due(now, held=held)))
        held = carried_out(now, Grain.MONTH, held)
    assert found == [(1, ["2024-01-01"]), (7, ["2024-02-01"]), (30, ["2024-02-01"]), (31, ["2024-03-01"]), (38, ["2024-03-01"])]


def test_another_database_makes_all_of_it_due():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {}, COUNTED, origin="flow:a")
    april = MARCH + timedelta(days=31, hours=7)
    assert REPLACED not in reasons(april, held, origin="flow:a").values()
    assert reasons(april, held, origin="flow:b") == dict.fromkeys(("2024-01-01", "2024-02-01", "2024-03-01"), REPLACED)
    unknown = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {}, COUNTED)
    assert MISSING in reasons(april, unknown, origin="flow:b").values(), "what was computed before origins were kept is not computed again"
