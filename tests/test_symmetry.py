"""Two states that differ only in their names have the same distributions of outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.small import SMALL, model, record

RUNS = 2000
SURE = 4.0  # standard errors; the right model fails one comparison in 16,000


def world(one, other):
    """Return two rivals of one size that buy from the same seller, as a document."""
    kinds = ("armour", "rockets")
    asset = {"value": 1.0, "radius": 150, "hardness": 30, "source": "assumed"}
    state = {"longitude": 0, "gdp": 5e4, "burden": 0.04, "import_share": 0.3, "source": "assumed"}
    sides = ((one, other, 10), (other, one, -10))
    return {
        "scenario": "symmetry",
        "title": "Two rivals of one size",
        "question": "Does it matter what they are called?",
        "time": {"start": "2018-Q1", "end": "2021-Q4"},
        "classes": {name: SMALL["classes"][name] for name in kinds},
        "systems": {
            "tank": SMALL["systems"]["tank"],
            "missile": {**SMALL["systems"]["missile"], "range": 4000},
        },
        "states": {
            **{i: {**state, "name": i, "latitude": at} for i, _, at in sides},
            "SELLER": {**state, "name": "Seller", "latitude": 0, "longitude": 40, "gdp": 5e5},
        },
        "offers": {
            "tanks": {"supplier": "SELLER", "system": "tank", "price": 30, "batch": 10,
                      "lag": 0.5, "source": "assumed"},
            "missiles": {"supplier": "SELLER", "system": "missile", "price": 60, "batch": 4,
                         "lag": 0.5, "source": "assumed"},
        },
        "arsenals": {
            i: {"units": {"tank": 50, "missile": 4}, "source": "assumed"} for i, *_ in sides
        },
        "rivalries": {i: {"with": {j: 0.7}, "source": "assumed"} for i, j, _ in sides},
        "affinities": {
            i: {"toward": {j: -0.6, "SELLER": 0.3}, "source": "assumed"} for i, j, _ in sides
        },
        "assets": {f"asset_{i}": {**asset, "owner": i} for i, *_ in sides},
    }  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [("AAA", "BBB"), ("ZZZ", "MMM"), ("B", "A")])
def test_names_have_no_effect(tmp_path, one, other):
    found = record(model(tmp_path, document=world(one, other)), RUNS)
    layout = found.end.layout
    a, b = (layout.states.index(name) for name in (one, other))
    out, back = (layout.dyad_number[ends] for ends in ((a, b), (b, a)))
    paired = {
        **{n: found.series[n].mean(axis=0)[[a, b]] for n in ("insecurity", "imports")},
        "early imports": found.series["imports"][:4].mean(axis=0)[[a, b]],
        "exposure": found.series["exposure"].mean(axis=0)[[out, back]],
        "low exposure": 1.0 * (found.series["exposure"][-1, [out, back]] < 0.9),
        "regard": found.end.affinity[[a, b], layout.states.index("SELLER")],
    }
    for name, (mine, theirs) in paired.items():
        gap = mine - theirs
        error = gap.std(ddof=1) / np.sqrt(gap.size)
        assert abs(gap.mean()) <= SURE * error, name
