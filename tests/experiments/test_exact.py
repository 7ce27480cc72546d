"""Costly metrics are computed on request, and are the same by every way of computing them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.batch import Batch
from sim.experiments.ensemble import Ensemble, run
from sim.experiments.exact import NAMES, EndMetrics, too_large, too_wide
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader
from sim.metrics.catalogue import METRICS
from sim.metrics.exact import coalitions
from sim.scenario.load import load
from sim.scenario.schema.outcome_syntax import parse_outcome


@pytest.fixture(scope="module")
def batch(small):
    model = load(small).variants["sale"]
    return Batch(model=model, runs=np.arange(6), seed=3, read=lambda each: each).result()


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_asked_for_alone_is_the_one_among_all(batch, name):
    options = Options(xi=0.2, nu=0.3)
    layout = batch.record.end.layout
    row = layout.blocs.index("NORTH")
    if METRICS[name].kind == "member":
        row = layout.subjects["member"].index("CHA:NORTH")
    together = EndMetrics(batch.record, options)
    table = together.stability_table(4)
    assert table.shape[-1] == 4
    np.testing.assert_array_equal(
        EndMetrics(batch.record, options).metric(name, row), together.metrics()[name][row]
    )


def test_only_what_outcomes_ask_for_is_worked_out(batch, monkeypatch):
    asked = ["frustration NORTH", "cohesion NORTH", "hhi DEL", "frustration_bound NORTH"]
    families = []
    whole = EndMetrics._family

    def counted(self, family, bloc):
        families.append((family, bloc))
        return whole(self, family, bloc)

    monkeypatch.setattr(EndMetrics, "_family", counted)
    read = OutcomeReader(tuple(map(parse_outcome, asked)), {}, Options())
    assert read(batch).shape == (4, 6)
    assert families == [("frustration", batch.record.end.layout.blocs.index("NORTH"))]


def test_the_best_coalition_is_reported_by_member_and_by_size(batch):
    layout, ends = batch.record.end.layout, EndMetrics(batch.record, Options())
    rows = [n for n, each in enumerate(layout.subjects["member"]) if each.endswith(":NORTH")]
    inside = np.stack([ends.metric("in_best_coalition", row) for row in rows])
    share = ends.metric("best_share", layout.blocs.index("NORTH"))
    assert set(np.unique(inside).tolist()) <= {0.0, 1.0}
    assert share == pytest.approx(inside.mean(axis=0))  # no member has left


def test_a_bloc_of_many_has_bounds_in_place_of_a_subsidy_and_its_exact_break_point(
    batch, monkeypatch
):
    row = batch.record.end.layout.blocs.index("NORTH")
    exact = EndMetrics(batch.record, Options()).metrics()
    assert np.isnan(exact["subsidy_lower"]).all()
    assert np.isnan(exact["subsidy_bound"]).all()
    monkeypatch.setattr(coalitions, "MOST", 1)
    found = EndMetrics(batch.record, Options()).metrics()
    assert np.isnan(found["subsidy"]).all()
    assert np.all(found["subsidy_lower"][row] <= exact["subsidy"][row] + 1e-8)
    assert np.all(found["subsidy_bound"][row] >= exact["subsidy"][row] - 1e-8)
    assert found["break_point"][row] == pytest.approx(exact["break_point"][row])


def test_blocs_too_large_for_exact_metrics_are_left_out_by_name(small):
    layout = Ensemble(load(small), Options()).layouts["baseline"]
    assert too_large(layout) == {}
    assert too_wide(layout, Options(exact_to=3)) == {
        "NORTH": "4 members and rivals: exact up to 3, so two bounds are given"
    }


def test_a_wide_bloc_has_a_bound_in_place_of_its_frustration(small):
    series = run(small, runs=2, exact_to=3)["series"]
    assert "frustration" not in set(series["metric"])
    upper, lower = (
        series.loc[series["metric"] == f"frustration_{end}", "mean"].to_numpy()
        for end in ("bound", "lower")
    )
    assert len(lower) == len(upper) > 0
    assert np.all((lower >= 0) & (lower <= upper))
