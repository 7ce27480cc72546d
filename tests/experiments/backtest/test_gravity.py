"""Gravity is compared with its earlier forecasts, and shrunk according to their errors."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.experiments.backtest import gravity
from sim.experiments.backtest.gravity import (
    Gravity,
    Trials,
    pooled,
    recalibrated,
    recalibrated_volume,
)
from sim.experiments.backtest.observed import Observed

pytest.importorskip("sklearn")
DYADS = (("ALP", "GAM"), ("BET", "GAM"), ("ALP", "DEL"))


def trials(chance, happened, constant=0.2):
    chance, happened = np.array(chance), np.array(happened, dtype=float)
    return Trials(chance, np.full(chance.size, constant), happened)


def test_one_that_was_too_sure_is_drawn_towards_the_middle_and_keeps_its_order():
    rng = np.random.default_rng(4)
    said = np.repeat([0.02, 0.5, 0.98], 400)
    came = rng.random(1200) < np.repeat([0.2, 0.5, 0.8], 400)
    found = recalibrated(np.array([[0.02, 0.5], [0.9, 0.98]]), trials(said, came))
    assert found.shape == (2, 2)
    assert found.reshape(-1) == pytest.approx(sorted(found.reshape(-1)))
    assert found[0, 0] == pytest.approx(0.2, abs=0.05)
    assert found[0, 1] == pytest.approx(0.5, abs=0.05)
    assert found[1, 1] == pytest.approx(0.8, abs=0.05)


def test_a_pool_takes_the_weight_that_erred_least():
    # chances of 1 of which half came, and the constant 0.5: the constant alone errs least
    assert pooled(np.array([1.0, 0.6]), 0.5, trials([1, 1], [1, 0], 0.5)) == pytest.approx(0.5)
    # chances that were right: gravity alone
    right = trials([1, 0], [1, 0], 0.5)
    assert pooled(np.array([1.0, 0.6]), 0.5, right).tolist() == [1.0, 0.6]
    # of p = 1 with three of four right, half the way to 0.5 gives 0.75, which errs least
    assert pooled(np.array([1.0]), 0.5, trials([1] * 4, [1, 1, 1, 0], 0.5)) == pytest.approx(0.75)


def test_without_trials_gravity_is_unchanged():
    chance, none = np.array([[0.3, 0.9]]), trials([], [])
    assert recalibrated(chance, none) is chance
    assert pooled(chance, 0.2, none) is chance
    assert recalibrated(chance, trials([0.3, 0.4], [0, 0])) is chance  # all the same


def test_trials_are_of_earlier_origins_and_of_years_that_are_known(monkeypatch):
    transfers = {("ALP", "GAM", y): 5.0 for y in range(2004, 2013, 2)}
    transfers |= {("ALP", "DEL", 2010): 9.0, ("BET", "GAM", 2012): 2.0}
    features = np.array([[1.0], [2.0], [3.0]])
    monkeypatch.setattr(gravity, "_fixed", lambda *_: features)
    known = Observed(transfers, 2003, 2012)
    found = Gravity(SimpleNamespace(), known, DYADS, 3).trials()
    assert found.chance.shape == found.happened.shape == (5 * 3 * 3,)  # origins 2005 to 2009
    assert np.all((found.chance > 0) & (found.chance < 1))
    last = found.happened[-9:]  # of the origin 2009: the years 2010 to 2012 of each dyad
    assert last.tolist() == [1, 0, 1, 0, 0, 1, 1, 0, 0]
    short = Gravity(SimpleNamespace(), known.before(2006), DYADS, 8).trials()
    assert short.happened.tolist() == [0, 1, 0, 0, 0, 0, 1, 0, 0]  # 2004, 2005


def test_volumes_that_were_too_far_apart_are_drawn_together():
    # what came was the square root of what was said: b = 1/2, a = 0
    said = np.repeat([1.0, 16.0, 81.0], 2000)
    held = Trials(said, said, said, volume=said, amount=np.sqrt(said))
    found = recalibrated_volume(np.array([[4.0, 49.0]]), held)
    assert found == pytest.approx(np.array([[2.0, 7.0]]), rel=0.02)
    # twice what was said, each time
    double = Trials(said, said, said, volume=said, amount=2 * said)
    assert recalibrated_volume(np.array([10.0]), double) == pytest.approx(20.0, rel=0.02)


def test_volumes_without_any_delivery_stand_as_they_are():
    volume = np.array([3.0])
    assert recalibrated_volume(volume, trials([], [])) is volume
    none = Trials(volume, volume, volume, volume=volume, amount=np.zeros(1))
    assert recalibrated_volume(volume, none) is volume


def test_of_many_dyads_the_latest_origins_count(monkeypatch):
    monkeypatch.setattr(gravity, "_fixed", lambda *_: np.ones((3, 1)))
    known = Observed({("ALP", "GAM", 2005): 1.0}, 2000, 2012)
    model = Gravity(SimpleNamespace(), known, DYADS, 2)
    assert model._origins() == range(2000, 2012)
    monkeypatch.setattr(gravity, "MOST", 15)  # 3 of 2011, 6 of 2010 and of 2009 each
    assert model._origins() == range(2009, 2012)
    monkeypatch.setattr(gravity, "MOST", 14)
    assert model._origins() == range(2010, 2012)
