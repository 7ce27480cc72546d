import numpy as np
import pytest

from sim.laws.breach import NoBreach, NotedBreach

CASE = {
    name: np.array([n]) for name, n in (("belief", 0.5), ("harm", 0.4), ("harm_others", 1.0))
}  # fmt: skip


def test_harm_by_fellow_members_lowers_belief_worked_by_hand():
    # 0.2 (0.4 + 0.3 x 1) = 0.14: 0.5 e^-0.14 = 0.434679
    assert NotedBreach(by_harm=0.2, note=0.3).belief(**CASE) == pytest.approx(0.434679, abs=1e-6)
    assert NotedBreach(by_harm=0.0).belief(**CASE) == 0.5
    assert NoBreach().belief(**CASE) == 0.5
