import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.affinity import BalancedAffinity, DyadicAffinity
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
BALANCED_AFFINITY = BalancedAffinity(
    by_supply=0.05, by_betrayal=0.1, fellow=2.0, memory=8.0, grudge=2.0, balance=0.03
)
DYADIC_AFFINITY = DyadicAffinity(
    by_supply=0.05, by_betrayal=0.1, fellow=2.0, memory=8.0, grudge=2.0
)

NONE = np.array([0.0])
YEARS = st.floats(0.01, 1.0)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def triad(ab, bc, ac):
    affinity = np.zeros((3, 3, 1))
    for i, j, regard in ((0, 1, ab), (1, 2, bc), (0, 2, ac)):
        affinity[i, j] = affinity[j, i] = regard
    return affinity


def test_deliveries_worked_by_hand():
    # a year's budget of gifts: x = 1 - e^-0.05 = 0.048771; regard 0.2: 0.2 + 0.8 x = 0.239016
    law = DYADIC_AFFINITY
    gift = law.moved(**arrays(affinity=0.2, supply=1.0, betrayal=0.0, fellow=0.0))
    assert gift == pytest.approx(0.239016, abs=1e-6)
    # the same to a full rival by a fellow: y = 1 - e^-0.2 = 0.181269; 0.2 - 1.2 y = -0.017523
    harm = law.moved(**arrays(affinity=0.2, supply=0.0, betrayal=1.0, fellow=1.0))
    assert harm == pytest.approx(-0.017523, abs=1e-6)


def test_a_purchase_raises_the_suppliers_regard_worked_by_hand():
    # three sales that its exporters notice: 1 - e^(-0.02 x 3) = 0.058235; 0.2 + 0.8 x = 0.246588
    law = DyadicAffinity(by_purchase=0.02)
    courted = law.courted(**arrays(affinity=0.2, purchase=3.0))
    assert courted == pytest.approx(0.246588, abs=1e-6)
    assert DyadicAffinity().courted(**arrays(affinity=0.2, purchase=3.0)) == 0.2  # off


def test_a_purchase_from_a_rival_offends_worked_by_hand():
    # half a year's budget from a rival with a dispute of 0.8, custom 1: y = 1 - e^(-0.2 x 0.4)
    # = 0.076884; 0.2 - 1.2 y = 0.107740
    offended = DyadicAffinity(by_custom=0.2).offended(**arrays(affinity=0.2, custom=0.4))
    assert offended == pytest.approx(0.107740, abs=1e-6)
    assert DyadicAffinity(by_custom=0.0).offended(**arrays(affinity=0.2, custom=0.4)) == 0.2


def test_drift_worked_by_hand():
    # a quarter of eight years' memory: 1 - e^(-1/32) = 0.030767 of the way from 0.5 to 0.1,
    # and a pull of 0.04 a year: 0.5 + 0.01 - 0.012307 = 0.497693
    found = DYADIC_AFFINITY.drifted(**arrays(affinity=0.5, base=0.1, pull=0.04), dt=0.25)
    assert found == pytest.approx(0.497693, abs=1e-6)
    # from below the base it takes twice as long: 1 - e^(-1/64) = 0.015504 of 0.4: 0.106201
    found = DYADIC_AFFINITY.drifted(**arrays(affinity=0.1, base=0.5, pull=0.0), dt=0.25)
    assert found == pytest.approx(0.106201, abs=1e-6)


def test_the_pull_of_balance_worked_by_hand():
    # three states, a and c strangers, both friends of b (0.8): the path is 0.64, its size too;
    # 0.03 (1 - 0) 0.64 / (0.64 + 0.1) = 0.025946
    pull = BALANCED_AFFINITY.pull(affinity=triad(0.8, 0.8, 0.0))
    assert pull[0, 2, 0] == pytest.approx(0.025946, abs=1e-6)


@few
@given(friend=st.floats(0.1, 0.9), foe=st.floats(-0.9, -0.1))
def test_friends_of_friends_draw_near_and_friends_of_foes_drift_apart(friend, foe):
    law = BALANCED_AFFINITY
    assert law.pull(affinity=triad(friend, friend, 0.0))[0, 2, 0] > 0
    assert law.pull(affinity=triad(friend, foe, 0.0))[0, 2, 0] < 0
    assert law.pull(affinity=triad(foe, foe, 0.0))[0, 2, 0] > 0


def test_the_pull_does_not_vanish_with_the_number_of_states():
    camp = np.full((40, 40, 1), 0.5)
    assert BALANCED_AFFINITY.pull(affinity=camp)[0, 1, 0] > 0.02


@few
@given(regard=st.floats(-1.0, 1.0), flow=st.floats(0.0, 3.0))
def test_gifts_in_two_halves_befriend_as_much_as_at_once(regard, flow):
    law = DYADIC_AFFINITY
    for kind in ("supply", "betrayal"):
        case = arrays(affinity=regard, supply=0.0, betrayal=0.0, fellow=1.0)
        half = law.moved(**{**case, kind: np.array([flow / 2])})
        twice = law.moved(**{**case, "affinity": half, kind: np.array([flow / 2])})
        assert twice == pytest.approx(law.moved(**{**case, kind: np.array([flow])}))
