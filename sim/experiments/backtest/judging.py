"""Judging forecasts: scores of every forecaster, and the model's skill against the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.backtest.cases import MODEL, Cases
from sim.experiments.backtest.scores import (
    Pooled,
    Skill,
    brier,
    crps,
    log_score,
    mean_over,
    pr_auc_over,
    ranked,
    skill,
)


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
    count, happened = int(seen.sum()), float(observed[seen].mean())
    lines = []
    for score, pooled in _scores(target, cases, seen).items():
        for name, own in pooled.items():
            against = None
            if name != MODEL:
                against = skill(score, pooled[MODEL], own, blocks[seen], seed=seed)
            value = float(own(np.ones((1, count)))[0])
            lines.append(Line(target, score, name, value, count, happened, against))
    return lines


def _scores(target: str, cases: list[Cases], seen: np.ndarray) -> dict[str, dict[str, Pooled]]:
    """Return by score and forecaster what cases score under weights."""
    names = list(cases[0].forecasts)
    if target not in ("transfer", "exit"):
        score = "crps" if target == "share" else "rps"
        return {score: {name: mean_over(_each(target, cases, name)[seen]) for name in names}}
    observed = np.concatenate([each.observed for each in cases])[seen]
    given = {name: np.concatenate([each.forecasts[name] for each in cases])[seen] for name in names}
    found = {
        "brier": {name: mean_over(brier(each, observed)) for name, each in given.items()},
        "log": {name: mean_over(log_score(each, observed)) for name, each in given.items()},
    }
    if target == "transfer" and observed.any():
        found["pr_auc"] = {name: pr_auc_over(each, observed) for name, each in given.items()}
    return found


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
