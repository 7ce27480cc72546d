import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.restraint import Restraint
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
RESTRAINT = Restraint(norm_weight=3.0, friends_weight=6.0)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_restraint_worked_by_hand():
    law = RESTRAINT
    # a dispute of 0.9, a weapon of offence 1, a fellow member nobody holds: harm 0.9;
    # 3 x 0.8 x (1 - 0.5) x 0.6 x 0.9 = 0.648
    case = arrays(norm=0.8, precedent=0.5, engagement=0.6, harm=0.9)
    assert law.norm(**case) == pytest.approx(0.648)
    # a friend liked by 0.4, half able to walk away, with a dispute of 0.5: 6 x 0.5 x 0.2 = 0.6
    counts = law.regard(**arrays(affinity=0.4, exposed=0.5))
    assert counts == pytest.approx(0.2)
    assert law.friends(harm=0.5 * counts) == pytest.approx(0.6)


@few
@given(one=st.floats(0.0, 3.0), two=st.floats(0.0, 3.0))
def test_harm_to_several_adds_up(one, two):
    def lost(harm):
        return RESTRAINT.friends(harm=np.array([harm]))

    assert lost(one + two) == pytest.approx(lost(one) + lost(two))


def test_friends_mind_arms_that_defend_less_worked_by_hand():
    # with 0.5 of the way to offence alone, arms of offence 0.2 meet 1 - 0.5 x 0.8 = 0.6 of it
    law = Restraint(friends_by_offence=0.5)
    assert law.counted(offence=np.array([0.2])) == pytest.approx(0.6)
    assert Restraint().counted(offence=np.array([0.2])) == 1.0  # off
