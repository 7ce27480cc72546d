import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.precedent import Precedent
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
PRECEDENT = Precedent(memory=5.0)

TIV = st.floats(0.0, 1000.0)


def precedent(members, rivals):
    return PRECEDENT.precedent(
        members=np.array(members, dtype=float)[:, None, None],
        rivals=np.array(rivals, dtype=float)[:, None, None],
    )[0, 0]


def test_the_precedent_worked_by_hand():
    # one sent 300 to members and 100 to rivals, the other 50 and 50: (100 + 50) / (400 + 100)
    assert precedent([300, 50], [100, 50]) == pytest.approx(150 / 500)


def test_without_deliveries_there_is_no_precedent():
    assert precedent([0, 0], [0, 0]) == 0.0


@few
@given(tiv=st.floats(1.0, 1000.0))
def test_it_does_not_matter_who_armed_the_rival(tiv):
    assert precedent([0, tiv], [tiv, 0]) == precedent([tiv, 0], [0, tiv]) == pytest.approx(0.5)


@few
@given(members=TIV, rivals=st.floats(1.0, 1000.0), unit=st.floats(0.01, 100.0))
def test_the_unit_of_capability_does_not_count(members, rivals, unit):
    scaled = precedent([unit * members, 1], [unit * rivals, 0])
    alone = precedent([members, 1 / unit], [rivals, 0])
    assert scaled == pytest.approx(alone)
