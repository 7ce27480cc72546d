import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.support import Support
from tests.strategies import few, numbers


def test_support_worked_by_hand():
    # a helper of 100 TIV, half engaged, that likes i (0.6) better than j (-0.2):
    # 0.5 (0.6 + 0.2) / 2 x 100 = 20; commitment 0.5, belief 0.8, own engagement 0.5: 0.2 x 20 = 4
    law = Support()
    aid = law.aid(
        engagement=np.array([0.5]),
        regard=np.array([0.6]),
        regard_opponent=np.array([-0.2]),
        strength=np.array([100.0]),
    )
    assert aid == pytest.approx(20.0)
    assert law.support(
        commitment=np.array([0.5]), belief=np.array([0.8]), engagement=np.array([0.5]), helpers=aid
    ) == pytest.approx(4.0)


@few
@given(given_=numbers(Support, "aid"), gap=st.floats(0.0, 1.0))
def test_no_help_comes_from_a_member_that_prefers_the_opponent(given_, gap):
    given_["regard"] = given_["regard_opponent"] - gap
    assert Support().aid(**given_) == pytest.approx(0.0)


def test_a_pivot_does_not_spare_a_friend_that_starts_worked_by_hand():
    # a friend of both, 0.6 and 0.5: without a pivot 0.05 of its strength, with one of 0.8
    # (0.6 - 0.2 x 0.5) / 2 = 0.25; an enemy is no dearer
    spared = Support().shielding(regard_attacker=np.array([0.5, -0.5]), pivotal=np.array([0.8]))
    assert spared == pytest.approx([0.1, -0.5])
    aid = Support().aid(
        engagement=np.array([1.0]),
        regard=np.array([0.6]),
        regard_opponent=spared[:1],
        strength=np.array([100.0]),
    )
    assert aid == pytest.approx(25.0)
