from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.intervals import mean_interval, paired_interval, share_interval


def test_the_t_interval_is_that_of_scipy():
    values = np.array([1.0, 4.0, 2.0, 8.0, 5.0])
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    assert (found.mean, found.low, found.high) == pytest.approx((4.0, low, high))


@given(st.integers(1, 200), st.data())
def test_the_interval_of_a_share_is_wilson_s(runs, data):
    ones = data.draw(st.integers(0, runs))
    found = share_interval(np.arange(runs) < ones)
    known = stats.binomtest(ones, runs).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=1e-12)


def test_paired_differences_are_taken_run_by_run():
    found, changed = paired_interval(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 2.0]))
    assert found.mean == pytest.approx(2 / 3)
    assert changed == pytest.approx(2 / 3)


def test_a_constant_difference_has_an_interval_of_no_width():
    found, _ = paired_interval(np.full(5, 0.3), np.full(5, 0.2))
    assert found.low == found.high == found.mean
    assert found.sign == 1


def shares(both, first, second, neither):
    values = np.repeat([1.0, 1.0, 0.0, 0.0], [both, first, second, neither])
    reference = np.repeat([1.0, 0.0, 1.0, 0.0], [both, first, second, neither])
    return paired_interval(values, reference, share=True)[0]


def test_the_interval_of_a_difference_of_shares_ends_at_one():
    found = shares(0, 3, 0, 0)
    assert (found.mean, found.high) == (1, 1)
    assert 0 < found.low < 1
    windows, _ = paired_interval(np.array([1, 1, 0.5]), np.zeros(3), share=True)
    assert windows.high == 1  # means of shares over a window: a t interval, cut


def test_the_interval_of_a_difference_of_shares_worked_by_hand():
    # 36 of 50 and 28 of 50: Wilson 0.58327 to 0.82530 and 0.42307 to 0.68841;
    # tie (25 * 11 - 11 * 3 - 25) / sqrt(36 * 14 * 28 * 22) = 0.389478
    found = shares(25, 11, 3, 11)
    low = 0.16 - np.sqrt(0.13673**2 - 2 * 0.389478 * 0.13673 * 0.12841 + 0.12841**2)
    high = 0.16 + np.sqrt(0.10530**2 - 2 * 0.389478 * 0.10530 * 0.13693 + 0.13693**2)
    assert (found.mean, found.low, found.high) == pytest.approx((0.16, low, high), abs=1e-4)


def test_where_no_run_differs_the_interval_of_shares_has_a_width():
    for found in (shares(0, 0, 0, 1000), shares(600, 0, 0, 400)):
        assert found.mean == 0
        assert -0.004 < found.low < 0 < found.high < 0.004


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(lambda n: sum(n) > 1))
def test_the_interval_of_a_difference_of_shares_turns_with_the_variants(counts):
    both, first, second, neither = counts
    one, other = shares(*counts), shares(both, second, first, neither)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert -1 <= one.low <= one.mean <= one.high <= 1


def test_the_interval_of_a_difference_of_shares_covers_the_truth():
    rng = np.random.default_rng(1)
    counts = rng.multinomial(40, [0.55, 0.02, 0.1, 0.33], size=2000)
    ends = np.array([(found.low, found.high) for found in (shares(*each) for each in counts)])
    covered = np.mean((ends[:, 0] <= -0.08) & (ends[:, 1] >= -0.08))
    assert 0.93 < covered < 0.985


def test_one_run_has_a_mean_and_no_interval():
    found = mean_interval(np.array([2.0]))
    assert found.mean == 2.0
    assert np.isnan(found.low)
    assert found.sign == 0


def test_runs_in_which_an_outcome_is_not_defined_do_not_count():
    found = mean_interval(np.array([1.0, np.nan, 3.0]))
    assert (found.runs, found.mean) == (2, 2.0)
    assert np.isnan(mean_interval(np.array([np.nan])).mean)
    assert np.isnan(share_interval(np.array([np.nan])).mean)
