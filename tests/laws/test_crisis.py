import numpy as np
import pytest

from sim.laws.crisis import Crisis

# parameters of the worked examples below, which do not depend on the defaults
CRISIS = Crisis(incidents=0.5, calculation=12.0)


def test_incidents_and_wars_worked_by_hand():
    # one incident in two years at a full dispute: 0.5 x max(0.2, 0.6) = 0.3 a year
    assert CRISIS.rate(rivalry=np.array([0.2]), rivalry_back=np.array([0.6])) == pytest.approx(0.3)
    # logistic(12 x 0.1) = 0.768525; nothing to gain or lose: one half
    assert CRISIS.escalation(gain=np.array([0.1])) == pytest.approx(0.768525, abs=1e-6)
    assert CRISIS.escalation(gain=np.array([0.0])) == pytest.approx(0.5)
