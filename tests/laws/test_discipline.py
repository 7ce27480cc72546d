import numpy as np
import pytest

from sim.laws.discipline import Discipline, Leniency

LAW = Discipline(decides=0.6, shuts=0.5, readmits=1.0, expels=0.05)


def hazard(name, esteem):
    return getattr(LAW, name)(esteem=np.array([esteem]))[0]


def test_what_a_bloc_thinks_of_a_member_worked_by_hand():
    # 0.6 x -0.7 + 0.4 x 0.05 = -0.4
    case = {"leader": np.array([-0.7]), "others": np.array([0.05])}
    assert LAW.esteem(**case) == pytest.approx([-0.4])
    assert Leniency().esteem(**case) == [0.0]


def test_the_hazards_of_discipline_worked_by_hand():
    # at -0.4: 0.5 x 0.4 a year to be shut out, 0.05 x 0.4 to be expelled; at 0.3: 1 x 0.3 back in
    assert hazard("shutting", -0.4) == pytest.approx(0.2)
    assert hazard("expulsion", -0.4) == pytest.approx(0.02)
    assert hazard("readmission", 0.3) == pytest.approx(0.3)


def test_a_leader_may_decide_alone_and_so_may_the_others():
    case = {"leader": np.array([-1.0]), "others": np.array([0.5])}
    assert Discipline(decides=1.0).esteem(**case) == [-1.0]
    assert Discipline(decides=0.0).esteem(**case) == [0.5]
