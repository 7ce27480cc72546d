"""First numbers: which runs come first, and that they stay what they are among all others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.selection import Engine
from sim.experiments.ensemble import run
from sim.experiments.ensemble_block import WatchedRuns, ordered_blocks, watched_of
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
            ("a 0-50, c 0-50, a+b+c 0-20 watched, a 50-120, b 0-100, b 100-120, c 50-120"),
        ),
        (
            "compiled",
            ["a", "b"],
            (
                "a 0-50 by numpy, c 0-50 by numpy, a 0-100, b 0-100, b 0-20 watched, "
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
    assert ", ".join(map(told, blocks)) == order
    for name in "abc":
        runs = [b.runs for b in blocks if b.variants == (name,) and is_whole(b)]
        assert np.concatenate(runs).tolist() == [*range(120)]


def told(block):
    how = " watched" if isinstance(block, WatchedRuns) else " by numpy" * block.by_numpy
    return f"{'+'.join(block.variants)} {block.start}-{block.stop}{how}"


def is_whole(block):
    """Whether a block has the data for all tables."""
    return not isinstance(block, WatchedRuns) and not block.by_numpy


@pytest.mark.parametrize(
    ("size", "jobs", "groups"),
    [
        (500, 1, ["abcde 0-20"]),
        (500, 2, ["abcde 0-20"]),
        (500, 4, ["abc 0-20", "de 0-20"]),
        (500, 64, ["a 0-20", "b 0-20", "c 0-20", "d 0-20", "e 0-20"]),
        (45, 1, ["ab 0-20", "cd 0-20", "e 0-20"]),  # a block has 45 columns at most
        (15, 1, [f"{name} {part}" for name in "abcde" for part in ("0-15", "15-20")]),
    ],
)
def test_variants_are_watched_together_as_far_as_memory_and_processes_allow(size, jobs, groups):
    blocks = watched_of(list("abcde"), range(20), size, jobs)
    assert [f"{''.join(b.variants)} {b.start}-{b.stop}" for b in blocks] == groups
    assert watched_of(list("abcde"), range(0), size, jobs) == []


def test_without_other_runs_no_block_is_for_first_numbers():
    for engine, uncompiled in (("numpy", []), ("compiled", []), ("compiled", ["b"])):
        known = {"leading": ("a", "b"), "uncompiled": uncompiled}
        blocks, shown = ordered_blocks(
            list("ab"), range(50), 50, Options(), Engine(engine), **known
        )
        assert shown == 0
        watched = ["a+b 0-50 watched"] * (engine == "compiled")
        assert sorted(map(told, blocks)) == sorted(["a 0-50", "b 0-50", *watched])
