"""Numbers in words."""

from math import inf, nan

import pytest

from sim.seeing.numerals import (
    count_of,
    deviations,
    digits_for,
    numeral,
    per_cent,
    span_of,
    weighed,
)


@pytest.mark.parametrize(
    ("ends", "smallest", "percent", "digits"),
    [
        ((36.1, 38.9), 10.0, True, 0),
        ((-1.2, 0.1), 10.0, True, 0),
        ((-1.2, -0.1), 10.0, True, 1),  # zero is outside, and shows so
        ((0.004, 0.009), 10.0, True, 3),
        ((-0.0016, 0.0021), 0.1, False, 3),
        ((0.11, 0.20), 0.1, False, 2),
        ((11.0, 34.0), 5.0, False, 0),
        ((0.0, 0.0), 0.1, False, 3),
        ((nan, nan), 0.1, False, 3),
    ],
)
def test_numbers_have_as_many_digits_as_their_interval_bears(ends, smallest, percent, digits):
    assert digits_for(ends, smallest, percent=percent) == digits


def test_reasons_have_two_decimals_unless_they_are_large():
    assert [weighed(each) for each in (0.256, -2e6, 999.9)] == ["+0.26", "-2,000,000", "+999.90"]


def test_numbers_are_written_with_their_sign_and_thousands():
    assert numeral(1234.5, 0) == "1,234"
    assert numeral(0.0004, 3, signed=True) == "0"
    assert numeral(-0.0004, 3) == "0"
    assert numeral(0.05, 2, signed=True) == "+0.05"
    assert numeral(nan, 2) == "-"
    assert span_of(-0.5, 1.25, 2) == "-0.50 to 1.25"
    assert span_of(nan, nan, 2) == "-"


def test_a_share_is_all_or_none_only_where_it_is():
    shares = (0.0, 0.001, 0.005, 0.12, 0.995, 1.0, nan)
    words = ["none", "under 1 %", "under 1 %", "12 %", "over 99 %", "all", "-"]
    assert [per_cent(each) for each in shares] == words


def test_runs_are_counted_about():
    assert count_of(340_000.0) == "about 340,000 runs"
    assert count_of(inf) == "more runs than can be estimated"


def test_differences_that_are_the_same_in_all_runs_but_for_dust_have_no_size_in_deviations():
    sizes = (-10793.9, 250.0, -1.26, 0.01, nan)
    assert [deviations(each) for each in sizes] == ["under -100", "over 100", "-1.3", "0.0", "-"]
