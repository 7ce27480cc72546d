import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.patronage import AdaptivePatronage, FixedPatronage
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
FIXED_PATRONAGE = FixedPatronage(memory=4.0)
ADAPTIVE_PATRONAGE = AdaptivePatronage(memory=4.0, generosity=0.5, expected=0.6)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_preferential_terms_worked_by_hand():
    case = arrays(preference=0.3, engagement=0.4)
    assert FIXED_PATRONAGE.preference(**case) == pytest.approx(0.3)
    # 0.3 + 0.5 (0.6 - 0.4) = 0.4
    assert ADAPTIVE_PATRONAGE.preference(**case) == pytest.approx(0.4)


@few
@given(preference=st.floats(0.0, 0.9), engagement=st.floats(0.6, 1.0))
def test_a_leader_pays_no_more_to_members_that_take_part_as_expected(preference, engagement):
    case = arrays(preference=preference, engagement=engagement)
    assert ADAPTIVE_PATRONAGE.preference(**case) == pytest.approx(preference)
