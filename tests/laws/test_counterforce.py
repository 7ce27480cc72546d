import numpy as np
import pytest

from sim.laws.counterforce import Counterforce

# parameters of the worked examples below, which do not depend on the defaults
COUNTERFORCE = Counterforce(rounds_needed=5.0)


def surviving(find, reach, held):
    return COUNTERFORCE.surviving(
        find=np.array([find]), rounds_in_reach=np.array([reach]), launchers=np.array([held])
    )[0]


def test_survival_worked_by_hand():
    # ten rounds in reach against two launchers, five needed for each: 10 / (10 + 5 x 2) = 1/2 of
    # what is found; find 0.5: 1 - 0.5 x 0.5 = 3/4 survive
    assert surviving(0.5, 10.0, 2.0) == pytest.approx(0.75)


def test_survival_is_defined_without_arms_on_either_side():
    assert surviving(1.0, 0.0, 0.0) == 1.0
