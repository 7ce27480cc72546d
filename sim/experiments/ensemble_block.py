"""A block of an ensemble: what some runs of a variant leave behind for the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from sim.engine.selection import Engine
from sim.experiments.batch import Batch, BatchRecord, PatternReader, VariantRuns
from sim.experiments.exact import EndMetrics
from sim.experiments.options import RANGED, SERIES, Options
from sim.experiments.outcomes import OutcomeReader
from sim.experiments.scratch import put_series
from sim.kernel.layout.layout import Layout
from sim.kernel.simulate import Record
from sim.metrics.catalogue import METRICS
from sim.patterns.pattern import Pattern
from sim.patterns.values import Values
from sim.records.transfers import Transfers, transfers_of
from sim.scenario.schema.root import Model

TIES = ("affinity", "rivalry", "debt", "arrears", "imports_after", "delivered", "paid")
TIES_AT_START = {"affinity_start": "affinity", "imports_before": "recent_tiv"}

_OF_WORLD = {"imports_after": "recent_tiv", "delivered": "imported_tiv"}


@dataclass(frozen=True, kw_only=True, eq=False)
class RunBlock:
    """What a block of runs leaves behind for the tables."""

    task: VariantRuns
    outcomes: np.ndarray  # (outcomes, runs)
    drawn: Mapping[str, np.ndarray]  # path -> (runs,)
    seconds: Mapping[str, float]  # by phase
    metrics: tuple[tuple[str, int], ...]  # name and number of dates, in the order of cells
    cells: np.ndarray  # (metric x subject x date, runs kept); empty if shared by files
    ties: np.ndarray  # (metric x state x state, runs kept)
    stability: np.ndarray  # (blocs, terms, weights, fields, runs ranged)
    transfers: Transfers
    patterns: Values | None  # where the scenario has patterns


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockWork:
    """Makes the blocks of an ensemble; it travels to each process once."""

    models: Mapping[str, Model]  # by variant
    read: OutcomeReader
    patterns: Mapping[str, Pattern]
    seed: int
    options: Options
    runs: int
    engine: Engine = field(default_factory=Engine)
    scratch: Path | None = None  # folder for series, where workers share them by file

    @property
    def kept(self) -> int:
        """Return how many runs enter series and ties."""
        return min(self.runs, SERIES)

    @property
    def ranged(self) -> int:
        """Return for how many runs stability is worked out over the weights of entrapment."""
        return min(self.runs, RANGED)

    def folder(self, variant: str) -> Path | None:
        """Return the folder of a variant's series, if they are shared by files."""
        return None if self.scratch is None else self.scratch / variant

    def __call__(self, task: VariantRuns) -> RunBlock:
        """Return the block of some runs."""
        model, read = self.models[task.variant], partial(self._block, task)
        engine = Engine() if task.preview else self.engine
        return Batch(model=model, runs=task.runs, seed=self.seed, read=read, engine=engine).result()

    def _block(self, task: VariantRuns, batch: BatchRecord) -> RunBlock:
        """Return what is read off a batch."""
        clock, record = perf_counter(), batch.record
        ends, ranged = EndMetrics(record, self.options), task.first(self.ranged)
        stability = ends.stability_table(ranged.stop - ranged.start)
        series = _series(record, ends)
        seconds = {"kernel": batch.seconds, "exact metrics": perf_counter() - clock}
        clock = perf_counter()
        patterns = PatternReader(self.patterns)(batch) if self.patterns else None
        if patterns is not None:
            seconds["patterns"] = perf_counter() - clock
        columns, listed = task.first(self.kept), task.first(self.options.transfers)
        return RunBlock(
            task=task,
            outcomes=self.read(batch, ends),
            drawn=batch.drawn,
            seconds=seconds,
            metrics=tuple((name, array.shape[0]) for name, array in series.items()),
            cells=put_series(
                list(series.values()),
                columns,
                folder=None if task.preview else self.folder(task.variant),
            ),
            ties=_ties(record, columns.stop - columns.start),
            stability=stability,
            transfers=transfers_of(
                record.end.log, record.end.layout, np.arange(listed.start, listed.stop)
            ),
            patterns=patterns,
        )


def _series(record: Record, ends: EndMetrics) -> dict[str, np.ndarray]:
    """Return the series of all metrics, (dates, subjects, runs), those of the end one date long."""
    series = {name: record.series[name] for name in METRICS if name in record.series}
    return {**series, **{name: values[None] for name, values in ends.metrics().items()}}


def cell_names(metrics: tuple[tuple[str, int], ...], layout: Layout) -> list[tuple[str, str, str]]:
    """Return date, metric and subject of every cell, in order."""
    dates = layout.calendar.labels()
    return [
        (date, metric, subject)
        for metric, count in metrics
        for subject in layout.subjects[METRICS[metric].kind]
        for date in dates[-count:]
    ]


def _ties(record: Record, kept: int) -> np.ndarray:
    """Return the dyads at the end and at the start, (metric x state x state, runs kept)."""
    if kept == 0:
        return np.zeros((0, 0))
    size = len(record.end.layout.states)
    tables = []
    for name in TIES:
        array = getattr(record.end, _OF_WORLD.get(name, name))
        if name == "rivalry":
            full = np.zeros((size, size, array.shape[-1]))
            full[record.end.layout.dyad_from, record.end.layout.dyad_to] = array
            array = full
        tables.append(array)
    tables += [getattr(record.start, name) for name in TIES_AT_START.values()]
    flat = [
        np.broadcast_to(table, (*table.shape[:-1], record.end.gdp.shape[-1])) for table in tables
    ]
    return np.concatenate([table[..., :kept].reshape(-1, kept) for table in flat])
