"""Draws and lists that worlds of the same runs, or of the same model, share."""

import numpy as np

from sim.experiments.batch import LISTS, Batch, shared_draws
from sim.kernel.simulate import simulate
from sim.scenario.compile.build import build
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import load
from tests.experiments.conftest import SMALL


def outcome(built):
    """Return the series of the worlds that were built."""
    return simulate(built.world, built.rules, built.inputs, built.noise).series


def test_the_same_runs_have_the_same_draws_as_long_as_they_are_remembered():
    lists = [np.arange(k, k + 5) for k in range(LISTS + 1)]
    first = shared_draws(lists[0], 1)
    assert shared_draws(lists[0].astype(np.int32), 1) is first
    assert shared_draws(lists[0], 2) is not first
    for each in lists[1:]:
        shared_draws(each, 1)
    assert shared_draws(lists[0], 1) is not first


def test_a_world_with_shared_draws_and_lists_is_the_world_without():
    models = load(SMALL).variants
    runs = np.arange(7)
    layouts = {name: layout_of(model) for name, model in models.items()}
    for _ in range(2):
        for name, model in models.items():
            alone = build(model, runs=runs, seed=3)
            draws = shared_draws(runs, 3)
            shared = build(model, runs=runs, seed=3, layout=layouts[name], noise=draws)
            expected, found = outcome(alone), outcome(shared)
            assert all(np.array_equal(expected[k], found[k], equal_nan=True) for k in expected)
            again = build(model, runs=runs, seed=3, layout=shared.world.layout, noise=draws)
            assert again.world.layout is shared.world.layout
            layouts[name] = shared.world.layout


def test_a_lone_run_has_a_second_lane_with_shared_draws_too():
    assert shared_draws(np.array([4]), 1).runs.tolist() == [4, 4]


def test_a_run_alone_equals_that_run_in_a_batch_for_all_numbers_and_draws():
    model = load(SMALL).variants["sale"]
    runs = np.arange(5)
    numbers = {"states.BRA.burden": np.linspace(0.02, 0.06, 5), "blocs.NORTH.preference": 0.2}
    whole = Batch(model=model, runs=runs, numbers=numbers, read=series).result()
    for shared in (True, False):
        own = {**numbers, "states.BRA.burden": numbers["states.BRA.burden"][3:4]}
        alone = Batch(model=model, runs=runs[3:4], numbers=own, read=series, shared=shared)
        for name, values in alone.result().items():
            assert values.shape[-1] == 1
            assert np.array_equal(values[..., 0], whole[name][..., 3], equal_nan=True)


def series(batch):
    return {name: values[..., : batch.count] for name, values in batch.record.series.items()}


def test_a_model_under_other_rules_keeps_the_layout_of_its_base():
    base = load(SMALL).variants["sale"]
    other = base.model_copy(update={"rules": {**base.rules, "consent": "imitation"}})
    runs = np.arange(3)
    layout = Batch(model=base, runs=runs, read=lambda each: each.record.end.layout).result()
    under = Batch(model=other, base=base, runs=runs, read=lambda each: each.record.end.layout)
    assert under.result() is layout
