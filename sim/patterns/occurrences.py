"""Occurrences: the months, and the runs, in which a measure occurs.

Events of simulated runs are found in the metrics of every period, those of files in the list of
events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from sim.laws.membership import STAGES
from sim.patterns.history import Course, Deals, History, NotCovered, RecordedEvent
from sim.patterns.measures import (
    CONDITIONS,
    LADDER,
    RECORDED,
    Events,
    Flow,
    GoodsFilter,
    Measure,
    Orders,
    Series,
)

HONOURED = 0.5  # answer from which on an appeal counts as honoured
Dated = tuple[np.ndarray, np.ndarray]  # months, runs
_NONE: Dated = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

assert len(LADDER) == len(STAGES) - 1  # noqa: S101 - one word for each stage but the first


def rises(course: Course, least: float = 0.5) -> Dated:
    """Return the dates at which a series rises by more than `least` from the date before."""
    before = np.concatenate([np.zeros((1, course.values.shape[1])), course.values[:-1]])
    rows, runs = np.nonzero(course.values - before > least)
    return course.middle[rows], runs


def as_one(parts: Iterable[Dated]) -> Dated:
    """Return several lists of occurrences joined into one."""
    months, runs = zip(_NONE, *parts, strict=True)
    return np.concatenate(months), np.concatenate(runs)


def _wars(history: History, about: Events) -> Dated:
    """Return the wars between two states that include all states asked for; each war once."""
    return as_one(
        rises(history.course(metric, subject))
        for metric, subject in history.series
        if metric == "wars"
        for sides in [subject.split(">")]
        if sides[0] < sides[1] and frozenset(about.states or ()) <= frozenset(sides)
    )


def subjects(history: History, about: Events, metric: str) -> list[str]:
    """Return the members, STATE:BLOC, that an event may concern and that have a metric."""
    members = [subject for name, subject in history.series if name == metric]
    return [
        each
        for each in members
        for state, bloc in [each.split(":")]
        if about.bloc in (None, bloc) and (about.states is None or state in about.states)
    ]


def _appeals(history: History, about: Events) -> Dated:
    """Return the appeals of members; several of one member in a period are as many occurrences."""
    dates = []
    for subject in subjects(history, about, "appeals"):
        for made, answers in appeals_by_threat(history, subject, about.threat):
            honoured = answers >= HONOURED * made.values
            wanted = np.ones(honoured.shape, dtype=bool)
            if about.answer is not None:
                wanted = honoured == (about.answer == "honoured")
            count = (made.values * wanted).astype(np.int64)
            rows, runs = np.nonzero(count)
            times = count[rows, runs]
            dates.append((np.repeat(made.middle[rows], times), np.repeat(runs, times)))
    return as_one(dates)


def appeals_by_threat(
    history: History, subject: str, threat: str | None
) -> list[tuple[Course, np.ndarray]]:
    """Return a member's appeals in each period and the sum of their answers, by kind of threat."""
    every = [_steps(history.course(name, subject)) for name in ("appeals", "answers")]
    within = [
        _steps(history.course(name, subject)) for name in ("internal_appeals", "internal_answers")
    ]
    course = history.course("appeals", subject)
    attack = [each - inside for each, inside in zip(every, within, strict=True)]
    kinds = {"internal": within, "attack": attack}
    return [
        (replace(course, values=made), answers)
        for kind, (made, answers) in kinds.items()
        if threat in (None, kind)
    ]


def _steps(course: Course) -> np.ndarray:
    """Return the increase of a running sum in each period: (dates, runs)."""
    return np.diff(course.values, axis=0, prepend=0.0)


def _exits(history: History, about: Events) -> Dated:
    known = subjects(history, about, "formal_exit")
    return as_one(rises(history.course("formal_exit", each)) for each in known)


def _stages(history: History, about: Events) -> Dated:
    """Return when members reached a stage of disengagement from below it."""
    stage = LADDER.index(about.stage or LADDER[0]) + 1
    courses = (history.course("stage", each) for each in subjects(history, about, "stage"))
    return as_one(rises(replace(each, values=(each.values >= stage) * 1.0)) for each in courses)


def _disputes(history: History, about: Events) -> Dated:
    """Return the periods in which a state's regard for another fell by `fall` or more."""
    states = about.states or ()
    dates = []
    for metric, subject in history.series:
        if metric == "affinity" and frozenset(states) <= frozenset(subject.split(">")):
            course = history.course(metric, subject)
            fall = np.diff(course.values, axis=0) <= -about.fall
            rows, runs = np.nonzero(fall)
            dates.append((course.middle[rows + 1], runs))
    months, runs = as_one(dates)
    if not months.size:
        return months, runs
    pairs = np.unique(np.stack([runs, months]), axis=1)  # once if both fall
    return pairs[1], pairs[0]


FINDERS: dict[str, Callable[[History, Events], Dated]] = {
    "war": _wars,
    "appeal": _appeals,
    "exit": _exits,
    "stage": _stages,
    "dispute": _disputes,
}


def occurrences(history: History, measure: Measure) -> Dated:
    """Return the months and the runs in which a measure occurs, two arrays of equal length.

    NotCovered if the record lacks what the measure needs.
    """
    if measure.dates is not None:
        months = [each.middle for each in measure.dates]
        runs = np.arange(history.runs)
        return np.repeat(months, runs.size), np.tile(runs, len(months))
    if measure.orders is not None:
        return _orders(history, measure.orders)
    if measure.events is not None:
        return _events(history, measure.events)
    if measure.series is not None:
        return _crossings(history, measure.series)
    return _arrivals(history, measure.flow or Flow())


def count_by_run(runs: np.ndarray, size: int) -> np.ndarray:
    """Return the number of occurrences in each run: (size,)."""
    return np.bincount(runs.astype(np.int64), minlength=size) * 1.0


def entries(history: History, about: GoodsFilter) -> np.ndarray:
    """Return the indices of the deals that a filter of goods admits."""
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
    """Return the indices of names; NotCovered if the record lacks one."""
    lacking = [name for name in names if name not in known]
    if lacking:
        message = f"no {lacking[0]} in the record"
        raise NotCovered(message)
    return [known.index(name) for name in names]


def orders_of(history: History, about: Orders) -> np.ndarray:
    """Return the indices of the deals that reached all stages asked for."""
    rows, deals = entries(history, about), history.deals
    for stage in about.reached:
        if stage not in deals.reached:
            message = f"no stage {stage} of deals in the record"
            raise NotCovered(message)
        rows = rows[deals.reached[stage][rows] > 0]
    if about.origin is not None:
        rows = rows[deals.decided[rows] == (about.origin == "decided")]
    return rows


def months_of(history: History, about: Orders, rows: np.ndarray) -> np.ndarray:
    """Return the months of deals at the first stage asked for: (deals,)."""
    deals: Deals = history.deals
    if about.reached[0] == "delivered":
        return np.asarray(deals.first[rows] + history.step // 2)
    if about.reached[0] in ("completed", "withdrawn"):
        return np.asarray(deals.stop[rows] - 1 - history.step // 2)
    return np.asarray(deals.dated[rows])


def _orders(history: History, about: Orders) -> Dated:
    rows = orders_of(history, about)
    return months_of(history, about, rows), history.deals.run[rows]


def _arrivals(history: History, about: Flow) -> Dated:
    """Return the first delivery of every deal that a flow admits."""
    own = Orders.model_construct(
        **{name: getattr(about, name) for name in GoodsFilter.model_fields}, reached=("delivered",)
    )
    return _orders(history, own)


def _events(history: History, about: Events) -> Dated:
    if not history.simulated:
        if about.kind not in {each.kind for each in history.recorded_events}:
            message = f"no events of the kind {about.kind} in the record"
            raise NotCovered(message)
        months = [each.month for each in history.recorded_events if _fits(each, about)]
        return np.asarray(months, dtype=np.int64), np.zeros(len(months), dtype=np.int64)
    if about.kind in RECORDED:
        message = f"runs have no events of the kind {about.kind}"
        raise NotCovered(message)
    return FINDERS[about.kind](history, about)


def _fits(event: RecordedEvent, about: Events) -> bool:
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
    """Return when each subject's series reached a level; a series may start at it."""
    if (about.above is None) == (about.below is None):
        message = "a series is an event only with above or below"
        raise NotCovered(message)
    dates = []
    for subject in about.subject:
        course = history.course(about.metric, subject)
        if about.above is not None:
            at = course.values >= about.above
        else:
            at = course.values <= (about.below if about.below is not None else 0.0)
        dates.append(rises(replace(course, values=at * 1.0)))
    return as_one(dates)
