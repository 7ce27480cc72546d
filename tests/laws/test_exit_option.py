import numpy as np
import pytest

from sim.laws.exit_option import ExitOption

LAW = ExitOption()


def test_the_exit_option_worked_by_hand():
    # an outsider as strong as a third of the leader weighs 100 / (100 + 300) = 1/4; m likes it by
    # 0.8: 0.2. A stronger one that m dislikes, and a friend inside the bloc, give nothing.
    strength = np.array([100.0, 900.0, 500.0])[:, None]
    outside = np.array([1.0, 1.0, 0.0])[:, None]
    pull = LAW.pull(strength=strength, leader=np.array([[300.0]]), outside=outside)
    assert pull[:, 0] == pytest.approx([0.25, 0.75, 0.0])
    affinity = np.array([[0.8, -0.5, 1.0], [-1.0, -0.1, 0.9], [0.4, 0.2, 0.0]])[:, :, None]
    assert LAW.exit(affinity=affinity, pull=pull)[:, 0] == pytest.approx([0.2, 0.0, 0.15])
