"""Runs of a model, read by its patterns: the simulator behind a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.patterns.simulated import history_of
from sim.patterns.values import values as values_of
from sim.scenario.build import build
from sim.scenario.patterns import Pattern
from sim.scenario.schema import Model
from sim.simulate import simulate


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
        found = values_of(self.patterns, history_of(record, self.model, runs.size)).by_name()
        return np.stack([found[name] for name in self.names], axis=1)
