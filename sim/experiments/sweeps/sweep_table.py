"""The table of a sweep whose chunks are complete: read in order, counted, hashed, summarised.

Two sweeps are equal if the sha256 of their rows sorted by variant, point and run is.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from sim.experiments.chunk_store import ChunkStore, replace_file
from sim.experiments.evaluation import ROWS
from sim.experiments.intervals import mean_of_defined
from sim.experiments.sweeps.chunks import Chunk, SweepTask
from sim.experiments.sweeps.sweep_results import COLUMNS, DESIGN, POINTS, SUMMARY, SweepResults
from sim.kernel.errors import ResultError
from sim.records import manifest, study_tables
from sim.records.columns import Column
from sim.records.csv_writer import numbers, row
from sim.records.kinds import DRAFT
from sim.records.tables import dictionary, outcome_column

HELD = 16  # chunks kept in memory at least


@dataclass(frozen=True)
class RowWindow:
    """All runs of some points, in order."""

    variant: str
    points: np.ndarray  # (rows,)
    runs: np.ndarray  # (rows,)
    outcomes: np.ndarray  # (rows, outcomes)


@dataclass(eq=False)
class SweepTable:
    """The rows of a sweep's chunks, sorted by variant, point and run."""

    store: ChunkStore
    chunks: Sequence[Chunk]
    names: Sequence[str]
    points: int
    replicates: int
    _held: OrderedDict[str, RowWindow] = field(default_factory=OrderedDict)

    def windows(self) -> Iterator[RowWindow]:
        """Yield the rows in order; ResultError if a row is missing or there twice."""
        each = max(1, ROWS // self.replicates)
        for variant in sorted({chunk.variant for chunk in self.chunks}):
            mine = [chunk for chunk in self.chunks if chunk.variant == variant]
            among = _by_window(mine, each)
            for at in range(0, self.points, each):
                stop = min(at + each, self.points)
                yield self._window(variant, at, stop, among.get(at // each, []))

    def _window(self, variant: str, start: int, stop: int, chunks: list[Chunk]) -> RowWindow:
        """Return all runs of the points from `start` to before `stop`."""
        parts = [self._read(chunk) for chunk in chunks]
        points = np.concatenate([part.points for part in parts])
        inside = (points >= start) & (points < stop)
        points = points[inside]
        runs = np.concatenate([part.runs for part in parts])[inside]
        outcomes = np.concatenate([part.outcomes for part in parts])[inside]
        order = np.lexsort((runs, points))
        points, runs, outcomes = points[order], runs[order], outcomes[order]
        wanted = np.arange(start * self.replicates, stop * self.replicates)
        if not np.array_equal(points * self.replicates + runs, wanted):
            message = (
                f"{self.store.folder}: runs of points {start} to {stop - 1} of variant {variant} "
                f"are missing or there twice ({points.size} rows for {wanted.size})"
            )
            raise ResultError(message)
        return RowWindow(variant, points, runs, outcomes)

    def _read(self, chunk: Chunk) -> RowWindow:
        """Return the rows of a chunk."""
        if chunk.name not in self._held:
            rows = self.store.read(chunk.name)
            self._held[chunk.name] = _rows(rows, chunk.variant, self.names)
            most = max(HELD, 2 * len({each.group for each in self.chunks}))
            while len(self._held) > most:
                self._held.popitem(last=False)
        self._held.move_to_end(chunk.name)
        return self._held[chunk.name]


def _by_window(chunks: Sequence[Chunk], each: int) -> dict[int, list[Chunk]]:
    """Return the chunks that hold points of each window."""
    windows: dict[int, list[Chunk]] = {}
    for chunk in chunks:
        for window in np.unique(chunk.points // each).tolist():
            windows.setdefault(window, []).append(chunk)
    return windows


def _rows(table: pa.Table, variant: str, names: Sequence[str]) -> RowWindow:
    """Return the rows of a chunk."""
    columns = [table.column(name).to_numpy() for name in names]
    return RowWindow(
        variant,
        table.column("point").to_numpy(),
        table.column("run").to_numpy(),
        np.stack(columns, axis=1) if columns else np.zeros((len(table), 0)),
    )


class Digest:
    """The hash of a sweep's table; it does not depend on how the rows come in windows."""

    def __init__(self, names: Sequence[str]) -> None:
        """Begin with the names of the outcomes."""
        self.rows = 0
        self._sha = hashlib.sha256("\n".join(names).encode())
        self._variant = ""

    def add(self, window: RowWindow) -> None:
        """Take in the next rows."""
        if window.variant != self._variant:
            self._variant = window.variant
            self._sha.update(f"\n{window.variant}\n".encode())
        keys = np.stack([window.points, window.runs], axis=1).astype("<f8")
        values = np.where(np.isnan(window.outcomes), np.nan, window.outcomes)
        self._sha.update(np.concatenate([keys, values], axis=1).astype("<f8").tobytes())
        self.rows += window.points.size

    @property
    def hex(self) -> str:
        """Return the sha256."""
        return self._sha.hexdigest()


def finish(task: SweepTask, store: ChunkStore, chunks: Sequence[Chunk]) -> SweepResults:
    """Return the results of a sweep whose chunks are all done; ResultError if any is not."""
    names, folder = task.outcomes, store.folder
    table = SweepTable(store, chunks, names, len(task.design), task.replicates)
    digest, draft = Digest(names), folder / f"{POINTS}{DRAFT}"
    with _Points(draft, names, task.replicates) as points:
        for window in table.windows():
            digest.add(window)
            points.add(window)
    if digest.rows != task.runs:
        message = f"{folder}: {digest.rows} runs for {task.runs}; this is a bug"
        raise ResultError(message)
    draft.replace(folder / POINTS)
    replace_file(folder / SUMMARY, study_tables.SWEEP_SUMMARY.text(points.summary()))
    replace_file(folder / COLUMNS, study_tables.SWEEP_COLUMNS.text(_columns(task)))
    content = {
        "inputs": store.inputs,
        "complete": True,
        **manifest.described(task.scenario),
        "variants": list(task.variants),
        "fixed_by_variant": {name: sorted(paths) for name, paths in task.fixed.items() if paths},
        "table": {
            "points": len(task.design),
            "replicates": task.replicates,
            "rows": digest.rows,
            "sha256": digest.hex,
        },
        "how": {"commit": manifest.commit(), "jobs": task.options.jobs},
    }
    store.finish(content, (COLUMNS, DESIGN, POINTS, SUMMARY))
    return SweepResults(folder)


class _Points:
    """The mean of each outcome at each point, written as the windows come."""

    def __init__(self, path: Path, names: Sequence[str], replicates: int) -> None:
        self.path, self.names, self.replicates = path, names, replicates
        self._spread: dict[str, list[np.ndarray]] = {}

    def __enter__(self) -> Self:
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._file.write(study_tables.POINTS.text([], self.names))
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, window: RowWindow) -> None:
        """Write the means of the points of a window; undefined runs are left out."""
        shape = (-1, self.replicates, len(self.names))
        means = mean_of_defined(window.outcomes.reshape(shape), axis=1)
        points = window.points[:: self.replicates]
        for point, line in zip(points.tolist(), numbers(means), strict=True):
            self._file.write(f"{window.variant},{point},{line}\n")
        spreads = self._spread.setdefault(window.variant, [])
        spreads.append(_spread(points, means))
        if len(spreads) > 1:
            spreads[:] = [_joined(spreads[0], spreads[1])]

    def summary(self) -> list[str]:
        """Return the rows of `summary.csv`: over the points of each variant."""
        lines = []
        for variant, (spread,) in self._spread.items():
            for name, cells in zip(self.names, spread.T, strict=True):
                count, mean, squares, least, at_least, most, at_most = cells.tolist()
                sd = np.sqrt(squares / (count - 1)) if count > 1 else np.nan
                sd = 0.0 if count > 1 and least == most else sd  # not what rounding left
                ends = [least, at_least, most, at_most]
                lines.append(row([variant, name, count, mean if count else np.nan, sd, *ends]))
        return lines


def _spread(points: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Return count, mean, squares about it, least and most with their points: (7, outcomes)."""
    defined = ~np.isnan(means)
    count = defined.sum(axis=0)
    mean = np.where(defined, means, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(defined, means - mean, 0.0) ** 2).sum(axis=0)
    low, high = np.where(defined, means, np.inf), np.where(defined, means, -np.inf)
    none = count == 0
    at_low, at_high = points[low.argmin(axis=0)], points[high.argmax(axis=0)]
    rows = [low.min(axis=0), at_low, high.max(axis=0), at_high]
    ends = [np.where(none, np.nan, each) for each in rows]
    return np.stack([count, mean, squares, *ends])


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the spread over the points of two spreads (Chan's formula for the squares)."""
    n, m = one[0], other[0]
    both = np.maximum(n + m, 1)
    apart = other[1] - one[1]
    mean = one[1] + apart * m / both
    squares = one[2] + other[2] + apart**2 * n * m / both
    lower = (other[3] < one[3]) | np.isnan(one[3])
    higher = (other[5] > one[5]) | np.isnan(one[5])
    low, high = np.where(lower, other[3:5], one[3:5]), np.where(higher, other[5:7], one[5:7])
    return np.concatenate([np.stack([n + m, mean, squares]), low, high])


def _columns(task: SweepTask) -> list[str]:
    """Return the rows of `columns.csv`."""
    described = [pair for table in study_tables.SWEEP for pair in table.described()]
    described += [(DESIGN, Column(path, "", "Value at the point.")) for path in task.design.columns]
    described += [("chunks", outcome_column(outcome)) for outcome in task.scenario.outcomes]
    return dictionary(described, study_tables.SWEEP_COLUMNS)
