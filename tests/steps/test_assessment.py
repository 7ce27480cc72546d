"""Assessments of arsenals, allies and neighbours, worked by hand or in another way."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.steps.assessment import (
    assess,
    insecurity_with,
    inventory,
    median_neighbour,
    protection,
    without_bloc,
)

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)


@pytest.fixture
def view(small):
    return assess(small.world, small.rules, inventory(small.world, small.rules))


def assert_alike(found, expected, columns=slice(None)):
    for name, each in vars(expected).items():
        if name != "stock":
            assert getattr(found, name)[..., columns] == pytest.approx(each[..., columns]), name


def test_what_a_war_leaves_of_an_inventory_is_the_inventory_of_what_is_left(small):
    whole = inventory(small.world, small.rules)
    remaining = np.ones((4, 3))
    remaining[[DEL, GAM], 1] = 0.7, 0.9
    remaining[ALP, 2] = 0.5
    left = whole.left(small.world, small.rules, remaining)
    worn = small.world.but(arsenal=small.world.arsenal * remaining[:, None])
    assert_alike(left, inventory(worn, small.rules))
    assert np.any(left.exposure[:, 1] < whole.exposure[:, 1])
    assert_alike(whole.left(small.world, small.rules, np.ones((4, 3))), whole)


def test_the_median_neighbour_is_the_middle_one_or_the_mean_of_the_middle_two(small):
    near = np.array([[1, 2, 3], [0, 2, NONE], [0, NONE, NONE], [2, 0, 1]])
    world = small.world.but(layout=replace(small.world.layout, neighbours=near))
    strength = np.array([10.0, 20.0, 40.0, 70.0])[:, None] * np.array([1.0, 2.0, 3.0])
    expected = np.array([40.0, 25.0, 10.0, 20.0])[:, None] * np.array([1.0, 2.0, 3.0])
    assert median_neighbour(world, strength) == pytest.approx(expected)


def test_the_protection_of_a_bloc_is_the_insecurity_of_a_state_without_it(small, view):
    protects = protection(small.world, small.rules, view)
    for bloc in (DUO, PACT):
        support = without_bloc(small.world, view, bloc)
        bare = insecurity_with(small.world, small.rules, view, support)
        assert protects[:, bloc] == pytest.approx(bare - view.insecurity)
    assert np.all(protects[GAM, PACT] > 0)  # whose fellow members dislike its rival
    assert np.all(protects[[ALP, BET]] == 0)  # have no rival
    same = insecurity_with(small.world, small.rules, view, view.support)
    assert same == pytest.approx(view.insecurity)


def test_states_are_the_stronger_for_what_they_spend_at_home_and_for_their_arms(small, view):
    # GAM: 60 tanks of 2 TIV and 3 missiles of 20, of satiation 100 and 80
    arms = 100 * np.log1p(120 / 100) + 80 * np.log1p(60 / 80)
    assert view.stock.arms[GAM] == pytest.approx(arms)
    assert view.stock.launchers == pytest.approx(
        np.array([[60.0], [0.0], [6.0], [3.0]]) * np.ones(3)
    )
    unarmed = small.world.but(arsenal=0 * small.world.arsenal)
    alone = assess(unarmed, small.rules, inventory(unarmed, small.rules)).strength
    assert view.strength - alone == pytest.approx(view.stock.arms)
    assert alone[GAM] / alone[BET] == pytest.approx(0.7 * 0.04 * 1e4 / (0.8 * 0.03 * 6e4))


def test_a_gain_is_the_smaller_for_the_second_strike_of_the_other(small, view):
    none = replace(view.stock, second_strike=0 * view.second_strike)
    bold = assess(small.world, small.rules, none)
    for pair, back in ((0, 1), (1, 0)):
        bites = view.second_strike[back] > 0
        assert np.all((bold.gain[pair] > view.gain[pair]) == bites)
    assert view.second_strike.any()
