"""Scores of forecasts, and the skill of the model against the others, by block bootstrap.

Probabilities of yes or no are scored by Brier's mean squared error, by the logarithmic score
(natural, probabilities kept 0.001 away from 0 and 1) and by the area under the curve of precision
over recall as average precision; accuracy is left out, since base rates are low. Ensembles are
scored by the continuous ranked probability score, stages by the ranked probability score. Flows of
dyads are scored by Spearman's rank correlation (an ensemble by its mean), ties by average
precision. Skill is 1 - score / reference, for the area and the correlation
(score - reference) / (1 - reference).

Sources: brier1950, gneiting2007, davis2006, spearman1904.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.backtest.forecast_cases import MODEL, ForecastCases
from sim.experiments.remedies import needed

EDGE = 1e-3  # probabilities are kept this far from 0 and 1 in the logarithmic score
DRAWS = 1000  # of the bootstrap
LEVEL = 0.95
MOST = 10**7  # weights of cases that are held at once
HIGHER = frozenset({"pr_auc", "rank"})  # scores of which higher is better

Pooled = Callable[[np.ndarray], np.ndarray]  # weights (draws, cases) -> scores (draws,)


@dataclass(frozen=True)
class Skill:
    """Skill against a reference and its interval; nan where undefined."""

    value: float
    low: float
    high: float


def brier(forecast: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return the squared error of each probability, 0 to 1; 0 is best."""
    return np.asarray((forecast - observed) ** 2)


def log_score(forecast: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return minus the logarithm of the probability given to the observation; 0 is best."""
    kept = np.clip(forecast, EDGE, 1 - EDGE)
    return np.asarray(-np.where(observed > 0, np.log(kept), np.log1p(-kept)))


def crps(ensemble: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return the score of each ensemble (cases, runs), in the unit of the forecast.

    Runs with nan are left out; a case of nan alone gets nan.
    """
    score = needed("scoringrules", "backtest").crps_ensemble
    scores = np.full(len(observed), np.nan)
    for at, (runs, value) in enumerate(zip(ensemble, observed, strict=True)):
        known = runs[~np.isnan(runs)]
        if known.size:
            scores[at] = float(score(value, known, estimator="nrg"))
    return scores


def ranked(probabilities: np.ndarray, stage: np.ndarray) -> np.ndarray:
    """Return the ranked probability score of each case (cases, stages), 0 to stages - 1."""
    steps = np.arange(probabilities.shape[1])
    happened = steps[None] >= stage[:, None]
    return np.asarray(((np.cumsum(probabilities, axis=1) - happened) ** 2).sum(axis=1))


def skill_of(score: float, reference: float, name: str) -> float:
    """Return the skill of a score against that of a reference; 0 if both are perfect."""
    if name in HIGHER:
        gain, room = score - reference, 1 - reference
    else:
        gain, room = reference - score, reference
    if room <= 0:
        return 0.0 if gain == 0 else float("nan")
    return float(gain / room)


def mean_over(scores: np.ndarray) -> Pooled:
    """Return the mean of the scores of cases (cases,) under weights."""
    return lambda weights: np.asarray((weights @ scores) / weights.sum(axis=1))


def pr_auc_over(forecast: np.ndarray, observed: np.ndarray) -> Pooled:
    """Return average precision under weights, from the base rate (no skill) to 1."""
    order = np.argsort(-forecast, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(forecast[order])), forecast.size - 1)
    happened = observed[order] > 0

    def pooled(weights: np.ndarray) -> np.ndarray:
        kept = weights[:, order]
        hits = np.cumsum(kept * happened, axis=1)[:, ends]
        flagged = np.cumsum(kept, axis=1)[:, ends]
        with np.errstate(divide="ignore", invalid="ignore"):
            precision = np.where(flagged > 0, hits / flagged, 0.0)
            recall = hits / hits[:, -1:]
        gained = np.diff(recall, axis=1, prepend=0.0)
        return np.asarray((precision * gained).sum(axis=1))

    return pooled


def rank_over(forecast: np.ndarray, observed: np.ndarray) -> Pooled:
    """Return the rank correlation under weights, equal values sharing their mean rank, -1 to 1.

    It is not a number where all values of one side are equal.
    """
    sides = [_ranks(forecast), _ranks(observed)]

    def pooled(weights: np.ndarray) -> np.ndarray:
        total = weights.sum(axis=1, keepdims=True)
        one, other = (ranks(weights) - total / 2 for ranks in sides)  # total / 2: their mean
        spread = (weights * one**2).sum(axis=1) * (weights * other**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((weights * one * other).sum(axis=1) / np.sqrt(spread))

    return pooled


def _ranks(values: np.ndarray) -> Pooled:
    """Return the mean ranks of cases under weights: (draws, cases)."""
    order = np.argsort(values, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(values[order])), values.size - 1)
    group = np.empty(values.size, dtype=np.int64)
    group[order] = np.searchsorted(ends, np.arange(values.size))

    def ranks(weights: np.ndarray) -> np.ndarray:
        until = np.cumsum(weights[:, order], axis=1)[:, ends]
        return np.asarray((until - np.diff(until, axis=1, prepend=0.0) / 2)[:, group])

    return ranks


@dataclass(frozen=True, eq=False)
class DrawnScore:
    """The score of a forecaster: over all cases, and in each draw of a bootstrap."""

    value: float
    drawn: np.ndarray  # (draws,), empty if there is a single block


def drawn_scores(
    pooled: Mapping[str, Pooled], blocks: np.ndarray, *, seed: int
) -> dict[str, DrawnScore]:
    """Return the scores of forecasters by a bootstrap of whole blocks, the same for all of them.

    `blocks` names the block of each case, such as its dyad, all of whose years are drawn together.
    """
    names, place = np.unique(blocks, return_inverse=True)
    draws = DRAWS if len(names) > 1 else 0
    drawn = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
    parts = [
        {name: own(weights) for name, own in pooled.items()} for weights in _weights(drawn, place)
    ]
    once = np.ones((1, len(blocks)))
    return {
        name: DrawnScore(
            float(own(once)[0]), np.concatenate([np.zeros(0), *(part[name] for part in parts)])
        )
        for name, own in pooled.items()
    }


def skill(name: str, model: DrawnScore, reference: DrawnScore) -> Skill:
    """Return the skill by a score, with its interval of 95 %."""
    value = skill_of(model.value, reference.value, name)
    pairs = zip(model.drawn.tolist(), reference.drawn.tolist(), strict=True)
    skills = np.array([skill_of(one, other, name) for one, other in pairs])
    known = skills[~np.isnan(skills)]
    if not known.size:
        return Skill(value, float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Skill(value, low, high)


def _weights(drawn: np.ndarray, place: np.ndarray) -> Iterator[np.ndarray]:
    """Yield how often draws of blocks count each case: (draws, cases), some draws at a time."""
    step = max(MOST // place.size, 1)
    for first in range(0, len(drawn), step):
        counts = np.stack(
            [np.bincount(each, minlength=drawn.shape[1]) for each in drawn[first : first + step]]
        )
        yield counts[:, place].astype(np.float64)


@dataclass(frozen=True)
class Line:
    """The score of one forecaster, and the model's skill against it."""

    target: str
    score: str
    forecaster: str
    value: float
    cases: int
    happened: float  # mean of the observations
    skill: Skill | None  # None for the model itself


def judged(cases: Sequence[ForecastCases], *, seed: int) -> list[Line]:
    """Return the scores of all targets, pooled over origins."""
    lines = []
    for target in dict.fromkeys(each.target for each in cases):
        own = [each for each in cases if each.target == target]
        lines += _target(target, own, seed)
    return lines


WHETHER = "transfer"  # target: a delivery in a year


def _target(target: str, cases: list[ForecastCases], seed: int) -> list[Line]:
    """Return the scores of one target."""
    observed = np.concatenate([each.observed for each in cases])
    blocks = np.array([block for each in cases for block in each.blocks])
    seen = ~np.isnan(observed)
    if not seen.any():
        return []
    count, happened = int(seen.sum()), float(observed[seen].mean())
    lines = []
    for score, pooled in _scores(target, cases, seen).items():
        drawn = drawn_scores(pooled, blocks[seen], seed=seed)
        for name, own in drawn.items():
            against = None if name == MODEL else skill(score, drawn[MODEL], own)
            lines.append(Line(target, score, name, own.value, count, happened, against))
    return lines


def _scores(
    target: str, cases: list[ForecastCases], seen: np.ndarray
) -> dict[str, dict[str, Pooled]]:
    """Return the weighted scores of cases, by score and forecaster."""
    names = list(cases[0].forecasts)
    if target in ("share", "stage"):
        score = "crps" if target == "share" else "rps"
        return {score: {name: mean_over(_each(target, cases, name)[seen]) for name in names}}
    observed = np.concatenate([each.observed for each in cases])[seen]
    forecasts = {
        name: np.concatenate([each.forecasts[name] for each in cases])[seen] for name in names
    }
    if target == "flow":
        means = {n: each if each.ndim == 1 else each.mean(axis=1) for n, each in forecasts.items()}
        return {"rank": {name: rank_over(each, observed) for name, each in means.items()}}
    if target == "tie":
        return {"pr_auc": {name: pr_auc_over(each, observed) for name, each in forecasts.items()}}
    scores = {
        "brier": {name: mean_over(brier(each, observed)) for name, each in forecasts.items()},
        "log": {name: mean_over(log_score(each, observed)) for name, each in forecasts.items()},
    }
    if target == WHETHER and observed.any():
        scores["pr_auc"] = {name: pr_auc_over(each, observed) for name, each in forecasts.items()}
    return scores


def _each(target: str, cases: list[ForecastCases], name: str) -> np.ndarray:
    """Return the score of every case."""
    tables = []
    for each in cases:
        forecast, known = each.forecasts[name], ~np.isnan(each.observed)
        scores = np.full(known.size, np.nan)
        if target == "stage":
            scores[known] = ranked(forecast[known], each.observed[known])
        else:
            ensemble = forecast[:, None] if forecast.ndim == 1 else forecast
            scores[known] = crps(ensemble[known], each.observed[known])
        without = known & np.isnan(scores)  # no run has a delivery to the recipient
        if without.any():
            scores[without] = worst(each)[without]
        tables.append(scores)
    return np.concatenate(tables)


def worst(cases: ForecastCases) -> np.ndarray:
    """Return what a forecast without deliveries costs each dyad: the share that it misses, and 1/n.

    n is the number of the recipient's dyads. They sum to 2 for a recipient, as when all its arms
    are expected from a state that delivers none: no forecast of shares is worse.
    """
    recipients = np.array([recipient for _, recipient, _ in cases.subjects])
    _, place, count = np.unique(recipients, return_inverse=True, return_counts=True)
    return np.asarray(cases.observed + 1 / count[place])
