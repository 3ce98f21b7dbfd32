"""What is due, and what is not: periods are over, missing or not settled, and together with the published ones whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Period, Range, midnight, whole_periods
from flow.engines.lag import Evidence
from flow.errors import SchemaError
from flow.pipeline.plan import AGES, LATE, MISSING, REPLACED, UNPROVED, UNSETTLED, Selection
from flow.pipeline.planner import Planner
from flow.settings import Output, Settings, Wiki
from flow.shelf.entry import Computation, Entry, Key, computed_runs, new_entry

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
    until: date | None = None,
    origin: str = "",
) -> Planner:
    sources, last_days = dict.fromkeys(("core", "flow"), "sqlite:///w"), {"flow": until} if until else {}
    wiki = Wiki("w", sources, None, since, dict(zip(("core", "flow"), graces, strict=True)), frozenset(), last_days)
    settings = Settings({"w": wiki}, Output(grains=(grain,), default_grain=grain))
    origins = SimpleNamespace(is_doubtful=lambda *_: False, found_other=lambda wiki: False, name=lambda wiki, kinds: origin)
    return Planner(CATALOG, settings, held, now, lambda wiki, kind: first, lambda wiki, kind: evidence, origins)


def carried_out(
    now: datetime, grain: Grain, held: dict[Key, Entry], selection: Selection = ALL, **facts: Any
) -> dict[Key, Entry]:
    """What is held after the plan of ``now`` has been carried out."""
    found = dict(held)
    for due in planner(now, grain, held, **facts).plan(selection).due:
        entry = found.get(due.key) or new_entry(due.key, CATALOG.definition(due.key.dataset), None)
        new = {period: Computation(now, why, due.proved_until) for period, why in due.why.items()}
        found[due.key] = replace(entry, computed=computed_runs({**entry.history, **new}), origin=due.origin)
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


COUNTED = Selection(("count",))


def why(now: datetime, held: dict[Key, Entry], **facts: Any) -> dict[str, str]:
    """The months of the plain count that are due, and why."""
    plan = planner(now, Grain.MONTH, held, **facts).plan(COUNTED)
    return {str(period): reason for each in plan.due for period, reason in each.why.items()}


def test_a_period_that_ends_after_the_newest_row_is_computed_again_as_soon_as_a_newer_one_comes_whatever_its_age():
    computed = MARCH + timedelta(days=60)
    held = carried_out(computed, Grain.MONTH, {}, COUNTED, evidence=Evidence(newest=MARCH - 5 * HOUR))
    years_later = computed + timedelta(days=900)
    for newest, is_due in ((MARCH - 5 * HOUR, False), (MARCH - 4 * HOUR, True), (MARCH + HOUR, True)):
        found = why(years_later, held, evidence=Evidence(newest=newest))
        assert (found.get("2024-02-01") == UNPROVED) is is_due
        assert "2024-01-01" not in found, "it was proved by the rows of February"


def test_a_period_is_computed_again_until_a_row_proves_it_and_then_no_more():
    held, newest, found = {}, MARCH - 48 * HOUR, []
    for day in range(7):
        now = MARCH + 6 * HOUR + timedelta(days=day)
        newest += 12 * HOUR
        held = carried_out(now, Grain.MONTH, held, COUNTED, evidence=Evidence(newest=newest))
        found.append(held[Key("count", "w", Grain.MONTH)].history[Period(date(2024, 2, 1), Grain.MONTH)].at.day)
    assert found == [1, 2, 3, 4, 4, 4, 4]


def test_a_primary_that_was_followed_proves_a_quiet_period():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {}, COUNTED, evidence=Evidence(behind=0, newest=MARCH - 90 * HOUR))
    assert why(MARCH + 7 * HOUR, held, evidence=Evidence(behind=0, newest=MARCH + HOUR)) == {}


STILL = Evidence(newest=MARCH - 100 * HOUR, silence=timedelta(hours=96))


def test_what_is_newer_than_a_source_that_stands_still_waits_and_says_what_to_do():
    assert due(MARCH + 7 * HOUR, STILL) == ["2024-01-01"]
    plan = planner(MARCH + 7 * HOUR, Grain.MONTH, {}, evidence=STILL).plan(COUNTED)
    assert list(plan.waits) == [Key("count", "w", Grain.MONTH)]
    assert "wiki 'w': its flow tables stand still: no row since 2024-02-25 20:00" in plan.still["w flow"]
    assert "set flow_until in [wikis.w]" in plan.still["w flow"]
    assert due(MARCH - 5 * HOUR, STILL) == ["2024-01-01"], "nothing is due that would have to wait"
    assert not planner(MARCH - 5 * HOUR, Grain.MONTH, {}, evidence=STILL).plan(COUNTED).still


def test_a_primary_that_says_it_is_followed_is_believed():
    assert due(MARCH + 7 * HOUR, replace(STILL, behind=0.0)) == ["2024-01-01", "2024-02-01"]


def test_a_closed_source_has_periods_through_the_one_that_holds_its_last_day():
    june = midnight(date(2024, 6, 1))
    assert due(june, STILL, until=date(2024, 2, 27)) == ["2024-01-01", "2024-02-01"]
    assert due(june, Evidence(newest=june), until=date(2024, 2, 27)) == ["2024-01-01", "2024-02-01"]
    assert due(MARCH - 5 * HOUR, STILL, until=date(2024, 5, 1)) == ["2024-01-01"]
    assert due(MARCH + 7 * HOUR, STILL, until=date(2024, 5, 1)) == ["2024-01-01"], "until then it may stand still"


def test_another_database_makes_all_of_it_due():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {}, COUNTED, origin="flow:a")
    april = MARCH + timedelta(days=31, hours=7)
    assert REPLACED not in why(april, held, origin="flow:a").values()
    assert why(april, held, origin="flow:b") == dict.fromkeys(("2024-01-01", "2024-02-01", "2024-03-01"), REPLACED)
    unknown = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {}, COUNTED)
    assert MISSING in why(april, unknown, origin="flow:b").values(), "what was computed before origins were kept is not computed again"
