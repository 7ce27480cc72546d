import numpy as np
import pytest

from sim.laws.commerce import Commerce

# parameters of the worked examples below, which do not depend on the defaults
LAW = Commerce(worth=0.5, detour=2.0, elsewhere=0.8, as_harm=2.0)


def one(**numbers):
    return {name: np.array([value]) for name, value in numbers.items()}


def test_what_cut_trade_costs_both_worked_by_hand():
    # a tenth of output on it, half of which the other cuts, a fifth goes elsewhere: 0.5 x 0.1 x 0.4
    assert LAW.lost(**one(trade=0.1, imposed=0.5, own=0.2, rerouted=0.2)) == pytest.approx(0.02)
    # the state that cuts loses as much of its own
    assert LAW.lost(**one(trade=0.1, imposed=0.2, own=0.5, rerouted=0.2)) == pytest.approx(0.02)
    # of an output of 1000 a loss of ln 1.25 leaves 800, and gives it back
    hit = one(gdp=1000.0, loss=np.log(1.25), loss_before=0.0)
    assert LAW.gdp(**hit) == pytest.approx(800.0)
    again = one(gdp=800.0, loss=0.0, loss_before=np.log(1.25))
    assert LAW.gdp(**again) == pytest.approx(1000.0)


def test_ways_round_a_sanction_are_found_with_time_and_left_when_all_is_open():
    # after two years 1 - 1/e of the way from 0.3 to 0.8
    way = LAW.rerouted(**one(rerouted=0.3, imposed=0.1, own=0.0), dt=2.0)
    assert way == pytest.approx(0.3 + 0.5 * (1 - np.exp(-1)))
    assert LAW.rerouted(**one(rerouted=0.3, imposed=0.0, own=0.0), dt=2.0) == 0.0


def test_harm_is_counted_in_years_of_the_import_budget():
    # 0.5 x 0.1 x 0.4 x (1 - 0.25) = 0.015 of 1000 a year, in a quarter 3.75; of a budget of 15
    # that is a quarter of a year, which counts twice
    case = one(trade=0.1, imposed=0.4, rerouted=0.25, gdp=1000.0, budget=15.0)
    assert LAW.harm(**case, dt=0.25) == pytest.approx(0.5)
    assert LAW.harm(**{**case, **one(imposed=0.0)}, dt=0.25) == 0.0
