import numpy as np
import pytest

from sim.laws.exit_option import ExitOption, Sponsors

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


def test_sponsors_worked_by_hand():
    # m likes the first by 0.8 (0.5 willing, no friend of the leader): 0.5 x 0.8 x 0.25 = 0.1; the
    # second by 0.4 (1 willing, regards the leader by 0.9): 1 x 0.4 x 0.1 x 0.75 = 0.03; the third
    # is willing and disliked. 1 - exp(-2 x 0.13) = 0.228948
    case = {
        "affinity": np.array([[0.8, 0.4, -0.6]]),
        "willing": np.array([[0.5, 1.0, 1.0]]),
        "pull": np.array([0.25, 0.75, 0.5]),
        "shared": np.array([-0.7, 0.9, 0.0]),
    }
    found = Sponsors(satiation=2.0).exit(**{k: v[..., None] for k, v in case.items()})
    assert found[:, 0] == pytest.approx([0.228948], abs=1e-6)


def test_a_patron_that_both_share_hides_no_other():
    shared, willing = np.array([[0.9], [0.0]]), np.ones((1, 2, 1))
    given = {"affinity": np.array([[[0.8], [0.8]]]), "pull": np.array([[0.9], [0.2]])}
    both = Sponsors().exit(willing=willing, shared=shared, **given)
    without = Sponsors().exit(willing=willing * [[1.0], [0.0]], shared=shared, **given)
    assert LAW.exit(**given) == LAW.exit(**{**given, "pull": np.array([[0.9], [0.0]])})
    assert both[0, 0] > 1.5 * without[0, 0]
