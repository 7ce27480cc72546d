"""The market: what an offer is worth is what it would do; purses, stocks and dates bind."""

import numpy as np
import pytest

from sim.steps.assessment import assess, inventory
from sim.steps.market import (
    affordable,
    best,
    bound,
    gains,
    is_open,
    on_sale_to,
)

ALP, BET, DEL, GAM = range(4)
TANK_ALP, TANK_BET, MISSILE_ALP, ROCKET_BET, SHIELD_BET = range(5)
SHAPE = (4, 5, 3)  # buyers, offers, runs


def test_the_gain_of_an_offer_is_the_drop_in_insecurity_when_a_batch_has_come(small):
    """An assessment of the world with the batch in the arsenal says the same."""
    world, rules, layout = small.world, small.rules, small.world.layout
    find = np.full(world.find.shape, 0.6)  # else no launcher is ever in danger
    world = world.but(find=find, engagement=0.5 * world.engagement)
    view = assess(world, rules, inventory(world, rules))
    found = gains(world, rules, view)
    assert found.shape == SHAPE
    for buyer in range(4):
        for offer in range(5):
            arsenal = 1.0 * world.arsenal
            units = world.batch[offer] * world.condition[offer]
            arsenal[buyer, layout.system[offer]] += units
            armed = world.but(arsenal=arsenal)
            after = assess(armed, rules, inventory(armed, rules), view.neighbour)
            expected = view.insecurity[buyer] - after.insecurity[buyer]
            assert found[buyer, offer] == pytest.approx(expected, abs=1e-12), (buyer, offer)
    assert (found > 0).all()
    # what strikes back, or shields, is worth more to GAM than the strength alone
    assert found[GAM, MISSILE_ALP].min() > found[BET, MISSILE_ALP].max()


def test_an_offer_is_open_from_its_first_to_its_last_period_while_there_is_a_batch(small):
    layout = small.world.layout
    now = layout.calendar.first
    stock = small.world.stock.copy()
    stock[TANK_BET] = [9.0, 10.0, 11.0]  # a batch is 10
    available = np.ones((5, 1))
    available[ROCKET_BET] = 0.0
    found = is_open(small.world.but(stock=stock, available=available), now)
    assert found[TANK_BET].tolist() == [False, True, True]
    assert not found[ROCKET_BET].any()
    assert found[[TANK_ALP, MISSILE_ALP, SHIELD_BET]].all()
    assert not is_open(small.world, int(layout.closes.max()) + 1).any()
    assert not is_open(small.world, int(layout.opens.min()) - 1).any()


def test_nobody_buys_from_itself_or_against_an_embargo(small):
    embargo = np.zeros((4, 4, 1))
    embargo[BET, DEL] = 1.0
    found = on_sale_to(small.world.but(embargo=embargo), small.world.layout.calendar.first)
    expected = np.ones((4, 5), dtype=bool)
    expected[ALP, [TANK_ALP, MISSILE_ALP]] = False
    expected[BET, [TANK_BET, ROCKET_BET, SHIELD_BET]] = False
    expected[DEL, [TANK_BET, ROCKET_BET, SHIELD_BET]] = False
    assert np.array_equal(found, expected[..., None] & np.ones(3, dtype=bool))


def test_a_purse_buys_whole_batches_within_the_stock(small):
    world = small.world  # tanks at 12 for 10, of which there are 120
    offer = np.full((1, 3), TANK_BET)
    count = affordable(world, small.rules, offer, np.array([[50.0, 11.0, 1e6]]), np.ones((1, 3)))
    assert count[0, 2] <= 12
    assert (count == np.floor(count)).all()
    half = affordable(world, small.rules, offer, np.array([[25.0, 5.5, 5e5]]), np.full((1, 3), 0.5))
    assert np.array_equal(count, half)  # who pays half the price needs half the purse


def test_what_is_owed_binds_the_purse(small):
    lag = np.full((1, 3), 1.0)
    buyer = np.array([[DEL]])
    free = bound(small.world, small.rules, buyer, lag, 0)
    owed = bound(small.world.but(owed=small.world.owed + 30.0), small.rules, buyer, lag, 0)
    assert (owed < free).all()


def test_the_best_offer_is_that_of_most_utility_and_the_first_of_equals():
    open_ = np.zeros(SHAPE, dtype=bool)
    open_[GAM, [TANK_ALP, SHIELD_BET]] = True
    open_[DEL] = True
    open_[ALP, ROCKET_BET, 1] = True
    worth = np.array([1.0, 3.0, 2.0, 3.0, 0.0])[:, None]  # of the offers
    found = best(np.broadcast_to(worth, SHAPE), open_)
    assert found.tolist() == [[-1, ROCKET_BET, -1], [-1] * 3, [TANK_BET] * 3, [TANK_ALP] * 3]
