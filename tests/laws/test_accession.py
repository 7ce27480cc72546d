import numpy as np
import pytest

from sim.laws.accession import ClosedAccession, OpenAccession
from tests.strategies import total

LAW = OpenAccession(rate=0.5, base=-2.0, by_affinity=3.0, by_insecurity=1.0)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_the_wish_to_join_worked_by_hand():
    # -2 + 3 x 0.5 + 1 x 0.5 = 0
    assert total(LAW.terms(**arrays(regard=0.5, insecurity=0.5))) == pytest.approx(0.0)


def test_the_hazard_of_joining_worked_by_hand():
    # even odds, welcome by 0.4: 0.5 x 0.5 x 0.4 a year; who is disliked is not let in
    assert LAW.hazard(**arrays(wish=0.0, welcome=0.4)) == pytest.approx(0.1)
    assert LAW.hazard(**arrays(wish=5.0, welcome=-0.1)) == 0.0


def test_a_closed_bloc_admits_no_state():
    assert ClosedAccession().hazard(**arrays(wish=9.0, welcome=1.0)) == 0.0
