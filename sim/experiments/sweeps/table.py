"""The table of a sweep: read back in order, counted, hashed, and told by point.

Two sweeps are equal if the sha256 of their rows sorted by variant, point and run is.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.errors import ResultError
from sim.experiments.sweeps.chunks import Chunk
from sim.experiments.sweeps.ledger import Ledger
from sim.experiments.sweeps.listing import ROWS

HELD = 16  # chunks kept in memory at least


@dataclass(frozen=True)
class Window:
    """All runs of some points, in order."""

    variant: str
    points: np.ndarray  # (rows,)
    runs: np.ndarray  # (rows,)
    outcomes: np.ndarray  # (rows, outcomes)


@dataclass(eq=False)
class Table:
    """The rows of a sweep's chunks, sorted by variant, point and run."""

    ledger: Ledger
    chunks: Sequence[Chunk]
    names: Sequence[str]
    points: int
    replicates: int
    _held: OrderedDict[str, Window] = field(default_factory=OrderedDict)

    def windows(self) -> Iterator[Window]:
        """Yield the rows in order; ResultError if a row is missing or there twice."""
        each = max(1, ROWS // self.replicates)
        for variant in sorted({chunk.variant for chunk in self.chunks}):
            mine = [chunk for chunk in self.chunks if chunk.variant == variant]
            among = _by_window(mine, each)
            for at in range(0, self.points, each):
                stop = min(at + each, self.points)
                yield self._window(variant, at, stop, among.get(at // each, []))

    def _window(self, variant: str, start: int, stop: int, chunks: list[Chunk]) -> Window:
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
                f"{self.ledger.folder}: runs of points {start} to {stop - 1} of variant {variant} "
                f"are missing or there twice ({points.size} rows for {wanted.size})"
            )
            raise ResultError(message)
        return Window(variant, points, runs, outcomes)

    def _read(self, chunk: Chunk) -> Window:
        """Return the rows of a chunk."""
        if chunk.name not in self._held:
            path = self.ledger.check(chunk)
            self._held[chunk.name] = _rows(path, chunk.variant, self.names)
            most = max(HELD, 2 * len({each.group for each in self.chunks}))
            while len(self._held) > most:
                self._held.popitem(last=False)
        self._held.move_to_end(chunk.name)
        return self._held[chunk.name]


def _by_window(chunks: Sequence[Chunk], each: int) -> dict[int, list[Chunk]]:
    """Return the chunks that hold points of each window."""
    found: dict[int, list[Chunk]] = {}
    for chunk in chunks:
        for window in np.unique(chunk.points // each).tolist():
            found.setdefault(window, []).append(chunk)
    return found


def _rows(path: Path, variant: str, names: Sequence[str]) -> Window:
    """Return the rows of a file."""
    with path.open("rb") as file:  # pyarrow opens no name that is no text
        table = pq.read_table(file)
    columns = [table.column(name).to_numpy() for name in names]
    return Window(
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

    def add(self, window: Window) -> None:
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
