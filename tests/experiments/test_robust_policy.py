from __future__ import annotations

import runpy
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("ema_workbench") is None or find_spec("platypus") is None,
    reason="needs the extra `analysis`",
)

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).with_name("small.yaml")


@pytest.mark.study
def test_the_example_finds_policies_that_none_beats_in_both(tmp_path):
    scenario = tmp_path / "small.yaml"
    text = SMALL.read_text().replace("  - hhi DEL", "  - hhi DEL\n  - engagement NORTH", 1)
    scenario.write_text(text)
    search = runpy.run_path(str(ROOT / "examples" / "robust_policy.py"))["search"]
    over = ["states.BRA.burden=0.02..0.06"]
    found = search(str(scenario), "NORTH", nfe=20, scenarios=2, runs=2, over=over)
    levers = [f"blocs.NORTH.{name}" for name in ("preference", "commitment", "credit")]
    assert [name for name in found.columns if name.startswith("blocs.")] == levers
    assert len(found) >= 1
    for _, one in found.iterrows():
        others = found.drop(index=one.name)
        better = (others["engagement"] >= one["engagement"]) & (others["cost"] <= one["cost"])
        strictly = (others["engagement"] > one["engagement"]) | (others["cost"] < one["cost"])
        assert not (better & strictly).any()
