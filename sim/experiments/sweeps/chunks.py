"""Chunks of a sweep: the runs of some points of one class and variant.

A design is cut into the same chunks for any executor and number of workers.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from sim.experiments.batch import shared_draws
from sim.experiments.design import Design
from sim.experiments.options import Options
from sim.experiments.outcomes import Reading, costly, evaluated
from sim.kernel.layout.layout import Layout
from sim.kernel.simulate import Record, simulate
from sim.scenario.compile.build import build
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepPlan:
    """What all chunks of a sweep share."""

    models: Mapping[tuple[int, str], Model]  # by class and variant
    outcomes: tuple[Outcome, ...]
    dates: Mapping[str, str]  # event -> date
    seed: int
    options: Options
    replicates: int
    independent: bool  # every point draws randomness of its own

    @property
    def exact(self) -> bool:
        """Return whether an outcome needs the exact metrics."""
        return any(costly(o) for o in self.outcomes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk:
    """Some points, or some replicates of one point."""

    name: str
    group: int  # class
    variant: str
    points: np.ndarray  # (points,) numbers
    given: Mapping[str, np.ndarray]  # path -> (points,)
    first: int  # replicates from here
    stop: int  # to before here

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return self.points.size * (self.stop - self.first)

    @property
    def keys(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the point and the replicate of each run."""
        runs = np.arange(self.first, self.stop)
        return np.repeat(self.points, runs.size), np.tile(runs, self.points.size)


@dataclass(frozen=True)
class ChunkJob:
    """A chunk with its part of the plan, pickled: it travels between our processes."""

    plan: bytes
    chunk: Chunk


def jobs_of(plan: SweepPlan, chunks: Iterable[Chunk]) -> Iterator[ChunkJob]:
    """Yield each chunk with its part of the plan, which is pickled once a class and variant."""
    pickled: dict[tuple[int, str], bytes] = {}
    for chunk in chunks:
        key = chunk.group, chunk.variant
        if key not in pickled:
            pickled[key] = pickle.dumps(replace(plan, models={key: plan.models[key]}))
        yield ChunkJob(pickled[key], chunk)


def done(job: ChunkJob) -> np.ndarray:
    """Return the outcomes of a chunk: (runs, outcomes)."""
    return _worker(job.plan).run(job.chunk)


@lru_cache(maxsize=4)
def _worker(pickled: bytes) -> ChunkWorker:
    """Return the worker of a part of a plan; it is kept for the next chunk of that part."""
    return ChunkWorker(pickle.loads(pickled))  # noqa: S301 - made by this program, never read of a file


class ChunkWorker:
    """Runs chunks of a plan, block by block; layouts are made once a class and variant."""

    def __init__(self, plan: SweepPlan) -> None:
        """Keep the plan."""
        self.plan = plan
        self.layouts: dict[tuple[int, str], Layout] = {}

    def run(self, chunk: Chunk) -> np.ndarray:
        """Return the outcomes of a chunk: (runs, outcomes)."""
        return np.concatenate([self._block(chunk, rows) for rows in self._blocks(chunk.rows)])

    def _blocks(self, rows: int) -> Iterator[slice]:
        """Yield the rows of each block."""
        size = self.plan.options.block
        for start in range(0, rows, size):
            yield slice(start, min(start + size, rows))

    def _block(self, chunk: Chunk, rows: slice) -> np.ndarray:
        """Return the outcomes of a block of runs: (runs, outcomes)."""
        plan, key = self.plan, (chunk.group, chunk.variant)
        model = plan.models[key]
        if key not in self.layouts:
            self.layouts[key] = layout_of(model)
        points, runs = (keys[rows] for keys in chunk.keys)
        place = np.searchsorted(chunk.points, points)
        given = {path: values[place] for path, values in chunk.given.items()}
        numbers = runs + points * plan.replicates if plan.independent else runs
        if numbers.size == 1:  # the kernel gives a lone run a second lane
            given = {path: np.repeat(values, 2) for path, values in given.items()}
        built = build(
            model,
            runs=numbers,
            seed=plan.seed,
            given=given,
            layout=self.layouts[key],
            noise=shared_draws(numbers, plan.seed),
        )
        self.layouts[key] = built.world.layout  # with the lists made of it
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        reading = Reading(record=record, final=self._final(record), dates=plan.dates)
        return np.ascontiguousarray(evaluated(plan.outcomes, reading)[:, : numbers.size].T)

    def _final(self, record: Record) -> dict[str, np.ndarray]:
        """Return the costly metrics that the outcomes ask for."""
        if not self.plan.exact:
            return {}
        from sim.experiments.outcomes import asked_metrics  # noqa: PLC0415 - half a second, of scipy

        return asked_metrics(self.plan.outcomes, record, self.plan.options)


ROWS = 1000  # runs of a chunk: some seconds of work


def chunks_of(
    design: Design,
    *,
    segments: Sequence[int],
    variants: Sequence[str],
    replicates: int,
    fixed: Mapping[str, frozenset[str]],
) -> Iterator[Chunk]:
    """Yield the chunks of a design.

    `segments` holds the number of points at each time that the design grew: what was done before
    keeps its chunks. `fixed` names by variant the paths that the variant itself sets.
    """
    ends = [0, *segments]
    for part, (start, stop) in enumerate(pairwise(ends)):
        for group, (_, points) in enumerate(design.classes.items()):
            mine = points[(points >= start) & (points < stop)]
            for variant in variants:
                free = {p: c for p, c in design.riding.items() if p not in fixed[variant]}
                name = f"{part}-{group}-{variant}"
                yield from _cut(name, group, variant, mine, free, replicates)


def _cut(
    name: str,
    group: int,
    variant: str,
    points: np.ndarray,
    columns: Mapping[str, np.ndarray],
    replicates: int,
) -> Iterator[Chunk]:
    """Yield chunks of about `ROWS` runs: whole points, or replicates of one point."""
    each = max(1, ROWS // replicates)
    number = 0
    for at in range(0, points.size, each):
        some = points[at : at + each]
        given = {path: column[some] for path, column in columns.items()}
        for first in range(0, replicates, ROWS):
            yield Chunk(
                name=f"{name}-{number:06d}",
                group=group,
                variant=variant,
                points=some,
                given=given,
                first=first,
                stop=min(first + ROWS, replicates),
            )
            number += 1


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepTask:
    """A sweep that has passed every check and is about to run."""

    scenario: Scenario
    known: Mapping[str, NumberPath]  # of the scenario or of a variant that runs
    design: Design
    plan: SweepPlan
    variants: tuple[str, ...]
    fixed: Mapping[str, frozenset[str]]  # by variant: paths that it sets itself, or lacks
    inputs: Mapping[str, Any]

    @property
    def runs(self) -> int:
        """Return the number of runs in all."""
        return len(self.design) * self.plan.replicates * len(self.variants)

    def chunks(self, segments: Sequence[int]) -> list[Chunk]:
        """Return the chunks in their order."""
        return list(
            chunks_of(
                self.design,
                segments=segments,
                variants=self.variants,
                replicates=self.plan.replicates,
                fixed=self.fixed,
            )
        )
