import numpy as np
import pytest

from sim.laws.budget import FixedBudget, ResponsiveBudget

# parameters of the worked examples below, which do not depend on the defaults
BUDGET = ResponsiveBudget(elasticity=0.5, by_faith=0.4, delay=2.0, ceiling=2.5)

CASE = {
    "insecurity": np.array([0.39]),
    "reference": np.array([0.09]),
    "faith": np.array([0.25]),
    "faith_before": np.array([0.75]),
}
ONE = np.array([1.0])


def test_what_a_state_comes_to_spend_worked_by_hand():
    # threat 0.5 ln(0.40 / 0.10) = ln 2; faith 0.4 x 0.5 = 0.2: twice e^0.2 = 2.442806
    terms = BUDGET.terms(**CASE)
    assert terms["threat"] == pytest.approx(np.log(2))
    assert terms["faith"] == pytest.approx(0.2)
    # after two years, 1 + 1.442806 (1 - 1/e) = 1.912029
    moved = BUDGET.moved(arming=ONE, dt=2.0, **CASE)
    assert moved == pytest.approx(1 + 1.442806 * (1 - np.exp(-1)), abs=1e-6)
    # ten times as threatened, the ceiling
    endless = BUDGET.moved(arming=ONE, dt=200.0, **{**CASE, "insecurity": np.array([3.99])})
    assert endless == pytest.approx(2.5)


def test_a_fixed_budget_stays_where_it_is():
    assert FixedBudget().moved(arming=ONE, dt=0.25, **CASE) == 1.0


def test_a_state_without_any_threat_spends_on_within_the_inverse_of_the_ceiling():
    safe = {**CASE, "insecurity": np.array([0.0]), "faith": CASE["faith_before"]}
    assert BUDGET.moved(arming=ONE, dt=200.0, **safe) == pytest.approx(1 / 2.5)
