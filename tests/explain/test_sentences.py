"""How often the reasons give the decision: in so many of so many cases."""

from __future__ import annotations

import pytest

from sim.explain.sentences import cases, luck_of, verdict_of


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0.82, "82 of 100"),
        (0.004, "0.4 %"),
        (0.9996, "99.96 %"),
        (1.0, "all"),
        (1e-9, "under 0.0001 %"),
    ],
)
def test_a_chance_is_so_many_of_so_many_cases(chance, text):
    assert cases(chance) == text


def test_a_verdict_tells_reasons_from_luck():
    yes = "These reasons lead to yes in 82 of 100 such cases; this was one of the "
    assert verdict_of(0.82, 1) == yes + "82."
    assert verdict_of(0.82, 0) == yes + "other 18."
    assert verdict_of(0.99, 0).endswith("this was the other one.")
    assert verdict_of(1.0, 1) == "These reasons lead to yes in all such cases."
    assert verdict_of(1e-9, 0).endswith("in under 0.0001 % of such cases.")
    assert verdict_of(0.004, 1).endswith("in 0.4 % of such cases: chance decided.")
    assert verdict_of(0.996, 0).endswith(
        "99.6 % of such cases, yet here the answer was no: chance decided."
    )
    assert luck_of(0.004, "this offer").endswith("in 0.4 % of such cases: chance decided.")
    assert luck_of(0.05, "this offer").endswith("5 of 100 such cases; this was one of the 5.")
