"""Naive forecasts of transfers, from what was observed up to the origin and from nothing later.

`persistence`: what the last year showed goes on, yes or no; for shares the last five years.
`recent`: the share of the last five years with a delivery, half a year of each added.
`base_rate`: the share of all dyad-years with a delivery; for shares those of all recipients
together. `gravity`: a logistic regression for the chance of a delivery in a year, a Poisson
regression for its volume. Both see the logarithms of the gross domestic products and of the
distance of capitals, affinity both ways, rivalry and a common bloc as the scenario has them at its
start, the logarithm of the deliveries of the last five years, whether there was one in the last
year, and how many years ahead the forecast looks. They are fitted to every pair of an earlier
origin and a later year that both lie before the origin, with a ridge penalty, which keeps dyads
that never traded in bounds.

Source: tinbergen1962 (the gravity equation of trade).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.backtest.observed import Observed, Stages
from sim.experiments.remedies import needed
from sim.kernel.world import World
from sim.scenario.compile.build import build
from sim.scenario.compile.layouts import capital_distances
from sim.scenario.schema.root import Model

LAST = 5  # years that count as recent
Dyad = tuple[str, str]  # supplier, recipient


def persistence(known: Observed, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return 1 for each dyad with a delivery in the last year that is known, else 0."""
    return np.array([float(known.tiv(s, i, known.last, known.last) > 0) for s, i in dyads])


def recent(known: Observed, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return the share of the last years with a delivery, drawn towards one half."""
    first = max(known.first, known.last - LAST + 1)
    years = range(first, known.last + 1)
    hits = [sum(known.tiv(s, i, year, year) > 0 for year in years) for s, i in dyads]
    return np.asarray((np.array(hits) + 0.5) / (len(years) + 1))


def base_rate(known: Observed, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return for every dyad the share of all dyad-years with a delivery."""
    years = known.last - known.first + 1
    hits = sum(1 for (s, i, _), tiv in known.transfers.items() if tiv > 0 and (s, i) in set(dyads))
    return np.full(len(dyads), (hits + 0.5) / (years * len(dyads) + 1))


def shares(known: Observed, dyads: Sequence[Dyad]) -> dict[str, np.ndarray]:
    """Return the naive shares of suppliers, (dyads,), by forecaster."""
    first = max(known.first, known.last - LAST + 1)
    last = np.array([known.tiv(s, i, first, known.last) for s, i in dyads])
    ever = np.array([known.tiv(s, i, known.first, known.last) for s, i in dyads])
    pooled = np.array(
        [sum(ever[k] for k, (other, _) in enumerate(dyads) if other == s) for s, _ in dyads]
    )
    base = normed(pooled, dyads)
    recently = normed(last, dyads)
    return {"persistence": np.where(np.isnan(recently), base, recently), "base_rate": base}


def normed(amounts: np.ndarray, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return amounts (dyads, ...) as shares of their recipient; not a number over nothing."""
    recipients = np.array([i for _, i in dyads])
    shares = np.full(amounts.shape, np.nan)
    for each in np.unique(recipients):
        own = recipients == each
        total = amounts[own].sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares[own] = np.where(total > 0, amounts[own] / total, np.nan)
    return shares


def stage_rates(stages: Stages, known: Sequence[tuple[Dyad, int]], count: int) -> np.ndarray:
    """Return the share of member-years before the origin at each stage, one case added to each."""
    counts = np.ones(count)
    for member, year in known:
        counts[stages.at(member, year)] += 1
    return np.asarray(counts / counts.sum())


PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class Gravity:
    """The regressions of one origin."""

    model: Model
    known: Observed
    dyads: tuple[Dyad, ...]
    horizon: int

    def forecast(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the chance and the volume of deliveries: (dyads, years ahead), both."""
        fixed = _fixed(self.model, self.dyads)
        table, happened, volume = self._past(fixed)
        ahead = [self._row(fixed, self.known.last, lead) for lead in range(1, self.horizon + 1)]
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

    def _past(self, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what earlier origins knew, and whether and how much was delivered later."""
        known = self.known
        rows, happened, volume = [np.zeros((0, fixed.shape[1] + 3))], [], []
        for origin in range(known.first, known.last):
            for lead in range(1, min(self.horizon, known.last - origin) + 1):
                rows.append(self._row(fixed, origin, lead))
                year = origin + lead
                tiv = [known.tiv(s, i, year, year) for s, i in self.dyads]
                volume.append(tiv)
                happened.append([each > 0 for each in tiv])
        return (
            np.concatenate(rows),
            np.array(happened, dtype=bool).reshape(-1),
            np.array(volume, dtype=np.float64).reshape(-1),
        )

    def _row(self, fixed: np.ndarray, origin: int, lead: int) -> np.ndarray:
        """Return what an origin knows of each dyad: (dyads, features)."""
        first = max(self.known.first, origin - LAST + 1)
        trade = [
            [
                np.log1p(self.known.tiv(s, i, first, origin)),
                float(self.known.tiv(s, i, origin, origin) > 0),
                lead,
            ]
            for s, i in self.dyads
        ]
        return np.concatenate([fixed, np.array(trade, dtype=np.float64)], axis=1)


def _fixed(model: Model, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return what the start of the scenario says of each dyad: (dyads, features)."""
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
