"""Plans: fusing, overwriting and leaving out rows change no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.demand import LEAST_ROWS
from sim.kernel import arrays
from sim.kernel.arrays import Groups
from tests.engine.programs import Program, program

ROWS, RUNS, LENGTH = 6, 21, 40
GROUPS = Groups(np.array([1, 0, 1, 2, 2, 0]), 3)
START = np.random.default_rng(8).uniform(-1, 1, (3, ROWS, RUNS))
CELLS = np.argsort(np.random.default_rng(9).random((ROWS, RUNS)), axis=0)


def mixed(x, y):
    return 0.5 * x - 0.25 * y


def chosen(x, y):
    return np.where(x > y, x, 0.5)


def turned(x, y, index):
    return x[index] * y


def overwritten(x, y, index):
    return arrays.put(x, index[:3], x[index[3:]] + y[index[:3]])


def scattered(x, y, cells):
    return arrays.put_at(x, (cells,), np.tanh(x + y))


def added(x, y, cells):
    return arrays.added_at(x * 1.0, (cells,), y)


def picked(x, y, cells):
    return arrays.pick(x, cells) - y


def summed(x, y):
    return x - 0.1 * y.sum(axis=0)


def grouped(x, y):
    return y + 0.1 * GROUPS.sum(x)[[0, 1, 2, 2, 1, 0]]


def multiplied(x, y):
    runs = x.shape[-1]
    return 0.3 * arrays.contract(x.reshape(2, 3, runs), y.reshape(3, 2, runs))[
        [0, 1, 0], :
    ].reshape(6, runs)


def multiplied_twice(x, y):
    runs = x.shape[-1]
    left, right = x.reshape(2, 3, runs), y.reshape(3, 2, runs)
    mean = arrays.contract(left, right) / (arrays.contract(abs(left), abs(right)) + 1.0)
    return mean[[0, 1, 0], :].reshape(6, runs)


PLAIN = (mixed, chosen, summed, grouped, multiplied, multiplied_twice, np.maximum)
INDEXED = (turned, overwritten)
BY_CELL = (scattered, added, picked)


def history(seed):
    """Return a function of three arrays and of cells that is a random sequence of operations."""

    def function(**given):
        chance = np.random.default_rng(seed)
        cells, known = given["cells"], [given[f"x{n}"] for n in range(3)]
        for _ in range(LENGTH):
            step = chance.choice([*PLAIN, *INDEXED, *BY_CELL])
            x, y = (known[max(0, len(known) - int(n))] for n in chance.integers(1, 9, 2))
            rest = {INDEXED: chance.permutation(ROWS), BY_CELL: cells}
            more = [each for steps, each in rest.items() if step in steps]
            known.append(step(x, y, *more))
        return {f"last {n}": each * 1.0 for n, each in enumerate(known[-6:])}

    return function


GIVEN = {**{f"x{n}": START[n] for n in range(3)}, "cells": CELLS}


@pytest.mark.parametrize(("lanes", "seeds"), [(16, range(6)), (8, range(6, 8))])
def test_code_equals_numpy_for_any_sequence_of_operations(lanes, seeds):
    functions = {seed: history(seed) for seed in seeds}

    def all_of_them(**given):
        return {
            f"{seed} {name}": each
            for seed, function in functions.items()
            for name, each in function(**given).items()
        }

    made = program(all_of_them, GIVEN, lanes=lanes)
    found = made.compiled(GIVEN)
    expected = all_of_them(**{name: each.copy() for name, each in GIVEN.items()})
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-11, abs=1e-11), name
    fused = made.plan.fused & {node.number for node in made.plan.nodes}
    assert len(fused) > len(made.plan.roots) / 4
    assert len(made.plan.bundles) < len(made.plan.roots)
    names = [made.plan.names.get(node.number, "") for node in made.plan.roots]
    places = {made.plan.memory.places[name].offset for name in names if name.startswith("node")}
    assert len(places) < len(names) / 2  # memory is used again


@pytest.mark.parametrize("lanes", [8, 16])
@pytest.mark.parametrize("size", [7, 70])  # the larger in tiles, with rows and columns left over
def test_products_of_the_same_tables_share_a_loop_and_sum_in_order(lanes, size):
    given = {"x": np.random.default_rng(3).uniform(-1, 1, (size, size, 17))}

    def function(x):
        moved = arrays.put(x, (0, 0), 2.0)
        signed, sizes = arrays.contract(moved, moved), arrays.contract(abs(moved), abs(moved))
        return {"signed": signed * 1.0, "sizes": sizes * 1.0, "other": arrays.contract(x, -x) * 1.0}

    made = program(function, given, lanes=lanes)
    found = made.compiled(given)
    moved = given["x"].copy()
    moved[0, 0] = 2.0
    pairs = {
        "signed": (moved, moved),
        "sizes": (abs(moved), abs(moved)),
        "other": (given["x"], -given["x"]),
    }
    for name, (left, right) in pairs.items():
        total = np.zeros_like(left)
        for k in range(size):
            total += left[:, k, None] * right[k]
        np.testing.assert_array_equal(found[name], total.reshape(size**2, -1))
    products = [each for each in made.plan.bundles if each[0].op == "contract"]
    assert sorted(map(len, products)) == [1, 2]
    assert not [node for node in made.plan.roots if node.given.get("function") == "absolute"]


@pytest.mark.parametrize("least", [0, 1 << 20])
def test_scattered_rows_of_a_large_table_are_asked_for_before_they_are_read(least, monkeypatch):
    monkeypatch.setattr("sim.engine.vectors.UNCACHED", least)
    index = np.array([5, 0, 4, 1])

    def function(x0, x1, **_):
        return {"y": np.exp(x0 * 1.0)[index] + x1[index], "z": np.exp(x0 - x1)}

    made = program(function, GIVEN)
    found, expected = made.compiled(GIVEN), function(**GIVEN)
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-13), name
    assert ("call void @llvm.prefetch" in made.assembly) == (not least)


def test_rows_are_read_before_they_are_written_over():
    def function(x0, **_):
        double = 2.0 * np.tanh(x0) + np.exp(x0)
        return {"y": arrays.put(double, np.arange(ROWS), double[::-1] * 3.0)}

    made = program(function, GIVEN)
    assert made.compiled(GIVEN)["y"] == pytest.approx(function(**GIVEN)["y"], rel=1e-13)


@pytest.mark.parametrize("turned", [False, True])
def test_loops_over_the_same_rows_are_joined_and_pass_values_in_registers(turned):
    def function(x0, x1, **_):
        both = np.tanh(x0) * x1
        again = both[::-1] if turned else both
        return {"y": both * both + x1, "z": np.exp(again) - x0}

    made = program(function, GIVEN)
    for name, values in function(**GIVEN).items():
        assert made.compiled(GIVEN)[name] == pytest.approx(values, rel=1e-13), name
    assert [len(bundle) for bundle in made.plan.bundles] == ([2, 1] if turned else [3])
    stored = [node.number in made.plan.names for node in made.plan.roots]
    assert stored == [turned, True, True]


@pytest.mark.parametrize(("rows", "places"), [([1, 4, 2],) * 2, ([1, 4, 2], [4, 1, 2])])
def test_an_update_that_reads_the_rows_that_it_replaces_needs_no_copy(rows, places):
    def function(x0, x1, **_):
        both = np.tanh(x0) * x1
        return {"y": arrays.put(both, np.array(places), both[rows] * 2.0 + x1[:3])}

    made = program(function, GIVEN)
    assert made.compiled(GIVEN)["y"] == pytest.approx(function(**GIVEN)["y"], rel=1e-13)
    base, update = made.plan.roots
    kept = made.plan.names[base.number] == made.plan.names[update.number]
    assert kept == (rows == places)


def test_memory_that_passes_on_to_an_update_is_not_used_again():
    def function(x0, x1, **_):
        rows = arrays.true_rows(x0 > 0)  # a list, last read with the base of the update
        both = arrays.added_at(np.tanh(x0) * x1, (np.maximum(rows, 0),), (rows >= 0) * 1.0)
        other = np.exp(x1[::-1]) - both.sum(axis=0)
        return {"y": both[::-1] * other[CELLS[:, 0]] + other.sum(axis=0)}

    made = program(function, GIVEN)
    assert made.compiled(GIVEN)["y"] == pytest.approx(function(**GIVEN)["y"], rel=1e-12)


def test_nodes_without_readers_are_not_computed():
    made = program(lambda x0, x1, **_: {"y": x0 + 1.0, "z": (x0 * np.exp(x1))[:1]}, GIVEN)
    assert all(node.given.get("name") != "of x2" for node in made.plan.nodes)
    functions = [node.given.get("function") for node in made.plan.roots]
    assert "exp" not in functions  # it is fused into the one loop that reads it


@pytest.mark.parametrize("many", [7, 2 * LEAST_ROWS])
def test_rows_that_no_run_of_a_strip_reads_are_left_out_without_effect(many):
    chance = np.random.default_rng(4)
    x, y = chance.uniform(-1, 1, (2, many, RUNS))
    open_ = (chance.random((many, 1)) < 0.3) & (chance.random((many, RUNS)) < 0.4)
    pairs = Groups(np.repeat(np.arange(many), 2), many)
    cell = chance.integers(0, many, (many, RUNS))

    def function(x, y, open_, cell):
        mask = open_ & (x > -0.9)
        twice = np.exp(x)[np.repeat(np.arange(many), 2)] * y[np.arange(2 * many) % many]
        worth = np.tanh(pairs.sum(twice) + x)
        shown = np.where(mask, worth * worth + 1.0 / worth, -1.0)
        agreed = mask & (np.log(np.expm1(x * x) + 1.0) < np.tanh(y) * arrays.pick(x, cell))
        return {
            "best": shown.max(axis=0)[None],
            "all": np.where(mask, worth, 0.0),
            "shown": shown,
            "agreed": agreed[::-1] * 1.0,
        }

    given = {"x": x, "y": y, "open_": open_, "cell": cell}
    made = program(function, given)
    assert made.plan.demands.guards
    assert bool(made.plan.demands.skipped) == (many > LEAST_ROWS)
    found = made.compiled(given)
    for name, values in function(**given).items():
        assert found[name] == pytest.approx(values, rel=1e-12), name


def test_a_column_of_the_log_is_read_before_it_is_written_where_it_lies():
    def function(x0, **_):
        tracer = x0.tracer
        log = tracer.input("log.units", (ROWS,), np.int64, held=np.int16)
        before = log * 2.0
        written = arrays.put(log, [0, 1, 2], log[[3, 4, 5]] + 1)
        return {"before": before + x0 * 0.0, "after": written * 1.0, "log": written}

    traced = program(function, GIVEN).trace
    outputs = dict(traced.outputs)
    outputs["log.units"] = outputs.pop("world.log")
    made = Program(replace(traced, outputs=outputs), {})
    held = np.arange(ROWS * made.lanes, dtype=np.int16).reshape(ROWS, -1)
    made.log = {"log.units": held.copy()}
    found = made.compiled({name: each[..., : made.lanes] for name, each in GIVEN.items()})
    assert np.array_equal(found["before"], 2.0 * held)
    assert np.array_equal(found["after"], [*(held[3:] + 1), *held[3:]])
    assert np.array_equal(made.log["log.units"], found["after"])
