"""Tables of an ensemble: its blocks gathered in the order of runs, summarised and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import numpy as np

from sim.experiments.ensemble_block import (
    TIES,
    TIES_AT_START,
    BlockWork,
    RunBlock,
    cell_names,
    get_series,
)
from sim.experiments.exact import STABILITY, TERMS
from sim.experiments.outcomes import Outcomes
from sim.kernel.layout.layout import Layout
from sim.metrics.catalogue import METRICS
from sim.metrics.exact.coalitions import coalition_names
from sim.patterns.pattern import Pattern
from sim.patterns.values import Values, Verdict, by_pattern, judged
from sim.records import tables, transfers
from sim.records.columns import field, number, numbers, row
from sim.records.statistics import CellRows, statistics


class VariantTables:
    """The blocks of one variant, as they come in."""

    def __init__(self, variant: str, work: BlockWork) -> None:
        self.variant = variant
        self.work = work
        self.outcomes = np.zeros((0, 0))
        self.cells = self.ties = np.zeros((0, 0))
        self.stability = np.zeros(0)
        self.drawn: dict[str, np.ndarray] = {}
        self.metrics: tuple[tuple[str, int], ...] = ()
        self.transfers: list[transfers.Transfers] = []
        self.patterns: Values | None = None

    def add(self, block: RunBlock) -> None:
        """Put a block in its place."""
        task, runs, kept = block.task, self.work.runs, self.work.kept
        if task.start == 0:
            self.metrics = block.metrics
            self.outcomes = np.empty((block.outcomes.shape[0], runs))
            self.drawn = {path: np.empty(runs) for path in block.drawn}
            self.cells = np.empty((block.cells.shape[0], kept if block.cells.size else 0))
            self.ties = np.empty((block.ties.shape[0], kept))
            self.stability = np.empty((*block.stability.shape[:-1], self.work.ranged))
        columns = slice(task.start, task.stop)
        self.outcomes[:, columns] = block.outcomes
        for path, values in block.drawn.items():
            self.drawn[path][columns] = values
        if block.patterns is not None:
            self._add_patterns(block.patterns, columns)
        self.transfers.append(block.transfers)
        if block.ties.size:
            columns = task.first(kept)
            if block.cells.size:
                self.cells[:, columns] = block.cells
            self.ties[:, columns] = block.ties
            self.stability[..., task.first(self.work.ranged)] = block.stability

    def _add_patterns(self, values: Values, columns: slice) -> None:
        if self.patterns is None:
            table = np.empty((len(values.names), self.work.runs))
            self.patterns = replace(values, values=table)
        self.patterns.values[:, columns] = values.values

    def write(self, folder: Path, layout: Layout) -> None:
        """Write the rows of this variant to the tables, and let go of what they were made of."""
        shared = self.work.folder(self.variant)
        cells = self.cells if shared is None else get_series(shared, self.work.kept)
        self._write_series(folder, layout, cells)
        self._write_ties(folder, layout)
        self._write_stability(folder, layout)
        lines = [
            line
            for table in self.transfers
            for line in transfers.lines_of(self.variant, table, layout)
        ]
        tables.TRANSFERS.append(folder, lines)
        self.cells = self.ties = np.zeros((0, 0))
        self.stability = np.zeros(0)
        self.transfers = []
        if shared is not None:
            rmtree(shared)

    def _write_series(self, folder: Path, layout: Layout, cells: CellRows) -> None:
        """Write the series: all of them, and those of states and of members by themselves."""
        table = statistics(cells)
        names = cell_names(self.metrics, layout)
        known = np.nonzero(~np.isnan(table[:, 0]))[0]
        ends = numbers(table[known])
        rows = [(*names[at], end) for at, end in zip(known.tolist(), ends, strict=True)]
        variant = self.variant
        tables.SERIES.append(
            folder,
            [f"{variant},{date},{metric},{subject},{end}" for date, metric, subject, end in rows],
        )
        kinds = {name: METRICS[name].kind for name, _ in self.metrics}
        states, members = [], []
        for date, metric, subject, end in rows:
            kind = kinds[metric]
            if kind == "state":
                states.append(f"{variant},{date},{subject},,{metric},{end}")
            elif kind == "supply":
                supplier, _, state = subject.partition(">")
                states.append(f"{variant},{date},{state},{supplier},{metric},{end}")
            elif kind == "member":
                state, _, bloc = subject.partition(":")
                members.append(f"{variant},{date},{state},{bloc},{metric},{end}")
        tables.STATES.append(folder, states)
        tables.MEMBERS.append(folder, members)

    def _write_ties(self, folder: Path, layout: Layout) -> None:
        """Write the dyads, at the end and at the start."""
        keys = [
            (metric, i, j)
            for metric in (*TIES, *TIES_AT_START)
            for i in layout.states
            for j in layout.states
        ]
        ends = numbers(statistics(self.ties))
        lines = [
            f"{self.variant},{metric},{i},{j},{end}"
            for (metric, i, j), end in zip(keys, ends, strict=True)
            if i != j
        ]
        tables.TIES.append(folder, lines)

    def _write_stability(self, folder: Path, layout: Layout) -> None:
        """Write what holds each bloc, with and without terms, over the weights of entrapment."""
        lines = []
        for b, bloc in enumerate(layout.blocs):
            names = [layout.states[i] for i in np.nonzero(layout.eligible[:, b])[0]]
            for t, terms in enumerate(TERMS):
                for x, xi in enumerate(self.work.options.xis):
                    fields = dict(zip(STABILITY, self.stability[b, t, x], strict=True))
                    if np.isnan(fields["share"]).any():
                        continue
                    parts = (self.variant, bloc, terms.split()[0], number(xi))
                    lines.append(",".join((*parts, *_stability(fields, names))))
        tables.STABILITY.append(folder, lines)


def _stability(fields: Mapping[str, np.ndarray], names: list[str]) -> list[str]:
    share, cost, worth = (statistics(fields[name][None])[0] for name in ("share", "cost", "worth"))
    best, counts = np.unique(fields["best_coalition"].astype(np.int64), return_counts=True)
    most = int(np.argmax(counts))
    coalition = " ".join(coalition_names(int(best[most]), names))
    runs = fields["share"].size
    return [
        number(share[0]),
        number(share[1]),
        number(float(np.sum(fields["cost"] == 0)) / runs),
        number(cost[0]),
        number(worth[0]),
        field(coalition),
        number(float(counts[most]) / runs),
    ]


def write_outcomes(folder: Path, outcomes: Outcomes) -> None:
    """Write `outcomes.csv`, `summary.csv` and `differences.csv`."""
    paths = outcomes.paths
    names = [*(outcome.text for outcome in outcomes.outcomes), *paths]
    for variant, values in outcomes.values.items():
        runs = values.shape[1]
        drawn = outcomes.drawn[variant]
        absent = np.full(runs, np.nan)
        columns = [*values, *(drawn.get(path, absent) for path in paths)]
        table = np.stack(columns, axis=1) if columns else np.zeros((runs, 0))
        joint = "," if columns else ""
        lines = [f"{variant},{run}{joint}{line}" for run, line in enumerate(numbers(table))]
        tables.OUTCOMES.append(folder, lines, names)
    tables.SUMMARY.append(folder, _levels(outcomes))
    tables.DIFFERENCES.append(folder, _differences(outcomes))


def _levels(outcomes: Outcomes) -> list[str]:
    return [
        row([variant, outcome.text, each.runs, each.mean, each.low, each.high, each.kind])
        for at, outcome in enumerate(outcomes.outcomes)
        for variant in outcomes.values
        for each in [outcomes.level(variant, at)]
    ]


def _differences(outcomes: Outcomes) -> list[str]:
    first, *others = outcomes.values
    lines = []
    for at, outcome in enumerate(outcomes.outcomes):
        for variant in others:
            each, changed = outcomes.difference(variant, first, at)
            cells = [float(each.runs), each.mean, each.low, each.high, changed]
            text = numbers(np.array([cells]))[0]
            lines.append(f"{variant},{first},{field(outcome.text)},{text}")
    return lines


def write_patterns(
    folder: Path, patterns: Mapping[str, Pattern], values: Mapping[str, Values]
) -> None:
    """Write `patterns.csv`, if the scenario has patterns."""
    if patterns:
        tables.PATTERNS.append(folder, lines(judged(patterns, values)))


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return verdicts as lines of CSV."""
    whole = by_pattern(verdicts)
    return [row(_cells(each, whole[each.variant, each.pattern])) for each in verdicts]


def _cells(each: Verdict, whole: str) -> list[str | float]:
    band, historical = each.about.band, each.about.historical
    low = None if band is None else band.low
    high = None if band is None else band.high
    return [
        each.variant,
        each.pattern,
        each.check,
        each.use,
        float(each.counts),
        each.about.quantity,
        each.window,
        *(np.nan if value is None else value for value in (low, high, historical)),
        float(each.runs),
        float(each.defined),
        each.q05,
        each.q50,
        each.q95,
        each.inside,
        each.verdict,
        whole,
        each.reason,
    ]
