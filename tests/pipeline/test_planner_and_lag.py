"""What is due where a source lags, stands still or is closed, and what no newer row has proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flow.datasets.period import Grain, Period, midnight
from flow.engines.lag import Evidence
from flow.errors import SchemaError
from flow.pipeline.plan import UNPROVED, Selection
from flow.shelf.entry import Key
from tests.support.plans import ALL, COUNTED, HOUR, MARCH, carried_out, months_due, planner, reasons


def test_a_server_that_is_behind_has_only_what_it_had_then():
    now = MARCH + 12 * HOUR
    assert months_due(now, Evidence(behind=0)) == ["2024-01-01", "2024-02-01"]
    assert months_due(now, Evidence(behind=11 * 3600)) == ["2024-01-01", "2024-02-01"]
    assert months_due(now, Evidence(behind=13 * 3600)) == ["2024-01-01"]
    assert months_due(now, Evidence(behind=13 * 3600, newest=MARCH + HOUR)) == ["2024-01-01", "2024-02-01"], "newer rows prove it"
    assert months_due(now, Evidence(behind=float("inf"), newest=MARCH - HOUR)) == ["2024-01-01"]
    assert months_due(now, Evidence(behind=float("inf"))) == []


def test_what_waits_says_so():
    plan = planner(MARCH + 12 * HOUR, Grain.MONTH, {}, evidence=Evidence(behind=13 * 3600)).plan(Selection(("count",)))
    why = "the database of its flow tables is complete only until 2024-02-29 23:00"
    assert plan.waits == {Key("count", "w", Grain.MONTH): why}
    assert plan.notes == [f"count, w, month: waits from 2024-02-01 on, {why}"]


def test_a_quiet_wiki_gets_its_zeros_after_the_grace_and_newer_rows_prove_a_period_complete_before():
    quiet, busy = Evidence(newest=MARCH - 90 * 24 * HOUR), Evidence(newest=MARCH + timedelta(minutes=10))
    assert months_due(MARCH + HOUR, quiet) == ["2024-01-01"]
    assert months_due(MARCH + HOUR, busy) == ["2024-01-01", "2024-02-01"]
    assert months_due(MARCH + HOUR, Evidence(newest=MARCH + timedelta(minutes=9))) == ["2024-01-01"]
    assert months_due(MARCH + 6 * HOUR, quiet) == ["2024-01-01", "2024-02-01"]


def test_a_source_that_is_empty_now_is_an_error_only_where_something_was_published():
    held = carried_out(MARCH + 6 * HOUR, Grain.MONTH, {})
    later = planner(MARCH + 40 * 24 * HOUR, Grain.MONTH, held, evidence=Evidence(is_empty=True)).plan(ALL)
    assert not later.due
    assert {type(error) for _, error in later.failures} == {SchemaError}
    assert planner(MARCH, Grain.MONTH, {}, first=None, evidence=Evidence(is_empty=True)).plan(ALL).failures == []


def test_a_period_that_ends_after_the_newest_row_is_computed_again_as_soon_as_a_newer_one_comes_whatever_its_age():
    computed = MARCH + timedelta(days=60)
    held = carried_out(computed, Grain.MONTH, {}, COUNTED, evidence=Evidence(newest=MARCH - 5 * HOUR))
    years_later = computed + timedelta(days=900)
    for newest, is_due in ((MARCH - 5 * HOUR, False), (MARCH - 4 * HOUR, True), (MARCH + HOUR, True)):
        found = reasons(years_later, held, evidence=Evidence(newest=newest))
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
    assert reasons(MARCH + 7 * HOUR, held, evidence=Evidence(behind=0, newest=MARCH + HOUR)) == {}


STILL = Evidence(newest=MARCH - 100 * HOUR, silence=timedelta(hours=96))


def test_what_is_newer_than_a_source_that_stands_still_waits_and_says_what_to_do():
    assert months_due(MARCH + 7 * HOUR, STILL) == ["2024-01-01"]
    plan = planner(MARCH + 7 * HOUR, Grain.MONTH, {}, evidence=STILL).plan(COUNTED)
    assert list(plan.waits) == [Key("count", "w", Grain.MONTH)]
    assert "wiki 'w': its flow tables stand still: no row since 2024-02-25 20:00" in plan.still["w flow"]
    assert "set flow_until in [wikis.w]" in plan.still["w flow"]
    assert months_due(MARCH - 5 * HOUR, STILL) == ["2024-01-01"], "nothing is due that would have to wait"
    assert not planner(MARCH - 5 * HOUR, Grain.MONTH, {}, evidence=STILL).plan(COUNTED).still


def test_a_primary_that_says_it_is_followed_is_believed():
    assert months_due(MARCH + 7 * HOUR, replace(STILL, behind=0.0)) == ["2024-01-01", "2024-02-01"]


def test_a_closed_source_has_periods_through_the_one_that_holds_its_last_day():
    june = midnight(date(2024, 6, 1))
    assert months_due(june, STILL, until=date(2024, 2, 27)) == ["2024-01-01", "2024-02-01"]
    assert months_due(june, Evidence(newest=june), until=date(2024, 2, 27)) == ["2024-01-01", "2024-02-01"]
    assert months_due(MARCH - 5 * HOUR, STILL, until=date(2024, 5, 1)) == ["2024-01-01"]
    assert months_due(MARCH + 7 * HOUR, STILL, until=date(2024, 5, 1)) == ["2024-01-01"], "until then it may stand still"
