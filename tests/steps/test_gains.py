"""Gains: the worth of units of an offer is their effect."""

import numpy as np
import pytest

from sim.steps.assessment import assess, inventory
from sim.steps.gains import gains, threat_drop

BET, GAM, MISSILE_ALP = 1, 3, 2
SHAPE = (4, 5, 3)  # buyers, offers, runs


def test_the_gain_of_an_offer_is_the_drop_in_insecurity_when_units_have_come(small):
    """An assessment of the world with the units in the arsenal says the same."""
    world, rules, layout = small.world, small.rules, small.world.layout
    find = np.full(world.find.shape, 0.6)  # else no launcher is ever in danger
    world = world.but(find=find, engagement=0.5 * world.engagement)
    view = assess(world, rules, inventory(world, rules))
    units = np.arange(1.0, 5.0)[:, None, None] * world.batch * world.condition
    found = gains(world, rules, view, units)
    assert found.shape == SHAPE
    for buyer in range(4):
        for offer in range(5):
            arsenal = 1.0 * world.arsenal
            arsenal[buyer, layout.system[offer]] += units[buyer, offer]
            armed = world.but(arsenal=arsenal)
            after = assess(armed, rules, inventory(armed, rules), view.neighbour)
            expected = view.insecurity[buyer] - after.insecurity[buyer]
            assert found[buyer, offer] == pytest.approx(expected, abs=1e-12), (buyer, offer)
    assert (found > 0).all()
    # what strikes back, or shields, is worth more to GAM than the strength alone
    assert found[GAM, MISSILE_ALP].min() > found[BET, MISSILE_ALP].max()


def test_a_gain_is_the_drop_in_rivals_threats_and_in_diffuse_need(small):
    world, rules, layout = small.world, small.rules, small.world.layout
    view = assess(world, rules, inventory(world, rules))
    units = np.ones((4, 1, 1)) * world.batch
    parts = layout.market.by_buyer.sum(threat_drop(world, rules, view, units))
    whole = gains(world, rules, view, units)
    assert (whole > parts).all()  # the general need for arms falls too
