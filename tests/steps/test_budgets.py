"""Budgets: threat and lost faith in aid raise spending, and no event is lost."""

import numpy as np
import pytest

from sim.steps.assessment import assess, inventory
from sim.steps.budgets import faith
from tests.small import built, event, model, record

RESPONSIVE = {"rules": {"budget": "responsive"}}
STILL = {"laws": {"budget": {"elasticity": 0, "by_faith": 0}}}


def test_faith_is_that_in_the_bloc_which_binds_and_is_believed_in_most(small):
    world = small.world
    i = world.layout.states.index("GAM")
    known = world.commitment[None] * world.belief * world.member
    assert np.array_equal(faith(world)[i], known[i].max(axis=0))
    assert np.all(faith(world.but(member=0 * world.member)) == 0)


def test_what_states_were_used_to_is_what_they_find_at_the_start_unless_the_scenario_says(tmp_path):
    own = {"states": {"GAM": {"reference_insecurity": 0.7}}, **RESPONSIVE}
    parts = built(model(tmp_path, own), 4)
    world = parts.world
    expected = assess(world, parts.rules, inventory(world, parts.rules)).insecurity.copy()
    expected[world.layout.states.index("GAM")] = 0.7
    assert world.insecurity_before == pytest.approx(expected)
    assert np.array_equal(world.faith_before, faith(world))
    assert np.all(built(model(tmp_path), 4).world.faith_before == 0)  # no law uses it


def test_indifferent_budgets_are_those_of_the_scenario_to_the_last_bit(tmp_path):
    fixed = record(model(tmp_path), 8)
    still = record(model(tmp_path, {**RESPONSIVE, **STILL}), 8)
    for name, values in fixed.series.items():
        assert np.array_equal(values, still.series[name], equal_nan=True), name


def test_a_sharper_dispute_raises_the_burdens_of_both_and_a_cut_is_of_what_they_bear(tmp_path):
    dispute = {
        f"{i}_{j}": event("2018-Q1", rivalry={"state": i, "toward": j, "value": 1.0})
        for i, j in (("GAM", "DEL"), ("DEL", "GAM"))
    }
    calm = {"laws": {"crisis": {"incidents": 0}}, **RESPONSIVE}
    quiet, sharp = (record(model(tmp_path, {**calm, "events": each}), 16) for each in ({}, dispute))
    layout = quiet.end.layout
    for name in ("GAM", "DEL"):
        row = layout.states.index(name)
        assert np.all(sharp.series["burden"][4:, row] > quiet.series["burden"][4:, row])
        assert np.all(sharp.series["budget"][4:, row] > quiet.series["budget"][4:, row])
    cut = {"cut": event("2018-Q4", budget={"state": "GAM", "factor": 0.5})}
    less = record(model(tmp_path, {**calm, "events": {**dispute, **cut}}), 16)
    row, at = layout.states.index("GAM"), 4
    assert np.array_equal(less.series["burden"][:at, row], sharp.series["burden"][:at, row])
    half = sharp.series["burden"][at, row] / 2
    assert less.series["burden"][at, row] == pytest.approx(half, rel=0.1)


def test_a_state_that_loses_faith_in_its_bloc_arms(tmp_path):
    refusal = {"call": event("2018-Q1", appeal={"state": "GAM", "bloc": "PACT", "answer": 0.0})}
    alone = {"laws": {"budget": {"elasticity": 0}, "crisis": {"incidents": 0}}, **RESPONSIVE}
    kept, lost = (record(model(tmp_path, {**alone, "events": e}), 8) for e in ({}, refusal))
    row = kept.end.layout.states.index("GAM")
    assert np.all(lost.series["burden"][-1, row] > kept.series["burden"][-1, row])
