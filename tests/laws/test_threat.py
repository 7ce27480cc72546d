import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.threat import BalanceOfPower, BalanceOfThreat
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
BALANCE_OF_THREAT = BalanceOfThreat(reach=3000.0, power_weight=0.5)
BALANCE_OF_POWER = BalanceOfPower(reach=3000.0)

CASE = {
    "rivalry": np.array([0.5]),
    "win": np.array([0.5]),
    "exposure": np.array([0.4]),
    "second_strike": np.array([0.5]),
    "near": np.array([np.exp(-1)]),
}
UNIT = st.floats(0.0, 1.0)


def test_the_threat_worked_by_hand():
    assert BALANCE_OF_THREAT.near(distance=np.array([3000.0])) == pytest.approx(np.exp(-1))
    # power 0.5 e^-1 = 0.183940; offence 0.4 (1 - 0.5) = 0.2
    # 0.5 [0.5 x 0.183940 + 0.5 x 0.2] = 0.095985
    assert BALANCE_OF_THREAT.threat(**CASE) == pytest.approx(0.095985, abs=1e-6)
    assert BALANCE_OF_POWER.threat(**CASE) == pytest.approx(0.183940, abs=1e-6)


@few
@given(exposure=UNIT, more=UNIT, answer=UNIT)
def test_a_rivals_reach_makes_every_answer_worth_more(exposure, more, answer):
    def relief(exposure):
        before, after = (
            BALANCE_OF_THREAT.threat(
                **{**CASE, "exposure": np.array([exposure]), "second_strike": np.array([strike])}
            )
            for strike in (0.0, answer)
        )
        return before - after

    assert relief(min(1.0, exposure + more)) >= relief(exposure) - 1e-12


def test_power_falls_to_37_percent_over_its_reach():
    law = BalanceOfPower(reach=800.0)
    home, far = (law.near(distance=np.array([distance])) for distance in (0.0, 800.0))
    assert home == 1.0
    assert far == pytest.approx(np.exp(-1))
