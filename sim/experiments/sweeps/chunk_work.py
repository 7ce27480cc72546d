"""A chunk of a sweep, which a worker runs and writes if it reaches the results folder.

A task is small: a name and a few whole numbers. Everything else is in the work, which is sent to
each worker once: the model, and a page of the design, of which each chunk takes some points. The
worker returns a line of the ledger, or the chunk itself if it could not write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sim.experiments.chunk_files import ChunkFile, ChunkPlace
from sim.experiments.evaluation import PointRuns, PointWork
from sim.experiments.sweeps.sweep_results import KEYS


@dataclass(frozen=True, kw_only=True)
class ChunkTask:
    """A chunk to run: points of a page, replicates of each, and the folder for the file."""

    name: str
    at: int  # points of the page from here
    to: int  # to before here
    first: int  # replicates from here
    stop: int  # to before here
    place: ChunkPlace | None  # None: return the chunk


@dataclass(frozen=True)
class WrittenChunk:
    """A chunk that the worker wrote."""

    entry: Mapping[str, Any]  # line of the ledger


@dataclass(frozen=True)
class SentChunk:
    """A chunk that the worker returns, for the client to write."""

    file: ChunkFile
    why: str = ""  # why the worker could not write it


@dataclass(frozen=True, kw_only=True, eq=False)
class ChunkWork:
    """Runs chunks of one page of a design, class and variant."""

    runs: PointWork
    variant: str
    outcomes: tuple[str, ...]
    points: np.ndarray  # (points,) numbers of the page
    numbers: Mapping[str, np.ndarray]  # path -> (points,)

    def __call__(self, task: ChunkTask) -> WrittenChunk | SentChunk:
        """Run a chunk and write it, or return it."""
        file = self._file(task)
        if task.place is None:
            return SentChunk(file)
        try:
            task.place.write(file)
        except OSError as error:
            return SentChunk(file, error.strerror or str(error))
        return WrittenChunk(file.entry)

    def _file(self, task: ChunkTask) -> ChunkFile:
        some = slice(task.at, task.to)
        chunk = PointRuns(
            points=self.points[some],
            numbers={path: column[some] for path, column in self.numbers.items()},
            first=task.first,
            stop=task.stop,
        )
        outcomes = self.runs(chunk)
        point, run = chunk.keys
        variant = pa.array([self.variant] * chunk.rows).dictionary_encode()
        columns = dict(zip(KEYS, (variant, point, run), strict=True))
        columns |= dict(zip(self.outcomes, outcomes.T, strict=True))
        return ChunkFile.of(task.name, columns, KEYS)
