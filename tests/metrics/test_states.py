"""Metrics of states as importers, by hand: two buyers, the second of whom imports nothing."""

from dataclasses import fields

import numpy as np
import pytest

from sim.kernel.arrays import Groups
from sim.metrics.states import METRICS, States


def value(name, **known):
    blank = {each.name: np.zeros((2, 1)) for each in fields(States)}
    supplies = {
        "buyers": Groups(np.array([0, 0, 0, 0, 1]), 2),
        "remembered": np.array([[60.0], [39.0], [1.0], [0.0], [0.0]]),
    }
    return METRICS[name].function(States(**{**blank, **supplies, **known}))[:, 0]


def test_shares_are_those_of_a_buyers_remembered_imports():
    assert value("supplier_share") == pytest.approx([0.6, 0.39, 0.01, 0.0, 0.0])


def test_concentration_is_the_sum_of_the_squared_shares():
    assert value("hhi") == pytest.approx([0.6**2 + 0.39**2 + 0.01**2, 0.0])
    alone = np.array([[7.0], [0.0], [0.0], [0.0], [2.0]])
    assert value("hhi", remembered=alone) == pytest.approx([1.0, 1.0])


def test_a_supplier_counts_from_one_hundredth_on():
    assert value("suppliers").tolist() == [3.0, 0.0]
    less = np.array([[60.0], [39.01], [0.99], [0.0], [0.0]])
    assert value("suppliers", remembered=less).tolist() == [2.0, 0.0]


def test_what_is_known_of_a_state_is_read_as_it_stands():
    for name in ("insecurity", "strength", "fund", "debt", "arrears", "imports"):
        assert value(name, **{name: np.array([[3.0], [4.0]])}).tolist() == [3.0, 4.0]
    assert value("supplied", supplied=np.ones((5, 1))).tolist() == [1.0] * 5
