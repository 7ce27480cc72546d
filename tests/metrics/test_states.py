"""Metrics of states as importers, by hand: two buyers, the second of which has no imports."""

from dataclasses import fields

import numpy as np
import pytest

from sim.kernel.arrays import NONE, Groups
from sim.kernel.world import ORDERED, REFUSED, copied
from sim.metrics.catalogue import METRICS
from sim.metrics.states import States, long_range_strikes
from tests.small import built, model


def value(name, **known):
    blank = {each.name: np.zeros((2, 1)) for each in fields(States)}
    supplies = {
        "buyers": Groups(np.array([0, 0, 0, 0, 1]), 2),
        "remembered": np.array([[60.0], [39.0], [1.0], [0.0], [0.0]]),
    }
    return METRICS[name].function(States(**{**blank, **supplies, **known}))[:, 0]


def test_shares_are_those_of_a_buyers_remembered_imports():
    assert value("supplier_share") == pytest.approx([0.6, 0.39, 0.01, 0.0, 0.0])
    few = np.array([[6e-3], [4e-3], [0.0], [0.0], [5e-6]])  # of however little
    assert value("supplier_share", remembered=few) == pytest.approx([0.6, 0.4, 0.0, 0.0, 1.0])


def test_concentration_is_the_sum_of_the_squared_shares():
    assert value("hhi") == pytest.approx([0.6**2 + 0.39**2 + 0.01**2, 0.0])
    alone = np.array([[7.0], [0.0], [0.0], [0.0], [2.0]])
    assert value("hhi", remembered=alone) == pytest.approx([1.0, 1.0])


def test_a_supplier_counts_from_one_hundredth_on():
    assert value("suppliers").tolist() == [3.0, 0.0]
    less = np.array([[60.0], [39.01], [0.99], [0.0], [0.0]])
    assert value("suppliers", remembered=less).tolist() == [2.0, 0.0]


def test_numbers_of_a_state_are_read_unchanged():
    for name in ("insecurity", "strength", "fund", "debt", "arrears", "imports"):
        assert value(name, **{name: np.array([[3.0], [4.0]])}).tolist() == [3.0, 4.0]
    assert value("supplied", supplied=np.ones((5, 1))).tolist() == [1.0] * 5


def test_a_long_range_strike_system_counts_from_its_order_and_its_first_delivery(tmp_path):
    world = built(model(tmp_path), 2).world
    layout, rows = world.layout, world.layout.rows
    offers, first = layout.offers.index, layout.calendar.first
    log = copied(world.log)

    def order(period, row, recipient, offer, stage, delivery):
        line = period * rows + row
        log.recipient[line] = layout.states.index(recipient)
        for name, each in (("offer", offers(offer)), ("stage", stage), ("first", delivery)):
            getattr(log, name)[line, 1] = each

    order(2, 0, "GAM", "missile_alp", ORDERED, first + 5)
    order(3, 1, "DEL", "missile_alp", REFUSED, NONE)
    order(4, 2, "BET", "tank_alp", ORDERED, first + 6)
    order(6, 0, "ALP", "rocket_bet", ORDERED, NONE)
    found = long_range_strikes(world.but(log=log))
    count = len(layout.calendar)
    starts = {"strike_ordered": {"GAM": 2, "ALP": 6}, "strike_delivered": {"GAM": 5}}
    for name, since in starts.items():
        assert found[name].shape == (count, 4, 2)
        assert not found[name][:, :, 0].any()
        for i, state in enumerate(layout.states):
            expected = np.arange(count) >= since.get(state, count)
            assert np.array_equal(found[name][:, i, 1], expected), (name, state)
    near = world.but(log=log, range=np.full(world.range.shape, 149.0))
    assert not long_range_strikes(near)["strike_ordered"].any()
    mixed = np.where(np.arange(2) == 0, world.range, 0.0)  # range is a fact: the first run's counts
    assert long_range_strikes(world.but(log=log, range=mixed))["strike_ordered"].any()
    far = world.but(log=log, range=np.full(world.range.shape, 150.0))
    assert long_range_strikes(far)["strike_ordered"].any()
