"""A block of an ensemble: the data that some runs of a variant contribute to the tables.

Processes of this machine write the series to scratch files, and the main process reads them, so
that they are not sent. There is one file per block, with raw doubles (cells, runs), removed when
the ensemble is done. Files are read part by part rather than mapped: mapped pages would count as
memory of the process, and a full disk would kill it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from pathlib import Path
from time import perf_counter

import numpy as np

from sim.engine.engine_names import NUMPY
from sim.engine.selection import Engine
from sim.experiments.batch import Batch, BatchRecord, PatternReader, VariantRuns, blocks_of
from sim.experiments.dyad_choice import TIES, TIES_AT_START, DyadChoice
from sim.experiments.exact import EndMetrics
from sim.experiments.options import RANGED, SERIES, Options
from sim.experiments.outcomes import OutcomeReader
from sim.experiments.watch.watch import Notes
from sim.experiments.watched_variants import notes_of
from sim.kernel.array_fields import arrays_of
from sim.kernel.errors import RunError
from sim.kernel.exports import whole_table
from sim.kernel.simulate import Record
from sim.kernel.world import World
from sim.metrics.catalogue import METRICS
from sim.patterns.pattern import Pattern
from sim.patterns.values import Values
from sim.records.transfers import Transfers, transfers_of
from sim.scenario.schema.root import Model

_OF_WORLD = {"imports_after": "recent_tiv", "delivered": "imported_tiv"}


@dataclass(frozen=True)
class WatchedRuns:
    """Some runs of several variants, computed by numpy together for events and reasons alone."""

    variants: tuple[str, ...]
    start: int
    stop: int

    def __str__(self) -> str:
        return f"variants {', '.join(self.variants)}, runs {self.start} to {self.stop - 1}"

    @property
    def runs(self) -> np.ndarray:
        """Return the numbers of the runs."""
        return np.arange(self.start, self.stop)


@dataclass(frozen=True, kw_only=True, eq=False)
class WatchedBlock:
    """The events and reasons of some runs of several variants."""

    task: WatchedRuns
    notes_by_variant: Mapping[str, Notes]
    seconds: Mapping[str, float]  # by phase


@dataclass(frozen=True, kw_only=True, eq=False)
class EarlyBlock:
    """The data of a block of runs for first numbers."""

    task: VariantRuns
    outcomes: np.ndarray  # (outcomes, runs)
    drawn: Mapping[str, np.ndarray]  # path -> (runs,)
    seconds: Mapping[str, float]  # by phase
    notes: Notes | None  # events and reasons of the first runs, if numpy computes them

    @property
    def notes_by_variant(self) -> Mapping[str, Notes]:
        """Return the events and reasons, if there are any, by variant."""
        return {} if self.notes is None else {self.task.variant: self.notes}


@dataclass(frozen=True, kw_only=True, eq=False)
class RunBlock(EarlyBlock):
    """The data of a block of runs for all tables."""

    metrics: tuple[tuple[str, int], ...]  # name and number of dates, in the order of cells
    cells: BlockCells | None  # (metric x subject x date, runs kept); None if none are kept
    ties: np.ndarray | None  # (metric x dyad, runs kept)
    stability: np.ndarray  # (blocs, terms, weights, fields, runs ranged)
    transfers: Transfers
    patterns: Values | None  # None without patterns


def ordered_blocks(
    names: Sequence[str],
    runs: range,
    first: int,
    options: Options,
    engine: Engine,
    leading: Collection[str],
    uncompiled: Collection[str] = (),
) -> tuple[list[VariantRuns | WatchedRuns], int]:
    """Return the blocks of an ensemble in order, and the number of those for first numbers.

    The `first` runs of the leading variants come first, unless there are no others. The blocks of a
    variant are in the order of runs. `uncompiled` has a variant of each kernel that is still to
    be compiled: numpy computes the first numbers then, and the first blocks of these variants
    follow, so that several processes compile at once while others record events and reasons.
    """
    size, several = options.block, runs[first:]
    lead = [name for name in names if name in leading] if several else []
    watched = partial(watched_of, runs=runs[: options.watched], size=size, jobs=options.jobs)
    others = [name for name in names if name not in lead]
    if engine.name == NUMPY:
        early = blocks_of(lead, runs[:first], size)
        rest = blocks_of(others, runs[:first], size) + blocks_of(names, several, size)
        return [*early, *rest], len(early)
    if uncompiled:
        early = blocks_of(lead, runs[:first], size, by_numpy=True)
        begun, start = blocks_of(uncompiled, runs[:size], size), dict.fromkeys(uncompiled, size)
        seen = watched(others)
    else:
        early, start = blocks_of(lead, runs[:first], size), dict.fromkeys(lead, first)
        begun, seen = [], watched(names)
    rest = [each for name in names for each in blocks_of([name], runs[start.get(name, 0) :], size)]
    return [*early, *begun, *seen, *rest], len(early)


def watched_of(names: Sequence[str], runs: range, size: int, jobs: int) -> list[WatchedRuns]:
    """Return some runs of every variant for events and reasons, several variants in a block.

    A block has at most `size` columns, and other blocks are left for half of the processes.
    """
    if not (names and runs):
        return []
    parts = [runs[at : at + size] for at in range(0, len(runs), size)]
    most = max(1, min(size // len(parts[0]), ceil(len(names) / max(1, jobs // 2))))
    groups = [tuple(names[at : at + most]) for at in range(0, len(names), most)]
    return [WatchedRuns(group, part.start, part.stop) for group in groups for part in parts]


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockWork:
    """Makes the blocks of an ensemble; it is sent to each process once."""

    models: Mapping[str, Model]  # by variant
    read: OutcomeReader
    patterns: Mapping[str, Pattern]
    seed: int
    options: Options
    runs: int
    engine: Engine = field(default_factory=Engine)
    dyads: Mapping[str, np.ndarray] = field(default_factory=dict)  # by variant; absent: all
    scratch: Path | None = None  # folder for series, if workers share them by files

    @property
    def kept(self) -> int:
        """Return the number of runs in series and ties."""
        return min(self.runs, SERIES)

    @property
    def watched(self) -> int:
        """Return the number of runs whose events and reasons are recorded."""
        return min(self.runs, self.options.watched)

    @property
    def ranged(self) -> int:
        """Return the number of runs with stability over the weights of entrapment."""
        return min(self.runs, RANGED)

    def __call__(self, task: VariantRuns | WatchedRuns) -> EarlyBlock | WatchedBlock:
        """Return the block of some runs."""
        if isinstance(task, WatchedRuns):
            return self._watched(task)
        engine = Engine() if task.by_numpy else self.engine
        batch = Batch(
            model=self.models[task.variant],
            runs=task.runs,
            seed=self.seed,
            read=partial(self._early if task.by_numpy else self._block, task),
            engine=engine,
            watched=engine.name == NUMPY and task.first(self.watched).size > 0,
        )
        return batch.result()

    def _watched(self, task: WatchedRuns) -> WatchedBlock:
        """Return the events and reasons of some runs of several variants."""
        clock = perf_counter()
        batches = {
            name: Batch(model=self.models[name], runs=task.runs, seed=self.seed, read=_unread)
            for name in task.variants
        }
        built = {name: batch.built() for name, batch in batches.items()}
        notes = notes_of(self.models, built, task.runs)
        return WatchedBlock(
            task=task, notes_by_variant=notes, seconds={"kernel": perf_counter() - clock}
        )

    def _early(self, task: VariantRuns, batch: BatchRecord) -> EarlyBlock:
        """Return the early block of a batch, whose runs the engine computes again."""
        return EarlyBlock(
            task=task,
            outcomes=self.read(batch),
            drawn=batch.drawn,
            seconds={"kernel": batch.seconds},
            notes=self._notes(task, batch),
        )

    def _notes(self, task: VariantRuns, batch: BatchRecord) -> Notes | None:
        if batch.watch is None:
            return None
        return batch.watch.notes(task.variant, task.first(self.watched))

    def _block(self, task: VariantRuns, batch: BatchRecord) -> RunBlock:
        """Return the block of a batch."""
        clock, record = perf_counter(), batch.record
        ends = EndMetrics(record, self.options)
        stability = ends.stability_table(len(task.first(self.ranged)))
        dyads = DyadChoice(record.end.layout, self.dyads.get(task.variant))
        series = _series(record, ends, dyads)
        seconds = {"kernel": batch.seconds, "exact metrics": perf_counter() - clock}
        clock = perf_counter()
        patterns = PatternReader(self.patterns)(batch) if self.patterns else None
        if patterns is not None:
            seconds["patterns"] = perf_counter() - clock
        listed, kept = task.first(self.options.transfers), len(task.first(self.kept))
        path = self.scratch and self.scratch / f"{task.variant}.{task.start}"
        return RunBlock(
            task=task,
            outcomes=self.read(batch, ends),
            drawn=batch.drawn,
            seconds=seconds,
            metrics=tuple((name, array.shape[0]) for name, array in series.items()),
            cells=put_series(list(series.values()), kept, path=path) if kept else None,
            ties=_ties(record, kept, dyads) if kept else None,
            stability=stability,
            transfers=transfers_of(record.end.log, record.end.layout, listed),
            patterns=patterns,
            notes=self._notes(task, batch),
        )


def _unread(batch: BatchRecord) -> BatchRecord:
    return batch


BlockOutcomes = tuple[np.ndarray, dict[str, np.ndarray]]  # (outcomes, runs); path -> (runs,)


def outcomes_of_blocks(blocks: Sequence[EarlyBlock]) -> BlockOutcomes:
    """Return the outcomes of some blocks, and the numbers drawn for their runs."""
    paths = blocks[0].drawn
    drawn = {path: np.concatenate([each.drawn[path] for each in blocks]) for path in paths}
    return np.concatenate([each.outcomes for each in blocks], axis=1), drawn


def _series(record: Record, ends: EndMetrics, dyads: DyadChoice) -> dict[str, np.ndarray]:
    """Return the series of all metrics, (dates, subjects, runs); end metrics have one date."""
    series = {name: record.series[name] for name in METRICS if name in record.series}
    if dyads.table is not None:
        for name, values in series.items():
            if METRICS[name].kind == "supply":
                series[name] = values[:, dyads.supplies]
    return {**series, **{name: values[None] for name, values in ends.metrics().items()}}


def cell_names(
    metrics: tuple[tuple[str, int], ...], dyads: DyadChoice
) -> list[tuple[str, str, str]]:
    """Return date, metric and subject of every cell, in order."""
    dates = dyads.layout.calendar.labels()
    return [
        (date, metric, subject)
        for metric, count in metrics
        for subject in dyads.subjects[METRICS[metric].kind]
        for date in dates[-count:]
    ]


def _ties(record: Record, kept: int, dyads: DyadChoice) -> np.ndarray:
    """Return the metrics of dyads at end and start: (metric x dyad, runs kept)."""
    tables = [_by_states(record.end, _OF_WORLD.get(name, name)) for name in TIES]
    tables += [_by_states(record.start, name) for name in TIES_AT_START.values()]
    flat = [
        np.broadcast_to(table, (*table.shape[:-1], record.end.gdp.shape[-1])) for table in tables
    ]
    whole = [table[..., :kept].reshape(-1, kept) for table in flat]
    if dyads.table is not None:
        whole = [table[dyads.pairs] for table in whole]
    return np.concatenate(whole)


def _by_states(world: World, name: str) -> np.ndarray:
    """Return an array of the world, by rival dyad or exporter too, as (states, states, runs)."""
    layout, array = world.layout, np.asarray(getattr(world, name))
    axes = arrays_of(World)[name].axes
    if "exporters" in axes:
        return np.asarray(whole_table(layout, array))
    if "dyads" not in axes:
        return array
    full = np.zeros((len(layout.states), len(layout.states), array.shape[-1]))
    full[layout.dyad_from, layout.dyad_to] = array
    return full


@dataclass(frozen=True, eq=False)
class BlockCells:
    """The cells of a block, (cells, runs), as an array or as the path of a file."""

    shape: tuple[int, int]
    held: np.ndarray | Path

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Return some rows, with all runs."""
        if not isinstance(self.held, Path):
            return self.held[rows]
        first, last, _ = rows.indices(self.shape[0])
        count, width = last - first, self.shape[1]
        flat = np.fromfile(self.held, count=count * width, offset=8 * first * width)
        return flat.reshape(count, width)


def put_series(arrays: Sequence[np.ndarray], kept: int, *, path: Path | None) -> BlockCells:
    """Return the first runs of series (dates, subjects, runs) as cells (subject x date, runs).

    With a path they are written there as raw doubles; RunError if the disk is full.
    """
    shape = (sum(array.shape[0] * array.shape[1] for array in arrays), kept)
    if path is None:
        cells, at = np.empty(shape), 0
        for rows in _rows(arrays, kept):
            cells[at : at + len(rows)] = rows
            at += len(rows)
        return BlockCells(shape, cells)
    try:
        _write(path, _rows(arrays, kept))
    except OSError as error:
        message = (
            f"{path.parent}: not enough room for series ({error.strerror}); set TMPDIR, or --jobs 1"
        )
        raise RunError(message) from None
    return BlockCells(shape, path)


def _rows(arrays: Sequence[np.ndarray], kept: int) -> Iterator[np.ndarray]:
    """Yield the cells of each array, (subject x date, runs)."""
    for array in arrays:
        yield np.ascontiguousarray(array[..., :kept].swapaxes(0, 1)).reshape(-1, kept)


def _write(path: Path, parts: Iterable[np.ndarray]) -> None:
    with path.open("wb", buffering=0) as file:
        for rows in parts:
            if file.write(rows.data) != rows.nbytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
