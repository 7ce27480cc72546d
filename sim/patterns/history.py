"""History: flows, deals, events and series, from simulated runs or from files.

Dates are months counted from year 0. The runs axis is last; a history from files has one run. An
amount of a period is taken to be spread evenly over its months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.documents.window import Window
from sim.kernel.dates import YEAR
from sim.kernel.errors import SimError
from sim.kernel.words import meant


class NotCovered(SimError):  # noqa: N818
    """A quantity cannot be computed: the record lacks a window, a state or a metric."""


def label(month: int) -> str:
    """Return a month as a date, YYYY-MM."""
    return f"{month // YEAR:04d}-{month % YEAR + 1:02d}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Consecutive periods of equal length."""

    first: int  # month
    size: int  # months of a period
    count: int

    def weights(self, first: int, stop: int) -> np.ndarray:
        """Return the share of each period from the month `first` to before `stop`: (periods,)."""
        starts = self.first + self.size * np.arange(self.count)
        shared = np.minimum(starts + self.size, stop) - np.maximum(starts, first)
        return np.asarray(np.clip(shared, 0, self.size) / self.size)

    @property
    def stop(self) -> int:
        """Return the month after the last period."""
        return self.first + self.size * self.count


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """The series of one metric and subject."""

    months: np.ndarray  # (dates,) first month of each
    middle: np.ndarray  # (dates,) month in the middle of each
    values: np.ndarray  # (dates, runs)


@dataclass(frozen=True, kw_only=True, eq=False)
class Deals:
    """Requests and orders of all runs as columns, (entries,); a month is -1 if there is none."""

    run: np.ndarray
    supplier: np.ndarray  # indices of names
    recipient: np.ndarray
    system: np.ndarray
    category: np.ndarray  # class of weapons
    condition: np.ndarray
    range: np.ndarray  # km; nan if unknown
    decided: np.ndarray  # 0 if an event of the scenario forced it, else 1
    dated: np.ndarray  # month in the middle of the period of the request (files: of the order)
    first: np.ndarray  # first month of the first delivery
    stop: np.ndarray  # month after the last delivery so far
    reached: Mapping[str, np.ndarray]  # by stage: 0 or 1
    amounts: Mapping[str, np.ndarray]  # by unit: amount of the whole entry


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordedEvent:
    """A dated event from files."""

    kind: str
    month: int
    states: tuple[str, ...] = ()
    bloc: str = ""
    internal: bool = False  # of an appeal: whether the threat is from within
    answer: float = np.nan  # of an appeal, 0 to 1
    stage: int = 0  # of disengagement, from 1


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """All that quantities of patterns read, for some runs."""

    spans: Mapping[str, tuple[int, int]]  # by form of measure: first month, month after the last
    step: int  # months of a period, the precision of dates of deals
    runs: int
    names: tuple[str, ...]  # suppliers and recipients, in the order of their indices
    blocs: Mapping[str, tuple[str, ...]]  # members at the start
    grid: Grid  # of flows
    flows: Mapping[tuple[str, str], np.ndarray]  # supplier, recipient -> (periods, runs) TIV
    deals: Deals
    systems: tuple[str, ...]
    classes: tuple[str, ...]
    series: Mapping[tuple[str, str], Course]  # metric, subject
    recorded_events: tuple[RecordedEvent, ...] = ()  # of files
    simulated: bool = False

    def need(self, form: str, window: Window) -> None:
        """Raise NotCovered unless the record of a form of measure covers a window."""
        if form in ("dates", "series") and form not in self.spans:
            return
        first, stop = self.spans.get(form, (0, 0))
        if not window.within(first, stop):
            span = f"{label(first)} to {label(stop - 1)}" if stop else "nothing"
            message = f"the record of {form} covers {span}, not {window.text}"
            raise NotCovered(message)

    def course(self, metric: str, subject: str) -> Course:
        """Return the series of a metric and subject; NotCovered if there is none."""
        if (metric, subject) not in self.series:
            message = f"no series {metric} of {subject} in the record"
            raise NotCovered(message)
        return self.series[metric, subject]

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the states with these names, each once; a bloc means its members.

        NotCovered if a name is unknown.
        """
        states: dict[str, None] = {}
        for name in names:
            if name in self.blocs:
                states |= dict.fromkeys(self.blocs[name])
            elif name in self.names:
                states[name] = None
            else:
                hint = meant(name, (*self.names, *self.blocs))
                message = f"no state or bloc {name} in the record{hint}"
                raise NotCovered(message)
        return tuple(states)
