"""Tables of an ensemble: its blocks, joined in the order of runs, summarised and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.experiments.contrast_series import Cell, ComparedCells
from sim.experiments.dyad_choice import TIES, TIES_AT_START, DyadChoice
from sim.experiments.ensemble_block import (
    BlockCells,
    RunBlock,
    cell_names,
    outcomes_of_blocks,
)
from sim.experiments.exact import STABILITY, TERMS
from sim.experiments.options import Options
from sim.experiments.outcomes import Outcomes
from sim.experiments.watch.reason_sums import reasons_of
from sim.experiments.watch.watch import Notes
from sim.kernel.dates import first_day
from sim.kernel.layout.layout import Layout
from sim.metrics.catalogue import METRICS
from sim.metrics.exact.coalitions import coalition_names
from sim.patterns.pattern import Pattern
from sim.patterns.values import Values, Verdict, by_pattern, judged
from sim.records import tables, transfers
from sim.records.columns import field, number, numbers, row
from sim.records.first_run_tables import EVENTS, TRANSFERS
from sim.records.statistics import statistics
from sim.scenario.schema.contrasts import Pair


@dataclass(frozen=True)
class SeriesRows:
    """The cells of several blocks, (cells, runs), read some rows at a time."""

    blocks: Sequence[BlockCells]

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of cells and of runs."""
        return self.blocks[0].shape[0], sum(each.shape[1] for each in self.blocks)

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Return some rows, with all runs."""
        return np.concatenate([each[rows] for each in self.blocks], axis=1)


class VariantTables:
    """All blocks of one variant, in the order of runs."""

    def __init__(
        self,
        blocks: Sequence[RunBlock],
        options: Options,
        notes: Sequence[Notes] = (),
        *,
        dyads: DyadChoice,
    ) -> None:
        self.variant = blocks[0].task.variant
        self.options, self._dyads = options, dyads
        self.outcomes, self.drawn = outcomes_of_blocks(blocks)
        patterns = [each.patterns for each in blocks if each.patterns is not None]
        self.patterns: Values | None = None
        if patterns:
            columns = np.concatenate([each.values for each in patterns], axis=1)
            self.patterns = replace(patterns[0], values=columns)
        self.reasons = reasons_of([each.reasons for each in notes])
        self._events = [line for each in notes for line in each.events]
        self._blocks = [*blocks]

    def write(
        self, folder: Path, layout: Layout, subjects: frozenset[str] = frozenset()
    ) -> ComparedCells:
        """Write the rows of this variant to the tables, and release its blocks.

        Return the cells of some subjects, to be compared with other variants.
        """
        cells = [each.cells for each in self._blocks if each.cells is not None]
        names = cell_names(self._blocks[0].metrics, self._dyads)
        compared = ComparedCells.of(names, SeriesRows(cells), subjects)
        self._write_series(folder, layout, names, SeriesRows(cells))
        self._write_ties(folder, layout)
        self._write_stability(folder, layout)
        lines = [
            line
            for each in self._blocks
            for line in transfers.lines_of(self.variant, each.transfers, layout)
        ]
        TRANSFERS.append(folder, lines)
        EVENTS.append(folder, self._events)
        self._blocks.clear()
        for each in cells:
            if isinstance(each.held, Path):
                each.held.unlink()
        return compared

    def _write_series(
        self, folder: Path, layout: Layout, names: Sequence[Cell], cells: SeriesRows
    ) -> None:
        """Write all series, and those of states and of members in tables of their own."""
        table = statistics(cells)
        metrics = self._blocks[0].metrics
        known = np.nonzero(~np.isnan(table[:, 0]))[0]
        ends = numbers(table[known])
        days = {date: f"{date},{first_day(date)}" for date in layout.calendar.labels()}
        there = [names[at] for at in known.tolist()]
        rows = [
            (days[date], metric, subject, end)
            for (date, metric, subject), end in zip(there, ends, strict=True)
        ]
        variant = self.variant
        tables.SERIES.append(
            folder,
            [f"{variant},{date},{metric},{subject},{end}" for date, metric, subject, end in rows],
        )
        kinds = {name: METRICS[name].kind for name, _ in metrics}
        states, members = [], []
        for date, metric, subject, end in rows:
            kind = kinds[metric]
            if kind == "state":
                states.append(f"{variant},{date},{subject},,{metric},{end}")
            elif kind == "supply":
                supplier, _, state = subject.partition(">")
                states.append(f"{variant},{date},{state},{supplier},{metric},{end}")
            elif kind in {"member", "bearer"}:
                state, _, bloc = subject.partition(":")
                members.append(f"{variant},{date},{state},{bloc},{metric},{end}")
        tables.STATES.append(folder, states)
        tables.MEMBERS.append(folder, members)

    def _write_ties(self, folder: Path, layout: Layout) -> None:
        """Write the dyads, at the end and at the start."""
        states, metrics = layout.states, (*TIES, *TIES_AT_START)
        pairs = [divmod(pair, len(states)) for pair in self._dyads.pairs.tolist()]
        keys = [(metric, states[i], states[j]) for metric in metrics for i, j in pairs]
        ties = [each.ties for each in self._blocks if each.ties is not None]
        ends = numbers(statistics(np.concatenate(ties, axis=1)))
        lines = [
            f"{self.variant},{metric},{i},{j},{end}"
            for (metric, i, j), end in zip(keys, ends, strict=True)
            if i != j
        ]
        tables.TIES.append(folder, lines)

    def _write_stability(self, folder: Path, layout: Layout) -> None:
        """Write the stability of each bloc, with and without terms, by weight of entrapment."""
        stability = np.concatenate([each.stability for each in self._blocks], axis=-1)
        lines = []
        for b, bloc in enumerate(layout.blocs):
            names = [layout.states[i] for i in np.nonzero(layout.eligible[:, b])[0]]
            for t, terms in enumerate(TERMS):
                for x, xi in enumerate(self.options.xis):
                    fields = dict(zip(STABILITY, stability[b, t, x], strict=True))
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


def write_outcomes(
    folder: Path,
    outcomes: Outcomes,
    pairs: Mapping[Pair, Sequence[str]],
    smallest: Mapping[str, float],
) -> None:
    """Write `outcomes.csv`, `summary.csv` and, for the pairs of variants, `differences.csv`."""
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
    tables.DIFFERENCES.append(folder, _differences(outcomes, pairs, smallest))


def _levels(outcomes: Outcomes) -> list[str]:
    return [
        row([variant, outcome.text, each.runs, each.mean, each.low, each.high, each.kind])
        for at, outcome in enumerate(outcomes.outcomes)
        for variant in outcomes.values
        for each in [outcomes.level(variant, at)]
    ]


def _differences(
    outcomes: Outcomes, pairs: Mapping[Pair, Sequence[str]], smallest: Mapping[str, float]
) -> list[str]:
    lines = []
    for at, outcome in enumerate(outcomes.outcomes):
        for pair, names in pairs.items():
            each = outcomes.effect(pair, at, smallest)
            whole, inner = each.interval, each.inner
            cells = [float(whole.runs), whole.mean, whole.low, whole.high, each.changed]
            cells += [inner.low, inner.high, each.smallest, each.d, each.above, each.below]
            text = numbers(np.array([cells]))[0]
            keys, ends = row([*pair, outcome.text]), row([each.verdict, " ".join(names)])
            lines.append(f"{keys},{text},{ends}")
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


def trim(path: Path, variants: Sequence[str]) -> None:
    """Remove the rows of other variants than some from a table that was being written."""
    starts = tuple(f"{name}," for name in variants)
    with path.open(encoding="utf-8", newline="") as file:
        lines = [file.readline(), *(line for line in file if line.startswith(starts))]
    path.write_text("".join(lines), encoding="utf-8", newline="")
