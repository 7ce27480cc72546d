import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.precedent import Precedent
from tests.strategies import few

# the values of the arithmetic below, whatever a law starts from
PRECEDENT = Precedent(memory=5.0, leader_weight=2.0)

TIV = st.floats(0.0, 1000.0)
LEADS = np.array([1.0, 0.0])[:, None, None]


def precedent(members, rivals, law=None):
    return (law or PRECEDENT).precedent(
        members=np.array(members, dtype=float)[:, None, None],
        rivals=np.array(rivals, dtype=float)[:, None, None],
        leads=LEADS,
    )[0, 0]


def test_the_precedent_worked_by_hand():
    # the leader sent 300 to members and 100 to rivals, counted twice; the other 50 and 50:
    # (2 x 100 + 50) / (2 x 400 + 100) = 250 / 900
    assert precedent([300, 50], [100, 50]) == pytest.approx(250 / 900)


def test_where_nothing_was_delivered_there_is_no_precedent():
    assert precedent([0, 0], [0, 0]) == 0.0


@few
@given(tiv=st.floats(1.0, 1000.0))
def test_the_leaders_example_counts_more_than_anybody_elses(tiv):
    assert precedent([0, tiv], [tiv, 0]) > precedent([tiv, 0], [0, tiv])
    alike = Precedent(leader_weight=1.0)
    assert precedent([0, tiv], [tiv, 0], alike) == pytest.approx(0.5)


@few
@given(members=TIV, rivals=st.floats(1.0, 1000.0), unit=st.floats(0.01, 100.0))
def test_the_unit_of_capability_does_not_count(members, rivals, unit):
    scaled = precedent([unit * members, 1], [unit * rivals, 0])
    alone = precedent([members, 1 / unit], [rivals, 0])
    assert scaled == pytest.approx(alone)
