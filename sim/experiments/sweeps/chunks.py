"""Chunks of a sweep: the runs of some points of one class and variant.

A design is cut into the same chunks for any executor and number of workers.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.experiments.design import Design
from sim.experiments.evaluation import ROWS, PointRuns, PointWork
from sim.experiments.executor import Job
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk(PointRuns):
    """Some points of one class and variant, or some replicates of one point."""

    name: str
    group: int  # class
    variant: str


def jobs_of(plan: SweepPlan, chunks: Iterable[Chunk]) -> Iterator[Job]:
    """Yield each chunk with the work of its class and variant, which is pickled once for it."""
    read = OutcomeReader(plan.outcomes, plan.dates, plan.options)
    pickled: dict[tuple[int, str], bytes] = {}
    for chunk in chunks:
        key = chunk.group, chunk.variant
        if key not in pickled:
            work = PointWork(
                model=plan.models[key],
                read=read,
                seed=plan.seed,
                replicates=plan.replicates,
                independent=plan.independent,
            )
            pickled[key] = pickle.dumps(work)
        yield Job(pickled[key], chunk)


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
        numbers = {path: column[some] for path, column in columns.items()}
        for first in range(0, replicates, ROWS):
            yield Chunk(
                name=f"{name}-{number:06d}",
                group=group,
                variant=variant,
                points=some,
                numbers=numbers,
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
