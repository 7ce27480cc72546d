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
    # m likes the first by 0.8 (0.5 willing, no friend of the leader, as strong as m three times):
    # 0.5 x 0.8 x 0.75 = 0.3; the second by 0.4 (1 willing, regards the leader by 0.9, as strong):
    # 1 x 0.4 x 0.1 x 0.5 = 0.02; the third is a member. 1 - exp(-2 x 0.32) = 0.472708
    case = {
        "affinity": np.array([[0.0, 0.8, 0.4, 0.9]] * 4),
        "willing": np.array([[0.0, 0.5, 1.0, 1.0]] * 4),
        "outside": np.array([0.0, 1.0, 1.0, 0.0]),
        "strength": np.array([100.0, 300.0, 100.0, 500.0]),
        "shared": np.array([0.0, -0.7, 0.9, 0.0]),
    }
    case["own"] = case["strength"]
    found = Sponsors(satiation=2.0).exit(**{name: each[..., None] for name, each in case.items()})
    assert found[0, 0] == pytest.approx(0.472708, abs=1e-6)


def test_a_shared_patron_is_not_a_way_out_and_hides_no_other():
    strength, outside = np.array([[1.0], [9.0], [4.0]]), np.array([[0.0], [1.0], [1.0]])
    likes = np.tile(np.array([0.0, 0.8, 0.6]), (3, 1))[..., None]
    own = {"affinity": likes, "outside": outside, "strength": strength, "own": strength}
    willing, shared = np.ones((3, 3, 1)), np.array([[0.0], [1.0], [0.0]])
    pull = LAW.pull(strength=strength, leader=np.array([[5.0]]), outside=outside)
    without = outside * [[1.0], [1.0], [0.0]]

    def way(law, **other):
        return law.exit(**{**own, "willing": willing, "shared": shared, "pull": pull, **other})[
            0, 0
        ]

    assert way(LAW) == way(LAW, pull=pull * without)  # the strongest alone counts
    assert way(Sponsors()) == way(Sponsors(), outside=outside - [[0.0], [1.0], [0.0]]) > 0
    assert way(Sponsors(), outside=without) == 0
