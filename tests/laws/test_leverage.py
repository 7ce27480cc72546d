import numpy as np
import pytest

from sim.laws.leverage import Leverage

LAW = Leverage(hurt=0.5, forfeit=0.75)


def one(**numbers):
    return {name: np.array([value]) for name, value in numbers.items()}


def test_what_is_at_stake_worked_by_hand():
    # a year of budget in orders and e - 2 in terms: ln e; half of the best use of money
    stake = LAW.at_stake(**one(orders=1.0, rent=np.e - 2, lost=0.5))
    assert stake == pytest.approx(1.5)
    assert LAW.at_stake(**one(orders=0.0, rent=0.0, lost=0.0)) == 0.0


def test_a_lever_that_is_pulled_costs_regard_and_terms():
    # from 0.6, 1.6 (1 - exp(-0.5 x 2)) less
    hit = LAW.resented(**one(affinity=0.6, at_stake=2.0, done=1.0))
    assert hit == pytest.approx(0.6 - 1.6 * (1 - np.exp(-1)))
    assert LAW.resented(**one(affinity=0.6, at_stake=2.0, done=0.0)) == 0.6
    assert LAW.kept(**one(rent=2.0, done=1.0)) == pytest.approx(0.5)
    assert LAW.kept(**one(rent=2.0, done=0.0)) == 2.0
