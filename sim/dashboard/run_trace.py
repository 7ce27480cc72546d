"""A trace of one run: its periods, with the events of each and their reasons."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np

from sim.dashboard.job_queue import Work, stoppable
from sim.dashboard.page_state import PageState
from sim.experiments.options import Progress
from sim.experiments.watch.run_events import EventNotes, RunEvent
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.chronicle import Chronicle
from sim.explain.replay import replay
from sim.explain.story import chronicle_of
from sim.kernel.errors import InputError, Problem

_KEPT = 4  # traces


@dataclass(frozen=True, eq=False)
class RunTrace:
    """A run that was replayed."""

    book: Casebook
    story: Chronicle
    events: tuple[RunEvent, ...]

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Return the periods, by date."""
        return tuple(self.book.replay.layout.calendar.labels())

    def happened(self, at: int) -> list[RunEvent]:
        """Return the events of a period."""
        return [each for each in self.events if each.period == at]

    def decided(self, at: int, about: str | None = None) -> list[DecisionEntry]:
        """Return the decisions of a period that changed something, for one state or bloc."""
        date = self.dates[at]
        return [
            each
            for each in self.book.entries
            if each.date == date
            and each.changes
            and (about is None or about in each.parties.keys.values())
        ]

    def entry(self, name: str) -> DecisionEntry:
        """Return a decision by its id."""
        for each in self.book.entries:
            if each.id == name:
                return each
        message = f"there is no decision {name} in this run"
        raise InputError([Problem("decision", 0, 0, "", message)])


Asked = tuple[str, tuple[str, ...], str, int]  # scenario, changes, variant, run


class TraceShelf:
    """The latest traces."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: OrderedDict[Asked, RunTrace] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Asked) -> RunTrace | None:
        """Return a trace, if it is kept."""
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)

    def traced(self, state: PageState, asked: Asked) -> Work[RunTrace]:
        """Return the computation of a trace, which is then kept."""
        _, _, variant, run = asked

        def work(progress: Progress, stop: Callable[[], bool]) -> RunTrace:
            known = self.get(asked)
            if known is not None:
                return known
            again = replay(state.opened.preview.changed(state.sets), variant, [run])
            notes = EventNotes(again.layout, (again.model, again.draws))
            periods, told = len(again.layout.calendar), stoppable(progress, stop)
            with np.errstate(all="ignore"):
                rounds = zip(again.moments, again.by_moment, strict=True)
                for done, (moment, by_round) in enumerate(rounds, 1):
                    notes.see(moment, [choices for _, choices in by_round])
                    told(done, periods + 1)
            book = Casebook(again)
            trace = RunTrace(book, chronicle_of(book, "as asked for"), tuple(notes.events(1)))
            with self._lock:
                self._kept[asked] = trace
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return trace

        return work
