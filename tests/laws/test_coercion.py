import numpy as np
import pytest

from sim.laws.coercion import Coercion

# the values of the arithmetic below, whatever a law starts from
COERCION = Coercion(stakes=12.0, face=0.5, by_deposit=1.0, kept=0.5, by_regard=1.0, by_cost=1.0)


def total(terms):
    return float(sum(terms.values())[0])


def given(**numbers):
    return {name: np.array([number]) for name, number in numbers.items()}


def test_the_game_worked_by_hand():
    # arms worth 0.1; a war that is lost with 0.8 and costs 0.5, to be expected with 0.25
    keep = COERCION.keep(**given(gain=0.1, win=0.8, risk=0.25, cost=0.5))
    assert total(keep) == pytest.approx(12 * (0.1 * (1 - 0.2) - 0.25 * 1.3))  # -2.94
    # a deposit of a fifth of a year's import budget is lost
    assert total(COERCION.cancel(**given(lost=0.2))) == pytest.approx(-0.7)
    # a friend of regard 0.9 protects by 0.45 of it
    assert total(COERCION.divert(**given(gain=0.1, regard=0.9))) == pytest.approx(0.04)
    # which gains 0.05 itself and pays a third of a year: 0.6 + 0.9 - 0.33
    odds = COERCION.take_over(**given(gain=0.05, regard=0.9, price=0.33))
    assert total(odds) == pytest.approx(1.17)


def test_an_empty_threat_moves_nobody():
    keep = total(COERCION.keep(**given(gain=0.1, win=0.8, risk=0.0, cost=0.5)))
    assert keep > total(COERCION.divert(**given(gain=0.1, regard=1.0)))
    assert keep > total(COERCION.cancel(**given(lost=0.0)))
