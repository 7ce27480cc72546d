"""Amounts of measures in a history: in a window, by year and by supplier, and their arithmetic.

Sums are taken in a fixed order, so that a run's value does not depend on the number of runs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.documents.window import Window
from sim.kernel.dates import YEAR
from sim.patterns.history import Course, History, NotCovered
from sim.patterns.measures import Flow, GoodsFilter, Measure, Series
from sim.patterns.occurrences import count_by_run, entries, occurrences

VOLUMES = ("tiv", "units")  # dated by delivery; other units by order


def amount(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return the amount of a measure in a window, or in the measure's own window: (runs,)."""
    window = measure.window or window
    if measure.flow is not None:
        return flow(history, measure.flow, window)
    if measure.series is not None:
        return level(history, measure.series, window)
    history.need(measure.form, window)
    months, runs = occurrences(history, measure)
    inside = window.holds(months)
    return count_by_run(runs[inside], history.runs)


def yearly(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return the amount of a measure in each year of a window: (years, runs)."""
    parts = years_of(measure.window or window)
    bare = measure.model_copy(update={"window": None})
    return np.stack([amount(history, bare, each) for each in parts])


def years_of(window: Window) -> list[Window]:
    """Return the years of a window as windows; the first and the last may be part of a year."""
    return [
        Window(max(window.first, YEAR * year), min(window.stop, YEAR * (year + 1)), str(year))
        for year in window.years
    ]


def flow(history: History, about: Flow, window: Window) -> np.ndarray:
    """Return a flow of arms in a window, summed over its suppliers and recipients: (runs,)."""
    total = np.zeros(history.runs)
    for each in by_supplier(history, about, window).values():
        total = total + each
    return total


def by_supplier(history: History, about: Flow, window: Window) -> dict[str, np.ndarray]:
    """Return the flow of each supplier in a window, (runs,), in the unit of the flow.

    A supplier may be absent if the history has no flow or deal of it.
    """
    if about.unit != "tiv" or about.narrow:
        return _by_deals(history, about, window)
    history.need("flow", window)
    suppliers, recipients = sides(history, about)
    weights = history.grid.weights(window.first, window.stop)
    at = np.nonzero(weights)[0]
    moved_by: dict[str, np.ndarray] = {}
    for (supplier, recipient), moved in history.flows.items():
        if supplier in suppliers and recipient in recipients:
            total = moved_by.get(supplier, np.zeros(history.runs))
            for period in at:
                total = total + weights[period] * moved[period]
            moved_by[supplier] = total
    return moved_by


def sides(history: History, about: GoodsFilter) -> tuple[frozenset[str], frozenset[str]]:
    """Return the suppliers and the recipients that a filter of goods admits."""
    everybody = frozenset(history.names)
    suppliers = everybody if about.from_ is None else frozenset(history.members(about.from_))
    recipients = everybody if about.to is None else frozenset(history.members(about.to))
    return suppliers, recipients


def _by_deals(history: History, about: Flow, window: Window) -> dict[str, np.ndarray]:
    """Return the flow of each supplier from deals, whose goods and money are known.

    Volume is spread evenly over the months of delivery; money is dated by the order.
    """
    history.need("orders", window)
    deals, rows = history.deals, entries(history, about)
    unit = about.unit
    if unit not in deals.amounts:
        message = f"the record has no {unit} of deals"
        raise NotCovered(message)
    if unit in VOLUMES:
        first, stop = deals.first[rows], deals.stop[rows]
        shared = np.minimum(stop, window.stop) - np.maximum(first, window.first)
        part = np.clip(shared, 0, None) / np.maximum(stop - first, 1)
        part = part * (first >= 0)
    else:
        part = window.holds(deals.dated[rows]) * 1.0
    moved = np.nan_to_num(deals.amounts[unit][rows]) * part
    moved_by = {}
    for index in np.unique(deals.supplier[rows]):
        own = deals.supplier[rows] == index
        total = np.bincount(deals.run[rows][own], weights=moved[own], minlength=history.runs)
        moved_by[history.names[index]] = total
    return moved_by


def level(history: History, about: Series, window: Window) -> np.ndarray:
    """Return the statistic `take` of a series in a window, mean over its subjects: (runs,)."""
    history.need("series", window)
    total = np.zeros(history.runs)
    for subject in about.subject:
        total = total + _taken(history.course(about.metric, subject), about.take, window)
    return total / len(about.subject)


def _taken(course: Course, take: str, window: Window) -> np.ndarray:
    """Return the statistic `take` of the values in a window: (runs,)."""
    rows = np.nonzero(window.holds(course.months))[0]
    if not rows.size:
        message = f"no value in {window.text}"
        raise NotCovered(message)
    values = [course.values[row] for row in rows]
    if take == "last":
        return np.asarray(values[-1] * 1.0)
    if take in ("least", "greatest"):
        return np.asarray((np.minimum if take == "least" else np.maximum).reduce(values) * 1.0)
    total = added(values)
    return total / len(values) if take == "mean" else total


def added(values: Iterable[np.ndarray]) -> np.ndarray:
    """Return the sum of arrays, taken in their order."""
    first, *rest = values
    total = first * 1.0
    for each in rest:
        total = total + each
    return np.asarray(total)


def first_of(there: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the first of `places` at which `there` (places, runs) holds; inf if none: (runs,)."""
    return np.where(there.any(axis=0), places[there.argmax(axis=0)], np.inf)


def since(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return end - start; nan where the start is infinite."""
    begun = np.isfinite(start)
    return np.where(begun, end - np.where(begun, start, 0.0), np.nan)


def over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole: infinite where the whole is 0, nan where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)


def pearson(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation of two series (years, runs); nan where one is constant."""
    count = first.shape[0]
    one, two = (each - added(each) / count for each in (first, second))
    joint = added(one * two)
    bounded: np.ndarray = np.clip(
        over(joint, np.sqrt(added(one**2)) * np.sqrt(added(two**2))), -1.0, 1.0
    )
    return bounded
