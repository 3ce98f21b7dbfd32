"""Ids and timestamps tell their time."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flow.wiki.stamps import FIRST_ID, LAST_ID, epoch_seconds, flow_id, flow_id_seconds, timestamp, timestamp_seconds


def test_the_worked_example_of_a_real_wiki():
    real = bytes.fromhex("0615FBD685A2112FB099FD")
    assert flow_id_seconds(real) == epoch_seconds(datetime(2023, 1, 4, 22, 45, 5, tzinfo=UTC))


@given(st.integers(1, 2**46 // 1000 - 2))
def test_the_smallest_id_of_a_second_is_between_its_neighbours(second):
    assert flow_id_seconds(flow_id(second)) == second
    assert flow_id(second - 1) < flow_id(second) < flow_id(second + 1)


def test_times_that_no_id_can_hold_are_bounds():
    assert flow_id(-5) == flow_id(0) == FIRST_ID
    assert flow_id(10**12) == LAST_ID


@given(st.integers(0, 250_000_000_000))
def test_a_timestamp_is_read_as_it_was_written(second):
    assert timestamp_seconds(timestamp(second)) == second


def test_timestamps_are_bounded():
    assert timestamp(-1) == "19700101000000"
    assert timestamp(10**13) == "99991231235959"
