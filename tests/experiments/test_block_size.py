"""The size of a block follows from the bytes that a run takes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cases.synthetic_world import SyntheticOrder, synthetic_world
from sim.engine.kernels import LANES
from sim.experiments.batch import NO_NUMBERS, cases_of
from sim.experiments.block_size import COPIES, ROOM, TABLES, block_size, bytes_of
from sim.experiments.ensemble import Ensemble
from sim.experiments.options import BLOCK, Options
from sim.kernel.array_fields import arrays_of
from sim.kernel.collect import collect
from sim.kernel.simulate import steps
from sim.kernel.world import Log, World
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import load


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    file = tmp_path_factory.mktemp("world") / "world.yaml"
    text, affinities = synthetic_world(SyntheticOrder(count=120), "world", "world")
    file.write_text(text, encoding="utf-8")
    (file.parent / affinities.file("world")).write_text(affinities.text, encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("name", ["polonez_vs_iskander", "gulf_2017", "turkey_s400_2017"])
def test_bytes_are_those_of_the_arrays_of_a_run(name):
    (case,) = cases_of([(load(name).base, NO_NUMBERS)], 4)
    passed, rules = next(steps(case.world, case.rules, case.inputs, case.noise))
    world, layout = passed.world, passed.world.layout
    moving = sum(
        np.broadcast_to(getattr(world, array), (*getattr(world, array).shape[:-1], 4)).nbytes
        for array, about in arrays_of(World).items()
        if about.moves
    )
    log = sum(getattr(world.log, array).nbytes for array in arrays_of(Log))
    series = sum(values.shape[0] * 8 * 4 for values in collect(passed, rules).values())
    ties = 4 * 8 * TABLES * len(layout.states) ** 2
    held = (COPIES * moving + log + series * len(layout.calendar) + ties) / 4
    assert bytes_of(layout) == pytest.approx(held, rel=0.05)


def test_small_worlds_have_blocks_of_the_usual_size_and_large_ones_fewer_runs(large):
    small, world = layout_of(load("polonez_vs_iskander").base), layout_of(large.base)
    assert block_size(BLOCK, [small]) == BLOCK
    size = block_size(BLOCK, [small, world])
    assert LANES <= size < BLOCK
    assert size % LANES == 0  # whole strips
    assert size * bytes_of(world) <= ROOM < (size + LANES) * bytes_of(world)
    assert block_size(3, [world]) == 3


def test_an_ensemble_of_a_large_world_runs_in_such_blocks(large):
    ensemble = Ensemble(large, Options())
    assert ensemble.block == block_size(BLOCK, [layout_of(large.base)])
    assert Ensemble(large, Options(block=5)).block == 5
