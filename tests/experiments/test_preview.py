"""A preview is a comparison of a few runs, reports the effects of a change, and can be stopped."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from sim.engine.engine_names import AUTO
from sim.engine.selection import Engine
from sim.experiments import evaluation
from sim.experiments.comparison import compare
from sim.experiments.comparison_sides import Side
from sim.experiments.executor import Processes
from sim.experiments.preview import EXPECTED, Preview
from sim.kernel.errors import InputError, Interrupted
from sim.scenario.load import load

SMALL = Path(__file__).with_name("small.yaml")
CHANGE = {"blocs.NORTH.preference": 0.6}


@pytest.fixture(scope="module")
def preview():
    return Preview(SMALL)


def test_a_preview_equals_a_comparison_of_the_same_runs(preview):
    found = preview(CHANGE, variants=["no_sale", "sale"], runs=6)
    changed = load(SMALL, runs=6, sets=CHANGE)
    same = compare(Side(changed, "no_sale"), Side(changed, "sale"))
    names = ["outcome", "runs", "difference", "low", "high", "changed", "d", "verdict"]
    pd.testing.assert_frame_equal(found.differences[names], same.differences[names])
    levels = found.levels.pivot_table(index="outcome", columns="variant", values="mean")
    wanted = same.differences.set_index("outcome")
    pd.testing.assert_series_equal(levels["sale"], wanted["other"].sort_index(), check_names=False)


def test_a_contrast_names_its_variants_and_the_first_is_taken_otherwise(preview):
    first = preview(runs=2)
    assert first.pairs[0] == next(iter(preview.scenario.base.contrasts.values())).pair
    assert first.moved == "no changes"
    with pytest.raises(InputError, match='no contrast "sal"'):
        preview(contrast="sal", runs=2)
    with pytest.raises(InputError, match="give a contrast or variants, not both"):
        preview(contrast="sale", variants=["sale"], runs=2)
    with pytest.raises(InputError, match="must be 1 or more"):
        preview(runs=0)


def test_what_moved_most_comes_first_against_the_scenario_as_it_is(preview):
    found = preview(CHANGE, variants=["sale"], runs=6)
    sizes = [each.size for each in found.movers]
    assert sizes == sorted(sizes, reverse=True)
    assert found.movers
    changed = compare(f"{SMALL}:sale", runs=6, sets=CHANGE).differences.set_index("outcome")
    for mover in found.movers:
        row = changed.loc[mover.outcome]
        assert (mover.before, mover.after) == (row["one"], row["other"])
    moved = set(changed.index[changed["changed"] > 0])
    assert {mover.outcome for mover in found.movers} == moved
    assert found.moved.startswith("blocs.NORTH.preference=0.6 moves ")


def test_a_path_without_effect_moves_no_outcome(preview):
    found = preview({"states.DEL.latitude": 42}, variants=["sale"], runs=2)
    assert found.movers == ()
    assert found.moved == "states.DEL.latitude=42 moves nothing"


def test_a_change_that_is_refused_is_refused_as_in_a_file(preview):
    with pytest.raises(InputError, match=r"blocs\.NORTH\.preference"):
        preview({"blocs.NORTH.preference": 7}, runs=2)


def test_progress_comes_after_every_block_of_50_runs(preview):
    told = []
    preview(variants=["no_sale", "sale"], runs=60, progress=lambda *each: told.append(each))
    assert told == [(50, 120), (60, 120), (110, 120), (120, 120)]


def test_the_engine_of_a_preview_is_that_of_the_calls_that_are_expected(preview, monkeypatch):
    asked = []

    def engine(name, runs, models):
        del models
        asked.append((name, runs))
        return Engine()

    monkeypatch.setattr(evaluation, "engine_of", engine)
    preview({"states.DEL.latitude": 43}, variants=["no_sale", "sale"], runs=2)
    preview(variants=["no_sale", "sale"], runs=3)
    assert set(asked) == {(AUTO, EXPECTED)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_preview_can_be_stopped(warm, jobs):
    del warm
    looks = count()
    executor = None if jobs == 1 else Processes(jobs)
    with pytest.raises(Interrupted, match="stopped: the remaining runs were not made"):
        Preview(SMALL, jobs=jobs, executor=executor)(runs=5000, stop=lambda: next(looks) > 2)
