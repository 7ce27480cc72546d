"""Reduction: the blocks of one variant gathered in the order of runs, and made into tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import numpy as np

from sim.experiments.blocks import TIES, TIES_AT_START, Block, Study, cell_names
from sim.experiments.exact import STABILITY, TERMS
from sim.experiments.shared import get_series
from sim.layout import Layout
from sim.metrics.exact.coalitions import coalition_names
from sim.metrics.names import METRICS
from sim.patterns.values import Values
from sim.records import transfers
from sim.records.statistics import NAMES, Rows, statistics
from sim.records.writing import append, field, number, numbers

STATS = ",".join(NAMES)
SERIES_HEADER = f"variant,date,metric,subject,{STATS}"
STATES_HEADER = f"variant,date,state,supplier,metric,{STATS}"
MEMBERS_HEADER = f"variant,date,state,bloc,metric,{STATS}"
TIES_HEADER = f"variant,metric,from,to,{STATS}"
STABILITY_HEADER = (
    "variant,bloc,terms,xi,share,share_sd,stable,cost,worth,best_coalition,best_share"
)


class Reduction:
    """The blocks of one variant, as they come in."""

    def __init__(self, variant: str, study: Study) -> None:
        """Take up a variant of a study, as yet without a block."""
        self.variant = variant
        self.study = study
        self.outcomes = np.zeros((0, 0))
        self.cells = self.ties = np.zeros((0, 0))
        self.stability = np.zeros(0)
        self.drawn: dict[str, np.ndarray] = {}
        self.metrics: tuple[tuple[str, int], ...] = ()
        self.transfers: list[transfers.Transfers] = []
        self.patterns: Values | None = None

    def add(self, block: Block) -> None:
        """Put a block in its place."""
        task, runs, kept = block.task, self.study.runs, self.study.kept
        if task.start == 0:
            self.metrics = block.metrics
            self.outcomes = np.empty((block.outcomes.shape[0], runs))
            self.drawn = {path: np.empty(runs) for path in block.drawn}
            self.cells = np.empty((block.cells.shape[0], kept if block.cells.size else 0))
            self.ties = np.empty((block.ties.shape[0], kept))
            self.stability = np.empty((*block.stability.shape[:-1], self.study.ranged))
        columns = slice(task.start, task.stop)
        self.outcomes[:, columns] = block.outcomes
        for path, values in block.drawn.items():
            self.drawn[path][columns] = values
        if block.patterns is not None:
            self._add_patterns(block.patterns, columns)
        if block.transfers is not None:
            self.transfers.append(block.transfers)
        if block.ties.size:
            columns = task.first(kept)
            if block.cells.size:
                self.cells[:, columns] = block.cells
            self.ties[:, columns] = block.ties
            self.stability[..., task.first(self.study.ranged)] = block.stability

    def _add_patterns(self, found: Values, columns: slice) -> None:
        """Put the values of patterns of a block in their place."""
        if self.patterns is None:
            table = np.empty((len(found.names), self.study.runs))
            self.patterns = replace(found, values=table)
        self.patterns.values[:, columns] = found.values

    def write(self, folder: Path, layout: Layout) -> None:
        """Write the rows of this variant to the tables, and let go of what they were made of."""
        shared = self.study.folder(self.variant)
        cells = self.cells if shared is None else get_series(shared, self.study.kept)
        self._write_series(folder, layout, cells)
        self._write_ties(folder, layout)
        self._write_stability(folder, layout)
        lines = [
            line
            for table in self.transfers
            for line in transfers.lines_of(self.variant, table, layout)
        ]
        append(folder / "transfers.csv", transfers.HEADER, lines)
        self.cells = self.ties = np.zeros((0, 0))
        self.stability = np.zeros(0)
        self.transfers = []
        if shared is not None:
            rmtree(shared)

    def _write_series(self, folder: Path, layout: Layout, cells: Rows) -> None:
        """Write the series: all of them, and those of states and of members by themselves."""
        table = statistics(cells)
        names = cell_names(self.metrics, layout)
        known = np.nonzero(~np.isnan(table[:, 0]))[0]
        ends = numbers(table[known])
        rows = [(*names[at], end) for at, end in zip(known.tolist(), ends, strict=True)]
        variant = self.variant
        append(
            folder / "series.csv",
            SERIES_HEADER,
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
        append(folder / "states.csv", STATES_HEADER, states)
        append(folder / "members.csv", MEMBERS_HEADER, members)

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
        append(folder / "ties.csv", TIES_HEADER, lines)

    def _write_stability(self, folder: Path, layout: Layout) -> None:
        """Write what holds each bloc, with and without terms, over the weights of entrapment."""
        lines = []
        for b, bloc in enumerate(layout.blocs):
            names = [layout.states[i] for i in np.nonzero(layout.eligible[:, b])[0]]
            for t, terms in enumerate(TERMS):
                for x, xi in enumerate(self.study.options.xis):
                    found = dict(zip(STABILITY, self.stability[b, t, x], strict=True))
                    if np.isnan(found["share"]).any():
                        continue
                    parts = (self.variant, bloc, terms.split()[0], number(xi))
                    lines.append(",".join((*parts, *_stability(found, names))))
        append(folder / "stability.csv", STABILITY_HEADER, lines)


def _stability(found: Mapping[str, np.ndarray], names: list[str]) -> list[str]:
    """Return the cells of one row of `stability.csv`."""
    share, cost, worth = (statistics(found[name][None])[0] for name in ("share", "cost", "worth"))
    best, counts = np.unique(found["best_coalition"].astype(np.int64), return_counts=True)
    most = int(np.argmax(counts))
    coalition = " ".join(coalition_names(int(best[most]), names))
    runs = found["share"].size
    return [
        number(share[0]),
        number(share[1]),
        number(float(np.sum(found["cost"] == 0)) / runs),
        number(cost[0]),
        number(worth[0]),
        field(coalition),
        number(float(counts[most]) / runs),
    ]
