"""Chance, parameters and rules: the estimator against data whose components are known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.structural.spreads import driver, spreads

RULES = np.linspace(-0.8, 0.8, 12)  # effects of the rule sets; all there are


def made(seed, points, replicates, rules=RULES, *, point=0.6, cross=0.3, noise=1.0, own=0.5):
    """Return outcomes (rule sets, points, replicates), sums of effects of known size."""
    rng = np.random.default_rng(seed)
    sets = rules.size
    return (
        rules[:, None, None]
        + rng.normal(0, point, points)[None, :, None]  # of a point, in all rule sets
        + rng.normal(0, cross, (sets, points))[..., None]  # of a point in one rule set
        + rng.normal(0, noise, (points, replicates))[None]  # of a run, in all rule sets
        + rng.normal(0, own, (sets, points, replicates))
    )


def test_three_spreads_worked_by_hand():
    # cells of two replicates m - 1, m + 1 around means 0, 4 (first rule set) and 2, 6 (second):
    # within a cell ((-1)^2 + 1^2) / 1 = 2; between points 8 in both rule sets, less 2 / 2 = 7;
    # rule sets 1 and -1 about their mean: 1, and no interaction to take off
    means = np.array([[0.0, 4.0], [2.0, 6.0]])
    values = means[..., None] + np.array([-1.0, 1.0])
    found = spreads(values, seed=1)
    assert found.sd**2 == pytest.approx([2.0, 7.0, 1.0])
    assert found.share == pytest.approx([0.2, 0.7, 0.1])
    assert found.largest == "parameters"
    assert found.negative == ()


@pytest.mark.parametrize(("points", "replicates"), [(10, 5), (4, 12)])
def test_known_components_are_found_without_bias(points, replicates):
    # chance 1 + 0.25, parameters 0.36 + 0.09, rules the variance of RULES
    expected = [1.25, 0.45, RULES.var()]
    found = [spreads(made(k, points, replicates), seed=k, resamples=2).sd ** 2 for k in range(300)]
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert np.all(np.abs(np.mean(found, axis=0) - expected) < 4 * error + 0.01)
    assert np.all(error < 0.03)


def test_held_numbers_have_no_spread_and_leave_the_others_unbiased():
    found = [
        spreads(made(k, 1, 20, point=0.0, cross=0.0), seed=k, resamples=2).sd ** 2
        for k in range(300)
    ]
    chance, parameters, rules = np.mean(found, axis=0)
    assert chance == pytest.approx(1.25, rel=0.05)
    assert parameters == 0
    assert rules == pytest.approx(RULES.var(), rel=0.05)


def test_intervals_hold_the_known_values_nearly_as_often_as_they_say():
    expected = np.array([1.25, 0.45, RULES.var()])
    held = []
    for k in range(150):
        low, high = spreads(made(k, 20, 4), seed=k, resamples=200).sd_ends.T ** 2
        held.append((low <= expected) & (expected <= high))
    assert np.all(np.mean(held, axis=0) > 0.8)  # 0.95 in name; a percentile interval of 20 points


def test_if_only_chance_varies_a_negative_estimate_counts_as_zero_and_is_named():
    found = [
        spreads(made(k, 6, 6, 0 * RULES, point=0.0, cross=0.0), seed=k, resamples=2)
        for k in range(60)
    ]
    below = [each for each in found if each.negative]
    assert below
    assert all(each.largest == "chance" for each in found)
    for each in below:
        names = ("chance", "parameters", "rules")
        assert all(each.sd[names.index(name)] == 0 for name in each.negative)


def test_rule_sets_are_all_there_are():
    values = np.array([0.0, 2.0])[:, None, None] + np.zeros((2, 3, 2))
    assert spreads(values, seed=1).sd[2] == pytest.approx(1.0)  # not sqrt(2)


def test_an_outcome_that_never_varies_or_is_undefined_says_so():
    same = spreads(np.full((3, 4, 2), 0.3), seed=1)
    assert (same.largest, same.sd.tolist()) == ("none", [0, 0, 0])
    lacking = made(1, 4, 2)
    lacking[0, 0, 0] = np.nan
    found = spreads(lacking, seed=1)
    assert found.largest == "undefined"
    assert np.isnan(found.sd).all()


def test_the_unit_and_the_order_of_rule_sets_do_not_count():
    values = made(5, 6, 4)
    once, scaled = spreads(values, seed=3), spreads(7 + 1000 * values[::-1], seed=3)
    assert scaled.sd == pytest.approx(1000 * once.sd)
    assert scaled.share_ends == pytest.approx(once.share_ends)
    assert scaled.largest == once.largest


def test_the_role_that_drives_the_rule_sets_is_found():
    # two roles of 2 and 3 variants: the second moves the mean by 0, 3, 6, the first by 1
    means = (np.array([0.0, 1.0])[:, None] + np.array([0.0, 3.0, 6.0])).ravel()
    role, share = driver(means, (2, 3))
    assert role == 1
    assert share == pytest.approx(6.0 / (6.0 + 0.25))
    assert driver(np.full(6, 0.2), (2, 3))[0] == -1
