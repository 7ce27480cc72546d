"""Events of simulated runs, read off the metrics of every period."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.laws.membership import STAGES
from sim.patterns.history import Course, History
from sim.scenario.measures import LADDER, Events

HONOURED = 0.5  # answer from which on an appeal counts as honoured
Dated = tuple[np.ndarray, np.ndarray]  # months, runs

assert len(LADDER) == len(STAGES) - 1  # noqa: S101 - one word for each stage but the first


def rises(course: Course, least: float = 0.5) -> Dated:
    """Return the dates at which a running count has risen, once a rise."""
    before = np.concatenate([np.zeros((1, course.values.shape[1])), course.values[:-1]])
    rows, runs = np.nonzero(course.values - before > least)
    return course.middle[rows], runs


def joined(found: list[Dated]) -> Dated:
    """Return several lists of dates as one."""
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    months, runs = zip(*found, strict=True)
    return np.concatenate(months), np.concatenate(runs)


def _wars(history: History, about: Events) -> Dated:
    """Return the wars in which all of some states take part; each war once."""
    found = []
    for metric, subject in history.series:
        if metric != "wars":
            continue
        sides = subject.split(">")
        if sides[0] < sides[1] and frozenset(about.states or ()) <= frozenset(sides):
            found.append(rises(history.course(metric, subject)))
    return joined(found)


def subjects(history: History, about: Events, metric: str) -> list[str]:
    """Return the members STATE:BLOC that an event may be about."""
    found = [subject for name, subject in history.series if name == metric]
    return [
        each
        for each in found
        for state, bloc in [each.split(":")]
        if about.bloc in (None, bloc) and (about.states is None or state in about.states)
    ]


def _appeals(history: History, about: Events) -> Dated:
    """Return the appeals of members; several of one member in a period count one by one."""
    found = []
    for subject in subjects(history, about, "appeals"):
        for made, answered in asked(history, subject, about.threat):
            honoured = answered >= HONOURED * made.values
            wanted = np.ones(honoured.shape, dtype=bool)
            if about.answer is not None:
                wanted = honoured == (about.answer == "honoured")
            count = (made.values * wanted).astype(np.int64)
            rows, runs = np.nonzero(count)
            times = count[rows, runs]
            found.append((np.repeat(made.middle[rows], times), np.repeat(runs, times)))
    return joined(found)


def asked(history: History, subject: str, threat: str | None) -> list[tuple[Course, np.ndarray]]:
    """Return the appeals of a member a period and the sum of their answers, by kind of threat."""
    every = [_steps(history.course(name, subject)) for name in ("appeals", "answers")]
    within = [
        _steps(history.course(name, subject)) for name in ("internal_appeals", "internal_answers")
    ]
    course = history.course("appeals", subject)
    attack = [each - inside for each, inside in zip(every, within, strict=True)]
    kinds = {"internal": within, "attack": attack}
    return [
        (Course(months=course.months, middle=course.middle, values=made), answers)
        for kind, (made, answers) in kinds.items()
        if threat in (None, kind)
    ]


def _steps(course: Course) -> np.ndarray:
    """Return what a running sum gained in each period."""
    return np.diff(course.values, axis=0, prepend=0.0)


def _exits(history: History, about: Events) -> Dated:
    """Return the formal exits of members."""
    found = [
        rises(history.course("formal_exit", each))
        for each in subjects(history, about, "formal_exit")
    ]
    return joined(found)


def _stages(history: History, about: Events) -> Dated:
    """Return when members came to a stage of disengagement from below it."""
    stage = LADDER.index(about.stage or LADDER[0]) + 1
    found = []
    for subject in subjects(history, about, "stage"):
        course = history.course("stage", subject)
        at = (course.values >= stage) * 1.0
        found.append(rises(Course(months=course.months, middle=course.middle, values=at)))
    return joined(found)


def _disputes(history: History, about: Events) -> Dated:
    """Return the periods in which one of two states came to regard the other less by a step."""
    states = about.states or ()
    found = []
    for metric, subject in history.series:
        if metric == "affinity" and frozenset(states) <= frozenset(subject.split(">")):
            course = history.course(metric, subject)
            fall = np.diff(course.values, axis=0) <= -about.fall
            rows, runs = np.nonzero(fall)
            found.append((course.middle[rows + 1], runs))
    months, runs = joined(found)
    if not months.size:
        return months, runs
    pairs = np.unique(np.stack([runs, months]), axis=1)  # both regards may fall at once
    return pairs[1], pairs[0]


FINDERS: dict[str, Callable[[History, Events], Dated]] = {
    "war": _wars,
    "appeal": _appeals,
    "exit": _exits,
    "stage": _stages,
    "dispute": _disputes,
}
