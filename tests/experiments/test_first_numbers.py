"""First numbers: which runs come first, and that they stay what they are among all others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.selection import Engine
from sim.experiments.ensemble import run
from sim.experiments.ensemble_block import ordered_blocks
from sim.experiments.options import Options
from sim.experiments.outcomes import outcomes_in


def test_the_first_runs_of_the_first_contrast_come_first_and_keep_their_numbers(small, monkeypatch):
    monkeypatch.setattr("sim.experiments.ensemble.FIRST", 4)
    early, steps = [], []
    found = run(
        small,
        runs=7,
        block=2,
        first_numbers=early.append,
        progress=lambda done, _: steps.append((done, len(early))),
    )
    (first,) = early
    assert (8, 0) in steps  # when the first runs of both variants are done
    assert (10, 1) in steps
    whole = outcomes_in(found)
    assert [*first.values] == ["baseline", "sale"]
    for name, values in first.values.items():
        assert values == pytest.approx(whole.values[name][:, :4], rel=1e-9, nan_ok=True)
    whole_at_once = run(small, runs=7)
    for name in found:
        assert found[name].equals(whole_at_once[name])


def test_where_few_runs_are_asked_for_all_are_the_first(small):
    early = []
    run(small, runs=2, first_numbers=early.append)
    assert early == []


@pytest.mark.parametrize(
    ("engine", "uncompiled", "order"),
    [
        ("numpy", [], "a 0-50, c 0-50, b 0-50, a 50-120, b 50-120, c 50-120"),
        (
            "compiled",
            [],
            (
                "a 0-50, c 0-50, a 0-20 by numpy, b 0-20 by numpy, c 0-20 by numpy, "
                "a 50-120, b 0-100, b 100-120, c 50-120"
            ),
        ),
        (
            "compiled",
            ["a", "b"],
            (
                "a 0-50 by numpy, c 0-50 by numpy, a 0-100, b 0-100, b 0-20 by numpy, "
                "a 100-120, b 100-120, c 0-100, c 100-120"
            ),
        ),
    ],
)
def test_first_numbers_wait_only_for_outcomes_that_are_shown(engine, uncompiled, order):
    options = Options(transfers=20, block=100)
    known = {"leading": ("c", "a"), "uncompiled": uncompiled}
    blocks, shown = ordered_blocks(list("abc"), range(120), 50, options, Engine(engine), **known)
    assert shown == 2
    told = [f"{b.variant} {b.start}-{b.stop}{' by numpy' * b.by_numpy}" for b in blocks]
    assert ", ".join(told) == order
    for name in "abc":
        runs = [
            b.runs for b in blocks if b.variant == name and not (b.by_numpy and engine != "numpy")
        ]
        assert np.concatenate(runs).tolist() == [*range(120)]


def test_without_other_runs_no_block_is_for_first_numbers():
    for engine, uncompiled in (("numpy", []), ("compiled", []), ("compiled", ["b"])):
        known = {"leading": ("a", "b"), "uncompiled": uncompiled}
        blocks, shown = ordered_blocks(
            list("ab"), range(50), 50, Options(), Engine(engine), **known
        )
        assert shown == 0
        told = [(b.variant, b.start, b.stop, b.by_numpy) for b in blocks]
        whole = [(name, 0, 50, False) for name in "ab"]
        watched = [(name, 0, 50, True) for name in "ab"] * (engine == "compiled")
        assert sorted(told) == sorted(whole + watched)
