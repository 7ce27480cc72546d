"""Sentences on studies: outcomes that a sweep does not move, and the reason."""

from __future__ import annotations

import pandas as pd

from sim.seeing.study_sentences import claimed_skill, still_sentences


def test_a_variant_in_which_a_sweep_moves_no_outcome_is_named_with_the_order_that_it_forces():
    events = {"talks": None, "deal": {"at": "2015-Q3", "order": {"supplier": "RUS"}}}
    about = {
        "variants": ["baseline", "sale", "no_sale"],
        "scenario": {
            "document": {"events": {"talks": {"at": "2015-Q3", "request": {"supplier": "RUS"}}}},
            "variants": {"sale": {"events": events}, "no_sale": {"events": {"talks": None}}},
        },
    }
    rows = [("baseline", 0.1, 0.2), ("sale", 1.0, 1.0), ("no_sale", 0.0, 0.0)]
    summary = pd.DataFrame(rows, columns=["variant", "least", "most"])
    assert [*still_sentences(about, summary)] == [
        "The sweep moves no outcome in sale, which forces an order (event deal)",
        "The sweep moves no outcome in no_sale",
    ]


def test_skill_is_claimed_over_both_or_not_at_all():
    def claimed(**lows):
        about = {"target": "transfer", "score": "brier", "skill_of_model": 0.2}
        rows = [{**about, "forecaster": name, "low": low} for name, low in lows.items()]
        rows.append({**about, "target": "tie", "forecaster": "gravity_recalibrated", "low": -0.3})
        return claimed_skill(pd.DataFrame(rows))

    nan = float("nan")
    both = {"gravity_recalibrated": 0.01, "pool": 0.02}
    assert claimed(**both, gravity=-0.2) == {"brier": True}
    assert claimed(**{**both, "pool": -0.01}) == {"brier": False}
    assert claimed(**{**both, "pool": nan}) == {"brier": False}
    assert claimed(gravity=0.3) == {}
