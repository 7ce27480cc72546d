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


def test_the_interval_of_a_difference_of_shares_ends_at_one():
    values, reference = np.array([1.0, 1.0, 0.0]), np.array([0.0, 0.0, 0.0])
    wide, _ = paired_interval(values, reference)
    found, _ = paired_interval(values, reference, share=True)
    assert wide.high > 1
    assert (found.mean, found.low, found.high) == (wide.mean, wide.low, 1)


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
