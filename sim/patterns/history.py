"""History: what happened, in the form that quantities read, from simulated runs or from files.

Everything is dated in months counted from year 0, and the runs axis is last; a history from files
is one run. Amounts that belong to a period are taken to be spread evenly over its months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.documents.window import Window
from sim.kernel.errors import SimError
from sim.kernel.words import meant


class NotCovered(SimError):  # noqa: N818 - nothing is wrong: the record says nothing of it
    """A quantity about which a record says nothing: a window, a state or a metric it lacks."""


def label(month: int) -> str:
    """Return a month as a date."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Periods of equal length, one after another."""

    first: int  # month
    size: int  # months a period
    count: int

    def weights(self, first: int, stop: int) -> np.ndarray:
        """Return the share of each period that lies in a span: (periods,)."""
        starts = self.first + self.size * np.arange(self.count)
        shared = np.minimum(starts + self.size, stop) - np.maximum(starts, first)
        return np.asarray(np.clip(shared, 0, self.size) / self.size)

    @property
    def stop(self) -> int:
        """Return the month after the last period."""
        return self.first + self.size * self.count


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """A metric of one subject: values at dates, (dates, runs)."""

    months: np.ndarray  # (dates,) first month of each
    middle: np.ndarray  # (dates,) month in the middle of each
    values: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Deals:
    """Requests and orders, one entry each, of all runs; months are -1 where there is none."""

    run: np.ndarray
    supplier: np.ndarray  # indices of names
    recipient: np.ndarray
    system: np.ndarray
    category: np.ndarray  # class of weapons
    condition: np.ndarray
    range: np.ndarray  # km; not a number where it is not known
    decided: np.ndarray  # 1 where the law or an unknown hand decided, 0 where an event did
    dated: np.ndarray  # month in the middle of the period of the request, else of the order
    first: np.ndarray  # first month of the first delivery
    stop: np.ndarray  # month after the last delivery so far
    reached: Mapping[str, np.ndarray]  # stage -> 0 or 1
    amounts: Mapping[str, np.ndarray]  # unit -> amount of the whole entry


@dataclass(frozen=True, kw_only=True, eq=False)
class Happening:
    """An event of one run, or of files."""

    kind: str
    month: int
    states: tuple[str, ...] = ()
    bloc: str = ""
    internal: bool = False  # an appeal against a threat from within
    answer: float = np.nan  # of an appeal, 0 to 1
    stage: int = 0  # of disengagement


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """What happened."""

    spans: Mapping[str, tuple[int, int]]  # form of measure -> first month, month after the last
    step: int  # months of the period in which deals are dated
    runs: int
    names: tuple[str, ...]  # suppliers and recipients, in the order of their indices
    blocs: Mapping[str, tuple[str, ...]]  # members at the start
    grid: Grid  # of flows
    flows: Mapping[tuple[str, str], np.ndarray]  # supplier, recipient -> (periods, runs) TIV
    deals: Deals
    systems: tuple[str, ...]
    classes: tuple[str, ...]
    series: Mapping[tuple[str, str], Course]  # metric, subject
    happenings: tuple[Happening, ...] = ()  # of files
    simulated: bool = False

    def need(self, form: str, window: Window) -> None:
        """Raise NotCovered unless a window lies within what is recorded of a form of measure."""
        if form in ("dates", "series") and form not in self.spans:
            return
        first, stop = self.spans.get(form, (0, 0))
        if not window.within(first, stop):
            span = f"{label(first)} to {label(stop - 1)}" if stop else "nothing"
            message = f"the record of {form} covers {span}, not {window.text}"
            raise NotCovered(message)

    def course(self, metric: str, subject: str) -> Course:
        """Return a series; NotCovered if there is none."""
        if (metric, subject) not in self.series:
            message = f"no series {metric} of {subject} in the record"
            raise NotCovered(message)
        return self.series[metric, subject]

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the states that names stand for, a bloc for its members, each once."""
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
