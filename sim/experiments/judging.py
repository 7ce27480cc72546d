"""Judging: the values of patterns over runs, and verdicts on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.experiments.draws import shared_draws
from sim.patterns.simulated import history_of
from sim.patterns.values import values
from sim.scenario.build import build
from sim.scenario.patterns import Pattern
from sim.scenario.schema import Model
from sim.simulate import simulate


def pattern_values(
    model: Model,
    patterns: Mapping[str, Pattern],
    *,
    runs: int,
    seed: int,
    given: Mapping[str, Any] | None = None,
) -> dict[str, np.ndarray]:
    """Return the value of every check in every run, by PATTERN.check; NaN where undefined.

    One process, one block. `given` sets numbers by dotted path, as in `build`.
    """
    numbers = np.arange(runs)
    noise = shared_draws(numbers, seed)
    built = build(model, runs=numbers, seed=seed, given=given, noise=noise)
    record = simulate(built.world, built.rules, built.inputs, built.noise)
    return values(patterns, history_of(record, model, runs)).by_name()
