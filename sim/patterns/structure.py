"""Quantities of structure and level: shares, ratios, concentration, leads, yearly courses."""

from __future__ import annotations

import numpy as np

from sim.patterns.history import History
from sim.patterns.reading import added, amount, by_supplier, flow, sides, yearly, years_of
from sim.scenario.measures import Flow
from sim.scenario.pattern_leaves import Window
from sim.scenario.quantities import (
    Change,
    Correlation,
    CrossoverYear,
    FirstYear,
    Hhi,
    Leaders,
    Level,
    Ratio,
    Share,
    SupplierCount,
    Variation,
)

FEWEST = 2  # years between which there can be a correlation


def over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole: infinite over nothing, undefined where both are nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)


def share(check: Share, history: History) -> np.ndarray:
    """Return the share of a flow that some suppliers have."""
    among = check.model_copy(update={"from_": check.among})
    suppliers, _ = sides(history, check)
    parts = by_supplier(history, among, check.window)
    nothing = np.zeros(history.runs)
    own = [moved for name, moved in parts.items() if name in suppliers]
    return over(added([nothing, *own]), added([nothing, *parts.values()]))


def ratio(check: Ratio, history: History) -> np.ndarray:
    """Return one measure over another."""
    part, whole = (
        amount(history, measure, _window(measure.window, check.window))
        for measure in (check.of, check.over)
    )
    return over(part, whole)


def _window(own: Window | None, common: Window | None) -> Window:
    """Return a measure's own window, or that of the check."""
    found = own or common
    assert found is not None  # noqa: S101 - the schema has seen to it
    return found


def shares(history: History, about: Flow, window: Window) -> np.ndarray:
    """Return the share of every supplier that delivered anything in any run: (suppliers, runs)."""
    parts = [*by_supplier(history, about, window).values()] or [np.zeros(history.runs)]
    total = added(parts)
    return np.stack([over(each, total) for each in parts])


def hhi(check: Hhi, history: History) -> np.ndarray:
    """Return the concentration of a flow over its suppliers."""
    return added([each**2 for each in shares(history, check, check.window)])


def suppliers(check: SupplierCount, history: History) -> np.ndarray:
    """Return the number of suppliers with a least share of a flow."""
    found = shares(history, check, check.window)
    count = added([((each >= check.least) & (each > 0)) * 1.0 for each in found])
    return np.where(np.isnan(found[0]), 0.0, count)


def level(check: Level, history: History) -> np.ndarray:
    """Return a measure in a window."""
    return amount(history, check.of, check.window)


def first_year(check: FirstYear, history: History) -> np.ndarray:
    """Return the first year in which a measure is more than a threshold."""
    found = yearly(history, check.of, check.window)
    years = (check.of.window or check.window).years
    return _first(found > check.above, years)


def _first(there: np.ndarray, years: list[int]) -> np.ndarray:
    """Return the first year in which something holds; infinite if none."""
    found = np.asarray(years, dtype=np.float64)[there.argmax(axis=0)]
    return np.where(there.any(axis=0), found, np.inf)


def crossover_year(check: CrossoverYear, history: History) -> np.ndarray:
    """Return the first year in which a flow passes another that led in an earlier year."""
    rival = check.model_copy(update={"from_": check.past})
    parts = years_of(check.window)
    own = np.stack([flow(history, check, each) for each in parts])
    other = np.stack([flow(history, rival, each) for each in parts])
    led = np.logical_or.accumulate((other >= own) & (other > 0), axis=0)
    before = np.concatenate([np.zeros((1, history.runs), dtype=bool), led[:-1]])
    ahead = own > other
    lasts = ahead.copy()
    for later in range(1, check.hold):
        lasts[:-later] &= ahead[later:]
        lasts[len(parts) - later :] = False
    return _first(lasts & before, check.window.years)


def leaders(check: Leaders, history: History) -> np.ndarray:
    """Return the share of windows that the expected supplier leads alone."""
    hits = []
    for window, name in zip(check.windows, check.expect, strict=True):
        history.members((name,))
        parts = by_supplier(history, check, window)
        own = parts.pop(name, np.zeros(history.runs))
        rest = np.max([*parts.values(), np.zeros(history.runs)], axis=0)
        hits.append((own > rest) * 1.0)
    return added(hits) / len(hits)


def change(check: Change, history: History) -> np.ndarray:
    """Return what a measure gained from one window to another."""
    bare = check.of.model_copy(update={"window": None})
    before, after = (amount(history, bare, each) for each in (check.before, check.after))
    return over(after - before, before) if check.relative else after - before


def correlation(check: Correlation, history: History) -> np.ndarray:
    """Return the correlation of two yearly measures, the second some years later."""
    years = check.window.years
    first, second = (yearly(history, each, check.window) for each in (check.of, check.with_))
    lag = check.lag
    if len(years) - abs(lag) < FEWEST:
        return np.full(history.runs, np.nan)
    ends = (None, -lag or None) if lag >= 0 else (-lag, None)
    starts = (lag, None) if lag >= 0 else (None, lag)
    return pearson(first[slice(*ends)], second[slice(*starts)])


def pearson(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the correlation of two courses (years, runs); undefined where one is constant."""
    count = first.shape[0]
    one, two = (each - added(each) / count for each in (first, second))
    joint = added(one * two)
    return np.clip(over(joint, np.sqrt(added(one**2)) * np.sqrt(added(two**2))), -1.0, 1.0)


def variation(check: Variation, history: History) -> np.ndarray:
    """Return the standard deviation of a yearly measure over its mean."""
    found = yearly(history, check.of, check.window)
    mean = added(found) / found.shape[0]
    return over(np.sqrt(added((found - mean) ** 2) / found.shape[0]), np.abs(mean))
