"""Naive forecasts of transfers, from what was observed up to the origin and from nothing later.

`persistence`: what the last year showed goes on, yes or no; for shares the last five years.
`recent`: the share of the last five years with a delivery, half a year of each added.
`base_rate`: the share of all dyad-years with a delivery; for shares those of all recipients
together. `gravity`: a regression, see `gravity.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.experiments.backtest.observed import Observed, Stages

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
    found = np.full(amounts.shape, np.nan)
    for each in np.unique(recipients):
        own = recipients == each
        total = amounts[own].sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[own] = np.where(total > 0, amounts[own] / total, np.nan)
    return found


def stage_rates(stages: Stages, known: Sequence[tuple[Dyad, int]], count: int) -> np.ndarray:
    """Return the share of member-years before the origin at each stage, one case added to each."""
    counts = np.ones(count)
    for member, year in known:
        counts[stages.at(member, year)] += 1
    return np.asarray(counts / counts.sum())
