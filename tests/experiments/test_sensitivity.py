from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiments.factors import NO_RANGE, SET, factors_of
from sim.experiments.sensitivity import sensitivity
from sim.experiments.sweeps import sweep_table
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Interrupted, ResultError
from sim.scenario.load import load
from sim.scenario.paths import number_paths

SMALL = Path(__file__).with_name("small.yaml")
needs_salib = pytest.mark.skipif(find_spec("SALib") is None, reason="needs `analysis`")
OVER = ("states.BRA.burden=0.02..0.06", "laws.affinity.drift", "blocs.NORTH.preference=0..0.5")


@pytest.fixture(scope="module")
def over():
    """Three paths: a number with bounds given, a law's parameter with its own, a bloc's."""
    laws = [path for path in number_paths(load(SMALL).base) if path.startswith("laws.consent.")]
    return (OVER[0], laws[0], OVER[2])


@needs_salib
def test_a_problem_is_one_that_salib_takes():
    latin = pytest.importorskip("SALib.sample.latin")

    problem = sim.salib_problem(SMALL)
    known = number_paths(load(SMALL).base)
    assert problem["num_vars"] == len(problem["names"]) == len(problem["bounds"]) > 50
    for name, (low, high) in zip(problem["names"], problem["bounds"], strict=True):
        assert low < high
        assert not known[name].leaf.outside(low)
        assert not known[name].leaf.outside(high)
    assert problem["bounds"][problem["names"].index("states.DEL.gdp")] == [50000, 70000]
    points = latin.sample(problem, 4, seed=1)
    assert points.shape == (4, problem["num_vars"])


def test_groups_of_a_problem_are_laws_blocks_or_sources():
    laws = sim.salib_problem(SMALL, groups="law")
    at = laws["names"].index("states.DEL.gdp")
    assert laws["groups"][at] == "scenario"
    roles = {name.split(".")[1] for name in laws["names"] if name.startswith("laws.")}
    assert set(laws["groups"]) == roles | {"scenario"}
    assert set(sim.salib_problem(SMALL, groups="block")["groups"]) == {"laws", "states"}
    both = sim.salib_problem(SMALL, groups="source", facts=True)["groups"]
    assert set(both) == {"facts", "assumptions"}
    assert set(sim.salib_problem(SMALL, groups="source")["groups"]) == {"assumptions"}


def test_a_plain_number_is_varied_only_with_a_spread_and_cut_at_its_bounds():
    scenario = load(SMALL)
    plain, spread = factors_of(scenario), factors_of(scenario, spread=0.2)
    assert "states.BRA.burden" not in plain.paths
    assert plain.left_out[NO_RANGE] > len(spread.paths) - len(plain.paths) > 50
    every = [len(each.paths) + sum(each.left_out.values()) for each in (plain, spread)]
    assert every[0] == every[1]
    bounds = {each.path: (each.low, each.high) for each in spread.parameters}
    assert bounds["states.BRA.burden"] == pytest.approx((0.032, 0.048))
    assert bounds["systems.missile.offence"] == pytest.approx((0.72, 1.0))
    assert "offers.alfa_tank.open" not in bounds
    assert NO_RANGE not in spread.left_out


def test_what_a_variant_sets_itself_is_left_out(tmp_path):
    own = tmp_path / "own.yaml"
    patch = "    states: {DEL: {gdp: 65000}}\n"
    own.write_text(SMALL.read_text().replace("  sale:\n", f"  sale:\n{patch}", 1))
    assert "states.DEL.gdp" in sim.salib_problem(own)["names"]
    assert "states.DEL.gdp" not in sim.salib_problem(own, "sale")["names"]
    assert (
        factors_of(load(own), variants=["sale"]).left_out[SET] == 2
    )  # gdp, and the event that `sale` removes
    with pytest.raises(InputError, match=r"states\.DEL\.gdp: the variant sets it itself"):
        sim.salib_problem(own, "sale", over=["states.DEL.gdp"])


@needs_salib
def test_the_elementary_effects_are_those_of_the_sweep(tmp_path, over):
    found = sensitivity(SMALL, over=over, size=2, runs=3, variant="sale", out=tmp_path / "s")
    results = SweepResults(tmp_path / "s" / "runs")
    assert len(results.design) == 2 * (3 + 1)
    points = results.points.set_index(["variant", "point"])
    name = "participation BRA:NORTH"
    mine = results.means([name], "sale")[name]
    np.testing.assert_allclose(mine, points.loc["sale"][name].to_numpy(), rtol=1e-9)
    design = results.design
    effects = []
    for start in (0, 4):
        for row in range(start, start + 3):
            moved = design["states.BRA.burden"].diff().iloc[row + 1] != 0
            if moved:
                effects.append(abs(mine[row + 1] - mine[row]) / (2 / 3))
    table = found.indices.set_index(["outcome", "parameter"])
    assert table.loc[(name, "states.BRA.burden"), "mu_star"] == pytest.approx(np.mean(effects))


@needs_salib
def test_an_interrupted_analysis_goes_on_and_ends_the_same(tmp_path, over, monkeypatch):
    monkeypatch.setattr(sweep_table, "ROWS", 3)
    how = {"over": over, "size": 2, "runs": 3, "outcomes": ["hhi DEL", "participation BRA:NORTH"]}
    wanted = sensitivity(SMALL, **how)

    def stop(done, _):
        if done >= 9:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        sensitivity(SMALL, out=tmp_path / "s", progress=stop, **how)
    counted = []
    found = sensitivity(SMALL, out=tmp_path / "s", progress=lambda n, _: counted.append(n), **how)
    assert counted[0] == 12
    pd.testing.assert_frame_equal(found.indices, wanted.indices)
    stored = pd.read_csv(tmp_path / "s" / "indices.csv")
    np.testing.assert_allclose(stored["mu_star"], wanted.indices["mu_star"], rtol=1e-9)
    defined = set(pd.read_csv(tmp_path / "s" / "columns.csv")["file"])
    assert defined == {
        f"{name}.csv" for name in ("indices", "groups", "outcomes", "parameters", "left_out")
    }


@needs_salib
def test_the_difference_of_two_variants_is_paired_run_by_run(tmp_path, over):
    name = "affinity BRA>ALF mean 2020-Q3..2020-Q4"
    how = {"over": over, "size": 2, "runs": 3, "outcomes": [name]}
    sensitivity(SMALL, variant="sale", versus="no_sale", out=tmp_path / "s", **how)
    results = SweepResults(tmp_path / "s" / "runs")
    table = results.table([name])
    wide = table.pivot_table(index="point", columns=["variant", "run"], values=name)
    wanted = (wide["sale"] - wide["no_sale"]).mean(axis=1).to_numpy()
    np.testing.assert_allclose(results.means([name], "sale", "no_sale")[name], wanted, atol=1e-12)


@needs_salib
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"method": "fast"}, "--method: must be morris, sobol or pawn, got 'fast'"),
        ({"groups": "colour"}, "--groups: must be law, block or source, got 'colour'"),
        ({"method": "sobol"}, "--method: sobol needs parameters named with --over, or groups"),
        ({"variant": "sal"}, '--variant: no variant "sal" (did you mean "sale"?)'),
        ({"versus": "baseline"}, "--versus: must be another variant than 'baseline'"),
        ({"outcomes": ["hhi DELL"]}, '--outcome: no outcome "hhi DELL" of small (did you mean'),
        ({"spread": 0.0}, "--spread: must be more than 0 to 1, got 0"),
        ({"over": ["no.such"]}, "--over: no.such: no number of that name"),
        (
            {"over": ["states.BRA.burden"]},
            "--over: states.BRA.burden: has no range: write PATH=LOW..HIGH",
        ),
        ({"over": ["states.BRA.burden=0.1"]}, "--over: states.BRA.burden: cannot read"),
        (
            {"over": ["states.BRA.burden=0.2..0.1"]},
            "--over: states.BRA.burden: low must be less than high, got 0.2..0.1",
        ),
        (
            {"over": ["offers.alfa_tank.open=0..1"]},
            "--over: offers.alfa_tank.open: is not a number that a range can vary",
        ),
        ({"groups": "source"}, "--groups: source: all parameters are of one group (assumptions)"),
        ({"size": 1}, "--size: morris needs 2 trajectories or more, got 1"),
        ({"runs": 0}, "runs"),
    ],
)
def test_a_bad_request_is_reported_before_anything_runs(tmp_path, how, said):
    with pytest.raises(InputError) as failure:
        sensitivity(SMALL, out=tmp_path / "s", **how)
    assert said in str(failure.value)
    assert not (tmp_path / "s").exists()


@needs_salib
def test_sobol_is_confirmed_beforehand_with_the_number_of_runs(over):
    asked = []
    how = {"method": "sobol", "over": over, "size": 2, "runs": 2}
    with pytest.raises(InputError, match="10 points x 2 runs are 20 runs: confirm them with --yes"):
        sensitivity(SMALL, **how)
    with pytest.raises(InputError, match="confirm"):
        sensitivity(SMALL, confirmed=lambda text: bool(asked.append(text)), **how)
    assert asked == ["10 points x 2 runs are 20 runs"]
    assert len(sensitivity(SMALL, confirmed=True, **how).indices) > 0


def test_without_salib_the_remedy_is_reported(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(InputError, match=r"needs SALib; install the extra: pip install 'blocsim"):
        sensitivity(SMALL)


@needs_salib
def test_a_folder_of_something_else_is_refused(tmp_path, over):
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(ResultError, match="is not part of a sensitivity analysis"):
        sensitivity(SMALL, over=over, size=2, runs=2, out=tmp_path)
