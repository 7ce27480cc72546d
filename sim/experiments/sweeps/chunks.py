"""A sweep as it is run: its task, cut into the same chunks for any executor and any workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.experiments.design import Design
from sim.experiments.evaluation import ROWS, PointRuns, PointWork, cut
from sim.experiments.executor import Job, jobs_of
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk(PointRuns):
    """Some points of one class and variant, or some replicates of one point."""

    name: str
    group: int  # class
    variant: str


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepTask:
    """A sweep that has passed every check and is about to run."""

    scenario: Scenario
    classes: Sequence[Scenario]  # the scenario with the texts of each class of the design
    known: Mapping[str, NumberPath]  # of the scenario or of a variant that runs
    design: Design
    variants: tuple[str, ...]
    fixed: Mapping[str, frozenset[str]]  # by variant: paths that it sets itself, or lacks
    options: Options
    independent: bool  # every point draws randomness of its own

    @property
    def replicates(self) -> int:
        """Return the number of runs of each variant at each point."""
        return self.scenario.base.runs

    @property
    def runs(self) -> int:
        """Return the number of runs in all."""
        return len(self.design) * self.replicates * len(self.variants)

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes, as the scenario spells them."""
        return [outcome.text for outcome in self.scenario.outcomes]

    def chunks(self, segments: Sequence[int]) -> Iterator[Chunk]:
        """Yield the chunks in their order.

        `segments` holds the number of points each time that the design grew: what was done before
        keeps its chunks.
        """
        for part, (start, stop) in enumerate(pairwise([0, *segments])):
            for group, points in enumerate(self.design.classes.values()):
                mine = points[(points >= start) & (points < stop)]
                for variant in self.variants:
                    yield from self._cut(part, group, variant, mine)

    def _cut(self, part: int, group: int, variant: str, points: np.ndarray) -> Iterator[Chunk]:
        numbers = {
            path: column
            for path, column in self.design.riding.items()
            if path not in self.fixed[variant]
        }
        for number, runs in enumerate(cut(points, numbers, self.replicates, ROWS)):
            name = f"{part}-{group}-{variant}-{number:06d}"
            yield Chunk(name=name, group=group, variant=variant, **vars(runs))

    def jobs(self, chunks: Iterable[Chunk]) -> Iterator[Job[Chunk]]:
        """Yield each chunk with the work of its class and variant."""
        read = OutcomeReader(self.scenario.outcomes, event_dates(self.scenario), self.options)

        def work(key: tuple[int, str]) -> PointWork:
            group, variant = key
            return PointWork(
                model=self.classes[group].variants[variant],
                read=read,
                seed=self.scenario.base.seed,
                replicates=self.replicates,
                independent=self.independent,
            )

        return jobs_of((((chunk.group, chunk.variant), chunk) for chunk in chunks), work)
