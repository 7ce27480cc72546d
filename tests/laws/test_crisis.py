import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.arrays import chance
from sim.laws.crisis import Crisis
from tests.strategies import few, numbers

# the values of the arithmetic below, whatever a law starts from
CRISIS = Crisis(incidents=0.5, calculation=12.0)


def test_incidents_and_wars_worked_by_hand():
    # one incident in two years at a full dispute: 0.5 x max(0.2, 0.6) = 0.3 a year
    assert CRISIS.rate(rivalry=np.array([0.2]), rivalry_back=np.array([0.6])) == pytest.approx(0.3)
    # logistic(12 x 0.1) = 0.768525; nothing to gain or lose: one half
    assert CRISIS.escalation(gain=np.array([0.1])) == pytest.approx(0.768525, abs=1e-6)
    assert CRISIS.escalation(gain=np.array([0.0])) == pytest.approx(0.5)


@few
@given(given_=numbers(Crisis, "rate"))
def test_the_dispute_of_either_side_makes_incidents(given_):
    turned = {"rivalry": given_["rivalry_back"], "rivalry_back": given_["rivalry"]}
    assert CRISIS.rate(**given_) == CRISIS.rate(**turned)


@few
@given(given_=numbers(Crisis, "rate"), dt=st.floats(0.01, 1.0))
def test_peace_for_two_half_periods_is_as_likely_as_for_one_whole(given_, dt):
    rate = CRISIS.rate(**given_)
    assert (1 - chance(rate, dt / 2)) ** 2 == pytest.approx(1 - chance(rate, dt))


@few
@given(gain=st.floats(-0.5, 0.5))
def test_gains_and_losses_of_one_size_are_mirror_images(gain):
    law = CRISIS
    assert law.escalation(gain=np.array([gain])) + law.escalation(
        gain=np.array([-gain])
    ) == pytest.approx(1.0)
