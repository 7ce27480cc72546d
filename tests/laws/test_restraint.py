import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.restraint import Restraint
from tests.strategies import few, numbers

# the values of the arithmetic below, whatever a law starts from
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
@given(affinity=st.floats(-1.0, 0.0), exposed=st.floats(0.0, 1.0))
def test_harm_to_a_state_that_is_no_friend_restrains_nobody(affinity, exposed):
    assert RESTRAINT.regard(**arrays(affinity=affinity, exposed=exposed)) == 0.0


@few
@given(affinity=st.floats(-1.0, 1.0))
def test_a_captive_friend_can_be_harmed_freely(affinity):
    assert RESTRAINT.regard(**arrays(affinity=affinity, exposed=0.0)) == 0.0


@few
@given(given_=numbers(Restraint, "norm"))
def test_a_norm_that_everyone_breaks_holds_nobody_back(given_):
    assert RESTRAINT.norm(**{**given_, "precedent": np.array([1.0])}) == 0.0


@few
@given(given_=numbers(Restraint, "norm"))
def test_a_supplier_that_takes_no_part_or_harms_nobody_is_free(given_):
    for name in ("engagement", "harm"):
        assert RESTRAINT.norm(**{**given_, name: np.array([0.0])}) == 0.0


@few
@given(one=st.floats(0.0, 3.0), two=st.floats(0.0, 3.0))
def test_harm_to_several_adds_up(one, two):
    def lost(harm):
        return RESTRAINT.friends(harm=np.array([harm]))

    assert lost(one + two) == pytest.approx(lost(one) + lost(two))
