import numpy as np
import pytest

from sim.laws.harm import DepartureFromHabit, WholeHarm

# parameters of the worked examples below, which do not depend on the defaults
HABIT = DepartureFromHabit(habit=0.8, by_dependence=0.5, memory=5.0)


def arrays(**values):
    return {name: np.array([value]) for name, value in values.items()}


def test_what_departs_from_habit_worked_by_hand():
    # 100 come, of which 70 were usual and had not come yet
    assert HABIT.fresh(**arrays(flow=100.0, unused=70.0)) == 30
    assert HABIT.fresh(**arrays(flow=50.0, unused=70.0)) == 0
    # who has six tenths of its arms from the supplier overlooks 0.5 x 0.6 of the harm
    assert HABIT.minded(**arrays(dependence=0.6)) == pytest.approx(0.7)
    # 20 left fade over a year to 20 e^-0.2 = 16.374615; 0.8 x 40 x 5 (1 - e^-0.2) = 29.003079
    kept = HABIT.kept(**arrays(flow=50.0, unused=70.0, usual=40.0), dt=1.0)
    assert kept == pytest.approx(45.377694, abs=1e-6)


def test_lumps_at_the_usual_rate_offend_hardly_more_than_a_steady_flow():
    """A delivery of four years' worth every fourth year, as against one of a year's each year."""
    law, offended = DepartureFromHabit(habit=1.0, memory=15.0), {}
    for every in (1, 4):
        unused, felt = np.array([10.0]), 0.0
        for year in range(40):
            flow = np.array([10.0 * every * (year % every == every - 1)])
            felt += law.fresh(flow=flow, unused=unused)[0]
            unused = law.kept(flow=flow, unused=unused, usual=np.array([10.0]), dt=1.0)
        offended[every] = felt / 400
    assert offended[1] < 0.05
    assert offended[4] < 0.15


def test_without_habits_all_harms():
    law = WholeHarm()
    assert law.fresh(**arrays(flow=100.0, unused=70.0)) == 100
    assert law.minded(**arrays(dependence=0.6)) == 1
    assert law.kept(**arrays(flow=50.0, unused=70.0, usual=40.0), dt=1.0) == 70
