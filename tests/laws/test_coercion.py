import numpy as np
import pytest

from sim.laws.coercion import Coercion

# parameters of the worked examples below, which do not depend on the defaults
COERCION = Coercion(
    stakes=12.0, face=0.5, by_deposit=1.0, kept=0.5, by_regard=1.0, by_cost=1.0, by_wait=1.0
)


def total(terms):
    return float(sum(terms.values())[0])


def given(**numbers):
    return {name: np.array([number]) for name, number in numbers.items()}


# arms worth 0.1; a war that is lost with 0.8 and costs 0.5, to be expected with 0.25, of which 0.05
# in any case; a deposit of a fifth of a year's import budget
CASE = given(gain=0.1, win=0.8, risk=0.25, usual=0.05, cost=0.5, lost=0.2)
CANCEL, DIVERT = given(regard=0.0, diverted=0.0), given(regard=0.9, diverted=1.0)


def test_the_game_worked_by_hand():
    keep = 12 * (0.1 * (1 - 0.2) - 0.2 * 1.3)  # -2.16
    assert total(COERCION.terms(**CASE, **CANCEL)) == pytest.approx(-0.5 - 0.2 - keep)
    # a friend of regard 0.9 protects by 0.45 of it, and the deposit is not lost
    assert total(COERCION.terms(**CASE, **DIVERT)) == pytest.approx(12 * 0.045 - 0.5 - keep)
    # which gains 0.05 itself and pays a third of a year: 0.6 + 0.9 - 0.33
    odds = COERCION.take_over(**given(gain=0.05, regard=0.9, price=0.33))
    assert total(odds) == pytest.approx(1.17)


def test_a_threat_weighs_the_more_the_nearer_the_delivery_worked_by_hand():
    # a year and a half before the delivery e^-1.5 = 0.223130 of a resolve of 0.3
    found = COERCION.pressure(**given(resolve=0.3, wait=1.5))
    assert found == pytest.approx(0.066939, abs=1e-6)


def test_an_empty_threat_moves_no_buyer():
    empty = {**CASE, **given(risk=0.05, lost=0.0)}  # no likelier a war than in any case
    assert total(COERCION.terms(**empty, **DIVERT)) < 0
    assert total(COERCION.terms(**empty, **CANCEL)) < 0
