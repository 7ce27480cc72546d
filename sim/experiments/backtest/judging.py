"""Judging forecasts: scores of every forecaster, and the model's skill against the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.backtest.cases import MODEL, Cases
from sim.experiments.backtest.scores import Skill, brier, crps, log_score, pr_auc, ranked, skill

Pooled = Callable[[np.ndarray], float]  # cases -> score over them


@dataclass(frozen=True)
class Line:
    """The score of one forecaster, and the model's skill against it."""

    target: str
    score: str
    forecaster: str
    value: float
    cases: int
    happened: float  # mean of what was observed
    skill: Skill | None  # None for the model itself


def judged(cases: Sequence[Cases], *, seed: int) -> list[Line]:
    """Return the scores of all targets, pooled over origins."""
    lines = []
    for target in dict.fromkeys(each.target for each in cases):
        own = [each for each in cases if each.target == target]
        lines += _target(target, own, seed)
    return lines


def _target(target: str, cases: list[Cases], seed: int) -> list[Line]:
    """Return the scores of one target."""
    observed = np.concatenate([each.observed for each in cases])
    blocks = np.array([block for each in cases for block in each.blocks])
    seen = ~np.isnan(observed)
    if not seen.any():
        return []
    names = list(cases[0].forecasts)
    lines = []
    for score, pooled in _scores(target, cases, names, seen).items():
        for name in names:
            against = None
            if name != MODEL:
                both = _both(pooled[MODEL], pooled[name])
                against = skill(score, both, blocks[seen], seed=seed)
            value = pooled[name](np.arange(int(seen.sum())))
            happened = float(observed[seen].mean())
            lines.append(Line(target, score, name, value, int(seen.sum()), happened, against))
    return lines


def _scores(
    target: str, cases: list[Cases], names: list[str], seen: np.ndarray
) -> dict[str, dict[str, Pooled]]:
    """Return by score and forecaster what a set of cases scores."""
    observed = np.concatenate([each.observed for each in cases])[seen]
    if target in ("transfer", "exit"):
        whole = {
            name: np.concatenate([each.forecasts[name] for each in cases])[seen] for name in names
        }
        kinds = {"brier": brier, "log": log_score, "pr_auc": pr_auc}
        if target == "exit":
            kinds.pop("pr_auc")
        return {
            score: {name: _over(rule, whole[name], observed) for name in names}
            for score, rule in kinds.items()
        }
    score = "crps" if target == "share" else "rps"
    each_case = {name: _each(target, cases, name)[seen] for name in names}
    return {score: {name: _mean(values) for name, values in each_case.items()}}


def _over(
    rule: Callable[[np.ndarray, np.ndarray], float], forecast: np.ndarray, observed: np.ndarray
) -> Pooled:
    return lambda rows: rule(forecast[rows], observed[rows])


def _both(one: Pooled, other: Pooled) -> Callable[[np.ndarray], tuple[float, float]]:
    return lambda rows: (one(rows), other(rows))


def _mean(values: np.ndarray) -> Pooled:
    return lambda rows: float(values[rows].mean())


def _each(target: str, cases: list[Cases], name: str) -> np.ndarray:
    """Return the score of every case."""
    found = []
    for each in cases:
        forecast, known = each.forecasts[name], ~np.isnan(each.observed)
        scores = np.full(known.size, np.nan)
        if target == "stage":
            scores[known] = ranked(forecast[known], each.observed[known])
        else:
            ensemble = forecast[:, None] if forecast.ndim == 1 else forecast
            scores[known] = crps(ensemble[known], each.observed[known])
        found.append(np.where(known & np.isnan(scores), 1.0, scores))  # no trade at all: the worst
    return np.concatenate(found)
