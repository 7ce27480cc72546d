import numpy as np
import pytest

from sim.laws.insecurity import Insecurity

# parameters of the worked examples below, which do not depend on the defaults
INSECURITY = Insecurity(diffuse=0.15)


def test_insecurity_worked_by_hand():
    # threats of 0.3, and 0.15 x 100 / (100 + 300) = 0.0375 without any rival
    found = INSECURITY.insecurity(
        threat=np.array([0.3]), neighbour=np.array([100.0]), strength=np.array([300.0])
    )
    assert found == pytest.approx(0.3375)
