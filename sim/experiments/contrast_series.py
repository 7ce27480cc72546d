"""Paired differences by date for the subjects of the outcomes, run by run, in every contrast.

A difference needs the runs of both variants, so the cells of a variant are kept until the variants
come with which it is compared. Kept are all metrics of the subjects that outcomes name; whole
series would be fifteen times as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from sim.experiments.intervals import paired_interval, student
from sim.experiments.outcomes import in_unit
from sim.kernel.dates import first_day
from sim.records.columns import numbers
from sim.records.statistics import NAMES, CellRows, statistics
from sim.scenario.schema.contrasts import Pair
from sim.scenario.schema.outcome_syntax import Outcome

Cell = tuple[str, str, str]  # date, metric and subject
_MEAN, _SD, _LOW, _HIGH = (NAMES.index(name) for name in ("mean", "sd", "q05", "q95"))


@dataclass(frozen=True, eq=False)
class ComparedCells:
    """The cells of a variant that are compared with those of others."""

    names: Sequence[Cell]
    values: np.ndarray  # (cells, runs)

    @classmethod
    def of(cls, names: Sequence[Cell], cells: CellRows, subjects: frozenset[str]) -> ComparedCells:
        """Return the cells of some subjects; a query belongs to its two states."""
        slices, at = [], 0
        for subject, part in groupby(names, key=lambda name: name[2].partition(" ")[0]):
            count = sum(1 for _ in part)
            slices += [slice(at, at + count)] if subject in subjects else []
            at += count
        values = [cells[each].copy() for each in slices] or [np.empty((0, cells.shape[1]))]
        return cls([name for each in slices for name in names[each]], np.concatenate(values))


def compared_subjects(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """Return the subjects of outcomes as in series; dyads in both directions."""
    named = [(each.text.split()[1], ">".join(reversed(each.subject))) for each in outcomes]
    return frozenset(subject for both in named for subject in both)


class ContrastLines:
    """The rows of pairs of variants as lines of CSV, made as the variants come in.

    The cells of a variant are released when no pair needs them any more.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._lines: dict[Pair, list[str] | None] = dict.fromkeys(pairs)
        self._cells: dict[str, ComparedCells] = {}

    def add(self, variant: str, cells: ComparedCells) -> None:
        """Compare a variant with those added before."""
        self._cells[variant] = cells
        for pair, lines in self._lines.items():
            if lines is None and {*pair} <= {*self._cells}:
                self._lines[pair] = _lines(pair, *(self._cells[name] for name in pair))
        waiting = {name for pair, lines in self._lines.items() if lines is None for name in pair}
        self._cells = {name: each for name, each in self._cells.items() if name in waiting}

    def __iter__(self) -> Iterator[str]:
        """Yield the lines, pair by pair in their order."""
        for lines in self._lines.values():
            yield from lines or ()


def _lines(pair: Pair, one: ComparedCells, other: ComparedCells) -> list[str]:
    place = {name: at for at, name in enumerate(other.names)}
    there = [(at, place[name]) for at, name in enumerate(one.names) if name in place]
    if not there:
        return []
    mine, theirs = np.array(there).T
    names = [one.names[at] for at in mine.tolist()]
    table = _table(names, one.values[mine], other.values[theirs])
    known = np.nonzero(~np.isnan(table[:, 0]))[0]
    start, lines = ",".join(pair), []
    for at, ends in zip(known.tolist(), numbers(table[known]), strict=True):
        date, metric, subject = names[at]
        lines.append(f"{start},{date},{first_day(date)},{metric},{subject},{ends}")
    return lines


def _table(names: Sequence[Cell], one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return mean, ends of its interval, and quantiles 5 % and 95 % over runs: (cells, 5)."""
    apart = one - other
    count = np.sum(~np.isnan(apart), axis=1)
    whole = statistics(apart)
    mean, sd = whole[:, _MEAN], whole[:, _SD]
    runs = np.unique(count[count > 1]).tolist()
    reach = {each: student(each - 1) / np.sqrt(each) for each in runs}
    half = np.array([reach.get(each, np.nan) for each in count.tolist()]) * sd
    table = np.stack([mean, mean - half, mean + half, whole[:, _LOW], whole[:, _HIGH]], axis=1)
    for at, (_, metric, _) in enumerate(names):
        if in_unit(metric):  # the interval of a difference of shares
            interval, _ = paired_interval(one[at], other[at], share=True)
            table[at, :3] = interval.mean, interval.low, interval.high
    return table + 0.0  # turns -0 into 0
