"""Sensitivity through the code path of the command, with a function in place of the kernel."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments import indices
from sim.experiments.factors import Factor, Factors
from sim.experiments.indices import DUMMY, check_size
from sim.experiments.sensitivity import SensitivityDesign, analysed
from sim.kernel.errors import InputError

pytest.importorskip("SALib", reason="needs the extra `analysis`")


def chosen(*bounds, source="assumed"):
    return Factors(
        tuple(
            Factor(path=f"laws.x{at}.p", unit="", value=0.0, low=low, high=high, source=source)
            for at, (low, high) in enumerate(bounds, start=1)
        ),
        {},
    )


def ishigami(points, a=7.0, b=0.1):
    one, two, three = points.T
    return np.sin(one) + a * np.sin(two) ** 2 + b * three**4 * np.sin(one)


def closed_form(a=7.0, b=0.1):
    """Return S1 and ST of Ishigami's function by its variances in closed form."""
    v1 = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    return np.array([v1, v2, 0]) / total, np.array([v1 + v13, v2, v13]) / total


THREE = chosen(*[(-np.pi, np.pi)] * 3)


def by_parameter(found, names=("laws.x1.p", "laws.x2.p", "laws.x3.p")):
    return found.indices.set_index("parameter").loc[list(names)]


def test_sobol_recovers_the_indices_of_ishigami():
    found = analysed(
        SensitivityDesign(THREE, "sobol", 2048, 3), lambda points: {"y": ishigami(points)}
    )
    table, (first, total) = by_parameter(found), closed_form()
    np.testing.assert_allclose(table["S1"], first, atol=0.02)
    np.testing.assert_allclose(table["ST"], total, atol=0.02)
    assert (table["ST_low"] <= total).all()
    assert (table["ST_high"] >= total).all()
    assert (table["S1_low"] <= first + 1e-12).all()


def test_pawn_puts_the_parameters_of_ishigami_above_the_dummy():
    found = analysed(
        SensitivityDesign(THREE, "pawn", 2000, 3), lambda points: {"y": ishigami(points)}
    )
    order = found.indices["parameter"].tolist()
    assert order[0] == "laws.x2.p"  # pianosi2018, fig. 4
    assert order[-1] == DUMMY
    assert (
        found.indices["median"]
        .between(*(found.indices[f"median_{end}"] for end in ("low", "high")))
        .all()
    )


def test_morris_gives_the_slopes_of_a_linear_function_times_the_ranges():
    slopes, bounds = np.array([3.0, -2.0, 0.5, 0.0]), [(0, 1), (-1, 1), (10, 14), (0, 1)]
    study = SensitivityDesign(chosen(*bounds), "morris", 6, 11)
    found = analysed(study, lambda points: {"y": points @ slopes})
    table = by_parameter(found, [f"laws.x{at}.p" for at in range(1, 5)])
    np.testing.assert_allclose(table["mu_star"], [3, 4, 2, 0], atol=1e-12)
    np.testing.assert_allclose(table["mu"], [3, -4, 2, 0], atol=1e-12)
    np.testing.assert_allclose(table["sigma"], 0, atol=1e-12)
    np.testing.assert_allclose(table["share"], np.array([3, 4, 2, 0]) / 9)
    assert found.indices["rank"].tolist() == [1, 2, 3, 4]


def test_groups_add_up_their_parameters():
    parts = [*chosen((0, 1), (0, 1)).parameters, *chosen((0, 2), source="sipri_milex").parameters]
    one, two, three = (
        Factor(path, "", 0.0, each.low, each.high, each.source)
        for path, each in zip(("laws.a.p", "laws.a.q", "states.X.gdp"), parts, strict=True)
    )
    study = SensitivityDesign(Factors((one, two, three), {}), "morris", 5, 1)
    found = analysed(study, lambda points: {"y": points @ np.array([1.0, 2.0, 4.0])})
    table = found.groups.set_index(["grouping", "group"])
    assert table["value"].to_dict() == pytest.approx(
        {
            ("law", "scenario"): 8,
            ("law", "a"): 3,
            ("block", "states"): 8,
            ("block", "laws"): 3,
            ("source", "facts"): 8,
            ("source", "assumptions"): 3,
        }
    )
    np.testing.assert_allclose(table["low"], table["value"])
    assert table.loc[("source", "facts"), "share"] == pytest.approx(8 / 11)
    assert table.loc[("law", "a"), "most_parameter"] == "laws.a.q"


@pytest.mark.parametrize("method", ["morris", "sobol", "pawn"])
def test_groups_may_be_varied_as_one(method):
    study = SensitivityDesign(THREE, method, 64, 2, groups="law")
    found = analysed(study, lambda points: {"y": ishigami(points)})
    names = {"x1", "x2", "x3"} | ({DUMMY} if method == "pawn" else set())
    assert set(found.indices["parameter"]) == names
    assert len(found.groups) == 0


@pytest.mark.parametrize("method", ["morris", "sobol", "pawn"])
def test_an_outcome_that_does_not_vary_is_reported_and_has_no_index(method):
    def evaluate(points):
        gap = ishigami(points)
        gap[3] = np.nan
        one = np.ones(len(points))
        return {"flat": one * 0.1, "gap": gap, "never": one * np.nan, "y": ishigami(points)}

    found = analysed(SensitivityDesign(THREE, method, 64, 2), evaluate)
    status = found.outcomes.set_index("outcome")["status"]
    assert status["flat"] == "constant"
    assert status["never"] == "undefined"
    assert status["gap"] == ("analysed" if method == "pawn" else "undefined at some points")
    assert not found.indices[["outcome", "parameter", METHODS_MAIN[method]]].isna().any().any()
    assert "flat" not in set(found.indices["outcome"])


METHODS_MAIN = {"morris": "mu_star", "sobol": "ST", "pawn": "median"}


@pytest.mark.parametrize("method", ["morris", "sobol", "pawn"])
def test_the_same_seed_gives_the_same_tables(method):
    study = SensitivityDesign(THREE, method, 64, 0)
    one, other = (analysed(study, lambda points: {"y": ishigami(points)}) for _ in range(2))
    np.testing.assert_array_equal(study.points, study.points)
    assert one.indices.equals(other.indices)
    assert one.groups.equals(other.groups)


@pytest.mark.parametrize(
    ("method", "size", "said"),
    [
        ("sobol", 100, "--size: a Sobol' sample needs a power of two: 64 or 128, not 100"),
        ("sobol", 0, "--size: sobol needs 2 base points or more, got 0"),
        ("morris", 1, "--size: morris needs 2 trajectories or more, got 1"),
        ("pawn", 10, "--size: pawn needs 50 points of a Latin hypercube or more, got 10"),
    ],
)
def test_a_size_that_makes_no_sample_is_reported(method, size, said):
    with pytest.raises(InputError) as failure:
        check_size(method, size)
    assert str(failure.value) == said


@pytest.mark.parametrize("groups", [None, list("abbac")])
@pytest.mark.parametrize(("method", "size"), [("morris", 5), ("sobol", 32), ("pawn", 60)])
def test_an_index_in_a_resample_is_what_salib_makes_of_its_rows(method, size, groups):
    problem = {
        "num_vars": 5,
        "names": list("vwxyz"),
        "bounds": [[0.0, 1.0], [2.0, 5.0], [1.0, 100.0], [0.0, 1.0], [-1.0, 1.0]],
        "groups": groups,
        "dists": ["unif", "unif", "logunif", "unif", "unif"],
    }
    points = indices.sample(problem, method, size, 3)
    outcome = np.round(np.sin(points[:, 0]) + points[:, 1] * points[:, 2] + points[:, 3] ** 2, 1)
    found = indices.resampled(problem, method, points, outcome, 7)
    rows = np.arange(outcome.size).reshape(-1, indices.block_of(problem, method))
    drawn = np.random.default_rng(7).integers(len(rows), size=(len(found), len(rows)))
    main = indices.METHODS[method].main
    for mine, blocks in zip(found[:10], drawn, strict=False):
        at = rows[blocks].ravel()
        wanted = indices._salib(problem, method, points[at], outcome[at], 1, 2)[main]
        np.testing.assert_allclose(mine, np.asarray(wanted), rtol=1e-12)
