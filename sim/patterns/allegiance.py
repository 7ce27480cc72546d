"""Quantities of membership: appeals that were honoured, exits and years of stay."""

from __future__ import annotations

import numpy as np

from sim.patterns.amounts import added
from sim.patterns.composition import over
from sim.patterns.history import History, NotCovered
from sim.patterns.measures import Events, Measure
from sim.patterns.occurrences import HONOURED, asked, subjects
from sim.patterns.sequence import Answered, Stay, table


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
        found = [
            Events(kind="exit", states=(each,), bloc=check.bloc)
            for each in _members(check, history)
        ]
        tables = [table(history, Measure(events=each), check.window) for each in found]
        return added([np.zeros(history.runs), *(added(each) for each in tables)])
    history.need("series", check.window)
    known = subjects(history, about, "membership")
    if not known:
        message = f"no series membership of {check.bloc} in the record"
        raise NotCovered(message)
    years = []
    for subject in known:
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
