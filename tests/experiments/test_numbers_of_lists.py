"""A number that a list of events has once: one number, drawn or swept once for all its events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments.factors import factors_of
from sim.experiments.priors import uncertain_of
from sim.scenario.compile.build import build
from sim.scenario.load import load

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")
SHARED = "events.quarrel.rivalry.value"
OWN = "events.quarrel_CHA.rivalry.value"
RANGE = "{value: 0.5, dist: uniform, low: 0.2, high: 0.8}"


@pytest.fixture
def scenario(tmp_path):
    """Return a function that writes the small scenario with a quarrel of two states."""

    def written(value, states="[BRA, CHA]", more=""):
        event = (
            f"  quarrel: {{at: 2020-Q2, rivalry: {{state: {states}, toward: DEL, value: {value}}}"
        )
        text = SMALL.replace("events:\n", f"events:\n{event}, source: assumed}}\n", 1)
        file = tmp_path / "quarrel.yaml"
        file.write_text(text + more, encoding="utf-8")
        return file

    return written


def compiled(model, **numbers):
    """Return the values that the events set in a run, and the numbers that are drawn or given."""
    runs = np.zeros(2, dtype=np.uint32)
    built = build(model, runs=runs, seed=1, numbers=numbers.get("numbers"))
    edits = [edit for each in built.inputs for edit in each.edits]
    return sorted(float(np.ravel(edit.value)[0]) for edit in edits), built.drawn


def test_a_design_gives_all_events_one_number_or_one_of_them_its_own(scenario):
    base = load(scenario("0.5")).base
    assert compiled(base, numbers={SHARED: 0.25})[0] == [0.25, 0.25]
    assert compiled(base, numbers={SHARED: 0.25, OWN: 0.75})[0] == [0.25, 0.75]


def test_an_uncertain_number_is_drawn_once(scenario):
    more = "uncertain: true\n"
    base = load(scenario(RANGE, more=more)).base
    (one, other), drawn = compiled(base)
    assert one == other != 0.5
    assert [each for each in drawn if each.startswith("events")] == [SHARED]
    assert [each for each in uncertain_of(base) if each.startswith("events")] == [SHARED]
    alone = load(scenario(RANGE, more=more), sets=["events.quarrel_CHA=null"]).base
    assert compiled(alone)[0] == [one]
    (one, other), _ = compiled(load(scenario(f"{{BRA: {RANGE}, CHA: {RANGE}}}", more=more)).base)
    assert one != other


def test_an_analysis_varies_it_as_one(scenario):
    read = load(scenario(RANGE))
    paths = [each.path for each in factors_of(read).parameters]
    assert [each for each in paths if each.startswith("events")] == [SHARED]
    (one,) = factors_of(read, over=[SHARED]).parameters
    assert (one.low, one.high, one.source) == (0.2, 0.8, "assumed")


def test_a_range_is_swept_from_the_command_line_as_both_numbers_together(
    scenario, tmp_path, blocsim
):
    file, many, pairs = scenario("0.5"), tmp_path / "many", tmp_path / "pairs.csv"
    options = ("--runs", 3, "--jobs", 1, "--csv")
    over = ("--over", f"{SHARED}=0.1..0.9", "-n", 4)
    assert blocsim("sweep", file, *over, *options, "--out", many)[0] == 0
    values = pd.read_csv(many / "design.csv")[SHARED]
    assert values.nunique() == 4
    both = {f"events.quarrel_{each}.rivalry.value": values for each in ("BRA", "CHA")}
    pd.DataFrame(both).to_csv(pairs, index=False, float_format="%.17g")
    design = ("--design", pairs)
    assert blocsim("sweep", file, *design, *options, "--out", tmp_path / "both")[0] == 0
    one, other = (pd.read_csv(tmp_path / each / "outcomes.csv") for each in ("many", "both"))
    column = "participation BRA:NORTH"
    assert one[column].nunique() > 4
    assert [*one[column]] == [*other[column]]
