"""The unit decides how a number is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.column import Bytes, Count, Duration, Most, People, Ratio, Share, complaints
from flow.errors import ResultError


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Count("a", "A"), 7, "7"),
        (Count("a", "A"), Decimal("7"), "7"),
        (Count("a", "A"), 7.0, "7"),
        (People("a", "A"), 0, "0"),
        (Bytes("a", "A"), 10**15, "1000000000000000"),
        (Most("a", "A"), None, ""),
        (Ratio("a", "A"), 2, "2.0000"),
        (Ratio("a", "A"), 34 / 15, "2.2667"),
        (Ratio("a", "A"), Decimal("2.266666666666"), "2.2667"),
        (Share("a", "A"), 1, "1.0000"),
        (Share("a", "A"), None, ""),
        (Duration("a", "A"), 22798.5, "22798.5"),
        (Duration("a", "A"), None, ""),
        (Ratio("a", "A"), Decimal("-0.0000"), "0.0000"),
        (Share("a", "A"), -0.0, "0.0000"),
        (Duration("a", "A"), -1e-9, "0.0"),
        (Count("a", "A"), -0.0, "0"),
        (Count("a", "A"), Decimal("-0"), "0"),
        (Count("a", "A"), 2**63, "9223372036854775808"),
        (Count("a", "A"), float(2**63), "9223372036854775808"),
        (Count("a", "A"), 2**64 + 1, "18446744073709551617"),
        (People("a", "A"), 10**30 - 1, "9" * 30),
        (Ratio("a", "A"), Decimal(2**80), "1208925819614629174706176.0000"),
        (Ratio("a", "A"), 10**29, "1" + "0" * 29 + ".0000"),
    ],
)
def test_a_number_is_written_as_its_unit_says(column, value, text):
    assert column.text(value) == text


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_a_fraction_of_either_engine_is_rounded_alike(part, whole):
    exact = (Decimal(part) / Decimal(whole)).quantize(Decimal("1e-12"))
    assert Ratio("a", "A").text(part / whole) == Ratio("a", "A").text(exact)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Count("a", "A"), None),
        (Count("a", "A"), -1),
        (Count("a", "A"), 1.5),
        (Count("a", "A"), "many"),
        (Count("a", "A"), float("inf")),
        (Share("a", "A"), 1.0001),
        (Duration("a", "A"), -0.5),
        (Count("a", "A"), 10**30),
        (Ratio("a", "A"), 1e300),
        pytest.param(Count("a", "A"), 10**5000, id="too long to be written"),
        (Ratio("a", "A"), "nan"),
        (Share("a", "A"), Decimal("sNaN")),
        (Duration("a", "A"), float("-inf")),
        (Count("a", "A"), True),
    ],
)
def test_a_value_that_cannot_be_is_refused(column, value):
    with pytest.raises(ResultError, match="column 'a'"):
        column.text(value)


def test_a_refusal_never_shows_a_text():
    with pytest.raises(ResultError) as refused:
        Count("a", "A").text("Somebody's name")
    assert "Somebody" not in str(refused.value)


@pytest.mark.parametrize("label", ["a, b", 'a "b"', "a # b", "http://x", "a\nb", "", " "])
def test_a_label_that_limn_cannot_read_is_named(label):
    assert len(complaints(Count("a", label))) == 1


@pytest.mark.parametrize("id", ["date", "A", "1a", "a b", "a-b", ""])
def test_an_id_that_is_none_is_named(id):
    assert len(complaints(Count(id, "Label"))) == 1
