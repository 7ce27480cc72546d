import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.contest import DifferenceContest, RatioContest
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
DIFFERENCE_CONTEST = DifferenceContest(sharpness=4.0)

FORMS = [RatioContest(), DIFFERENCE_CONTEST]
STRENGTHS = st.floats(0.1, 1e5)
both_forms = pytest.mark.parametrize("law", FORMS, ids=["ratio", "difference"])


def win(law, own, other, support=0.0):
    return law.win(strength=np.array([own]), opposed=np.array([other + support]))[0]


def test_the_chance_worked_by_hand():
    # ratio: 60 / (60 + 20) = 3/4; difference: logistic(4 (60 - 20) / 80) = logistic(2) = 0.880797
    assert win(RatioContest(), 60.0, 20.0) == pytest.approx(0.75)
    assert win(RatioContest(), 60.0, 20.0, support=40.0) == pytest.approx(0.5)
    assert win(DIFFERENCE_CONTEST, 60.0, 20.0) == pytest.approx(0.880797, abs=1e-6)


def test_the_ratio_tends_to_certainty_and_the_difference_to_its_own_limit():
    assert win(RatioContest(), 1e9, 1.0) == pytest.approx(1.0)
    assert win(RatioContest(), 1.0, 1e9) == pytest.approx(0.0, abs=1e-8)
    assert win(DifferenceContest(sharpness=12.0), 1e9, 1.0) == pytest.approx(1.0, abs=1e-5)


@few
@given(tilt=st.floats(1e-5, 1e-4))
def test_a_sharpness_of_two_matches_the_ratio_at_parity(tilt):
    gain = win(DifferenceContest(sharpness=2.0), 1.0 + tilt, 1.0) - 0.5
    assert gain == pytest.approx(win(RatioContest(), 1.0 + tilt, 1.0) - 0.5, rel=1e-3)
