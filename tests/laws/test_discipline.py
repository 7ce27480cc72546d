import numpy as np
import pytest

from sim.kernel.arrays import added
from sim.laws.discipline import Discipline, Leniency

LAW = Discipline(decides=0.6, shuts=0.5, readmits=1.0, expels=0.05)


def case(leader, others):
    return {"leader": np.array([leader]), "others": np.array([others])}


def hazard(name, leader, others):
    return LAW.hazard(wish=added(getattr(LAW, name)(**case(leader, others))))[0]


def test_the_hazards_of_discipline_worked_by_hand():
    # 0.6 x -0.7 + 0.4 x 0.05 = -0.4: 0.5 x 0.4 a year to be shut out, 0.05 x 0.4 to be expelled
    assert hazard("shutting", -0.7, 0.05) == pytest.approx(0.2)
    assert hazard("expulsion", -0.7, 0.05) == pytest.approx(0.02)
    assert hazard("readmission", -0.7, 0.05) == 0.0
    # 0.6 x 0.4 + 0.4 x 0.15 = 0.3: 1 x 0.3 back in
    assert hazard("readmission", 0.4, 0.15) == pytest.approx(0.3)
    assert hazard("shutting", 0.4, 0.15) == 0.0


def test_terms_of_discipline_are_named_by_whose_regard_they_are():
    # 0.5 x 0.6 x 0.7 by the leader, -0.5 x 0.4 x 0.05 by the others
    found = LAW.shutting(**case(-0.7, 0.05))
    assert found["leader"] == pytest.approx([0.21])
    assert found["others"] == pytest.approx([-0.01])
    assert added(Leniency().shutting(**case(-0.7, 0.05))) == [0.0]


def test_a_leader_may_decide_alone_and_so_may_the_others():
    alone, others = (Discipline(decides=share, readmits=1.0) for share in (1.0, 0.0))
    assert added(alone.readmission(**case(-1.0, 0.5))) == [-1.0]
    assert added(others.readmission(**case(-1.0, 0.5))) == [0.5]
