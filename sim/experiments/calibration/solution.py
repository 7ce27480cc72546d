"""Runs of a model, read by its patterns: the simulator behind a calibration.

Solving: simulations of a design, what they teach, the posterior, and what it predicts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from sim.experiments.calibration.calibration_ledger import (
    CalibrationLedger,
    Simulate,
    Simulations,
    chunks_of,
)
from sim.experiments.calibration.inference import (
    Fit,
    Identified,
    Learned,
    Recovery,
    identified,
    self_recovery,
)
from sim.experiments.calibration.targets import Target, blurred, observed, summaries
from sim.experiments.executor import executor_of, results_of
from sim.experiments.priors import PriorDesign, PriorPoints, prior_values
from sim.kernel.errors import RunError
from sim.kernel.simulate import simulate
from sim.patterns.pattern import Pattern
from sim.patterns.simulated import history_of
from sim.patterns.values import values as values_of
from sim.scenario.compile.build import build
from sim.scenario.schema.root import Model


@dataclass(frozen=True, eq=False)
class PatternRuns:
    """Simulates a model and reads the quantities of its patterns; it travels to workers."""

    model: Model
    patterns: Mapping[str, Pattern]  # with the checks that are fitted, and no other
    names: tuple[str, ...]  # of the checks
    seed: int

    def __call__(self, values: Mapping[str, np.ndarray], runs: np.ndarray) -> np.ndarray:
        """Return the quantities (rows, checks) of some runs at some values."""
        built = build(self.model, runs=runs, seed=self.seed, given=values)
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        found = values_of(self.patterns, history_of(record, runs.size)).by_name()
        return np.stack([found[name] for name in self.names], axis=1)


Progress = Callable[[int, int], None]  # runs done, runs in all


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise:
    """What is to be fitted to what, by which simulations."""

    targets: tuple[Target, ...]
    design: PriorDesign
    simulate: Simulate
    checks: int = 200  # runs of the posterior that are held against the patterns
    jobs: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """A posterior, and what is known of it."""

    fit: Fit
    values: dict[str, np.ndarray]  # path -> (kept,) values of the weighted rows
    identified: list[Identified]
    prior_values: np.ndarray  # (rows, targets) quantities over the design
    posterior_values: np.ndarray  # (checks, targets) over runs of the posterior
    recovery: Recovery


def solved(exercise: Exercise, ledger: CalibrationLedger | None, progress: Progress) -> Solution:
    """Return the posterior of an exercise; chunks that the ledger has are not run again."""
    design = exercise.design
    total = design.rows + exercise.checks
    table = simulated(
        exercise, Simulations(exercise.simulate, design), ledger, lambda n: progress(n, total)
    )
    _refuse_undefined(exercise, table)
    learned = learn(exercise, table)
    fit = learned.fit(observation(exercise, learned))
    redrawn = PriorPoints(design.priors, drawn_rows(fit, exercise.checks))
    again = Simulations(exercise.simulate, redrawn, first=design.rows)
    checked = simulated(exercise, again, None, lambda n: progress(design.rows + n, total))
    return Solution(
        fit=fit,
        values=prior_values(design.priors, fit.quantiles),
        identified=identified(design.priors, learned, fit),
        prior_values=table,
        posterior_values=checked,
        recovery=self_recovery(learned, seed=design.seed, jobs=exercise.jobs),
    )


def _refuse_undefined(exercise: Exercise, table: np.ndarray) -> None:
    """Refuse targets that no run of the design has a value for: they would teach nothing."""
    nowhere = np.isnan(table).all(axis=0)
    names = [each.name for each, no in zip(exercise.targets, nowhere, strict=True) if no]
    if names:
        message = (
            f"undefined in every run: {', '.join(names)}; does its window lie in the scenario's "
            "span, and before the vantage?"
        )
        raise RunError(message)


def learn(exercise: Exercise, table: np.ndarray) -> Learned:
    """Return what the simulations of the design teach about its numbers."""
    design = exercise.design
    seen = blurred(exercise.targets, table, seed=design.seed, runs=np.arange(design.rows))
    return Learned(
        design.quantiles(0, design.rows),
        summaries(exercise.targets, seen),
        seed=design.seed,
        jobs=exercise.jobs,
    )


def observation(exercise: Exercise, learned: Learned) -> np.ndarray:
    """Return the statistics of what history shows."""
    found = summaries(exercise.targets, observed(exercise.targets))
    return np.asarray(learned.statistic(found)[0])


def simulated(
    exercise: Exercise,
    simulations: Simulations,
    ledger: CalibrationLedger | None,
    progress: Callable[[int], None],
) -> np.ndarray:
    """Return the quantities (rows, targets) of a design, in its order."""
    names = [target.name for target in exercise.targets]
    chunks = chunks_of(simulations.design.rows)
    found = {each: ledger.kept(each, names) for each in chunks} if ledger is not None else {}
    lacking = [each for each in chunks if found.get(each) is None]
    done = simulations.design.rows - sum(each.stop - each.start for each in lacking)
    progress(done)
    jobs = max(1, min(exercise.jobs, len(lacking)))
    with closing(results_of(simulations, lacking, executor_of(jobs))) as running:
        for each in running:
            found[each.chunk] = each.values
            if ledger is not None:
                ledger.enter(each, names)
            done += each.chunk.stop - each.chunk.start
            progress(done)
    tables = [table for chunk in chunks if (table := found[chunk]) is not None]
    return np.concatenate(tables) if tables else np.zeros((0, len(names)))


def drawn_rows(fit: Fit, count: int) -> np.ndarray:
    """Return rows of the posterior in proportion to their weights: (count, numbers)."""
    ends = np.cumsum(fit.weights)
    levels = (np.arange(count) + 0.5) / max(count, 1) * ends[-1]
    at = np.minimum(np.searchsorted(ends, levels, side="right"), len(ends) - 1)
    return np.asarray(fit.quantiles[at])
