import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.quality import Quality
from tests.strategies import few, numbers

# the values of the arithmetic below, whatever a law starts from
QUALITY = Quality(pace=0.1)

NONE = np.array([0.0])


def test_reputation_worked_by_hand():
    # 0.7 and one good of two instalments at pace 0.1: (0.7 + 0.1) / (1 + 0.2) = 2/3
    found = QUALITY.reputation(
        reputation=np.array([0.7]), good=np.array([1.0]), bad=np.array([1.0])
    )
    assert found == pytest.approx(2 / 3)


@few
@given(given_=numbers(Quality, "reputation"))
def test_without_deliveries_reputation_stands(given_):
    quiet = {**given_, "good": NONE, "bad": NONE}
    assert QUALITY.reputation(**quiet) == given_["reputation"]


@few
@given(given_=numbers(Quality, "reputation"), more=st.floats(0.01, 1.0))
def test_a_long_record_of_one_kind_outweighs_all_that_went_before(given_, more):
    law, many = QUALITY, np.array([1e9])
    assert law.reputation(**{**given_, "good": many}) == pytest.approx(1.0, abs=1e-6)
    assert law.reputation(**{**given_, "bad": many * (1 + more)}) == pytest.approx(0.0, abs=1e-6)
