import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import chance
from sim.laws.membership import FROZEN, STAGES, Membership
from tests.strategies import few, lawful

# the values of the arithmetic below, whatever a law starts from
MEMBERSHIP = Membership(exit_rate=0.2, exit_scale=0.05, skips=0.45, step=0.08)


def stage(engagement, law=None):
    return (law or MEMBERSHIP).stage(engagement=np.array([engagement]))[0]


def test_the_hazard_of_exit_worked_by_hand():
    # a fifth a year at zero engagement; at 0.05 a fifth of e^-1
    law = MEMBERSHIP
    assert law.hazard(engagement=np.array([0.0])) == pytest.approx(0.2)
    assert law.hazard(engagement=np.array([0.05])) == pytest.approx(0.073576, abs=1e-6)


@pytest.mark.parametrize(
    ("engagement", "expected"),
    [(1.0, 0), (0.45, 0), (0.44, 1), (0.36, 2), (0.28, 3), (0.20, 4), (0.12, 5), (0.0, 5)],
)
def test_the_ladder_worked_by_hand(engagement, expected):
    # below 0.45, then a stage for every 0.08: 0.45, 0.37, 0.29, 0.21, 0.13
    assert stage(engagement) == expected


def test_a_frozen_membership_is_the_third_stage():
    assert STAGES[FROZEN] == "frozen"
    assert len(STAGES) == 6


@few
@given(engagement=st.floats(0.4, 1.0), dt=st.floats(0.01, 1.0))
def test_membership_is_sticky(engagement, dt):
    hazard = MEMBERSHIP.hazard(engagement=np.array([engagement]))
    assert chance(hazard, dt) < 1e-4


@few
@given(law=lawful(Membership), engagement=st.floats(0.0, 1.0))
def test_stages_are_whole_numbers_of_the_ladder(law, engagement):
    assert stage(engagement, law) in range(len(STAGES))
