import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.economy import Economy
from tests.strategies import few

ONE = np.array([[1.0]])


def gdp(law, growth, shock, dt, start=100.0):
    return law.gdp(gdp=start * ONE, growth=growth * ONE, shock=shock * ONE, dt=dt)[0, 0]


def test_growth_worked_by_hand():
    # (0.05 - 0.2^2 / 2) 0.25 + 0.2 sqrt(0.25) 1 = 0.0075 + 0.1 = 0.1075; 100 e^0.1075 = 111.3491
    assert gdp(Economy(volatility=0.2), 0.05, 1.0, 0.25) == pytest.approx(111.3491, abs=1e-4)


@pytest.mark.parametrize(("share", "budget"), [(0.25, 500.0), (0.0, 20.0)])
def test_the_budget_worked_by_hand(share, budget):
    # a quarter of 2 % of 100,000; of a state that imports nothing, a hundredth of it
    found = Economy(least_imports=0.01).budget(
        import_share=share * ONE, burden=0.02 * ONE, gdp=1e5 * ONE
    )
    assert found == pytest.approx(budget)


@few
@given(dt=st.floats(0.01, 1.0))
def test_shocks_spread_with_the_root_of_time(dt):
    law = Economy(volatility=0.1)
    spread = np.log(gdp(law, 0.0, 1.0, dt) / gdp(law, 0.0, 0.0, dt))
    assert spread == pytest.approx(0.1 * dt**0.5)
