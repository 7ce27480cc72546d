"""A block of an ensemble: what some runs of a variant leave behind for the tables.

Processes of this machine write the series to files, and the client reads them: no copy travels. The
files are scratch, one a block: raw doubles, (cells, runs), gone when the ensemble is done. They are
read part by part: pages that are mapped would count as memory of the process, and a full disk would
kill it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np

from sim.engine.selection import Engine
from sim.experiments.batch import Batch, BatchRecord, PatternReader, VariantRuns
from sim.experiments.exact import EndMetrics
from sim.experiments.options import RANGED, SERIES, Options
from sim.experiments.outcomes import OutcomeReader
from sim.kernel.errors import RunError
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


def put_series(arrays: Sequence[np.ndarray], runs: slice, *, folder: Path | None) -> np.ndarray:
    """Return series (dates, subjects, runs) as cells (subject x date, runs), one after another.

    With a folder the cells go to a file of their own there, and an empty array is returned. Blocks
    may be written in any order, by several processes, and again.
    """
    kept = runs.stop - runs.start
    size = sum(array.shape[0] * array.shape[1] for array in arrays)
    if kept == 0:
        return np.zeros((0, 0))
    if folder is None:
        cells = np.empty((size, kept))
        at = 0
        for rows in _rows(arrays, kept):
            cells[at : at + len(rows)] = rows
            at += len(rows)
        return cells
    try:
        folder.mkdir(exist_ok=True)
        _write(folder / str(runs.start), _rows(arrays, kept))
    except OSError as error:
        message = f"{folder.parent}: no room for series ({error.strerror}); set TMPDIR, or --jobs 1"
        raise RunError(message) from None
    return np.zeros((0, 0))


def _rows(arrays: Sequence[np.ndarray], kept: int) -> Iterator[np.ndarray]:
    """Yield the cells of each array, (subject x date, runs)."""
    for array in arrays:
        yield np.ascontiguousarray(array[..., :kept].swapaxes(0, 1)).reshape(-1, kept)


def _write(path: Path, parts: Iterable[np.ndarray]) -> None:
    with path.open("wb", buffering=0) as file:
        for rows in parts:
            if file.write(rows.data) != rows.nbytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(frozen=True)
class ScratchSeries:
    """The cells of the blocks of a variant, (cells, total), of which rows are read when asked."""

    paths: Sequence[Path]  # in the order of runs
    widths: Sequence[int]  # the number of runs in each
    shape: tuple[int, int]

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Return some rows, all their runs."""
        first, last, _ = rows.indices(self.shape[0])
        count = last - first
        parts = [
            np.fromfile(path, count=count * width, offset=first * width * 8).reshape(count, width)
            for path, width in zip(self.paths, self.widths, strict=True)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def get_series(folder: Path, total: int) -> ScratchSeries:
    """Return the cells that blocks of `total` runs in all have put in a folder, (cells, total)."""
    starts = sorted(int(path.name) for path in folder.iterdir())
    widths = [stop - start for start, stop in pairwise([*starts, total])]
    paths = [folder / str(start) for start in starts]
    return ScratchSeries(paths, widths, (paths[0].stat().st_size // (8 * widths[0]), total))
