import numpy as np
import pytest

from sim.laws.quality import Quality

# parameters of the worked examples below, which do not depend on the defaults
QUALITY = Quality(pace=0.1)

NONE = np.array([0.0])


def test_reputation_worked_by_hand():
    # 0.7 and one good of two instalments at pace 0.1: (0.7 + 0.1) / (1 + 0.2) = 2/3
    found = QUALITY.reputation(
        reputation=np.array([0.7]), good=np.array([1.0]), bad=np.array([1.0])
    )
    assert found == pytest.approx(2 / 3)
