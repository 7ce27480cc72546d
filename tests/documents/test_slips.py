"""Numbers out of bounds, and lists: a remedy is named only where it would be accepted."""

import pytest

from sim.documents.leaves import Range

GROWTH = Range(doc="", unit="a year", low=-0.5, high=0.5)


@pytest.mark.parametrize(
    "pair", [[6, 7], [0.06, 0.06], [float("nan"), 0.06], [0.06, float("nan")], [0.06, 10**400]]
)
def test_ends_that_no_uncertain_number_may_have_are_no_remedy(pair):
    with pytest.raises(ValueError, match=r"must be a number \(from -0.5 to 0.5, a year\)") as fault:
        GROWTH.check(pair)
    assert "dist" not in str(fault.value)


def test_ends_within_bounds_are_a_remedy_in_either_order():
    for pair in ([0.06, 0.08], [0.08, 0.06]):
        with pytest.raises(ValueError, match=r"value: 0\.07, .*, low: 0\.06, high: 0\.08"):
            GROWTH.check(pair)


def test_the_unit_1_is_not_named_and_leaves_a_small_number_as_no_share():
    pure = Range(doc="", unit="1", low=0, high=1)
    assert pure.outside(2) == "must be from 0 to 1, got 2"
    assert pure.outside(40) == "must be from 0 to 1, got 40: 40 % is 0.4"
    assert pure.wanted() == "a number (from 0 to 1)"
    assert Range(doc="", unit="share of gdp", low=0, high=1).outside(2).endswith("2 % is 0.02")
