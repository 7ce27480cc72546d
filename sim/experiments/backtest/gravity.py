"""Gravity: regressions of deliveries on data known at an origin, and their recalibration.

A logistic regression gives the chance of a delivery in a year, a Poisson regression its volume.
The predictors of both are the logarithms of the GDPs and of the distance of capitals; affinity both
ways, rivalry and a common bloc at the start of the scenario; the logarithm of the deliveries of the
last five years; whether there was one in the last year; and the lead in years. They are fitted to
every pair of an earlier origin and a later year that both lie before the origin, with a ridge
penalty, which bounds the coefficients where dyads never traded. With more than half a million cases
only the latest earlier origins are used.

Over several years such a regression is overconfident. So its forecasts at the last earlier origins,
of years before the origin, are compared with the observations. `recalibrated` moves its log odds
along the line a + b logit(p) that fits those years best. `pooled` mixes it with a constant, the
share of all dyad-years with a delivery, by the weight with the smallest error there. Skill over
gravity that disappears against these two is an effect of shrinkage. `recalibrated_volume` moves the
logarithm of volumes in the same way, by a Poisson regression.

Sources: tinbergen1962 (the gravity equation of trade), cox1958 (recalibration of log odds),
stone1961 (the linear opinion pool).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.experiments.backtest.observed import Observed
from sim.experiments.remedies import needed
from sim.kernel.world import World
from sim.scenario.compile.build import build
from sim.scenario.compile.layouts import capital_distances
from sim.scenario.schema.root import Model

LAST = 5  # years that count as recent
PENALTY = 1.0  # of the regressions
TRIES = 5  # earlier origins at which it is tested
MOST = 500_000  # cases of a regression; beyond it older origins are left out
EDGE = 1e-6  # probabilities are kept this far from 0 and 1
WEIGHTS = np.linspace(0.0, 1.0, 21)  # candidate weights of the constant

Dyad = tuple[str, str]  # supplier, recipient


@dataclass(frozen=True, eq=False)
class Trials:
    """Forecasts of gravity at earlier origins, and the observations: one row per dyad and year."""

    chance: np.ndarray
    constant: np.ndarray  # the base rate of each origin
    happened: np.ndarray  # 0 or 1
    volume: np.ndarray = field(default_factory=lambda: np.zeros(0))
    amount: np.ndarray = field(default_factory=lambda: np.zeros(0))  # TIV that came


@dataclass(frozen=True, eq=False)
class Gravity:
    """The regressions of one origin."""

    model: Model
    known: Observed
    dyads: tuple[Dyad, ...]
    horizon: int

    @cached_property
    def fixed(self) -> np.ndarray:
        """Return the predictors from the start of the scenario: (dyads, features)."""
        return _fixed(self.model, self.dyads)

    def forecast(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the chance and the volume of deliveries: (dyads, years ahead), both."""
        table, happened, volume = self._past()
        ahead = [self._row(self.known.last, lead) for lead in range(1, self.horizon + 1)]
        linear, pipeline = (
            needed(f"sklearn.{n}", "backtest") for n in ("linear_model", "pipeline")
        )
        scaler = needed("sklearn.preprocessing", "backtest").StandardScaler
        if not table.size or happened.all() or not happened.any():
            level = float(happened.mean()) if happened.size else 0.0
            flat = np.full((len(self.dyads), self.horizon), level)
            return flat, flat * float(volume.mean() if volume.size else 0.0)
        chance = pipeline.make_pipeline(
            scaler(), linear.LogisticRegression(C=1 / PENALTY, max_iter=1000)
        )
        chance.fit(table, happened)
        amount = pipeline.make_pipeline(
            scaler(), linear.PoissonRegressor(alpha=PENALTY / len(table), max_iter=1000)
        )
        amount.fit(table, volume)
        return (
            np.stack([chance.predict_proba(rows)[:, 1] for rows in ahead], axis=1),
            np.stack([amount.predict(rows) for rows in ahead], axis=1),
        )

    def trials(self) -> Trials:
        """Return its forecasts at the last earlier origins, for years that are known."""
        rows: list[tuple[np.ndarray, ...]] = []
        first, last = self.known.first + 1, self.known.last
        whole = range(first, last - self.horizon + 1)  # as many years ahead as are asked for
        for origin in (whole or range(first, last))[-TRIES:]:
            years = range(origin + 1, min(origin + self.horizon, last) + 1)
            earlier = replace(self, known=self.known.before(origin), horizon=len(years))
            same = ("fixed", "_years", "_trades")  # up to its last year, the same numbers
            vars(earlier).update({name: getattr(self, name) for name in same})
            chance, volume = earlier.forecast()
            amount = np.stack([self._amounts(year) for year in years], axis=1)
            rate = np.full(chance.size, base_rate(earlier.known, self.dyads))
            came = amount.reshape(-1)
            rows.append((chance.reshape(-1), rate, 1.0 * (came > 0), volume.reshape(-1), came))
        if not rows:
            return Trials(*(np.zeros(0) for _ in range(3)))
        return Trials(*(np.concatenate(part) for part in zip(*rows, strict=True)))

    @cached_property
    def _years(self) -> dict[int, np.ndarray]:
        return {}

    def _amounts(self, year: int) -> np.ndarray:
        """Return what was delivered in a year: (dyads,)."""
        if year not in self._years:
            self._years[year] = np.array([self.known.tiv(s, i, year, year) for s, i in self.dyads])
        return self._years[year]

    def _past(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the predictors at earlier origins, and whether and how much came later."""
        known = self.known
        rows, happened, volume = [np.zeros((0, self.fixed.shape[1] + 3))], [], []
        for origin in self._origins():
            for lead in range(1, min(self.horizon, known.last - origin) + 1):
                rows.append(self._row(origin, lead))
                tiv = self._amounts(origin + lead)
                volume.append(tiv)
                happened.append(tiv > 0)
        return (
            np.concatenate(rows),
            np.array(happened, dtype=bool).reshape(-1),
            np.array(volume, dtype=np.float64).reshape(-1),
        )

    def _origins(self) -> range:
        """Return the earlier origins that count: all, or the latest with so many cases."""
        known, cases = self.known, 0
        for origin in range(known.last - 1, known.first - 1, -1):
            cases += min(self.horizon, known.last - origin) * len(self.dyads)
            if cases > MOST:
                return range(min(origin + 1, known.last - 1), known.last)
        return range(known.first, known.last)

    @cached_property
    def _trades(self) -> dict[int, np.ndarray]:
        return {}

    def _row(self, origin: int, lead: int) -> np.ndarray:
        """Return what an origin knows of each dyad: (dyads, features)."""
        if origin not in self._trades:
            recent = lately(self.known, self.dyads, origin)
            last = 1.0 * (self._amounts(origin) > 0)
            self._trades[origin] = np.stack([np.log1p(recent), last], axis=1)
        ahead = np.full((len(self.dyads), 1), float(lead))
        return np.concatenate([self.fixed, self._trades[origin], ahead], axis=1)


def recalibrated(chance: np.ndarray, trials: Trials) -> np.ndarray:
    """Return probabilities with their log odds moved along the line that fits the trials best.

    They stay as they are if there are no trials, or all have the same result.
    """
    happened = trials.happened > 0
    if not happened.any() or happened.all():
        return chance
    linear = needed("sklearn.linear_model", "backtest")
    fit = linear.LogisticRegression(C=1 / PENALTY, max_iter=1000)
    fit.fit(_log_odds(trials.chance)[:, None], happened)
    moved = fit.predict_proba(_log_odds(chance).reshape(-1, 1))[:, 1]
    return np.asarray(moved.reshape(chance.shape))


def recalibrated_volume(volume: np.ndarray, trials: Trials) -> np.ndarray:
    """Return volumes moved by the line in their logarithms that fits the trials best.

    Where the trials have no delivery, or no volume, they stay as they are.
    """
    if not trials.amount.any() or not trials.volume.any():
        return volume
    linear = needed("sklearn.linear_model", "backtest")
    fit = linear.PoissonRegressor(alpha=PENALTY / trials.amount.size, max_iter=1000)
    fit.fit(_logs(trials.volume)[:, None], trials.amount)
    return np.asarray(fit.predict(_logs(volume).reshape(-1, 1)).reshape(volume.shape))


def _logs(volume: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(volume, EDGE)))


def pooled(chance: np.ndarray, constant: float, trials: Trials) -> np.ndarray:
    """Return probabilities mixed with a constant, by the weight with the least error in trials."""
    if not trials.happened.size:
        return chance
    mixed = trials.chance + WEIGHTS[:, None] * (trials.constant - trials.chance)
    errors = ((mixed - trials.happened) ** 2).mean(axis=1)
    weight = float(WEIGHTS[int(np.argmin(errors))])
    return np.asarray(chance + weight * (constant - chance))


def lately(known: Observed, dyads: Sequence[Dyad], year: int) -> np.ndarray:
    """Return what was delivered in the last years up to a year that is known: (dyads,)."""
    first = max(known.first, year - LAST + 1)
    return np.array([known.tiv(s, i, first, year) for s, i in dyads])


def base_rate(known: Observed, dyads: Sequence[Dyad]) -> float:
    """Return the share of all dyad-years with a delivery."""
    years, counted = known.last - known.first + 1, set(dyads)
    hits = sum(1 for (s, i, _), tiv in known.transfers.items() if tiv > 0 and (s, i) in counted)
    return (hits + 0.5) / (years * len(dyads) + 1)


def _log_odds(chance: np.ndarray) -> np.ndarray:
    kept = np.clip(chance, EDGE, 1 - EDGE)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def _fixed(model: Model, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return the predictors from the start of the scenario: (dyads, features)."""
    world: World = build(model, runs=np.zeros(1), seed=0).world
    layout = world.layout
    at = {name: place for place, name in enumerate(layout.states)}
    km = capital_distances(model)
    return np.array([_features(world, km, at[s], at[i]) for s, i in dyads])


def _features(world: World, km: np.ndarray, s: int, i: int) -> list[float]:
    pair = world.layout.dyad_number[s, i]
    common = (world.member[s, :, 0] * world.member[i, :, 0]).max(initial=0.0)
    return [
        float(np.log(world.gdp[s, 0])),
        float(np.log(world.gdp[i, 0])),
        float(np.log(max(float(km[s, i]), 1.0))),
        float(world.affinity[s, i, 0]),
        float(world.affinity[i, s, 0]),
        float(world.rivalry[pair, 0]) if pair >= 0 else 0.0,
        float(common),
    ]
