"""Metrics of rival dyads, by hand."""

from dataclasses import fields

import numpy as np
import pytest

from sim.metrics.catalogue import METRICS
from sim.metrics.dyads import RivalDyads


def value(name, **known):
    known = {key: np.reshape(each, (-1, 1)) for key, each in known.items()}
    rows = max(len(each) for each in known.values())
    blank = {each.name: np.zeros((rows, 1)) for each in fields(RivalDyads)}
    return METRICS[name].function(RivalDyads(**{**blank, **known}))[:, 0]


def test_parity_is_the_smaller_over_the_larger_exposure():
    found = value("parity", exposure=[0.2, 0.5, 0.0], exposure_back=[0.8, 0.5, 0.0])
    assert found == pytest.approx([0.25, 1.0, 0.0])
    assert value("parity", exposure=[0.8], exposure_back=[0.2]) == pytest.approx([0.25])


def test_the_margin_of_deterrence_is_what_the_rival_would_lose():
    assert value("deterrence_margin", gain_back=[0.3, -0.2, 0.0]).tolist() == [-0.3, 0.2, 0.0]
    assert METRICS["deterrence_margin"].low == -np.inf


def test_the_cost_exchange_compares_a_purchase_with_the_defence_that_undoes_it():
    found = value(
        "cost_exchange",
        strike_price=[120.0, 120.0, 120.0],
        strike_growth=[0.5, 0.0, 0.25],
        defence_scale=[40.0],
        defence_price=[3.0],
    )
    assert found == pytest.approx([120 / (120 + 60), 0.5, 120 / (120 + 30)])


def test_the_cost_exchange_has_a_value_if_defence_or_both_are_free():
    found = value("cost_exchange", strike_price=[120.0, 120.0], strike_growth=[0.0, 0.5])
    assert found.tolist() == [0.5, 1.0]
    free = value("cost_exchange", strike_price=[0.0, 0.0], strike_growth=[0.0, 0.5])
    assert free.tolist() == [0.5, 0.5]  # neither costs anything


def test_results_of_laws_about_a_dyad_are_read_unchanged():
    for name in ("exposure", "second_strike", "win", "threat", "rivalry", "war_rate", "wars"):
        assert value(name, **{name: [0.1, 0.2, 0.3]}).tolist() == [0.1, 0.2, 0.3]
