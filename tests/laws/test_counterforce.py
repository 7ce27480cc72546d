import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.counterforce import Counterforce
from tests.strategies import few, numbers

# the values of the arithmetic below, whatever a law starts from
COUNTERFORCE = Counterforce(rounds_needed=5.0)


def surviving(find, reach, held):
    return COUNTERFORCE.surviving(
        find=np.array([find]), rounds_in_reach=np.array([reach]), launchers=np.array([held])
    )[0]


def test_survival_worked_by_hand():
    # ten rounds in reach against two launchers, five needed for each: 10 / (10 + 5 x 2) = 1/2 of
    # what is found; find 0.5: 1 - 0.5 x 0.5 = 3/4 survive
    assert surviving(0.5, 10.0, 2.0) == pytest.approx(0.75)


@few
@given(given_=numbers(Counterforce, "surviving"))
def test_nothing_is_lost_to_one_that_finds_nothing_or_reaches_nothing(given_):
    law = COUNTERFORCE
    assert law.surviving(**{**given_, "find": np.array([0.0])}) == 1.0
    assert law.surviving(**{**given_, "rounds_in_reach": np.array([0.0])}) == 1.0


@few
@given(find=st.floats(0.0, 1.0), held=st.floats(0.0, 500.0))
def test_overwhelming_fire_takes_no_more_than_it_finds(find, held):
    assert surviving(find, 1e9, held) == pytest.approx(1 - find, abs=1e-5)


def test_one_that_holds_nothing_and_faces_nothing_is_well_defined():
    assert surviving(1.0, 0.0, 0.0) == 1.0
