"""What is due, and what is not: periods are over, missing or not settled, and together with the published ones whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, midnight, whole_periods
from flow.engines.lag import Evidence
from flow.errors import SchemaError
from flow.pipeline.plan import AGES, LATE, MISSING, UNSETTLED, Planner, Selection
from flow.settings import Output, Settings, Wiki
from flow.shelf.entry import Entry, Key, computed_runs, new_entry

COUNT = Dataset(id="count", title="C", columns=[Count("a", "A")], source="flow", sql="x", about="-")
COHORT = replace(COUNT, id="cohort", spans={"window": "7d"}, settles="window")
YOUNG = replace(COUNT, id="late", since="2024-02-10")


def made_from(count, cohort):
    raise AssertionError("a plan computes nothing")


SUM = Dataset(id="sum", title="S", columns=[Count("a", "A")], compute=made_from, about="-")
CATALOG = Catalog(None, {made.id: made for made in (COUNT, COHORT, YOUNG, SUM)}, {}, {})  # type: ignore[arg-type]
FIRST = date(2024, 1, 17)
GRACE = timedelta(hours=6)
ALL = Selection()
NONE = Evidence()

instants = st.datetimes(datetime(2024, 1, 1), datetime(2024, 9, 1)).map(lambda instant: instant.replace(tzinfo=UTC))
grains = st.sampled_from(Grain)


def planner(
    now: datetime,
    grain: Grain,
    held: dict[Key, Entry],
    first: date | None = FIRST,
    since: date | None = None,
    evidence: Evidence = NONE,
    graces: tuple[int, int] = (6 * 3600, 6 * 3600),
) -> Planner:
    wiki = Wiki("w", dict.fromkeys(("core", "flow"), "sqlite:///w"), None, since, dict(zip(("core", "flow"), graces, strict=True)))
    settings = Settings({"w": wiki}, Output(grains=(grain,), default_grain=grain))
    return Planner(CATALOG, settings, held, now, lambda wiki, kind: first, lambda wiki, kind: evidence)


def carried_out(now: datetime, grain: Grain, held: dict[Key, Entry], selection: Selection = ALL) -> dict[Key, Entry]:
    """What is held after the plan of ``now`` has been carried out."""
    found = dict(held)
    for due in planner(now, grain, held).plan(selection).due:
        entry = found.get(due.key) or new_entry(due.key, CATALOG.definition(due.key.dataset), None)
        history = entry.history | {period: (now, why) for period, why in due.why.items()}
        found[due.key] = replace(entry, computed=computed_runs(history))
    return found


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


MARCH = midnight(date(2024, 3, 1))
HOUR = timedelta(hours=1)


def due(now: datetime, evidence: Evidence = NONE, held: dict[Key, Entry] | None = None, **facts: Any) -> list[str]:
    """The months of the plain count that are due."""
    plan = planner(now, Grain.MONTH, held or {}, evidence=evidence, **facts).plan(Selection(("count",)))
    return [str(period) for each in plan.due for period in each.periods]


def test_a_server_that_is_behind_has_only_what_it_had_then():
    now = MARCH + 12 * HOUR
    assert due(now, Evidence(behind=0)) == ["2024-01-01", "2024-02-01"]
    assert due(now, Evidence(behind=11 * 3600)) == ["2024-01-01", "2024-02-01"]
    assert due(now, Evidence(behind=13 * 3600)) == ["2024-01-01"]
    assert due(now, Evidence(behind=13 * 3600, newest=MARCH + HOUR)) == ["2024-01-01", "2024-02-01"], "newer rows prove it"
    assert due(now, Evidence(behind=float("inf"), newest=MARCH - HOUR)) == ["2024-01-01"]
    assert due(now, Evidence(behind=float("inf"))) == []


def test_what_waits_says_so():
    plan = planner(MARCH + 12 * HOUR, Grain.MONTH, {}, evidence=Evidence(behind=13 * 3600)).plan(Selection(("count",)))
    why = "the database of its flow tables is complete only until 2024-02-29 23:00"
    assert plan.waits == {Key("count", "w", Grain.MONTH): why}
    assert plan.notes == [f"count, w, month: waits from 2024-02-01 on, {why}"]


def test_a_quiet_wiki_gets_its_zeros_after_the_grace_and_newer_rows_prove_a_period_complete_before():
    quiet, busy = Evidence(newest=MARCH - 90 * 24 * HOUR), Evidence(newest=MARCH + timedelta(minutes=10))
    assert due(MARCH + HOUR, quiet) == ["2024-01-01"]
    assert due(MARCH + HOUR, busy) == ["2024-01-01", "2024-02-01"]
    assert due(MARCH + HOUR, Evidence(newest=MARCH + timedelta(minutes=9))) == ["2024-01-01"]
    assert due(MARCH + 6 * HOUR, quiet) == ["2024-01-01", "2024-02-01"]


def test_a_grace_is_the_wikis_own():
    assert due(MARCH + 23 * HOUR, graces=(0, 24 * 3600)) == ["2024-01-01"]
    assert due(MARCH, graces=(24 * 3600, 0)) == ["2024-01-01", "2024-02-01"]


def test_a_settled_period_is_looked_at_again_at_seven_and_thirty_days():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {})
    found = []
    for day in range(40):
        now = MARCH + 7 * HOUR + timedelta(days=day)
        if due(now, held=held):
            found.append((day, due(now, held=held)))
        held = carried_out(now, Grain.MONTH, held)
    assert found == [(1, ["2024-01-01"]), (7, ["2024-02-01"]), (30, ["2024-02-01"]), (31, ["2024-03-01"]), (38, ["2024-03-01"])]


def test_a_source_that_is_empty_now_is_an_error_only_where_something_was_published():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {})
    later = planner(MARCH + 40 * 24 * HOUR, Grain.MONTH, held, evidence=Evidence(is_empty=True)).plan(ALL)
    assert not later.due
    assert {type(error) for _, error in later.failures} == {SchemaError}
    assert planner(MARCH, Grain.MONTH, {}, first=None, evidence=Evidence(is_empty=True)).plan(ALL).failures == []
