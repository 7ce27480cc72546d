"""Structural runs: every rule set over every variant, at shared parameter points.

Point p takes the uncertain numbers that run p of an ensemble with `--uncertain` draws, or that it
draws from a posterior if the scenario names one. So are the assumed parameters of the laws in force
drawn over their range, by their path and the point; those that the scenario or a variant sets are
held. Replicate r of point p has the randomness of run p * replicates + r. Points and runs are the
same for all rule sets and variants, so that their differences are paired. A single point holds the
numbers at their values.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.experiments.blocks import Block, Study, Task, Worker
from sim.experiments.crossing import Crossing, RuleSet, under
from sim.experiments.draws import shared_draws
from sim.experiments.failures import told
from sim.experiments.gathering import Ensemble, Progress
from sim.experiments.options import refuse_wrong
from sim.experiments.points import at_points, drawn_by, set_by
from sim.experiments.pool import blocks
from sim.scenario.build import Built, build
from sim.scenario.prior import LAWS

POINTS = 10  # parameter points unless asked
RUNS = 50  # runs of each rule set and variant unless asked: replicates of all points


@dataclass(frozen=True)
class RuleTask(Task):
    """Some runs of a variant under a rule set."""

    rule_set: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleStudy(Study):
    """A study of several rule sets."""

    rule_sets: tuple[RuleSet, ...] = ()
    held: frozenset[str] = frozenset()  # paths of laws' parameters that some variant sets
    points: int = 1

    def worker(self) -> Worker:
        """Return what runs blocks of this study in a process."""
        return RuleWorker(self)


class RuleWorker(Worker):
    """Runs blocks of a study of several rule sets."""

    study: RuleStudy

    def built(self, task: Task, runs: np.ndarray) -> Built:
        """Return what the runs of a task need: its rules, and the numbers of their points."""
        assert isinstance(task, RuleTask)  # noqa: S101 - the pool knows tasks by their base
        model = self.study.models[task.variant]
        layout = self.layout(task.variant, model)
        model = under(model, self.study.rule_sets[task.rule_set])
        points = runs // (self.study.runs // self.study.points)
        study = self.study
        given = {} if study.points == 1 else at_points(model, points, study.seed, study.held)
        noise = shared_draws(runs, study.seed)
        return build(model, runs=runs, seed=study.seed, layout=layout, given=given, noise=noise)


@dataclass(eq=False)
class Structure:
    """A scenario about to be run under every rule set of a crossing."""

    ensemble: Ensemble
    crossing: Crossing
    points: int
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a number of points that does not fit the runs; one will do without uncertainty."""
        refuse_wrong(points=self.points)
        runs, models = self.ensemble.runs, self.ensemble.scenario.variants.values()
        self.held = set_by(models)
        self.uncertain = drawn_by(models, self.crossing, self.held)
        if self.points >= 1 and not self.uncertain:
            self.points = 1
        if self.points < 1 or runs % self.points or runs // self.points < 2:  # noqa: PLR2004
            message = (
                f"{self.points} points do not fit {runs} runs: runs must be a multiple of the "
                f"points, twice them at least, such as --points {POINTS} --runs {RUNS}"
            )
            raise InputError([Problem("--points", 0, 0, "", message)])

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many numbers of the scenario points draw, and how many of all its laws."""
        of_laws = sum(path.startswith(LAWS) for path in self.uncertain)
        return len(self.uncertain) - of_laws, of_laws

    @property
    def replicates(self) -> int:
        """Return the number of runs of each point."""
        return self.ensemble.runs // self.points

    @property
    def inputs(self) -> dict[str, Any]:
        """Return what two structural runs must share for their tables to be equal."""
        choices = {role: list(each) for role, each in self.crossing.choices.items()}
        own = {"choices": choices, "points": self.points, "drawn": self.uncertain}
        return self.ensemble.inputs | {"structural": own}

    @property
    def total(self) -> int:
        """Return the number of runs in all."""
        sets = len(self.crossing.rule_sets)
        return sets * self.ensemble.runs * len(self.ensemble.scenario.variants)

    def outcomes(self, progress: Progress) -> Mapping[str, np.ndarray]:
        """Return every outcome by variant: (outcomes, rule sets, points, replicates)."""
        scenario, runs = self.ensemble.scenario, self.ensemble.runs
        sets = len(self.crossing.rule_sets)
        shape = (len(scenario.outcomes), sets, runs)
        found = {name: np.empty(shape) for name in scenario.variants}
        done = 0
        with told("the folder for temporary files"), closing(self._blocks()) as made:
            for block in made:
                task = block.task
                assert isinstance(task, RuleTask)  # noqa: S101 - it comes from `_tasks`
                found[task.variant][:, task.rule_set, task.start : task.stop] = block.outcomes
                for phase, seconds in block.seconds.items():
                    self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
                done += task.stop - task.start
                progress(done, self.total)
        points = (*shape[:2], self.points, self.replicates)
        return {name: values.reshape(points) for name, values in found.items()}

    def _blocks(self) -> Generator[Block, None, None]:
        """Return the blocks of all rule sets and variants, in order."""
        tasks = self._tasks()
        return blocks(self._study(), tasks, min(self.ensemble.options.jobs, len(tasks)))

    def _tasks(self) -> list[Task]:
        """Return the tasks: the runs of each rule set of each variant, in blocks."""
        runs, block = self.ensemble.runs, self.ensemble.options.block
        return [
            RuleTask(name, start, min(start + block, runs), at)
            for name in self.ensemble.scenario.variants
            for at in range(len(self.crossing.rule_sets))
            for start in range(0, runs, block)
        ]

    def _study(self) -> RuleStudy:
        """Return what all blocks share; numbers that a point gives are not drawn again."""
        scenario = self.ensemble.scenario
        shared = self.ensemble.study(list(scenario.variants), None, outcomes_only=True)
        models = {
            name: model.model_copy(update={"uncertain": False})
            for name, model in shared.models.items()
        }
        sets, held = tuple(self.crossing.rule_sets), self.held
        own = {"rule_sets": sets, "held": held, "points": self.points}
        return RuleStudy(**{**vars(shared), "models": models, **own})
