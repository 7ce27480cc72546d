"""A small world for tests of the whole model, as in its file or with changed settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.kernel.simulate import Record, simulate, steps
from sim.kernel.world import World
from sim.scenario.compile.build import Built, build
from sim.scenario.load import load
from sim.scenario.schema.root import Model

FILE = Path(__file__).with_name("small.yaml")
SEED = 20171009


def small(*sets: str) -> Model:
    """Return the small world with settings changed as by `--set`."""
    return load(FILE, sets=sets).base


def built(model: Model, runs: int) -> Built:
    """Return world, rules, inputs and noise for some runs of a model."""
    return build(model, runs=np.arange(runs), seed=SEED)


def passing(parts: Built) -> list[tuple[World, World]]:
    """Return the world before and after each period."""
    before, pairs = parts.world, []
    for passed, _ in steps(parts.world, parts.rules, parts.inputs, parts.noise):
        pairs.append((before, passed.world))
        before = passed.world
    return pairs


def record(model: Model, runs: int) -> Record:
    """Return the record of some runs of a model."""
    parts = built(model, runs)
    return simulate(parts.world, parts.rules, parts.inputs, parts.noise)
