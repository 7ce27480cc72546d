"""Dated occurrences of a measure: the months, and the runs in which they fall."""

from __future__ import annotations

import numpy as np

from sim.patterns.history import Course, Deals, Happening, History, NotCovered
from sim.patterns.run_events import FINDERS, HONOURED, Dated, joined, rises
from sim.scenario.measures import (
    CONDITIONS,
    LADDER,
    RECORDED,
    Events,
    Flow,
    Goods,
    Measure,
    Orders,
    Series,
)


def occurrences(history: History, measure: Measure) -> Dated:
    """Return the months and the runs in which a measure occurs."""
    if measure.dates is not None:
        months = [each.first + (each.stop - each.first) // 2 for each in measure.dates]
        runs = np.arange(history.runs)
        return np.repeat(months, runs.size), np.tile(runs, len(months))
    if measure.orders is not None:
        return _orders(history, measure.orders)
    if measure.events is not None:
        return _events(history, measure.events)
    if measure.series is not None:
        return _crossings(history, measure.series)
    return _arrivals(history, measure.flow or Flow())


def counted(runs: np.ndarray, size: int) -> np.ndarray:
    """Return how many occurrences fall in each run."""
    return np.bincount(runs.astype(np.int64), minlength=size) * 1.0


def entries(history: History, about: Goods) -> np.ndarray:
    """Return the places of the deals in goods of a kind."""
    deals = history.deals
    keep = np.ones(deals.run.size, dtype=bool)
    for names, column in ((about.from_, deals.supplier), (about.to, deals.recipient)):
        if names is not None:
            keep &= np.isin(column, _indices(history.names, history.members(names)))
    if about.from_ is not None and about.to is not None:
        keep &= deals.supplier != deals.recipient
    for names, known, column in (
        (about.classes, history.classes, deals.category),
        (about.systems, history.systems, deals.system),
        (about.conditions, CONDITIONS, deals.condition),
    ):
        if names is not None:
            keep &= np.isin(column, _indices(known, names))
    if about.range is not None:
        keep &= deals.range >= about.range
    return np.nonzero(keep)[0]


def _indices(known: tuple[str, ...], names: tuple[str, ...]) -> list[int]:
    """Return the places of names; one that the record lacks is not covered."""
    lacking = [name for name in names if name not in known]
    if lacking:
        message = f"no {lacking[0]} in the record"
        raise NotCovered(message)
    return [known.index(name) for name in names]


def ordered(history: History, about: Orders) -> np.ndarray:
    """Return the places of the deals that went through the stages asked for."""
    rows, deals = entries(history, about), history.deals
    for stage in about.reached:
        if stage not in deals.reached:
            message = f"no stage {stage} of deals in the record"
            raise NotCovered(message)
        rows = rows[deals.reached[stage][rows] > 0]
    if about.origin is not None:
        rows = rows[deals.decided[rows] == (about.origin == "decided")]
    return rows


def dated(history: History, about: Orders, rows: np.ndarray) -> np.ndarray:
    """Return the months of deals, by the stage that is named first."""
    deals: Deals = history.deals
    if about.reached[0] == "delivered":
        return np.asarray(deals.first[rows] + history.step // 2)
    if about.reached[0] in ("completed", "withdrawn"):
        return np.asarray(deals.stop[rows] - 1 - history.step // 2)
    return np.asarray(deals.dated[rows])


def _orders(history: History, about: Orders) -> Dated:
    """Return the deals that went through the stages asked for."""
    rows = ordered(history, about)
    return dated(history, about, rows), history.deals.run[rows]


def _arrivals(history: History, about: Flow) -> Dated:
    """Return the first deliveries of every deal in goods of a kind."""
    own = Orders.model_construct(
        **{name: getattr(about, name) for name in Goods.model_fields}, reached=("delivered",)
    )
    return _orders(history, own)


def _events(history: History, about: Events) -> Dated:
    """Return the events of a kind."""
    if not history.simulated:
        if about.kind not in {each.kind for each in history.happenings}:
            message = f"no events of the kind {about.kind} in the record"
            raise NotCovered(message)
        months = [each.month for each in history.happenings if _fits(each, about)]
        return np.asarray(months, dtype=np.int64), np.zeros(len(months), dtype=np.int64)
    if about.kind in RECORDED:
        message = f"runs have no events of the kind {about.kind}"
        raise NotCovered(message)
    return FINDERS[about.kind](history, about)


def _fits(event: Happening, about: Events) -> bool:
    """Return whether an event of files is one that is asked for."""
    honoured = event.answer >= HONOURED
    stage = 0 if about.stage is None else LADDER.index(about.stage) + 1
    return (
        event.kind == about.kind
        and frozenset(about.states or ()) <= frozenset(event.states)
        and about.bloc in (None, event.bloc)
        and (about.answer is None or honoured == (about.answer == "honoured"))
        and (about.threat is None or event.internal == (about.threat == "internal"))
        and (about.stage is None or event.stage == stage)
    )


def _crossings(history: History, about: Series) -> Dated:
    """Return when series came to a level, each subject by itself; the start may be there."""
    if (about.above is None) == (about.below is None):
        message = "a series is an event only with above or below"
        raise NotCovered(message)
    found = []
    for subject in about.subject:
        course = history.course(about.metric, subject)
        if about.above is not None:
            at = course.values >= about.above
        else:
            at = course.values <= (about.below if about.below is not None else 0.0)
        found.append(rises(Course(months=course.months, middle=course.middle, values=at * 1.0)))
    return joined(found)
