"""Cases: what the model and naive forecasters say of all that can be observed, and what was.

Naive forecasts of transfers know what was observed up to the origin, and nothing later.
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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.documents.leaves import value_of
from sim.experiments.backtest.forecast import YEAR, AtOrigin, Forecast
from sim.experiments.backtest.observed import EXIT, Observed, Stages
from sim.experiments.remedies import needed
from sim.kernel.dates import months
from sim.kernel.world import World
from sim.scenario.compile.build import build
from sim.scenario.compile.layouts import capital_distances
from sim.scenario.schema.root import Model

MODEL = "model"
STEPS = EXIT + 1  # stages that can be told apart, exit included
LAST = 5  # years that count as recent
PENALTY = 1.0  # of the regressions

Dyad = tuple[str, str]  # supplier, recipient


@dataclass(frozen=True, eq=False)
class ForecastCases:
    """Cases of one target from one origin; ensembles and distributions have a last axis."""

    target: str  # transfer, share, stage or exit
    origin: int
    subjects: tuple[tuple[str, str, int], ...]  # supplier or state, recipient or bloc, last year
    observed: np.ndarray  # (cases,); not a number where the file does not say
    forecasts: Mapping[str, np.ndarray]  # forecaster -> (cases,) or (cases, runs or stages)

    @property
    def blocks(self) -> list[str]:
        """Return what a bootstrap draws together: dyads; recipients for shares; members."""
        if self.target == "share":
            return [recipient for _, recipient, _ in self.subjects]
        return [f"{one}>{other}" for one, other, _ in self.subjects]


def dyads_of(model: Model, known: Observed) -> tuple[Dyad, ...]:
    """Return the dyads to be forecast: states that may import, and whoever offers or has sold.

    Nothing that was observed after the origin enters.
    """
    buyers = [name for name, state in model.states.items() if value_of(state.import_share) > 0]
    sellers = {offer.supplier for offer in model.offers.values()}
    sellers |= {s for s, i, _ in known.transfers if s in model.states and i in buyers}
    return tuple(sorted((s, i) for s in sellers for i in buyers if s != i))


def of_transfers(
    at: AtOrigin, forecast: Forecast, observed: Observed
) -> tuple[ForecastCases, ForecastCases]:
    """Return the cases of yes or no in each year, and of shares over all years ahead."""
    known = observed.before(at.origin)
    dyads = dyads_of(at.model, known)
    horizon = at.last - at.origin
    gravity, volume = Gravity(at.model, known, dyads, horizon).forecast()
    tiv = _aligned(forecast, dyads)
    runs = tiv.shape[-1]
    yes = ((tiv > 0).sum(axis=-1) + 0.5) / (runs + 1)  # never quite 0 or 1
    flat = {
        "persistence": persistence(known, dyads),
        "recent": recent(known, dyads),
        "base_rate": base_rate(known, dyads),
    }
    whether = ForecastCases(
        target="transfer",
        origin=at.origin,
        subjects=tuple((s, i, year) for s, i in dyads for year in forecast.years),
        observed=np.array(
            [_seen(observed, s, i, year) for s, i in dyads for year in forecast.years]
        ),
        forecasts={
            MODEL: yes.reshape(-1),
            **{name: np.repeat(each, horizon) for name, each in flat.items()},
            "gravity": gravity.reshape(-1),
        },
    )
    covered = sum(year <= observed.last for year in forecast.years)
    amounts = np.array([observed.tiv(s, i, at.origin + 1, at.last) for s, i in dyads])
    shared = ForecastCases(
        target="share",
        origin=at.origin,
        subjects=tuple((s, i, at.origin + max(covered, 1)) for s, i in dyads),
        observed=normed(amounts, dyads),
        forecasts={
            MODEL: normed(tiv[:, : max(covered, 1)].sum(axis=1), dyads),
            **shares(known, dyads),
            "gravity": normed(volume[:, : max(covered, 1)].sum(axis=1), dyads),
        },
    )
    return whether, shared


def of_members(
    at: AtOrigin, forecast: Forecast, stages: Stages, first: int
) -> tuple[ForecastCases, ForecastCases]:
    """Return the cases of the ladder's stage and of exit at the end of the years ahead."""
    present = _members(at.model, at.origin)
    rows = [row for row, member in enumerate(forecast.members) if member in present]
    members = [forecast.members[row] for row in rows]
    counted = [np.bincount(forecast.stages[row].astype(int), minlength=STEPS) for row in rows]
    model = np.array(counted).reshape(-1, STEPS) / max(forecast.stages.shape[-1], 1)
    past = [(member, year) for member in members for year in range(first, at.origin + 1)]
    rates = np.tile(stage_rates(stages, past, STEPS), (len(members), 1))
    last = np.eye(STEPS)[[stages.at(member, at.origin) for member in members]]
    now = np.array([stages.at(member, at.last) for member in members], dtype=float)
    forecasts = {MODEL: model, "persistence": last.reshape(-1, STEPS), "base_rate": rates}
    subjects = tuple((state, bloc, at.last) for state, bloc in members)
    stage = ForecastCases("stage", at.origin, subjects, now, forecasts)
    left = {name: table[:, EXIT] for name, table in forecasts.items()}
    return stage, ForecastCases("exit", at.origin, subjects, (now == EXIT) * 1.0, left)


def _members(model: Model, origin: int) -> set[tuple[str, str]]:
    """Return the members at the end of a year, leaders left out."""
    members = {(i, name) for name, bloc in model.blocs.items() for i in bloc.members}
    dated = [(months(each.at), each) for each in model.events.values() if each.at is not None]
    for month, event in sorted(dated, key=lambda each: each[0]):
        if event.membership is not None and month // YEAR <= origin:
            member = event.membership.state, event.membership.bloc
            members = members | {member} if event.membership.member else members - {member}
    return {(i, name) for i, name in members if model.blocs[name].leader != i}


def _seen(observed: Observed, supplier: str, recipient: str, year: int) -> float:
    """Return whether there was a delivery in a year; not a number if the file ends before."""
    if year > observed.last:
        return float("nan")
    return float(observed.tiv(supplier, recipient, year, year) > 0)


def _aligned(forecast: Forecast, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return the deliveries of some dyads; none of those that the model does not know."""
    at = {dyad: row for row, dyad in enumerate(forecast.dyads)}
    empty = np.zeros(forecast.tiv.shape[1:])
    return np.stack([forecast.tiv[at[dyad]] if dyad in at else empty for dyad in dyads])


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
