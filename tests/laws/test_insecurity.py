import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.insecurity import Insecurity
from tests.strategies import few, numbers

# the values of the arithmetic below, whatever a law starts from
INSECURITY = Insecurity(diffuse=0.15)


def test_insecurity_worked_by_hand():
    # threats of 0.3, and 0.15 x 100 / (100 + 300) = 0.0375 without any rival
    found = INSECURITY.insecurity(
        threat=np.array([0.3]), neighbour=np.array([100.0]), strength=np.array([300.0])
    )
    assert found == pytest.approx(0.3375)


@few
@given(given_=numbers(Insecurity, "insecurity"))
def test_a_state_without_rivals_still_has_some_need_and_never_more_than_the_diffuse(given_):
    found = INSECURITY.insecurity(**{**given_, "threat": np.array([0.0])})
    assert 0.0 < found < 0.15


@few
@given(given_=numbers(Insecurity, "insecurity"), more=st.floats(0.0, 3.0))
def test_threats_add_up(given_, more):
    law = INSECURITY
    found = law.insecurity(**{**given_, "threat": given_["threat"] + more})
    assert found - law.insecurity(**given_) == pytest.approx(more, abs=1e-9)
