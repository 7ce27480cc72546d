"""Cases: forecasts of the model and of naive forecasters, with the observations.

Naive forecasts of transfers use only observations up to the origin.
`persistence`: the same as in the last year, yes or no; for shares as in the last five years.
`recent`: the share of the last five years with a delivery, with half a year added to yes and no.
`base_rate`: the share of all dyad-years with a delivery; for shares those over all recipients.
`gravity` and `gravity_recalibrated`, and for whether a delivery comes `pool`, its mixture with a
constant: see `sim.experiments.backtest.gravity`.

Two more targets take all years ahead together: the volume of a dyad (`flow`) and whether there is
any (`tie`). For them `persistence` is the volume of the last five years, and whether there was any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.documents.leaves import value_of
from sim.experiments.backtest.forecast import AtOrigin, Forecast
from sim.experiments.backtest.gravity import (
    LAST,
    Dyad,
    Gravity,
    base_rate,
    lately,
    pooled,
    recalibrated,
    recalibrated_volume,
)
from sim.experiments.backtest.observed import EXIT, Observed, Stages
from sim.kernel.dates import YEAR, months
from sim.scenario.schema.root import Model

MODEL = "model"
STEPS = EXIT + 1  # number of stages, with exit


@dataclass(frozen=True, eq=False)
class ForecastCases:
    """Cases of one target from one origin; ensembles and distributions have one more axis."""

    target: str  # transfer, share, flow, tie, stage or exit
    origin: int
    subjects: tuple[tuple[str, str, int], ...]  # supplier or state, recipient or bloc, last year
    observed: np.ndarray  # (cases,); nan where the file has no value
    forecasts: Mapping[str, np.ndarray]  # forecaster -> (cases,) or (cases, runs or stages)

    @property
    def blocks(self) -> list[str]:
        """Return the block of each case in the bootstrap: dyad, recipient (shares) or member."""
        if self.target == "share":
            return [recipient for _, recipient, _ in self.subjects]
        return [f"{one}>{other}" for one, other, _ in self.subjects]


def dyads_of(model: Model, known: Observed) -> tuple[Dyad, ...]:
    """Return the dyads of a forecast: states that import, and states that offer or have sold.

    Observations after the origin are not used.
    """
    buyers = {name for name, state in model.states.items() if value_of(state.import_share) > 0}
    sellers = {offer.supplier for offer in model.offers.values()}
    sellers |= {s for s, i, _ in known.transfers if s in model.states and i in buyers}
    return tuple(sorted((s, i) for s in sellers for i in buyers if s != i))


def of_transfers(at: AtOrigin, forecast: Forecast, observed: Observed) -> tuple[ForecastCases, ...]:
    """Return the cases on deliveries by year, and on shares, flows and ties over all years."""
    known = observed.before(at.origin)
    dyads = dyads_of(at.model, known)
    horizon = at.last - at.origin
    regressed = Gravity(at.model, known, dyads, horizon)
    (gravity, volume), trials = regressed.forecast(), regressed.trials()
    constant = base_rate(known, dyads)
    chance_moved = recalibrated(gravity, trials)
    volume_moved = recalibrated_volume(volume, trials)
    tiv = _aligned(forecast, dyads)
    flat = {
        "persistence": persistence(known, dyads),
        "recent": recent(known, dyads),
        "base_rate": np.full(len(dyads), constant),
    }
    whether = ForecastCases(
        target="transfer",
        origin=at.origin,
        subjects=tuple((s, i, year) for s, i in dyads for year in forecast.years),
        observed=np.array(
            [_seen(observed, s, i, year) for s, i in dyads for year in forecast.years]
        ),
        forecasts={
            MODEL: _frequency(tiv).reshape(-1),
            **{name: np.repeat(each, horizon) for name, each in flat.items()},
            "gravity": gravity.reshape(-1),
            "gravity_recalibrated": chance_moved.reshape(-1),
            "pool": pooled(gravity, constant, trials).reshape(-1),
        },
    )
    covered = max(sum(year <= observed.last for year in forecast.years), 1)
    tiv, volume, volume_moved = (
        each[:, :covered].sum(axis=1) for each in (tiv, volume, volume_moved)
    )
    amounts = np.array([observed.tiv(s, i, at.origin + 1, at.last) for s, i in dyads])
    shared = ForecastCases(
        target="share",
        origin=at.origin,
        subjects=tuple((s, i, at.origin + covered) for s, i in dyads),
        observed=normed(amounts, dyads),
        forecasts={
            MODEL: normed(tiv, dyads),
            **shares(known, dyads),
            "gravity": normed(volume, dyads),
            "gravity_recalibrated": normed(volume_moved, dyads),
        },
    )
    last = lately(known, dyads, known.last)
    flow = replace(
        shared,
        target="flow",
        observed=amounts,
        forecasts={
            MODEL: tiv,
            "persistence": last,
            "gravity": volume,
            "gravity_recalibrated": volume_moved,
        },
    )
    tie = replace(
        shared,
        target="tie",
        observed=1.0 * (amounts > 0),
        forecasts={
            MODEL: _frequency(tiv),
            "persistence": 1.0 * (last > 0),
            "recent": flat["recent"],
            "gravity": any_year(gravity[:, :covered]),
            "gravity_recalibrated": any_year(chance_moved[:, :covered]),
        },
    )
    return whether, shared, flow, tie


def _frequency(tiv: np.ndarray) -> np.ndarray:
    """Return the share of runs with a delivery, never quite 0 or 1."""
    return np.asarray(((tiv > 0).sum(axis=-1) + 0.5) / (tiv.shape[-1] + 1))


def any_year(chance: np.ndarray) -> np.ndarray:
    """Return the chance of a delivery in any of some years: (dyads,)."""
    return np.asarray(1 - (1 - chance).prod(axis=1))


def of_members(
    at: AtOrigin, forecast: Forecast, stages: Stages, first: int
) -> tuple[ForecastCases, ForecastCases]:
    """Return the cases on the stage and on exit at the end of the horizon."""
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
    """Return the members at the end of a year, without leaders."""
    members = {(i, name) for name, bloc in model.blocs.items() for i in bloc.members}
    dated = [(months(each.at), each) for each in model.events.values() if each.at is not None]
    for month, event in sorted(dated, key=lambda each: each[0]):
        if event.membership is not None and month // YEAR <= origin:
            member = event.membership.state, event.membership.bloc
            members = members | {member} if event.membership.member else members - {member}
    return {(i, name) for i, name in members if model.blocs[name].leader != i}


def _seen(observed: Observed, supplier: str, recipient: str, year: int) -> float:
    """Return 1 if there was a delivery in a year, else 0; nan if the file ends before."""
    if year > observed.last:
        return float("nan")
    return float(observed.tiv(supplier, recipient, year, year) > 0)


def _aligned(forecast: Forecast, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return the deliveries of some dyads, 0 for those not in the model."""
    at = {dyad: row for row, dyad in enumerate(forecast.dyads)}
    empty = np.zeros(forecast.tiv.shape[1:])
    return np.stack([forecast.tiv[at[dyad]] if dyad in at else empty for dyad in dyads])


def persistence(known: Observed, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return 1 for each dyad with a delivery in the last known year, else 0."""
    return np.array([float(known.tiv(s, i, known.last, known.last) > 0) for s, i in dyads])


def recent(known: Observed, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return the share of the last years with a delivery, shrunk towards one half."""
    first = max(known.first, known.last - LAST + 1)
    years = range(first, known.last + 1)
    hits = [sum(known.tiv(s, i, year, year) > 0 for year in years) for s, i in dyads]
    return np.asarray((np.array(hits) + 0.5) / (len(years) + 1))


def shares(known: Observed, dyads: Sequence[Dyad]) -> dict[str, np.ndarray]:
    """Return the naive shares of suppliers, (dyads,), by forecaster."""
    last = lately(known, dyads, known.last)
    ever = [known.tiv(s, i, known.first, known.last) for s, i in dyads]
    sold: dict[str, float] = {}
    for (supplier, _), amount in zip(dyads, ever, strict=True):
        sold[supplier] = sold.get(supplier, 0) + amount
    pooled = np.array([sold[supplier] for supplier, _ in dyads])
    base = normed(pooled, dyads)
    recently = normed(last, dyads)
    return {"persistence": np.where(np.isnan(recently), base, recently), "base_rate": base}


def normed(amounts: np.ndarray, dyads: Sequence[Dyad]) -> np.ndarray:
    """Return amounts (dyads, ...) as shares of their recipient's; nan if these are 0."""
    recipients = np.array([i for _, i in dyads])
    shares = np.full(amounts.shape, np.nan)
    for each in np.unique(recipients):
        own = recipients == each
        total = amounts[own].sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares[own] = np.where(total > 0, amounts[own] / total, np.nan)
    return shares


def stage_rates(stages: Stages, known: Sequence[tuple[Dyad, int]], count: int) -> np.ndarray:
    """Return the share of known member-years at each stage, with one case added to each."""
    counts = np.ones(count)
    for member, year in known:
        counts[stages.at(member, year)] += 1
    return np.asarray(counts / counts.sum())
