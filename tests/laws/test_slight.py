import numpy as np
import pytest

from sim.laws.slight import FeltSlight, UnfeltSlight

CASE = {
    "affinity": np.array([0.2]),
    "refusal": np.array([0.8]),
    "embargoed": np.array([0.0]),
    "pressing": np.array([1.5]),
}


def test_refusals_and_debts_embitter_worked_by_hand():
    # 0.05 x 0.8 + 0.04 x 1.5 = 0.1 a year: in half a year 1 - e^-0.05 = 0.048771 of 1.2
    law = FeltSlight(by_refusal=0.05, by_debt=0.04)
    assert law.cooled(**CASE, dt=0.5) == pytest.approx(0.141475, abs=1e-6)
    assert FeltSlight(by_refusal=0.0, by_debt=0.0).cooled(**CASE, dt=0.5) == 0.2
    assert UnfeltSlight().cooled(**CASE, dt=0.5) == 0.2


def test_an_embargo_on_a_customer_embitters_worked_by_hand():
    # and 0.1 x 0.6 for the embargo: 0.16 a year, in half a year 1 - e^-0.08 = 0.076884 of 1.2
    law = FeltSlight(by_refusal=0.05, by_embargo=0.1, by_debt=0.04)
    banned = {**CASE, "embargoed": np.array([0.6])}
    assert law.cooled(**banned, dt=0.5) == pytest.approx(0.107740, abs=1e-6)
