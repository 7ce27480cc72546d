"""Quantities of time: what comes after what, how soon, in which order, and who stays."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from sim.patterns.history import History
from sim.patterns.occurrences import HONOURED, asked, dated, occurrences, ordered, subjects
from sim.patterns.reading import added
from sim.patterns.structure import over
from sim.scenario.measures import LADDER, Events, Measure
from sim.scenario.pattern_leaves import Window
from sim.scenario.quantities import (
    Answered,
    Delay,
    Followed,
    HazardRatio,
    Ladder,
    Order,
    Stay,
)


def table(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return how often a measure occurs in each month of a window: (months, runs)."""
    window = measure.window or window
    history.need(measure.form, window)
    months, runs = occurrences(history, measure)
    inside = (window.first <= months) & (months < window.stop)
    found = np.zeros((window.stop - window.first, history.runs))
    np.add.at(found, (months[inside] - window.first, runs[inside]), 1.0)
    return found


def first(history: History, measure: Measure, window: Window) -> np.ndarray:
    """Return the month of the first occurrence, infinite if there is none: (runs,).

    Dates that are given count wherever they lie.
    """
    if measure.dates is not None:
        return np.full(history.runs, float(occurrences(history, measure)[0].min()))
    window = measure.window or window
    there = table(history, measure, window) > 0
    return np.where(there.any(axis=0), window.first + there.argmax(axis=0), np.inf)


def delay(check: Delay, history: History) -> np.ndarray:
    """Return the months from the first event to the next of another."""
    return _after(history, first(history, check.from_, check.window), check.to, check.window)


def _after(history: History, start: np.ndarray, to: Measure, window: Window) -> np.ndarray:
    """Return the months from a start until something occurs; undefined without a start."""
    window = to.window or window
    months = np.arange(window.first, window.stop)[:, None]
    there = (table(history, to, window) > 0) & (months >= start)
    end = np.where(there.any(axis=0), window.first + there.argmax(axis=0), np.inf)
    begun = np.isfinite(start)
    return np.where(begun, end - np.where(begun, start, 0.0), np.nan)


def ladder(check: Ladder, history: History) -> np.ndarray:
    """Return the months from an event until a member stands at a stage or beyond it."""
    start = first(history, check.after, check.window)
    stage = LADDER.index(check.stage) + 1
    if not history.simulated and ("stage", f"{check.state}:{check.bloc}") not in history.series:
        about = Events(kind="stage", states=(check.state,), bloc=check.bloc, stage=check.stage)
        return _after(history, start, Measure(events=about), check.window)
    history.need("series", check.window)
    course = history.course("stage", f"{check.state}:{check.bloc}")
    inside = (check.window.first <= course.months) & (course.months < check.window.stop)
    at = (course.values >= stage) & inside[:, None]
    there = at & (course.middle[:, None] >= start)
    end = np.where(there.any(axis=0), course.middle[there.argmax(axis=0)], np.inf)
    begun = np.isfinite(start)
    return np.where(begun, end - np.where(begun, start, 0.0), np.nan)


def hazard_ratio(check: HazardRatio, history: History) -> np.ndarray:
    """Return the rate of events in the months after others over the rate in other months."""
    low, high = check.months.low, check.months.high
    nothing = np.zeros(history.runs)
    counts, spans = [nothing, nothing], [nothing, nothing]
    for pair in check.pairs:
        window = pair.of.window or check.window
        hits = table(history, pair.of, window)
        near = _near(history, pair.after, window, low, high)
        for place, where in enumerate((near, ~near)):
            counts[place] = counts[place] + added(hits * where)
            spans[place] = spans[place] + added(where * 1.0)
    return over(over(counts[0], spans[0]), over(counts[1], spans[1]))


def _near(history: History, after: Measure, window: Window, low: int, high: int) -> np.ndarray:
    """Return the months of a window that lie so many months after an event: (months, runs)."""
    months, runs = occurrences(history, after)
    size = window.stop - window.first
    near = np.zeros((size, history.runs), dtype=bool)
    for shift in range(low, high + 1):
        at = months + shift - window.first
        inside = (at >= 0) & (at < size)
        near[at[inside], runs[inside]] = True
    return near


def followed(check: Followed, history: History) -> np.ndarray:
    """Return the share of events that have another within some months."""
    window = check.of.window or check.window
    history.need(check.of.form, window)
    one, other = _dated(history, check.of), _dated(history, check.by)
    inside = (window.first <= one[0]) & (one[0] < window.stop)
    made, met = np.zeros(history.runs), np.zeros(history.runs)
    order = np.argsort(other[1], kind="stable")
    ends = np.searchsorted(other[1][order], np.arange(history.runs + 1))
    for place in np.nonzero(inside)[0]:
        run = one[1][place]
        rivals = order[ends[run] : ends[run + 1]]
        gap = other[0][rivals] - one[0][place]
        fits = (gap >= check.months.low) & (gap <= check.months.high)
        for key in check.same:
            fits &= _key(history, key)[other[2][rivals]] == _key(history, key)[one[2][place]]
        for key in check.other:
            fits &= _key(history, key)[other[2][rivals]] != _key(history, key)[one[2][place]]
        made[run] += 1
        met[run] += fits.any()
    return over(met, made)


def _dated(history: History, measure: Measure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return months, runs and, of deals, their places."""
    if measure.orders is not None:
        rows = ordered(history, measure.orders)
        return dated(history, measure.orders, rows), history.deals.run[rows], rows
    months, runs = occurrences(history, measure)
    return months, runs, np.zeros(months.size, dtype=np.int64)


def _key(history: History, key: str) -> np.ndarray:
    """Return what two deals may have in common."""
    deals = history.deals
    columns = {"recipient": deals.recipient, "supplier": deals.supplier, "system": deals.system}
    return columns.get(key, deals.category)


def order(check: Order, history: History) -> np.ndarray:
    """Return how far first events come as they are written: 1 wholly, -1 reversed."""
    starts = [first(history, each, check.window) for each in check.events]
    signs, known = np.zeros(history.runs), np.zeros(history.runs)
    for earlier, later in combinations(starts, 2):
        there = np.isfinite(earlier) | np.isfinite(later)
        with np.errstate(invalid="ignore"):
            sign = np.sign(later - earlier)
        signs = signs + np.where(there, sign, 0.0)
        known = known + there
    return over(signs, known)


def answered(check: Answered, history: History) -> np.ndarray:
    """Return the share of appeals to a bloc that were honoured."""
    history.need("events", check.window)
    if not history.simulated:
        return _answered_in_files(check, history)
    made, honoured = np.zeros(history.runs), np.zeros(history.runs)
    about = Events(kind="appeal", states=check.states, bloc=check.bloc)
    for subject in subjects(history, about, "appeals"):
        for course, answers in asked(history, subject, check.threat):
            inside = (check.window.first <= course.months) & (course.months < check.window.stop)
            count = course.values[inside]
            made = added([made, *count])
            honoured = added([honoured, *(count * (answers[inside] >= HONOURED * count))])
    return over(honoured, made)


def _answered_in_files(check: Answered, history: History) -> np.ndarray:
    """Return the same from files of events."""
    answers = [
        each.answer
        for each in history.happenings
        if each.kind == "appeal"
        and each.bloc == check.bloc
        and check.window.first <= each.month < check.window.stop
        and (check.states is None or frozenset(each.states) & frozenset(check.states))
        and (check.threat is None or each.internal == (check.threat == "internal"))
    ]
    kept = [answer for answer in answers if not np.isnan(answer)]
    honoured = float(sum(answer >= HONOURED for answer in kept))
    return over(np.array([honoured]), np.array([float(len(kept))]))


def stay(check: Stay, history: History) -> np.ndarray:
    """Return the formal exits from a bloc in a window, or the mean years of stay in it."""
    about = Events(kind="exit", states=check.states, bloc=check.bloc)
    if check.count == "exits":
        found = [Events(kind="exit", states=(each,), bloc=check.bloc) for each in _members(check, history)]
        tables = [table(history, Measure(events=each), check.window) for each in found]
        return added([np.zeros(history.runs), *(added(each) for each in tables)])
    history.need("series", check.window)
    years = []
    for subject in subjects(history, about, "membership"):
        course = history.course("membership", subject)
        inside = (check.window.first <= course.months) & (course.months < check.window.stop)
        if course.values[0].any():
            years.append(added(course.values[inside]) / inside.sum())
    length = (check.window.stop - check.window.first) / 12
    if not years:
        return np.full(history.runs, np.nan)
    return length * added(years) / len(years)


def _members(check: Stay, history: History) -> tuple[str, ...]:
    """Return the members whose stay counts."""
    return check.states or history.members((check.bloc,))
