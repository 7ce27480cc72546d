import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.laws.deterrence import Deterrence, PreventiveDeterrence
from tests.strategies import few

# parameters of the worked examples below, which do not depend on the defaults
DETERRENCE = PreventiveDeterrence(punishment=1.0, threshold=0.55, by_shift=1.0)


def gain(rivalry, win, second_strike, law=None, shift=0.0):
    given = {"rivalry": rivalry, "win": win, "second_strike": second_strike, "shift": shift}
    return (law or DETERRENCE).gain(**{name: np.array([each]) for name, each in given.items()})[0]


def test_the_net_gain_worked_by_hand():
    # 0.8 x 0.5 - 1 x 0.15 - 0.55 = -0.3: deterred by 0.3
    assert gain(0.8, 0.5, 0.15) == pytest.approx(-0.3)


def test_what_waiting_would_cost_is_gained_by_attacking_now():
    # the same with a fall of the threat by 0.12 to come: -0.3 + 0.12; twice as heavy, -0.06
    assert gain(0.8, 0.5, 0.15, shift=0.12) == pytest.approx(-0.18)
    heavy = PreventiveDeterrence(punishment=1.0, threshold=0.55, by_shift=2.0)
    assert gain(0.8, 0.5, 0.15, heavy, shift=0.12) == pytest.approx(-0.06)
    heedless = Deterrence(punishment=1.0, threshold=0.55)
    assert gain(0.8, 0.5, 0.15, heedless, shift=0.12) == gain(0.8, 0.5, 0.15)


@few
@given(win=st.floats(0.0, 1.0), second_strike=st.floats(0.0, 1.0))
def test_one_without_a_dispute_never_gains_by_attack(win, second_strike):
    assert gain(0.0, win, second_strike) <= 0.0


@few
@given(win=st.floats(0.0, 1.0), rivalry=st.floats(0.0, 1.0))
def test_certain_ruin_deters_a_certain_victor(win, rivalry):
    assert gain(rivalry, win, 1.0) < 0.0


@few
@given(step=st.floats(0.0, 0.5))
def test_denial_and_punishment_work_apart(step):
    law = Deterrence(punishment=2.0, threshold=0.1)
    denied = gain(0.5, 0.9 - step, 0.2, law) - gain(0.5, 0.9, 0.2, law)
    punished = gain(0.5, 0.9, 0.2 + step, law) - gain(0.5, 0.9, 0.2, law)
    assert denied == pytest.approx(-0.5 * step)
    assert punished == pytest.approx(-2.0 * step)
