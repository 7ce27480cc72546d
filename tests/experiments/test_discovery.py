from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments.discovery import Condition, SweepCases, discover, parsed
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, ResultError

pytestmark = pytest.mark.skipif(
    find_spec("ema_workbench") is None, reason="needs the extra `analysis`"
)  # not imported here: it takes seconds in every process that collects tests

SMALL = Path(__file__).with_name("small.yaml")
NAMES = ["hhi DEL", "exposure DEL>BRA at 2020-Q4", "sold ALF>DEL missile by 2020-Q4"]


class Planted(SweepResults):
    """A sweep's results, made by a function instead of the kernel."""

    def __init__(self, design, outcome, replicates=1, fixed=()):
        self.folder = Path("planted")
        self._design = design.assign(point=np.arange(len(design)))
        self._values = outcome
        self._replicates = replicates
        self.manifest = {
            "outcomes": ["exits NORTH"],
            "variants": ["baseline", "sale"],
            "fixed_by_variant": {"sale": list(fixed)},
            "table": {"sha256": "", "rows": len(outcome), "points": len(design)},
        }

    @property
    def design(self):
        return self._design

    def table(self, outcomes=None, variants=None):
        rows = self._design.loc[self._design.index.repeat(self._replicates)].reset_index(drop=True)
        return rows.assign(variant=variants[0], **{outcomes[0]: self._values})


def planted(noise=0.0, points=600, seed=5):
    """Exits happen where preference < 0.15 and norm_weight > 2, and the rule is `b`."""
    random = np.random.default_rng(seed)
    design = pd.DataFrame(
        {
            "blocs.NORTH.preference": random.uniform(0, 0.4, points),
            "laws.consent.norm_weight": random.uniform(0, 4, points),
            "laws.consent.rent": random.uniform(0, 1, points),
            "rules.contest": random.choice(["a", "b", "c"], points),
        }
    )
    inside = (
        (design["blocs.NORTH.preference"] < 0.15)
        & (design["laws.consent.norm_weight"] > 2)
        & (design["rules.contest"] == "b")
    ).to_numpy()
    flipped = random.random(points) < noise
    return design, np.where(inside ^ flipped, 2.0, 0.0)


def test_a_planted_box_is_recovered():
    design, exits = planted()
    found = discover(Planted(design, exits), "exits NORTH > 0", threshold=1)
    box = found.boxes[0]
    limits = {limit.path: limit for limit in box.limits}
    assert set(limits) == {"blocs.NORTH.preference", "laws.consent.norm_weight", "rules.contest"}
    preference = limits["blocs.NORTH.preference"]
    assert np.isnan(preference.low)
    assert preference.high == pytest.approx(0.15, abs=0.03)
    weight = limits["laws.consent.norm_weight"]
    assert np.isnan(weight.high)
    assert weight.low == pytest.approx(2.0, abs=0.25)
    assert limits["rules.contest"].texts == ("b",)
    assert box.density == 1
    assert box.coverage >= 0.8
    assert all(limit.qp < 0.001 for limit in box.limits)
    said = found.words(box)
    assert said.startswith(f"exits NORTH > 0 is likely, {box.density:.2f}, where ")
    assert f"preference < {preference.high:.3g}" in said
    assert f"norm_weight > {weight.low:.3g}" in said
    assert "contest is b" in said
    assert said.endswith(f"covers {box.coverage:.2f} of all such runs")


def test_the_numbers_of_a_box_are_those_of_the_cases_in_it():
    design, exits = planted(noise=0.1)
    box = discover(Planted(design, exits), "exits NORTH > 0", threshold=0.6).boxes[0]
    inside = np.ones(len(design), dtype=bool)
    for limit in box.limits:
        column = design[limit.path]
        if limit.texts:
            inside &= column.isin(limit.texts).to_numpy()
        else:
            inside &= ~(column < limit.low).to_numpy() & ~(column > limit.high).to_numpy()
    wanted = exits > 0
    assert box.inside == inside.sum()
    assert box.wanted == (inside & wanted).sum()
    assert box.density == pytest.approx(box.wanted / box.inside)
    assert box.coverage == pytest.approx(box.wanted / wanted.sum())
    assert box.mass == pytest.approx(inside.mean())


def test_an_irrelevant_path_is_not_restricted():
    design, exits = planted(noise=0.1)
    found = discover(Planted(design, exits), "exits NORTH > 0", threshold=0.7)
    assert "laws.consent.rent" not in {limit.path for limit in found.boxes[0].limits}
    assert (found.table[["qp_low", "qp_high"]].max(axis=1) <= 0.05).all()


def test_a_second_box_holds_what_the_first_left():
    random = np.random.default_rng(1)
    design = pd.DataFrame({"a.x": random.uniform(0, 1, 800), "a.y": random.uniform(0, 1, 800)})
    exits = ((design["a.x"] < 0.2) | (design["a.y"] > 0.85)).to_numpy().astype(float)
    found = discover(Planted(design, exits), "exits NORTH >= 1", boxes=2)
    assert len(found.boxes) == 2
    assert {box.limits[0].path for box in found.boxes} == {"a.x", "a.y"}
    assert sum(box.coverage for box in found.boxes) > 0.85
    assert sum(box.coverage for box in found.boxes) <= 1


def test_a_point_is_of_interest_if_half_of_its_runs_are():
    design = pd.DataFrame({"a.x": np.linspace(0, 1, 40)})
    runs = np.array([1.0, 0.0, 0.0, 0.0] * 20 + [1.0, 1.0, 0.0, 0.0] * 20)
    found = discover(Planted(design, runs, 4), "exits NORTH > 0", by="point", threshold=1)
    assert found.cases.wanted.tolist() == [False] * 20 + [True] * 20
    assert found.boxes[0].density == 1


def test_undefined_runs_are_left_out_and_counted():
    design, exits = planted()
    exits[::10] = np.nan
    found = discover(Planted(design, exits), "exits NORTH > 0")
    assert found.cases.undefined == 60
    assert found.cases.wanted.size == 540


def test_a_path_that_the_variant_sets_itself_is_not_a_restriction():
    design, exits = planted()
    results = Planted(design, exits, fixed=["blocs.NORTH.preference"])
    found = discover(results, "exits NORTH > 0", variant="sale", threshold=0.3)
    assert "blocs.NORTH.preference" not in found.cases.table.columns


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hhi DEL > 0.5", Condition("hhi DEL", ">", 0.5)),
        ("exposure DEL>BRA at 2020-Q4>=1e-3", Condition(NAMES[1], ">=", 0.001)),
        ("sold ALF>DEL  missile by 2020-Q4 == 1", Condition(NAMES[2], "==", 1)),
        ("hhi DEL < -.5", Condition("hhi DEL", "<", -0.5)),
    ],
)
def test_a_condition_is_read(text, wanted):
    assert parsed(text, NAMES) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hhi DEL", '--outcome: cannot read "hhi DEL": write OUTCOME, one of'),
        ("hhi DEL > much", "cannot read"),
        ("exposure DEL>BRA", "cannot read"),
        ("hhi DEK > 0.5", 'no outcome "hhi DEK" in the results (did you mean "hhi DEL"?)'),
        ("> 3", "cannot read"),
    ],
)
def test_a_bad_condition_is_reported(text, said):
    with pytest.raises(InputError) as failure:
        parsed(text, NAMES)
    assert said in str(failure.value)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"outcome": "exits NORTH > 5"}, "exits NORTH > 5 in none of 600 runs"),
        ({"outcome": "exits NORTH >= 0"}, "exits NORTH >= 0 in all 600 runs"),
        ({"threshold": 0}, "--threshold: must be more than 0 to 1, got 0"),
        ({"boxes": 0}, "--box: must be 1 or more, got 0"),
        ({"by": "week"}, "--by: must be run or point, got 'week'"),
        ({"variant": "sal"}, '--variant: no variant "sal" in the results (did you mean "sale"?)'),
    ],
)
def test_what_cannot_be_discovered_is_reported(how, said):
    asked = {"outcome": "exits NORTH > 0", **how}
    with pytest.raises(InputError) as failure:
        discover(Planted(*planted()), **asked)
    assert said in str(failure.value)


def test_too_few_points_are_reported():
    design, exits = planted(points=19)
    with pytest.raises(InputError, match="19 points are too few for discovery: sweep 20 or more"):
        discover(Planted(design, exits), "exits NORTH >= 0")


class Opposed(Planted):
    """A sweep in which one variant has the outcome, and the other the reverse."""

    def table(self, outcomes=None, variants=None):
        frame = super().table(outcomes, variants)
        return frame.assign(**{outcomes[0]: -frame[outcomes[0]]}) if "sale" in variants else frame


def test_a_difference_between_variants_is_a_condition_too():
    design, outcome = planted()
    results = Opposed(design, outcome.astype(float), fixed=["laws.consent.rent"])
    found = discover(results, "exits NORTH < -1", variant="sale", versus="baseline")
    assert found.cases.wanted.tolist() == (outcome > 0.5).tolist()
    assert "laws.consent.rent" not in found.cases.table
    assert found.words(found.boxes[0]).startswith("exits NORTH < -1, sale less baseline is likely")


def test_a_variant_less_itself_is_reported():
    design, outcome = planted()
    with pytest.raises(InputError, match="sale less itself is 0"):
        discover(Planted(design, outcome), "exits NORTH > 0", variant="sale", versus="sale")


def test_a_sweep_of_the_kernel_is_read(tmp_path):
    over = ["blocs.NORTH.preference=0..0.9", "rules.contest=ratio,difference"]
    found = sweep(SMALL, over=over, points=24, runs=3, variants=["sale"], out=tmp_path / "s")
    name = "cohesion NORTH"
    runs = found.table([name]).pivot_table(index="point", columns="run", values=name)
    middle = float(f"{np.quantile(runs, 0.6):.6g}")
    boxed = discover(tmp_path / "s", f"{name} > {middle}", threshold=0.7, by="point")
    assert isinstance(boxed.cases, SweepCases)
    assert boxed.cases.wanted.tolist() == ((runs > middle).mean(axis=1) >= 0.5).tolist()
    assert boxed.boxes[0].density > boxed.cases.share
    with pytest.raises(ResultError, match="has no finished sweep"):
        discover(tmp_path, "hhi DEL > 0")
