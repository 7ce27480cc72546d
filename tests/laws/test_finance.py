import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.finance import Finance
from tests.strategies import few, numbers, total

# parameters of the worked examples below, which do not depend on the defaults
FINANCE = Finance(
    market_rate=0.08,
    rate=0.03,
    tenor=13.0,
    base=-3.0,
    by_affinity=3.0,
    by_fund=0.5,
    by_debt=0.5,
    thanks=0.1,
)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def due(debt, rate, tenor, dt):
    return FINANCE.due(**arrays(debt=debt, rate=rate, tenor=tenor), dt=dt)[0]


def test_what_is_due_worked_by_hand():
    # 1200 over 12 years at 4 %, a quarter: 1200 (0.25 / 12 + 0.01) = 25 + 12 = 37
    assert due(1200.0, 0.04, 12.0, 0.25) == pytest.approx(37.0)


def test_distress_worked_by_hand():
    # 300 overdue of a yearly budget of 200: a year and a half
    assert FINANCE.distress(**arrays(overdue=300.0, budget=200.0)) == pytest.approx(1.5)


def test_the_utility_of_lending_worked_by_hand():
    # -3 + 3 x 0.5 + 0.5 ln(e^2) - 0.5 x 0.6 = -0.8
    case = arrays(affinity=0.5, fund=100 * np.e**2, need=100.0, debt=0.6)
    assert total(FINANCE.lending(**case)) == pytest.approx(-0.8)


def test_a_small_fund_counts_as_small():
    # -3 + 3 x 0.5 + 0.5 ln(0.1 / 0.4) - 0.5 x 0.6 = -1.8 - 0.5 ln 4, both below a million
    case = arrays(affinity=0.5, fund=0.1, need=0.4, debt=0.6)
    assert total(FINANCE.lending(**case)) == pytest.approx(-1.8 - 0.5 * np.log(4.0))


@few
@given(debt=st.floats(0.0, 5000.0), tenor=st.floats(0.01, 0.25))
def test_no_more_is_repaid_than_is_owed(debt, tenor):
    assert due(debt, 0.0, tenor, 0.25) == pytest.approx(debt)


@few
@given(given_=numbers(Finance, "lending"))
def test_an_empty_fund_makes_no_infinite_utility(given_):
    assert np.isfinite(total(FINANCE.lending(**{**given_, "fund": np.array([0.0])})))
