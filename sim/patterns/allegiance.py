"""Quantities of membership: appeals that were honoured, exits and years of stay."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.documents.leaves import Choice, Names, named
from sim.documents.tree import BlocName
from sim.patterns.amounts import added, over
from sim.patterns.history import History, NotCovered
from sim.patterns.measures import Events, Measure
from sim.patterns.occurrences import HONOURED, appeals_by_threat, subjects
from sim.patterns.quantity import Quantity, SpanOf
from sim.patterns.sequence import table


class Answered(Quantity):
    """Share of appeals to a bloc that were honoured, 0 to 1."""

    bloc: BlocName
    states: Annotated[Names, named("Members whose appeals count.", "state")] | None = None
    threat: Annotated[str, Choice("What appeals were about.", ("internal", "attack"))] | None = None
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        history.need("events", self.window)
        if not history.simulated:
            return self._in_files(history)
        made, honoured = np.zeros(history.runs), np.zeros(history.runs)
        about = Events(kind="appeal", states=self.states, bloc=self.bloc)
        for subject in subjects(history, about, "appeals"):
            for course, answers in appeals_by_threat(history, subject, self.threat):
                inside = (self.window.first <= course.months) & (course.months < self.window.stop)
                count = course.values[inside]
                made = added([made, *count])
                honoured = added([honoured, *(count * (answers[inside] >= HONOURED * count))])
        return over(honoured, made)

    def _in_files(self, history: History) -> np.ndarray:
        """Return the share in files of events."""
        answers = [
            each.answer
            for each in history.happenings
            if each.kind == "appeal"
            and each.bloc == self.bloc
            and self.window.first <= each.month < self.window.stop
            and (self.states is None or frozenset(each.states) & frozenset(self.states))
            and (self.threat is None or each.internal == (self.threat == "internal"))
        ]
        kept = [answer for answer in answers if not np.isnan(answer)]
        honoured = float(sum(answer >= HONOURED for answer in kept))
        return over(np.array([honoured]), np.array([float(len(kept))]))


class Stay(Quantity):
    """Membership of a bloc in a window: formal exits, or mean years of stay."""

    bloc: BlocName
    states: Annotated[Names, named("Members that count.", "state")] | None = None
    count: Annotated[str, Choice("What is counted.", ("exits", "years"))] = "exits"
    window: SpanOf

    def value(self, history: History) -> np.ndarray:
        about = Events(kind="exit", states=self.states, bloc=self.bloc)
        if self.count == "exits":
            exits = [
                Events(kind="exit", states=(each,), bloc=self.bloc)
                for each in self.states or history.members((self.bloc,))
            ]
            tables = [table(history, Measure(events=each), self.window) for each in exits]
            return added([np.zeros(history.runs), *(added(each) for each in tables)])
        history.need("series", self.window)
        known = subjects(history, about, "membership")
        if not known:
            message = f"no series membership of {self.bloc} in the record"
            raise NotCovered(message)
        years = []
        for subject in known:
            course = history.course("membership", subject)
            inside = (self.window.first <= course.months) & (course.months < self.window.stop)
            if course.values[0].any():
                years.append(added(course.values[inside]) / inside.sum())
        length = (self.window.stop - self.window.first) / 12
        if not years:
            return np.full(history.runs, np.nan)
        return length * added(years) / len(years)
