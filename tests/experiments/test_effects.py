"""Verdicts by size, from two intervals and the smallest effect of interest."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest

from sim.experiments.effects import (
    LARGER,
    LARGER_OPEN,
    NONE,
    SMALLER,
    SMALLER_OPEN,
    UNDECIDED,
    UNDEFINED,
    VERDICTS,
    Effect,
    at_least,
    paired_effect,
)
from sim.experiments.intervals import Interval

S = 1.0


def effect(low, high, low90=None, high90=None, runs=50):
    middle = (low + high) / 2
    whole = Interval(runs, middle, low, high, "t")
    shrunk = 0.84 * (high - low) / 2
    inner = Interval(runs, middle, low90 or middle - shrunk, high90 or middle + shrunk, "t")
    return Effect(
        interval=whole, inner=inner, smallest=S, sd=1.0, changed=1.0, above=0.5, below=0.5
    )


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.0, 2.0, LARGER),
        (1.5, 9.0, LARGER),
        (-2.0, -1.0, SMALLER),
        (0.5, 1.5, LARGER_OPEN),
        (-1.5, -0.5, SMALLER_OPEN),
        (-0.5, 0.5, NONE),
        (0.1, 0.5, NONE),  # zero is outside: too small to speak of
        (-0.9, -0.01, NONE),
        (-0.5, 1.5, UNDECIDED),
        (-9.0, 9.0, UNDECIDED),
        (0.0, 1.5, UNDECIDED),
    ],
)
def test_the_verdict_follows_from_the_interval_and_the_smallest_effect(low, high, verdict):
    assert effect(low, high).verdict == verdict


def test_a_difference_whose_inner_interval_fits_is_none_though_the_outer_one_does_not():
    assert effect(0.2, 1.02, 0.27, 0.95).verdict == NONE


def test_verdicts_turn_with_the_sign():
    rng = np.random.default_rng(3)
    turned = {LARGER: SMALLER, LARGER_OPEN: SMALLER_OPEN}
    turned |= {b: a for a, b in turned.items()}
    for _ in range(200):
        values, reference = rng.normal(rng.normal(), 2.0, (2, 9))
        one = paired_effect(values, reference, smallest=S)
        other = paired_effect(reference, values, smallest=S)
        assert other.verdict == turned.get(one.verdict, one.verdict)
        assert other.runs_needed == one.runs_needed
        assert (other.above, other.below) == (one.below, one.above)
        assert one.sign == -other.sign


def test_a_bigger_smallest_effect_never_makes_a_verdict_bolder():
    rng = np.random.default_rng(4)
    order = [LARGER, LARGER_OPEN, NONE]
    for _ in range(200):
        values, reference = rng.normal(1.0, 1.0, 12), rng.normal(0.0, 1.0, 12)
        found = [
            paired_effect(values, reference, smallest=s).verdict for s in (0.1, 0.5, 1.0, 2.0, 5.0)
        ]
        ranks = [order.index(each) for each in found if each in order]
        assert ranks == sorted(ranks)


def test_d_is_the_mean_difference_in_standard_deviations_of_the_differences():
    values, reference = np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])
    found = paired_effect(values, reference, smallest=S)
    assert found.d == pytest.approx(2.0)  # mean 2, standard deviation 1
    assert (found.above, found.below, found.changed) == (1.0, 0.0, 1.0)


def test_about_as_many_runs_as_are_said_to_be_needed_decide():
    rng = np.random.default_rng(5)
    apart = rng.normal(0.0, 1.0, 4000)
    apart += 0.03 - apart[:100].mean()
    few = paired_effect(apart[:100], np.zeros(100), smallest=0.1)
    assert few.verdict == UNDECIDED
    assert 250 <= few.runs_needed <= 700  # (1.645 sd / (0.1 - 0.03))^2
    tight = Effect(**(vars(few) | {"sd": few.sd / 10}))
    assert tight.runs_needed == 110  # no fewer than there are


@pytest.mark.parametrize("share", [False, True])
def test_with_one_run_all_is_undecided_and_two_are_needed(share):
    one = paired_effect(np.array([1.0]), np.array([0.0]), smallest=0.1, share=share)
    assert (one.verdict, one.runs_needed, one.sign) == (UNDECIDED, 2, 0)


def test_runs_that_do_not_define_an_outcome_count_among_those_that_are_needed():
    rng = np.random.default_rng(5)
    apart = rng.normal(0.03, 1.0, 100)
    whole = paired_effect(apart, np.zeros(100), smallest=0.1)
    sparse = paired_effect(np.append(apart, np.full(300, np.nan)), np.zeros(400), smallest=0.1)
    assert sparse.interval == whole.interval
    assert sparse.runs_needed == pytest.approx(4 * whole.runs_needed, rel=0.1)
    assert sparse.runs_to_size > 400
    assert paired_effect(np.array([1.0, np.nan]), np.zeros(2), smallest=0.1).runs_needed == 4


def test_what_no_run_defines_is_undefined():
    none = paired_effect(np.full(4, np.nan), np.zeros(4), smallest=0.1)
    assert none.verdict == UNDEFINED
    assert isnan(none.d)


def test_differences_that_are_all_the_same_decide_by_their_size():
    zero = np.zeros(30)
    assert paired_effect(zero + 2.0, zero, smallest=S).verdict == LARGER
    assert paired_effect(zero + 0.5, zero, smallest=S).verdict == NONE
    assert paired_effect(zero, zero, smallest=S).verdict == NONE
    assert paired_effect(zero[:10], zero[:10], smallest=S).verdict == NONE
    few = paired_effect(zero[:8], zero[:8], smallest=S)  # a rare event may be missed
    assert (few.verdict, few.runs_needed) == (UNDECIDED, 10)


def test_what_differs_by_rounding_alone_is_the_same():
    values = np.linspace(0.1, 0.9, 40)
    dust = values * (1 + 4e-16 * np.sign(values - 0.3))
    found = paired_effect(dust, values, smallest=0.1)
    assert (found.changed, found.above, found.below, found.verdict) == (0, 0, 0, NONE)
    assert isnan(found.d)
    undefined = paired_effect(np.append(dust, np.nan), np.append(values, 1.0), smallest=0.1)
    assert (undefined.interval.runs, undefined.changed) == (40, 0)


def test_a_share_of_runs_that_no_run_changes_needs_more_runs_to_be_none():
    never = np.zeros(10)
    few = paired_effect(never, never, smallest=0.1, share=True)
    assert few.verdict == UNDECIDED  # of ten runs, one in five could still change
    needed = int(few.runs_needed)
    many = np.zeros(needed)
    assert paired_effect(many, many, smallest=0.1, share=True).verdict == NONE
    assert 20 <= needed <= 60


def test_runs_are_rounded_up_to_two_digits():
    assert [at_least(each, 2) for each in (1.0, 61.2, 612.0, 61234.0, inf)] == [
        2.0,
        62.0,
        620.0,
        62000.0,
        inf,
    ]
    assert {LARGER, NONE} < {*VERDICTS}
