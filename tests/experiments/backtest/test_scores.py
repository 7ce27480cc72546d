"""Scores of forecasts against answers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.backtest import scores
from sim.experiments.backtest.forecast_cases import ForecastCases
from sim.experiments.backtest.scores import (
    brier,
    crps,
    drawn_scores,
    judged,
    log_score,
    mean_over,
    pr_auc_over,
    rank_over,
    ranked,
    skill,
    skill_of,
    worst,
)

YES = np.array([1.0, 0.0, 1.0, 0.0])


def pr_auc(forecast, observed):
    return float(pr_auc_over(forecast, observed)(np.ones((1, forecast.size)))[0])


def brier_skill(own, other, blocks, seed):
    drawn = drawn_scores({"own": own, "other": other}, blocks, seed=seed)
    return skill("brier", drawn["own"], drawn["other"])


def test_brier_is_the_mean_squared_error():
    assert brier(np.array([0.9, 0.2, 0.5, 0.0]), YES).mean() == pytest.approx(
        (0.01 + 0.04 + 0.25 + 0) / 4
    )
    assert brier(YES, YES).tolist() == [0] * 4
    assert brier(1 - YES, YES).tolist() == [1] * 4


def test_the_logarithmic_score_is_the_mean_surprise_and_stays_finite():
    assert log_score(np.full(4, 0.5), YES).mean() == pytest.approx(np.log(2))
    found = log_score(np.array([0.9, 0.2, 0.5, 0.4]), YES).mean()
    assert found == pytest.approx(-np.mean(np.log([0.9, 0.8, 0.5, 0.6])))
    assert log_score(1 - YES, YES).mean() == pytest.approx(-np.log(1e-3))


def test_the_area_under_precision_and_recall_is_average_precision():
    assert pr_auc(np.array([0.9, 0.1, 0.8, 0.2]), YES) == 1
    # ranked yes, no, yes, no: precision 1 at recall 1/2, 2/3 at recall 1
    assert pr_auc(np.array([0.9, 0.8, 0.7, 0.1]), YES) == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert pr_auc(np.full(4, 0.3), YES) == pytest.approx(0.5)  # no skill: the base rate
    assert np.isnan(pr_auc(np.full(4, 0.3), np.zeros(4)))


def test_the_ranked_score_of_an_ensemble_is_error_less_half_of_its_spread():
    pytest.importorskip("scoringrules")
    found = crps(np.array([[1.0, 2.0], [3.0, 3.0], [np.nan, 1.0], [np.nan] * 2]), np.zeros(4))
    # mean |x - y| less half of the mean |x - x'|: 1.5 - 0.25
    assert found[:3].tolist() == pytest.approx([1.25, 3.0, 1.0])
    assert np.isnan(found[3])
    normal = np.random.default_rng(1).normal(size=(1, 4000))
    exact = (np.sqrt(2) - 1) / np.sqrt(np.pi)  # of a standard normal, at its mean
    assert crps(normal, np.zeros(1))[0] == pytest.approx(exact, abs=0.01)


def test_shares_that_no_run_has_cost_a_recipient_as_much_as_a_sure_error():
    nan = np.nan
    cases = ForecastCases(
        target="share",
        origin=2017,
        subjects=tuple((s, i, 2020) for s, i in ("AX", "BX", "CX", "DX", "AY", "BY")),
        observed=np.array([0.75, 0.25, 0.0, 0.0, 1.0, 0.0]),
        forecasts={"model": np.array([[nan, nan]] * 4 + [[1.0, 1.0], [0.0, nan]])},
    )
    found = worst(cases)
    assert found[:4].tolist() == [1.0, 0.5, 0.25, 0.25]  # to X: missed, and a quarter each
    wrong = np.abs(np.array([0.0, 0.0, 1.0, 0.0]) - cases.observed[:4])  # all from C
    assert found[:4].sum() == wrong.sum() == 2
    pytest.importorskip("scoringrules")
    (line,) = judged([cases], seed=1)
    assert line.value == pytest.approx(2 / 6)  # to Y the shares are right


def test_the_ranked_score_of_stages_counts_how_far_a_forecast_is_off():
    sure = np.eye(3)
    assert ranked(sure, np.array([0, 1, 2])).tolist() == [0, 0, 0]
    assert ranked(sure[:1], np.array([2])).tolist() == [2]
    assert ranked(np.full((1, 3), 1 / 3), np.array([1]))[0] == pytest.approx(2 / 9)


def rank(forecast, observed):
    once = np.ones((1, len(forecast)))
    return float(rank_over(np.array(forecast), np.array(observed))(once)[0])


def test_the_rank_correlation_of_flows_looks_at_their_order_alone():
    # ranks 1 2 3 4 and 1 3 2 4: 1 - 6 (1 + 1) / (4 (16 - 1))
    assert rank([1.0, 2.0, 3.0, 4.0], [10.0, 300.0, 20.0, 4000.0]) == pytest.approx(0.8)
    assert rank([4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0]) == pytest.approx(-1)
    # two dyads without a flow share rank 1.5: 1.5 / sqrt(1.5 * 2)
    assert rank([0.0, 0.0, 5.0], [0.0, 1.0, 2.0]) == pytest.approx(np.sqrt(3) / 2)
    assert np.isnan(rank([0.0, 0.0, 0.0], [0.0, 1.0, 2.0]))


def test_a_rank_correlation_under_weights_counts_cases_as_often():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(5)
    forecast, observed = rng.integers(0, 6, 40) * 1.0, rng.integers(0, 4, 40) * 1.0
    weights = rng.integers(0, 4, (3, 40))
    found = rank_over(forecast, observed)(weights * 1.0)
    again = [
        stats.spearmanr(np.repeat(forecast, each), np.repeat(observed, each)).statistic
        for each in weights
    ]
    assert found == pytest.approx(again)
    assert skill_of(0.7, 0.4, "rank") == pytest.approx(0.5)


def test_an_interval_does_not_depend_on_how_many_draws_are_held_at_once(monkeypatch):
    rng = np.random.default_rng(8)
    own, other = (mean_over(rng.random(12)) for _ in range(2))
    blocks = np.array(list("aabbccddeeff"))
    whole = brier_skill(own, other, blocks, seed=2)
    monkeypatch.setattr(scores, "MOST", 50)
    parts = brier_skill(own, other, blocks, seed=2)
    assert (parts.low, parts.high) == pytest.approx((whole.low, whole.high))


def test_skill_is_the_share_of_the_reference_that_is_gained():
    assert skill_of(0.1, 0.2, "brier") == pytest.approx(0.5)
    assert skill_of(0.3, 0.2, "brier") == pytest.approx(-0.5)
    assert skill_of(0.8, 0.6, "pr_auc") == pytest.approx(0.5)
    assert skill_of(0.0, 0.0, "brier") == 0


def test_weights_count_cases_as_often():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    forecast, observed = rng.integers(0, 9, 60) / 9, rng.integers(0, 2, 60) * 1.0
    weights = rng.integers(0, 4, (5, 60)).astype(float)
    found = pr_auc_over(forecast, observed)(weights)
    again = [
        metrics.average_precision_score(np.repeat(observed, each), np.repeat(forecast, each))
        for each in weights.astype(int)
    ]
    assert found == pytest.approx(again)
    means = mean_over(forecast)(weights)
    assert means == pytest.approx([np.average(forecast, weights=each) for each in weights])


def test_the_interval_of_skill_is_as_wide_as_the_blocks_disagree():
    errors, reference = mean_over(np.repeat([0.1, 0.3], 50)), mean_over(np.full(100, 0.4))
    whole = brier_skill(errors, reference, np.repeat(["a", "b"], 50), seed=1)
    single = brier_skill(errors, reference, np.arange(100), seed=1)
    assert whole.value == pytest.approx(0.5)
    assert single.value == pytest.approx(0.5)
    assert (whole.low, whole.high) == pytest.approx((0.25, 0.75))  # one block, or the other
    assert 0.25 < single.low < 0.5 < single.high < 0.75
    alone = brier_skill(errors, reference, np.zeros(100), seed=1)
    assert np.isnan(alone.low)
